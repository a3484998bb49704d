package dev.towpath.tcp.congestion;

import org.jspecify.annotations.Nullable;

/**
 * What all controls have in common that take a loss for congestion (RFC 5681): slow start up to a threshold, a cut that
 * can be undone, one segment after a time-out. They differ in how they grow beyond the threshold, and how deep they
 * cut. Bytes are counted, not ACKs (RFC 3465), so that a peer that thins its ACKs and super-segments are treated alike.
 */
abstract class LossBased implements CongestionControl {
    private int mss = 536;
    private int cwnd = mss;
    private int ssthresh = UNLIMITED;
    private int cwndBefore;
    private int ssthreshBefore;
    /** Null before the first ACK of data, and again when what it is for is over. */
    private @Nullable HyStart hyStart;

    @Override
    public final int cwnd() {
        return cwnd;
    }

    @Override
    public final int ssthresh() {
        return ssthresh;
    }

    final int mss() {
        return mss;
    }

    @Override
    public final void begin(int size, int window, int threshold) {
        mss = size;
        cwnd = window;
        ssthresh = threshold;
        cwndBefore = 0;
        avoidanceBroken();
    }

    @Override
    public final void segmentSize(int size) {
        mss = size;
        cwnd = Math.max(cwnd, mss);
    }

    @Override
    public final void acknowledged(AckSample ack) {
        if (ssthresh == UNLIMITED) {
            firstSlowStart(ack);
            return;
        }
        if (!ack.limited) {
            return; // RFC 7661: a window that was not used does not grow
        }
        int bytes = ack.bytes;
        if (cwnd < ssthresh) {
            int growth = Math.min(bytes, ssthresh - cwnd);
            grow(growth);
            bytes -= growth;
        }
        if (bytes > 0) {
            grow(avoidance(bytes, ack));
        }
    }

    /** RFC 9406 section 4.3: later ones have a threshold that was measured and need no guess. */
    private void firstSlowStart(AckSample ack) {
        HyStart search = hyStart;
        if (search == null) {
            search = new HyStart();
            hyStart = search;
        }
        int growth = search.growth(ack);
        if (ack.limited) {
            grow(growth);
        }
        if (search.ended()) {
            ssthresh = cwnd;
            hyStart = null;
        }
    }

    @Override
    public final void enterRecovery(int flight, long nowNanos) {
        cut(flight);
        cwnd = ssthresh;
    }

    @Override
    public final void exitRecovery(int most) {
        cwnd = Math.min(cwnd, most);
    }

    @Override
    public final void timedOut(int flight, boolean first, long nowNanos) {
        if (first) { // held when the same data times out again (RFC 5681 section 3.1)
            cut(flight);
        }
        cwnd = mss;
        avoidanceBroken();
        historyEnds();
    }

    private void cut(int flight) {
        cwndBefore = cwnd;
        ssthreshBefore = ssthresh;
        remember();
        avoidanceBroken();
        // Limited transmit and SACK let more be outstanding than the window, and RFC 5681 section 3.2 does not count
        // it.
        ssthresh = afterCut(Math.min(flight, cwnd));
    }

    @Override
    public final void undo() {
        if (cwndBefore == 0) {
            return;
        }
        cwnd = Math.max(cwnd, cwndBefore);
        ssthresh = Math.max(ssthresh, ssthreshBefore);
        cwndBefore = 0;
        recall();
    }

    @Override
    public final void underused(int used) {
        int least = Math.min(cwnd, CongestionControl.initialWindow(mss));
        ssthresh = Math.max(ssthresh, cwnd / 4 * 3); // as RFC 7661 section 4.4.1: what was reached once is found again
        int next = Math.max(least, (cwnd + used) / 2);
        if (next < cwnd) {
            cwnd = next;
            avoidanceBroken();
        }
    }

    /** Twice the window a round trip in slow start, and enough above one beyond it to keep growing, as Linux does. */
    @Override
    public final long pacingRate(long srttNanos) {
        long percent = cwnd < ssthresh / 2 ? 200 : 120;
        return srttNanos <= 0 ? Long.MAX_VALUE : (long) (cwnd * 1e7 * percent / srttNanos);
    }

    private void grow(int bytes) {
        cwnd = Math.min(UNLIMITED, cwnd + bytes);
    }

    /** Bytes by which the window grows in congestion avoidance for {@code bytes} acknowledged. */
    abstract int avoidance(int bytes, AckSample ack);

    /** The threshold that a loss with {@code flight} bytes of the window outstanding leaves. */
    abstract int afterCut(int flight);

    /** The window has changed other than by {@link #avoidance}: what it was growing to means nothing any more. */
    abstract void avoidanceBroken();

    /** A time-out: what the window once was says nothing about the path any more. */
    void historyEnds() {}

    /** A cut comes, and {@link #recall} may want back what is known now. */
    void remember() {}

    /** What was known at the last {@link #remember} holds again. */
    void recall() {}
}
