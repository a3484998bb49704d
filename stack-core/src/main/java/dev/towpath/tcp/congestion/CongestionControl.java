package dev.towpath.tcp.congestion;

/**
 * How much may be in flight: pure arithmetic in bytes, with the time passed in. Loss recovery, ECN and the idle clock
 * tell it what has happened; it answers with a window, a threshold and a rate. It never touches the sender.
 *
 * <pre>
 *   begin ──▶ acknowledged … acknowledged ──▶ enterRecovery ──▶ exitRecovery ──▶ acknowledged …
 *                                        └──▶ timedOut | congestionExperienced ──▶ acknowledged …
 *                                                  any of these cuts ──▶ undo
 * </pre>
 */
public interface CongestionControl {
    /** A threshold that is none, and a bound of windows: larger than any send buffer, and safe to add to. */
    int UNLIMITED = 1 << 30;

    /** The window to begin with, and to begin again with after a long silence (RFC 6928 section 2). */
    static int initialWindow(int mss) {
        return Math.min(10 * mss, Math.max(2 * mss, 14_600));
    }

    /** The congestion window in bytes. */
    int cwnd();

    /** The slow start threshold in bytes, or {@link #UNLIMITED}. */
    int ssthresh();

    /**
     * A connection begins, or this one takes over from another in the middle of it.
     *
     * @param mss payload bytes of a full segment
     * @param cwnd {@link #initialWindow}, or one segment if the SYN was lost (RFC 5681 section 3.1), or what the other
     *     had
     * @param ssthresh {@link #UNLIMITED}, or what the other had
     */
    void begin(int mss, int cwnd, int ssthresh);

    /** The path now carries segments of {@code mss} bytes. */
    void segmentSize(int mss);

    /** New data was acknowledged outside fast recovery, as {@code ack} tells. */
    void acknowledged(AckSample ack);

    /** ACKs have told of a loss with {@code flight} bytes outstanding: window and threshold are cut. */
    void enterRecovery(int flight, long nowNanos);

    /** What was lost is repaired, and at most {@code most} bytes may be in flight, lest there be a burst (RFC 6582). */
    void exitRecovery(int most);

    /**
     * The retransmission timer has expired with {@code flight} bytes outstanding; {@code first} if the same data had
     * not timed out before.
     */
    void timedOut(int flight, boolean first, long nowNanos);

    /**
     * ECN-Echo has come with {@code flight} bytes outstanding (RFC 3168 section 6.1.2): cut as for a loss, but nothing
     * is lost. To be called once a round trip.
     */
    default void congestionExperienced(int flight, long nowNanos) {
        enterRecovery(flight, nowNanos);
    }

    /**
     * The last cut was a mistake, for what was held to be lost has arrived: window and threshold are at least what they
     * were before it (RFC 4015 section 3.2, RFC 9438 section 4.9). Without a cut that could be undone, nothing happens.
     */
    void undo();

    /**
     * For as long as a retransmission time-out no more than {@code used} bytes were in flight, 0 if the connection was
     * idle: what the window says beyond that is no longer known to be true (RFC 5681 section 4.1, RFC 7661).
     */
    void underused(int used);

    /** Bytes per second to spread the window by, if it is to be paced; more than a window in each round trip. */
    long pacingRate(long srttNanos);
}
