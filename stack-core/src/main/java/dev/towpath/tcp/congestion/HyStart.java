package dev.towpath.tcp.congestion;

/**
 * HyStart++ (RFC 9406): the round trip rises when a queue begins to fill, and slow start can end before the queue
 * overflows. A rise may be an accident; so slow start goes on at a quarter of its pace for a few rounds, conservative
 * slow start, and at full pace again if the round trip comes down meanwhile.
 *
 * <p>A round ends when all that was in flight at its beginning is acknowledged. Names are the RFC's.
 */
final class HyStart {
    private static final long MIN_RTT_THRESH = 4_000_000;
    private static final long MAX_RTT_THRESH = 16_000_000;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_GROWTH_DIVISOR = 4;
    private static final int CSS_ROUNDS = 5;
    private static final long INFINITY = Long.MAX_VALUE;

    /** Bytes to be acknowledged until windowEnd is; with the ACK behind it the next round begins. */
    private int roundLeft;

    private long lastRoundMinRtt = INFINITY;
    private long currentRoundMinRtt = INFINITY;
    private int rttSampleCount;
    /** {@link #INFINITY} outside conservative slow start. */
    private long cssBaselineMinRtt = INFINITY;

    private int cssRounds;

    /**
     * An ACK in the first slow start; returns the bytes by which the window may grow for it.
     *
     * <p>Deviates: RFC 9406 section 4.2 advises to count at most L = 8 segments an ACK where nothing is paced. Here an
     * ACK may answer a whole super-segment, or be the one of hundreds that a thinning router left, and slow start would
     * crawl. What leaves at once is bounded by the queue of the link instead.
     */
    int growth(AckSample ack) {
        if (roundLeft <= 0) {
            nextRound(ack.flight);
        }
        if (ack.rttNanos >= 0) {
            currentRoundMinRtt = Math.min(currentRoundMinRtt, ack.rttNanos);
            rttSampleCount++;
        }
        int growth = conservative() ? ack.bytes / CSS_GROWTH_DIVISOR : ack.bytes;
        if (rttSampleCount >= N_RTT_SAMPLE) {
            lookForRise();
        }
        roundLeft -= ack.bytes;
        if (roundLeft <= 0 && conservative()) {
            cssRounds++; // the one in which it began counts too
        }
        return growth;
    }

    /** Section 4.2: into conservative slow start when the round trip has risen, out of it when that was an accident. */
    private void lookForRise() {
        if (conservative()) {
            if (currentRoundMinRtt < cssBaselineMinRtt) {
                cssBaselineMinRtt = INFINITY;
                cssRounds = 0;
            }
        } else if (lastRoundMinRtt != INFINITY) {
            long rttThresh = Math.max(MIN_RTT_THRESH, Math.min(lastRoundMinRtt / MIN_RTT_DIVISOR, MAX_RTT_THRESH));
            if (currentRoundMinRtt >= lastRoundMinRtt + rttThresh) {
                cssBaselineMinRtt = currentRoundMinRtt;
            }
        }
    }

    private void nextRound(int flight) {
        roundLeft = flight;
        lastRoundMinRtt = currentRoundMinRtt;
        currentRoundMinRtt = INFINITY;
        rttSampleCount = 0;
    }

    private boolean conservative() {
        return cssBaselineMinRtt != INFINITY;
    }

    /** The round trip has stayed up: congestion avoidance begins with the window as it is. */
    boolean ended() {
        return cssRounds >= CSS_ROUNDS;
    }
}
