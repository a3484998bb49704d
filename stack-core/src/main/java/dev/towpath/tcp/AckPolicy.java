package dev.towpath.tcp;

/**
 * When to acknowledge (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2): at once while the connection is young, for
 * every second full segment, and otherwise after a short wait in which the answer may carry it. "At once" means at the
 * end of the batch of frames, so a batch is acknowledged once.
 */
final class AckPolicy {
    /** The peer's slow start should not wait for us: its first segments are acknowledged one by one, as Linux does. */
    private static final int QUICK_ACKS = 16;

    /**
     * Segments smaller than this do not count as full, however small all have been: as many small ones are acknowledged
     * at once.
     */
    private static final int LEAST_FULL = 536;

    private int quick = QUICK_ACKS;
    private int fullSegment = LEAST_FULL;
    private int unacknowledged;
    private boolean due;

    /**
     * In-order data came; segments of the peer's can be {@code most} bytes long. Returns true if the delayed-ACK timer
     * should run.
     */
    boolean dataArrived(int bytes, int most) {
        fullSegment =
                Math.max(fullSegment, Math.min(bytes, most)); // what the peer really sends: options may take of its MSS
        unacknowledged += bytes;
        if (quick > 0) {
            quick--;
            due = true;
        } else if (unacknowledged >= 2 * fullSegment) {
            due = true;
        }
        return !due;
    }

    /** An ACK must go at the end of this batch. */
    void demand() {
        due = true;
    }

    /** An ACK must go at the end of this batch. */
    boolean due() {
        return due;
    }

    /** A segment with the newest ACK has left. */
    void sent() {
        due = false;
        unacknowledged = 0;
    }
}
