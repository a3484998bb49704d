package dev.towpath.tcp;

/**
 * What one connection has done so far: plain sums for TCP_INFO, kept by whoever does it. Segments are counted modulo
 * 2^32, as Linux tells of them.
 */
final class Statistics {
    int segsIn;
    int segsOut;
    int dataSegsIn;
    int dataSegsOut;
    long bytesSent;
    long bytesAcked;
    long bytesRetrans;
    int totalRetrans;
    int rcvOoopack;
    int dsackDups;
    int reordSeen;
    int deliveredCe;
    /** When data last came; meaningful if any has. */
    long lastDataRecv;
    /** When an ACK last came. */
    long lastAckRecv;

    /** {@code segments}, which carry {@code bytes} of data, have left. */
    void sent(int segments, int bytes) {
        segsOut += segments;
        if (bytes > 0) {
            dataSegsOut += segments;
            bytesSent += bytes;
        }
    }

    /** Of what has left, this had left before. */
    void resent(int segments, int bytes) {
        totalRetrans += segments;
        bytesRetrans += bytes;
    }

    /** {@code seg} is for this connection, whatever is in it. */
    void arrived(Segment seg, long now) {
        int segments = seg.segments();
        segsIn += segments;
        if (seg.dataLength > 0) {
            dataSegsIn += segments;
            lastDataRecv = now;
        }
        if (seg.ackFlag()) {
            lastAckRecv = now;
        }
    }
}
