package dev.towpath.stack;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Something that threads wait for: one socket's readiness, one poller's. The core's events call {@link #signal}, which
 * costs an increment while nobody is parked here. Guarded by the stack's lock.
 */
public final class WaitPoint {
    private final @Nullable ReentrantLock lock;
    private @Nullable Condition condition;
    private @Nullable Runnable listener;

    /** Counts signals, so that a thread that drives notices its own without being parked. */
    int signals;

    /** Threads parked here. */
    int parked;

    /** The driver's list of points at which threads are parked. */
    @Nullable
    WaitPoint previous;

    /** See {@link #previous}. */
    @Nullable
    WaitPoint following;

    WaitPoint(@Nullable ReentrantLock lock) {
        this.lock = lock;
    }

    /** Lets whoever waits here look again. */
    public void signal() {
        signals++;
        wake();
        if (listener != null) {
            listener.run();
        }
    }

    /** From now on {@code called} is called at each signal, for one who does not wait; it may only take note. */
    public void onSignal(Runnable called) {
        listener = called;
    }

    /**
     * Wakes the threads parked here without a signal: they look whether there is something to do for them as drivers.
     */
    void wake() {
        if (parked > 0 && condition != null) {
            condition.signalAll();
        }
    }

    /** What threads park on; made when the first one does. */
    Condition condition() {
        Condition existing = condition;
        if (existing == null) {
            if (lock == null) {
                throw new IllegalStateException("nobody parks in a simulation");
            }
            existing = lock.newCondition();
            condition = existing;
        }
        return existing;
    }
}
