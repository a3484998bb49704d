package dev.towpath.tcp;

import dev.towpath.time.Timer;

/**
 * How long a connection waits for a peer that does not answer (RFC 9293 section 3.8.3): R1 and R2, counted from the
 * first time-out, and the user time-out (RFC 5482), counted from when what waits began to wait.
 */
final class Patience {
    /** R1: after so many time-outs in a row IP should look for another way (RFC 9293 MUST-20, SHLD-9). */
    private static final int R1 = 3;

    private long troubleSince = Timer.NEVER;
    private long waitingSince = Timer.NEVER;
    private int timeouts;

    /** The peer has acknowledged something new, or lets data go that its window held back. */
    void progress() {
        answered();
        waitingSince = Timer.NEVER;
    }

    /** The peer lives, even if nothing moves: R1 and R2 are about silence, the user time-out is not. */
    void answered() {
        troubleSince = Timer.NEVER;
        timeouts = 0;
    }

    /** Nothing is awaited, and nothing is remembered. */
    boolean calm() {
        return troubleSince == Timer.NEVER && waitingSince == Timer.NEVER && timeouts == 0;
    }

    /** Time-outs in a row. */
    int timeouts() {
        return timeouts;
    }

    /** Whether this time-out is the one at which IP is told (R1). */
    boolean timedOut(long now) {
        if (troubleSince == Timer.NEVER) {
            troubleSince = now;
        }
        return ++timeouts == R1;
    }

    /** For a SYN, R2 counts from its first transmission (RFC 1122 section 4.2.3.5). */
    void startedAt(long now) {
        troubleSince = now;
    }

    /** R2 is over. */
    boolean isOver(long now, long r2Nanos) {
        return troubleSince != Timer.NEVER && now - troubleSince >= r2Nanos;
    }

    /**
     * When the user time-out ends the connection, or {@link Timer#NEVER}. Data that is queued counts like data that was
     * sent, as in Linux: it waits for the peer's window.
     */
    long userTimeout(Tcb t, long now) {
        boolean waits = t.state() != State.CLOSED && (!t.established || t.unacknowledged() > 0);
        if (!waits || t.settings.userTimeoutNanos == 0) {
            waitingSince = Timer.NEVER;
            return Timer.NEVER;
        }
        if (waitingSince == Timer.NEVER) {
            waitingSince = now;
        }
        return waitingSince + t.settings.userTimeoutNanos;
    }
}
