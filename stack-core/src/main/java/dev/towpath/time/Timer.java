package dev.towpath.time;

import org.jspecify.annotations.Nullable;

/**
 * One deadline of one owner: an intrusive node of a {@link TimerWheel}, so that arming, re-arming and cancelling
 * allocate nothing.
 */
public final class Timer {
    /** The deadline of a timer that is not armed. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What happens at a deadline. */
    @FunctionalInterface
    public interface Task {
        /** Called once per expiry with the timer no longer armed; may arm it (or any other) again. */
        void expired(long nowNanos);
    }

    final Task task;
    long deadlineNanos = NEVER;
    /**
     * Where the node really sits, which may be an earlier place than its deadline's: re-arming later only writes the
     * deadline.
     */
    long placedNanos = NEVER;
    /** Counts up with every arming of any timer: who comes first among equal deadlines. */
    long armingOrder;

    int slot = -1;

    @Nullable
    Timer previous;

    @Nullable
    Timer following;

    /** A timer that is not armed. */
    public Timer(Task task) {
        this.task = task;
    }

    /** True between {@link TimerWheel#arm} and expiry or {@link TimerWheel#cancel}. */
    public boolean armed() {
        return deadlineNanos != NEVER;
    }

    /** When it expires, or {@link #NEVER}. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** True if it expires before {@code other}: by deadline, and in arming order within one. */
    boolean before(Timer other) {
        return deadlineNanos != other.deadlineNanos
                ? deadlineNanos < other.deadlineNanos
                : armingOrder < other.armingOrder;
    }
}
