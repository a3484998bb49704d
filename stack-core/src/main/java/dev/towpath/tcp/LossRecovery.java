package dev.towpath.tcp;

import dev.towpath.info.TcpInfo;
import dev.towpath.tcp.congestion.AckSample;

/**
 * Finds losses, says what to send again, and how much may be in flight meanwhile. {@link SackRecovery} where both ends
 * have SACK, {@link NewRenoRecovery} else, {@link NothingSent} before either is needed. {@link Output} asks it;
 * {@link SegmentArrival} and {@link Timeouts} tell it what has happened.
 */
interface LossRecovery {
    /** [{@code start}, {@code end}) was sent; not {@code fresh} if a window probe may have carried its first byte. */
    void sent(Tcb t, int start, int end, boolean fresh);

    /** Bytes in the network as far as can be told. */
    int pipe(Tcb t);

    /** Bytes that may be in the network now. */
    int window(Tcb t);

    /** Bytes to send again, in all. */
    int lost(Tcb t);

    /** First number to send again, if {@link #lost} is not 0. */
    int lostStart();

    /** Bytes to send again from there on without a gap. */
    int lostLength();

    /** The next retransmission goes whatever the window says. */
    boolean urgent();

    /** {@code count} bytes from {@link #lostStart} on have been sent again. */
    void resent(Tcb t, int count);

    /**
     * An ACK has come and SND.UNA has moved by {@code acked} bytes, perhaps 0.
     *
     * @param limited the congestion window was what held the sender back
     * @return true if the retransmission timer restarts
     */
    boolean arrived(Tcb t, Segment seg, int acked, boolean limited);

    /**
     * {@code acked} bytes have left the network, acknowledged outside fast recovery, and took {@code rttNanos} there and
     * back, or -1 if that is not certain: congestion control may let more go. What an ACK covers of bytes that were
     * held to be lost has left it earlier, and opens nothing: slow start after a time-out would burst.
     */
    default void grow(Tcb t, int acked, boolean limited, long rttNanos) {
        AckSample ack = t.layer.ackSample();
        ack.bytes = acked;
        ack.flight = t.sndNxt - t.sndUna + acked;
        ack.limited = limited;
        ack.rttNanos = rttNanos;
        ack.srttNanos = t.rtt.srttNanos();
        ack.nowNanos = t.layer.now();
        t.congestion.acknowledged(ack);
    }

    /**
     * ACKs have told of a loss with {@code flight} bytes outstanding: the window is cut, unless ECN has told of the same
     * congestion already (RFC 3168 section 6.1.2: once for a window of data).
     */
    default void cut(Tcb t, SpuriousRetransmit spurious, int flight) {
        spurious.begin();
        if (t.ecn.cutCovers(t.sndUna)) {
            spurious.congestionIsCertain();
            return;
        }
        t.congestion.enterRecovery(flight, t.layer.now());
        t.ecn.windowCut(t.sndNxt);
    }

    /** The retransmission timer has expired; {@code first} if the same data had not timed out before. */
    void timedOut(Tcb t, boolean first);

    /**
     * The path takes only smaller packets: what is in flight was lost for its size, not for congestion (RFC 1191
     * section 6.4).
     */
    void tooBig(Tcb t);

    /** Nothing is in flight any more: a probe was taken back, or the connection has ended. */
    void nothingInFlight(Tcb t);

    /** Nothing is amiss, and the loss of a single segment would be found without a time-out. */
    default boolean calm(Tcb t) {
        return false;
    }

    /** ECN-Echo has come: the window stays cut, even if nothing was lost. */
    default void congestionIsCertain() {}

    /** Tells what it knows. */
    void report(TcpInfo info);

    /** All that may go has gone: time to arm what watches over it. */
    default void afterOutput(Tcb t) {}
}
