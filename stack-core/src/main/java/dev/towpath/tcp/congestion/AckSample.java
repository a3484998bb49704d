package dev.towpath.tcp.congestion;

/** What one ACK tells congestion control. Made once and filled anew for each ACK, so that telling costs nothing. */
public final class AckSample {
    /** Bytes newly acknowledged. An ACK may stand for one segment or for hundreds. */
    public int bytes;

    /** Bytes that were outstanding before it came. */
    public int flight;

    /** The window, and not the application or the peer, was what held the sender back: only then may it grow. */
    public boolean limited;

    /** Round-trip time of the newest data it acknowledges, or -1 if it is not known for certain. */
    public long rttNanos = -1;

    /** Smoothed round-trip time, or 0 before the first sample. */
    public long srttNanos;

    /** When it came. */
    public long nowNanos;

    /** A sample to be filled. */
    public AckSample() {}
}
