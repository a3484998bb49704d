package dev.towpath.tcp.congestion;

/**
 * Slow start, congestion avoidance and NewReno's fast recovery (RFC 5681, RFC 6582). Bytes are counted, not ACKs (RFC
 * 3465), so that a peer that thins its ACKs and super-segments are treated alike.
 */
public final class NewReno implements CongestionControl {
    /** A window beyond which int arithmetic would not be safe; larger than any send buffer. */
    private static final int MOST = 1 << 30;

    private int mss = 536;
    private int cwnd;
    private int ssthresh = MOST;
    private int acknowledgedInRound;

    @Override
    public int cwnd() {
        return cwnd;
    }

    @Override
    public int ssthresh() {
        return ssthresh;
    }

    @Override
    public void segmentSize(int size, boolean first) {
        mss = size;
        if (first) {
            cwnd = initialWindow();
        } else {
            cwnd = Math.max(cwnd, mss);
        }
    }

    /** RFC 6928 section 2. */
    private int initialWindow() {
        return Math.min(10 * mss, Math.max(2 * mss, 14_600));
    }

    @Override
    public void synLost() {
        cwnd = mss;
    }

    @Override
    public void acknowledged(int bytes, boolean limited, long nowNanos) {
        if (!limited) {
            return;
        }
        if (cwnd < ssthresh) {
            int growth = Math.min(bytes, ssthresh - cwnd);
            grow(growth);
            bytes -= growth;
        }
        acknowledgedInRound += bytes;
        if (acknowledgedInRound >= cwnd) {
            acknowledgedInRound -= cwnd;
            grow(mss);
        }
    }

    @Override
    public void enterRecovery(int flight, long nowNanos) {
        ssthresh = Math.max(flight / 2, 2 * mss); // RFC 5681 section 3.1, equation (4)
        cwnd = ssthresh;
    }

    @Override
    public void exitRecovery(int most) {
        cwnd = Math.min(ssthresh, most);
        acknowledgedInRound = 0;
    }

    @Override
    public void timedOut(int flight, boolean first) {
        if (first) {
            ssthresh = Math.max(flight / 2, 2 * mss); // equation (4); held when the same data times out again
        }
        cwnd = mss;
        acknowledgedInRound = 0;
    }

    @Override
    public void afterIdle() {
        cwnd = Math.min(cwnd, initialWindow());
    }

    private void grow(int bytes) {
        cwnd = Math.min(MOST, cwnd + bytes);
    }
}
