package dev.towpath.time;

/** The timers of one stack. Not thread-safe: guarded by the stack's lock. */
public final class TimerWheel {
    /** An empty wheel whose time begins at {@code startNanos}. */
    public TimerWheel(long startNanos) {
        throw new UnsupportedOperationException();
    }

    /** Arms or re-arms: {@code timer} expires at the first {@link #poll} at or after {@code deadlineNanos}. */
    public void arm(Timer timer, long deadlineNanos) {
        throw new UnsupportedOperationException();
    }

    /** Disarms; a timer that is not armed stays so. */
    public void cancel(Timer timer) {
        throw new UnsupportedOperationException();
    }

    /** The earliest time at which {@link #poll} has work to do, exact or early, never late; {@link Timer#NEVER} if none is armed. */
    public long nextDeadline() {
        throw new UnsupportedOperationException();
    }

    /** Expires all that is due at {@code nowNanos}, earliest deadline first and in arming order within one; returns how many. */
    public int poll(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Timers armed. */
    public int armed() {
        throw new UnsupportedOperationException();
    }
}
