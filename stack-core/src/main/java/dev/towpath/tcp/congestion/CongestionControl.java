package dev.towpath.tcp.congestion;

/**
 * How much may be in flight (RFC 5681): pure arithmetic in bytes. Loss detection and recovery tell it what has
 * happened; it answers with a window. It never touches the sender.
 */
public interface CongestionControl {
    /** The congestion window in bytes. */
    int cwnd();

    /** The slow start threshold in bytes. */
    int ssthresh();

    /**
     * The path now carries segments of {@code mss} bytes. {@code first} before any data is sent: sets the initial
     * window.
     */
    void segmentSize(int mss, boolean first);

    /** The SYN was lost: begin with one segment (RFC 5681 section 3.1). */
    void synLost();

    /**
     * New data was acknowledged outside recovery.
     *
     * @param bytes newly acknowledged
     * @param limited the window, and not the application, was what held the sender back (RFC 7661: a window that was
     *     not used does not grow)
     */
    void acknowledged(int bytes, boolean limited, long nowNanos);

    /** ACKs have told of a loss with {@code flight} bytes outstanding: both window and threshold are cut. */
    void enterRecovery(int flight, long nowNanos);

    /** What was lost is repaired: the window is the threshold, but at most {@code most}. */
    void exitRecovery(int most);

    /**
     * The retransmission timer has expired with {@code flight} bytes outstanding; {@code first} if the same data had
     * not timed out before.
     */
    void timedOut(int flight, boolean first);

    /** Nothing was sent for longer than a retransmission time-out (RFC 5681 section 4.1). */
    void afterIdle();
}
