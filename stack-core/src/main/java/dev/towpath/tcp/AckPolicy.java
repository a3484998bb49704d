package dev.towpath.tcp;

/**
 * When to acknowledge (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2): at once while the connection is young, for
 * every second full segment, and otherwise after a short wait in which the answer may carry it. "At once" means at the
 * end of the batch of frames, so a batch is acknowledged once.
 */
final class AckPolicy {
    /** The peer's slow start should not wait for us: its first segments are acknowledged one by one, as Linux does. */
    private static final byte QUICK_ACKS = 16;

    /**
     * Segments smaller than this do not count as full, however small all have been: as many small ones are acknowledged
     * at once.
     */
    private static final int LEAST_FULL = 536;

    /**
     * However large segments are, no more than this waits for company: at an MTU of 64 KiB a peer may have room for one
     * segment only, and would stand still until the delayed ACK.
     */
    private static final int MOST_WAITING = 16_384;

    private byte quick = QUICK_ACKS;
    private int fullSegment = LEAST_FULL;
    private int unacknowledged;
    private boolean due;

    /**
     * TCP_QUICKACK: an ACK that waits goes at once, as do the next; or none goes at once any more. Not for ever, as in
     * Linux.
     */
    void quick(boolean on) {
        quick = on ? QUICK_ACKS : 0;
        due |= on && unacknowledged > 0;
    }

    /** ACKs go at once. */
    boolean quick() {
        return quick > 0;
    }

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
        } else if (unacknowledged >= Math.min(2 * fullSegment, MOST_WAITING)) {
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

    /** What the peer's largest segment seems to be. */
    int fullSegment() {
        return fullSegment;
    }

    /** A segment with the newest ACK has left. */
    void sent() {
        due = false;
        unacknowledged = 0;
    }
}
