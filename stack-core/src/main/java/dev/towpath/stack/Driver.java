package dev.towpath.stack;

import org.jspecify.annotations.Nullable;

/**
 * Who runs a core, and the only door to it: {@code enter}, calls into the core, perhaps {@code await} for what they
 * have to wait for, {@code leave}. The socket package's side of a stack; applications have nothing to do with it.
 */
public interface Driver {
    /** A deadline that never comes. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Frames that one poll takes in from each device: a batch small enough to keep the lock for a fraction of a
     * millisecond, large enough to share an ACK.
     */
    int BUDGET = 64;

    /** Takes the lock of the stack and tells the core what time it is. */
    void enter();

    /** Sends what the calls since {@link #enter} have caused, and releases the lock. */
    void leave();

    /**
     * Waits, between {@code enter} and {@code leave}, until {@code point} is signalled, the core's time is
     * {@code deadlineNanos}, or for no reason: the caller looks again at what it waits for, and at {@link #running}.
     * The lock is released meanwhile.
     *
     * @return false if the thread was interrupted; its interrupt flag is still set
     */
    boolean await(WaitPoint point, long deadlineNanos);

    /**
     * Takes in what has arrived, without waiting: for a thread that finds work whenever it comes to wait, and so never
     * gets to the device. Under the lock.
     */
    void look();

    /** The time in the core, as of {@link #enter} or the return from {@link #await}. Under the lock. */
    long nowNanos();

    /** A new place to wait at. */
    WaitPoint newWaitPoint();

    /** False once the stack has been closed or has failed: whoever waits must give up. Under the lock. */
    boolean running();

    /** What the stack has died of, or null. Under the lock. */
    @Nullable
    Throwable failure();

    /** Ends the core, wakes everybody, and calls {@code closeDevices} as soon as nobody sleeps in them. Idempotent. */
    void close(Runnable closeDevices);
}
