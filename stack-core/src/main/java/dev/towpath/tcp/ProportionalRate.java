package dev.towpath.tcp;

/**
 * How fast to send in fast recovery: proportional rate reduction (RFC 9937), which ends near ssthresh without a burst
 * or a stall.
 */
final class ProportionalRate {
    private int recoverFs;
    private long delivered;
    private long out;
    private int window;

    /**
     * Recovery begins with {@code flight} bytes outstanding; until the first call of {@link #delivered} {@code window}
     * may be in flight.
     */
    void begin(int flight, int firstWindow) {
        recoverFs = Math.max(1, flight);
        delivered = 0;
        out = 0;
        window = firstWindow;
    }

    /** {@code bytes} were sent, new or again. */
    void sent(int bytes) {
        out += bytes;
    }

    /** Bytes that may be in flight. */
    int window() {
        return window;
    }

    /**
     * An ACK has come in recovery.
     *
     * @param bytes newly delivered by it, by ACK or SACK
     * @param safe it moved SND.UNA and told of no new loss
     * @param pipe bytes in flight now
     */
    void delivered(int bytes, boolean safe, int pipe, int ssthresh, int mss) {
        delivered += bytes;
        long count;
        if (pipe > ssthresh) {
            count = (delivered * ssthresh + recoverFs - 1) / recoverFs - out;
        } else {
            count = Math.max(delivered - out, bytes) + (safe ? mss : 0);
            count = Math.min(ssthresh - pipe, count);
        }
        if (out == 0 && count <= 0) {
            count = mss; // the first retransmission goes at once
        }
        window = pipe + (int) Math.max(0, count);
    }
}
