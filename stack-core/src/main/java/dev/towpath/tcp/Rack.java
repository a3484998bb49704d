package dev.towpath.tcp;

import dev.towpath.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * RACK (RFC 8985 section 6): what was sent before something that has been delivered, and is overdue by more than the
 * path reorders, is lost. It finds lost retransmissions and the losses of a short flight, and mild reordering does not
 * fool it.
 */
final class Rack implements Scoreboard.Deliveries {
    private static final long MIN_RTT_WINDOW_NANOS = 10_000_000_000L;

    /** RFC 8985 section 6.2.4: recoveries after which the reordering window shrinks to its least again. */
    private static final int PERSIST = 16;

    private final Tcb t;
    /** RACK.xmit_ts and RACK.end_seq: the most recently sent of what has been delivered. */
    private long xmitNanos = Long.MIN_VALUE;

    private int endSeq;
    private long rttNanos;
    private long minRttNanos = Timer.NEVER;
    private long minRttSince;
    /** RACK.fack: the highest number delivered. */
    private int fack;

    private boolean fackValid;
    /** RACK.fack before the ACK under way: its blocks are not in the order of sequence numbers. */
    private int fackBefore;

    private boolean fackBeforeValid;
    private boolean reorderingSeen;
    private int windowMultiple = 1;
    private int windowPersist = PERSIST;
    /** The end of a round in which a DSACK has widened the window already. */
    private int dsackRound;

    private boolean inDsackRound;
    /** The ACK under way echoes this timestamp, if it echoes one. */
    private int echo;

    private boolean echoes;
    /** The round-trip time of what was sent once and is delivered by the ACK under way, the newest; or -1. */
    private long sampleNanos;

    Rack(Tcb t) {
        this.t = t;
    }

    /** An ACK is about to be taken in. */
    void begin(@Nullable Segment seg) {
        echoes = seg != null && t.timestamps && seg.options.timestamps;
        echo = echoes && seg != null ? seg.options.tsEcr : 0;
        sampleNanos = -1;
        fackBefore = fack;
        fackBeforeValid = fackValid;
    }

    /** RACK_update (section 6.2, steps 1 to 3). */
    @Override
    public void delivered(Sent sent) {
        long now = t.layer.now();
        long rtt = now - sent.sentNanos;
        if (sent.resent) {
            if (answersTheOriginal(sent) || rtt < minRttNanos) {
                return;
            }
        } else {
            sampleNanos = rtt;
            updateMinRtt(rtt, now);
            if (fackBeforeValid && SeqNum.lessThan(sent.end, fackBefore)) {
                reorderingSeen = true;
                t.stats.reordSeen++;
            }
        }
        rttNanos = rtt;
        if (sentAfter(sent.sentNanos, sent.end, xmitNanos, endSeq)) {
            xmitNanos = sent.sentNanos;
            endSeq = sent.end;
        }
        fack = fackValid ? SeqNum.max(fack, sent.end) : sent.end;
        fackValid = true;
    }

    /**
     * The original has come, not what was sent again. Deviates from step 2, which asks the echo about SACKed segments
     * too: while there is a hole before them TS.Recent does not move (RFC 7323 section 4.3), no retransmission that is
     * SACKed would count, and the loss of another could wait for the time-out.
     */
    private boolean answersTheOriginal(Sent sent) {
        boolean cumulative = SeqNum.atMost(sent.end, t.sndUna);
        return cumulative && echoes && SeqNum.lessThan(echo, t.tsAt(sent.sentNanos));
    }

    /** The newest round-trip time of the ACK under way, free of ambiguity (Karn), or -1. */
    long sampleNanos() {
        return sampleNanos;
    }

    private void updateMinRtt(long rtt, long now) {
        if (rtt <= minRttNanos || now - minRttSince > MIN_RTT_WINDOW_NANOS) {
            minRttNanos = rtt;
            minRttSince = now;
        }
    }

    /** A duplicate was reported: the window was too small for this path (section 6.2.4). */
    void dsackArrived(int sndNxt) {
        if (inDsackRound && SeqNum.lessThan(t.sndUna, dsackRound)) {
            return;
        }
        inDsackRound = true;
        dsackRound = sndNxt;
        windowMultiple++;
        windowPersist = PERSIST;
    }

    /** Something that was held to be lost came late. */
    void reordered() {
        reorderingSeen = true;
    }

    /** What seemed to be the delivery of a retransmission was that of the original: it says nothing about others. */
    void forget() {
        xmitNanos = Long.MIN_VALUE;
    }

    /** A recovery has ended. */
    void recoveryEnded() {
        if (--windowPersist <= 0) {
            windowMultiple = 1;
        }
    }

    /** RACK_update_reo_wnd (section 6.2, step 4). */
    long reorderingWindow(boolean recovering, boolean threeSacked) {
        if (!reorderingSeen && (recovering || threeSacked)) {
            return 0;
        }
        long window = minRttNanos == Timer.NEVER ? 0 : windowMultiple * (minRttNanos / 4);
        return Math.min(window, t.rtt.srttNanos());
    }

    /**
     * RACK_detect_loss (section 6.2, step 5).
     *
     * @return when to look again, or {@link Timer#NEVER}
     */
    long detect(Scoreboard board, boolean recovering, boolean threeSacked) {
        long now = t.layer.now();
        long window = rttNanos + reorderingWindow(recovering, threeSacked);
        for (Sent sent = board.first(); sent != null; ) {
            if (!sentAfter(xmitNanos, endSeq, sent.sentNanos, sent.end)) {
                return Timer.NEVER; // nothing sent after it has been delivered
            }
            long due = sent.sentNanos + window;
            if (due > now) {
                return due;
            }
            Sent later = sent.later;
            board.lose(sent);
            sent = later;
        }
        return Timer.NEVER;
    }

    private static boolean sentAfter(long nanos, int end, long otherNanos, int otherEnd) {
        return nanos > otherNanos || (nanos == otherNanos && SeqNum.lessThan(otherEnd, end));
    }
}
