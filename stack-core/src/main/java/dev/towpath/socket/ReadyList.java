package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;

import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.WaitPoint;
import java.io.Closeable;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of many sockets and pipes of one stack are ready: the inside of a {@link Poller} and of a selector. Interest is
 * told once, and a {@link #poll} costs what is ready, not what is watched. Level-triggered. One thread at a time polls;
 * the other calls come from any thread.
 *
 * <pre>
 *   any thread        Interest.events, suspend, cancel  -->  changes, without the stack's lock
 *   within the stack  Watch.ready  --------------------->  queue of those that may be ready
 *   who polls         takes the lock once: carries the changes out, waits, looks at each in the queue
 * </pre>
 *
 * <p>What is in the queue stays there until poll finds that it is no longer ready.
 */
public final class ReadyList implements Closeable {
    /** Takes what {@link #poll} has found. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called without any lock held, so it may use what is ready and the list, and block.
         *
         * @param ready POLLIN, POLLOUT and so on, as far as asked for; POLLERR and POLLHUP unasked
         * @param attachment what was given to {@link ReadyList#watch}
         */
        void ready(Pollable source, int ready, @Nullable Object attachment);
    }

    /** Reported at most by one poll; the others come first next time. */
    private static final int BATCH = 1024;

    /** Wanted instead of events: nothing at all. */
    private static final int SUSPENDED = -1;

    /** Wanted instead of events: never again. */
    private static final int CANCELLED = -2;

    /** One that is watched. */
    public final class Interest extends Pollable.Watch {
        final Pollable source;
        private final @Nullable Object attachment;
        private boolean watching;
        /** In the queue of those that may be ready. */
        private boolean queued;

        private @Nullable Interest behind;

        /** Events, {@link #SUSPENDED} or {@link #CANCELLED}. Poll reads it without the lock, for it may have changed since. */
        private volatile int wanted = SUSPENDED;

        /** In the list of changes, like {@link #nextChange} guarded by the list's own lock. */
        private boolean changing;

        private @Nullable Interest nextChange;

        private Interest(Pollable source, @Nullable Object attachment) {
            this.source = source;
            this.attachment = attachment;
        }

        /** From the next poll on, waits for {@code events} (POLLIN, POLLOUT, POLLRDHUP); 0 leaves POLLERR and POLLHUP. */
        public void events(int events) {
            change(this, events);
        }

        /** From the next poll on, waits for nothing, not even errors, until {@link #events} is called. */
        public void suspend() {
            change(this, SUSPENDED);
        }

        /** Never to be reported again. */
        public void cancel() {
            change(this, CANCELLED);
        }

        @Override
        void ready() {
            if (!queued && !closed) {
                enqueue(this);
            }
            something.signal();
        }

        @Override
        void sourceClosed() {
            watching = false;
            wanted = CANCELLED;
            closedSource.accept(source);
        }

        /** Under the stack's lock: makes it so. */
        private void carryOut() {
            int now = wanted;
            boolean watch = now >= 0 && !source.closed();
            events = Math.max(now, 0);
            if (watching && !watch) {
                source.unwatch(this);
            } else if (watch && !watching) {
                source.watch(this);
            }
            watching = watch;
            if (watch) {
                ready(); // poll finds out whether it is
            }
        }
    }

    private final NetworkStack stack;
    private final Driver driver;
    private final WaitPoint something;
    private Consumer<Pollable> closedSource = source -> {};
    private @Nullable Interest head;
    private @Nullable Interest tail;
    private int queueLength;
    /** Read without the lock, so that waking a thread that will not sleep costs nothing. */
    private volatile boolean woken;

    private boolean closed;

    /** What {@link #await} has found is being handed out. */
    private volatile boolean polling;

    private int foundCount;

    /** The last {@link #poll} has found something without waiting, so that nobody has looked at the device. */
    private boolean foundAtOnce;

    private final @Nullable Interest[] found = new @Nullable Interest[BATCH];
    private final int[] foundReady = new int[BATCH];

    /** Guards the changes. Taken for moments, and inside it nothing is called. */
    private final Object changesLock = new Object();

    private volatile @Nullable Interest firstChange;

    private ReadyList(NetworkStack stack) {
        this.stack = stack;
        this.driver = stack.driver();
        this.something = driver.newWaitPoint();
    }

    /** A list of nothing. */
    public static ReadyList open(NetworkStack stack) throws ErrnoException {
        ReadyList list = new ReadyList(stack);
        list.enter("poll");
        list.driver.leave();
        return list;
    }

    /**
     * Will watch {@code source}, once told for which events; one that is closed leaves by itself.
     *
     * @throws ErrnoException EINVAL if it is of another stack
     */
    public Interest watch(Pollable source, @Nullable Object attachment) throws ErrnoException {
        if (source.stack != stack) {
            throw new ErrnoException(Errno.EINVAL, "poll", "the socket is of " + source.stack);
        }
        return new Interest(source, attachment);
    }

    /** Under the stack's lock: {@code called} hears of what leaves because it has been closed. */
    void onClosed(Consumer<Pollable> called) {
        closedSource = called;
    }

    private void change(Interest interest, int wanted) {
        synchronized (changesLock) {
            if (interest.wanted != CANCELLED) {
                interest.wanted = wanted;
            }
            if (!interest.changing) {
                interest.changing = true;
                interest.nextChange = firstChange;
                firstChange = interest;
            }
        }
    }

    /** Under the stack's lock. */
    void carryOutChanges() {
        while (firstChange != null) {
            Interest changed;
            synchronized (changesLock) {
                changed = firstChange;
                if (changed == null) {
                    return;
                }
                firstChange = changed.nextChange;
                changed.nextChange = null;
                changed.changing = false;
            }
            changed.carryOut();
        }
    }

    /** {@link #await}, then {@link #handOut}; returns how many were handled. */
    public int poll(Handler handler, long timeoutNanos) throws ErrnoException {
        int ignored = await(timeoutNanos);
        return handOut(handler);
    }

    /**
     * Waits until something is ready, {@link #wakeup} is called or the time is over. The same thread then calls
     * {@link #handOut}, and nobody waits before it has.
     *
     * @param timeoutNanos 0 only looks, a negative time waits for ever
     * @return how many are ready
     * @throws ErrnoException EINTR, EBADF if the list is closed, or ENETDOWN; then nothing is to be handed out
     */
    public int await(long timeoutNanos) throws ErrnoException {
        enter("poll");
        try {
            if (polling) {
                throw new IllegalStateException("another thread, or a handler, polls already; one at a time may");
            }
            carryOutChanges();
            long end = driver.nowNanos() + timeoutNanos;
            long deadline = timeoutNanos < 0 || end < driver.nowNanos() ? Driver.NEVER : end;
            if (foundAtOnce || timeoutNanos == 0) {
                driver.look();
            }
            int count = takeReady();
            foundAtOnce = count > 0;
            while (count == 0 && !woken && driver.nowNanos() < deadline) {
                if (!driver.await(something, deadline)) {
                    throw new ErrnoException(Errno.EINTR, "poll");
                }
                refuse("poll");
                count = takeReady();
            }
            woken = false;
            polling = true;
            foundCount = count;
            return count;
        } finally {
            driver.leave();
        }
    }

    /** Calls {@code handler} once for each that {@link #await} has found, and returns how many that were. */
    public int handOut(Handler handler) {
        int handled = 0;
        try {
            for (int i = 0; i < foundCount; i++) {
                Interest interest = found[i];
                if (interest != null && interest.wanted >= 0) {
                    handler.ready(interest.source, foundReady[i], interest.attachment);
                    handled++;
                }
            }
        } finally {
            Arrays.fill(found, 0, foundCount, null);
            foundCount = 0;
            polling = false;
        }
        return handled;
    }

    /** Looks once at each in the queue: those that are ready are found and go to its end, the others leave it. */
    private int takeReady() {
        int count = 0;
        for (int left = queueLength; left > 0 && count < BATCH; left--) {
            Interest first = dequeue();
            if (first.watching) {
                int ready = first.source.ready() & (first.events | POLLERR | POLLHUP);
                if (ready != 0) {
                    enqueue(first);
                    found[count] = first;
                    foundReady[count++] = ready;
                }
            }
        }
        return count;
    }

    /**
     * From now on {@code called} is called, from within the stack, when {@link #poll} may have something to find: for an
     * event loop that does not wait in it. It may only take note.
     */
    public void onReady(Runnable called) {
        driver.enter();
        try {
            something.onSignal(called);
        } finally {
            driver.leave();
        }
    }

    /** Ends the {@link #poll} of now, or else the next one. */
    public void wakeup() {
        if (woken) {
            return; // whoever has set it wakes the sleeper, too
        }
        driver.enter();
        try {
            woken = true;
            something.signal();
        } finally {
            driver.leave();
        }
    }

    /** Takes a {@link #wakeup} back that no poll has noticed. */
    public void forgetWakeup() {
        if (woken) {
            driver.enter();
            try {
                woken = false;
            } finally {
                driver.leave();
            }
        }
    }

    /** Reports nothing any more; a poll that waits fails with EBADF. What is watched should be cancelled first. Idempotent. */
    @Override
    public void close() {
        driver.enter();
        try {
            carryOutChanges();
            closed = true;
            something.signal();
        } finally {
            driver.leave();
        }
    }

    private void enqueue(Interest last) {
        last.queued = true;
        last.behind = null;
        if (tail == null) {
            head = last;
        } else {
            tail.behind = last;
        }
        tail = last;
        queueLength++;
    }

    private Interest dequeue() {
        Interest first = head;
        if (first == null) {
            throw new AssertionError("the queue's length says there is one");
        }
        head = first.behind;
        if (head == null) {
            tail = null;
        }
        first.behind = null;
        first.queued = false;
        queueLength--;
        return first;
    }

    /** Takes the lock for {@code call}; the caller must {@code driver.leave()}, unless this throws. */
    void enter(String call) throws ErrnoException {
        driver.enter();
        try {
            refuse(call);
        } catch (ErrnoException e) {
            driver.leave();
            throw e;
        }
    }

    private void refuse(String call) throws ErrnoException {
        if (closed) {
            throw new ErrnoException(Errno.EBADF, call, "the poller is closed");
        }
        if (!driver.running()) {
            throw new ErrnoException(Errno.ENETDOWN, call, stack.toString(), driver.failure());
        }
    }
}
