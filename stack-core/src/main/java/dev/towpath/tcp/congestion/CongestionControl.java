package dev.towpath.tcp.congestion;

/**
 * How much may be in flight (RFC 5681): pure arithmetic in bytes. Loss detection and recovery tell it what has happened; it answers with a window. It never
 * touches the sender.
 */
public interface CongestionControl {
    /** The congestion window in bytes. */
    int cwnd();

    /** The slow start threshold in bytes. */
    int ssthresh();

    /** The path now carries segments of {@code mss} bytes. {@code first} before any data is sent: sets the initial window. */
    void segmentSize(int mss, boolean first);

    /** The SYN was lost: begin with one segment (RFC 5681 section 3.1). */
    void synLost();

    /**
     * New data was acknowledged outside recovery.
     *
     * @param bytes newly acknowledged
     * @param limited the window, and not the application, was what held the sender back (RFC 7661: a window that was not used does not grow)
     */
    void acknowledged(int bytes, boolean limited, long nowNanos);

    /** Loss found by duplicate ACKs with {@code flight} bytes outstanding: fast recovery begins. */
    void enterRecovery(int flight, long nowNanos);

    /** In recovery a duplicate ACK says that a segment has left the network. */
    void duplicateInRecovery();

    /** In recovery an ACK of {@code bytes} has come that leaves holes (RFC 6582 section 3.2, step 5). */
    void partialAck(int bytes);

    /** Recovery is over with {@code flight} bytes outstanding. */
    void exitRecovery(int flight);

    /** The retransmission timer has expired with {@code flight} bytes outstanding; {@code first} if the same data had not timed out before. */
    void timedOut(int flight, boolean first);

    /** Nothing was sent for longer than a retransmission time-out (RFC 5681 section 4.1). */
    void afterIdle();
}
