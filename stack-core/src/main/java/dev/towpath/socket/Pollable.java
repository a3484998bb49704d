package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;

import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.VirtualThreads;
import dev.towpath.stack.WaitPoint;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Something of a stack that becomes ready: a socket, or an end of a pipe. Threads wait for it in its own calls, and
 * whoever watches many of them is told ({@link ReadyList}).
 */
public abstract sealed class Pollable implements Closeable permits InetSocket, MemoryPipe.Source, MemoryPipe.Sink {
    /** Returned by calls that are told how long to wait: it would have to wait longer. */
    public static final int WOULD_BLOCK = -2;

    /** Returned instead of a number of bytes: nothing more will come. */
    public static final int END_OF_STREAM = -1;

    private static final int ALWAYS_REPORTED = POLLERR | POLLHUP;

    final NetworkStack stack;
    final Driver driver;
    /** Where threads wait for something about it; made when the first does, and most sockets are idle. */
    private @Nullable WaitPoint changed;
    /** What the threads that wait at {@link #changed} wait for; none of them is woken for anything else. */
    private int waitedFor;

    private @Nullable Watch watches;
    private boolean closed;
    private boolean ignoresInterrupts;

    /** Somebody who watches its readiness: one link of the list of them. */
    abstract static sealed class Watch permits ReadyList.Interest, PollCall.Watching {
        private @Nullable Watch next;

        /** What the watcher wants to know of. */
        int events;

        /** It has become ready for some of it. */
        abstract void ready();

        /** It has been closed, and has no watches any more. */
        abstract void sourceClosed();
    }

    Pollable(NetworkStack stack) {
        this.stack = stack;
        this.driver = stack.driver();
    }

    /** What poll would say now: POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP. */
    public final int readiness() throws ErrnoException {
        enter("poll");
        try {
            return ready();
        } finally {
            driver.leave();
        }
    }

    /** False after {@link #close}, and after the end of its stack. */
    public final boolean isOpen() {
        driver.enter();
        try {
            return !closed && driver.running();
        } finally {
            driver.leave();
        }
    }

    /**
     * From now on an interrupt does not end a platform thread's wait; the thread's interrupt flag stays set. For
     * {@code java.net}, whose calls only virtual threads can be interrupted in.
     */
    public final void ignoreInterrupts() {
        ignoresInterrupts = true;
    }

    /** The stack that it was opened on. */
    public final NetworkStack stack() {
        return stack;
    }

    /** Ends it; calls that wait on it fail with EBADF. A socket waits only as SO_LINGER says. Idempotent. */
    @Override
    public abstract void close() throws ErrnoException;

    // Under the lock:

    /** See {@link #readiness}. */
    abstract int ready();

    final boolean closed() {
        return closed;
    }

    /** Takes the lock for {@code call}; the caller must {@code driver.leave()}, unless this throws. */
    final void enter(String call) throws ErrnoException {
        driver.enter();
        ErrnoException refusal = refusal(call);
        if (refusal != null) {
            driver.leave();
            throw refusal;
        }
    }

    private @Nullable ErrnoException refusal(String call) {
        if (closed) {
            return new ErrnoException(Errno.EBADF, call);
        }
        return driver.running() ? null : new ErrnoException(Errno.ENETDOWN, call, stack.toString(), driver.failure());
    }

    /** When a call that begins now has waited {@code waitNanos}: 0 does not wait, a negative time waits for ever. */
    final long deadlineIn(long waitNanos) {
        long deadline = driver.nowNanos() + waitNanos;
        return waitNanos < 0 || deadline < driver.nowNanos() ? Driver.NEVER : deadline;
    }

    /**
     * Waits once, for {@code events} of {@link #ready}; the caller looks again.
     *
     * @return false if the deadline has come
     * @throws ErrnoException EINTR, EBADF or ENETDOWN
     */
    final boolean await(String call, int events, long deadlineNanos) throws ErrnoException {
        if (driver.nowNanos() >= deadlineNanos) {
            return false;
        }
        waitedFor |= events;
        if (!driver.await(waitPoint(), deadlineNanos) && !awaitAgain(deadlineNanos)) {
            throw new ErrnoException(Errno.EINTR, call);
        }
        ErrnoException refusal = refusal(call);
        if (refusal != null) {
            throw refusal;
        }
        return true;
    }

    /** The thread has been interrupted: waits on where that does not end its wait, and is false where it does. */
    private boolean awaitAgain(long deadlineNanos) {
        if (!ignoresInterrupts || VirtualThreads.current()) {
            return false;
        }
        do {
            Thread.interrupted();
        } while (!driver.await(waitPoint(), deadlineNanos));
        Thread.currentThread().interrupt();
        return true;
    }

    /** {@link #await}, but what was transferred before an interrupt or a close counts more than those: false then. */
    final boolean awaitOr(String call, int events, long deadlineNanos, boolean some) throws ErrnoException {
        try {
            return await(call, events, deadlineNanos);
        } catch (ErrnoException e) {
            if (some) {
                return false;
            }
            throw e;
        }
    }

    /** Something has changed: whoever waits for what there is now may look. */
    final void changed() {
        int ready = ready();
        if ((ready & (waitedFor | ALWAYS_REPORTED)) != 0) {
            waitedFor = 0;
            wakeAll();
        }
        for (Watch watch = watches; watch != null; watch = watch.next) {
            if ((ready & (watch.events | ALWAYS_REPORTED)) != 0) {
                watch.ready();
            }
        }
    }

    /** From now on it is closed: everybody is told. */
    final void endWaits() {
        closed = true;
        wakeAll();
        Watch watch = watches;
        watches = null;
        while (watch != null) {
            Watch next = watch.next;
            watch.sourceClosed();
            watch = next;
        }
    }

    /** Wakes whoever waits, to look whether it is still worth it. */
    final void wakeAll() {
        if (changed != null) {
            changed.signal();
        }
    }

    /** Where to wait. */
    final WaitPoint waitPoint() {
        WaitPoint point = changed;
        if (point == null) {
            point = driver.newWaitPoint();
            changed = point;
        }
        return point;
    }

    final void watch(Watch watch) {
        watch.next = watches;
        watches = watch;
    }

    final void unwatch(Watch gone) {
        if (watches == gone) {
            watches = gone.next;
            return;
        }
        for (Watch watch = watches; watch != null; watch = watch.next) {
            if (watch.next == gone) {
                watch.next = gone.next;
                return;
            }
        }
    }
}
