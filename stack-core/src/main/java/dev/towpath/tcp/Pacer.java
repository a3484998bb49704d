package dev.towpath.tcp;

/**
 * Spreads what the windows allow over the round trip, where TcpConfig.pacing or SO_MAX_PACING_RATE asks for it: a
 * quantum goes, and the next only after the time that it takes at the rate. Times are counted from when a quantum was
 * due, not from when the timer came to it, so that a timer that is a little late costs no rate.
 */
final class Pacer {
    /** As long as this lasts at the rate, and two segments at least, goes at once: a timer for each would cost more. */
    private static final long QUANTUM_NANOS = 1_000_000;

    private static final int LEAST_SEGMENTS = 2;

    private static final long SECOND_NANOS = 1_000_000_000;

    /** What may still go of the quantum under way. */
    private int left;
    /** When the next begins. */
    private long due = Long.MIN_VALUE;

    /** Bytes per second: what congestion control says, or less if the application wants less. */
    static long rate(Tcb t) {
        return Math.min(t.congestion.pacingRate(t.rtt.srttNanos()), t.settings.maxPacingRate);
    }

    /** Bytes that may go now, a segment or more; or 0 if it is not time yet, and then {@link #due} says when. */
    int allowance(Tcb t, long now) {
        if (left <= 0) {
            if (now < due) {
                return 0;
            }
            left = quantum(t);
            due = due < now - QUANTUM_NANOS ? now : due;
        }
        return Math.max(left, t.sendMss);
    }

    private static int quantum(Tcb t) {
        long bytes = rate(t) / (SECOND_NANOS / QUANTUM_NANOS);
        return Math.max(LEAST_SEGMENTS * t.sendMss, (int) Math.min(bytes, Integer.MAX_VALUE));
    }

    /** {@code bytes} of the allowance are gone. */
    void sent(Tcb t, int bytes) {
        left -= bytes;
        due += bytes * SECOND_NANOS / rate(t);
    }

    /** When more may go. */
    long due() {
        return due;
    }
}
