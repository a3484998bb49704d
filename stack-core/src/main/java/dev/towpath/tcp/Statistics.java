package dev.towpath.tcp;

/** What one connection has done so far: plain sums for TCP_INFO, kept by whoever does it. */
final class Statistics {
    long segsIn;
    long segsOut;
    long dataSegsIn;
    long dataSegsOut;
    long bytesSent;
    long bytesAcked;
    long bytesRetrans;
    long totalRetrans;
    long rcvOoopack;
    long dsackDups;
    long reordSeen;
    long deliveredCe;
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
