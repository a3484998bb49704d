package dev.towpath.parity;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call on a thread of its own, most often one that blocks. */
final class Background<T> {
    private static final long PATIENCE_SECONDS = 20;

    private final FutureTask<T> task;
    private final Thread thread;
    private volatile boolean interruptedAfterwards;

    private Background(String name, Callable<T> call) {
        task = new FutureTask<>(() -> {
            try {
                return call.call();
            } finally {
                interruptedAfterwards = Thread.interrupted();
            }
        });
        thread = new Thread(task, name);
        thread.setDaemon(true);
    }

    static <T> Background<T> start(Callable<T> call) {
        return start("background", call);
    }

    static <T> Background<T> start(String name, Callable<T> call) {
        Background<T> background = new Background<>(name, call);
        background.thread.start();
        return background;
    }

    /** What the call returned. */
    T result() throws Exception {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw stuck("has not returned");
        }
    }

    /** What came of the call, and whether the thread was interrupted when it ended. */
    String outcome() throws Exception {
        join();
        return Outcome.of(this::result) + (interruptedAfterwards ? ", interrupted" : "");
    }

    void interrupt() {
        thread.interrupt();
    }

    /**
     * Interrupts at a moment when the call may be about to begin. JDK 17 forgets to close the channel when the
     * interrupt comes while {@code AbstractInterruptibleChannel.begin} runs, so there it is said again.
     */
    void interruptSurely() {
        thread.interrupt();
        while (Runtime.version().feature() == 17 && thread.isAlive()) {
            giveTime();
            thread.interrupt();
        }
    }

    boolean isDone() {
        return task.isDone();
    }

    private void join() throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (thread.isAlive()) {
            throw stuck("is still running");
        }
    }

    /** Waits until the thread is blocked in its call; fails if the call returns instead. */
    Background<T> awaitBlocked() {
        if (!blocks()) {
            throw new AssertionError("expected to block, but: " + Outcome.of(task::get));
        }
        return this;
    }

    /** Waits until the call has returned (false) or its thread blocks (true). */
    boolean blocks() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        int looks = 0;
        while (System.nanoTime() < deadline) {
            if (task.isDone()) {
                return false;
            }
            // One look may find a thread in passing, on its way through a system call or a lock.
            looks = isBlocked() ? looks + 1 : 0;
            if (looks == 4) {
                return !task.isDone();
            }
            giveTime();
        }
        throw stuck("neither blocks nor returns");
    }

    /** Gives the call a moment to return: looks that follow at once would see the same. */
    private void giveTime() {
        try {
            T ignored = task.get(1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillToSee) {
            return; // the caller looks how it stands
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private boolean isBlocked() {
        Thread.State state = thread.getState();
        StackTraceElement[] trace = thread.getStackTrace();
        return trace.length > 0
                && switch (state) {
                    case WAITING, TIMED_WAITING -> inChannels(trace);
                    // The JDK's own blocking calls are native, and a thread in them counts as running.
                    case RUNNABLE -> trace[0].isNativeMethod() && inChannels(trace);
                    default -> false;
                };
    }

    private static boolean inChannels(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            String name = frame.getClassName();
            if (name.startsWith("sun.nio.ch.")
                    || name.startsWith("java.net.")
                    || name.startsWith("dev.towpath.socket.")
                    || name.startsWith("dev.towpath.nio.")
                    || name.startsWith("dev.towpath.net.")) {
                return true;
            }
        }
        return false;
    }

    private AssertionError stuck(String what) {
        AssertionError error = new AssertionError(thread.getName() + " " + what);
        error.setStackTrace(thread.getStackTrace());
        return error;
    }
}
