package dev.towpath.tcp.congestion;

/** RFC 5681's congestion avoidance: a segment more for each window acknowledged, half of it after a loss. */
public final class NewReno extends LossBased {
    private int acknowledgedInRound;

    /** To be begun. */
    public NewReno() {}

    @Override
    int avoidance(int bytes, AckSample ack) {
        acknowledgedInRound += bytes;
        if (acknowledgedInRound < cwnd()) {
            return 0;
        }
        acknowledgedInRound -= cwnd();
        return mss();
    }

    /** RFC 5681 section 3.1, equation (4). */
    @Override
    int afterCut(int flight) {
        return Math.max(flight / 2, 2 * mss());
    }

    @Override
    void avoidanceBroken() {
        acknowledgedInRound = 0;
    }
}
