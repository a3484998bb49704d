package dev.towpath.tcp;

import dev.towpath.mib.Counter;

/**
 * Finds out that what was sent again need not have been, and takes back what congestion control did about it. Each cut
 * begins an episode, of which only sums are kept, so that an ACK costs the same however much was sent again. Three
 * witnesses:
 *
 * <ul>
 *   <li>Eifel (RFC 3522): the ACK echoes a timestamp older than the first retransmission's, so the original drew it.
 *   <li>DSACK (RFC 3708, RFC 2883): the peer reports each retransmission of the episode as a duplicate.
 *   <li>F-RTO (RFC 5682) after a time-out: with only the first segment sent again, new data goes next; an ACK of what
 *       was not sent again shows that the originals are still arriving.
 * </ul>
 *
 * <p>What {@link LossRecovery} holds to be lost it sets right itself.
 */
final class SpuriousRetransmit {
    /** Where F-RTO is in RFC 5682 section 2.1 and 3.1. */
    private enum Step {
        OFF,
        /** Step 2: the first segment is out again, and nothing has been acknowledged since. */
        FIRST_ACK,
        /** Step 3: new data instead of lost data; the next ACK decides. */
        NEW_DATA
    }

    private final Tcb t;
    /** There is an episode whose cut may be taken back. */
    private boolean open;

    /** The network has said that it is congested: whatever was a mistake, the cut was none. */
    private boolean congested;
    /** SND.UNA and SND.NXT when it began. */
    private int begin;

    private int end;
    /** Behind the last number that was sent again. */
    private int resentEnd;
    /** RetransmitTS of RFC 3522: our clock at the first retransmission. */
    private int stamp;

    private boolean resent;
    /** Bytes sent again and not reported as duplicates. */
    private long unexplained;

    private Step step = Step.OFF;
    /** The ACK under way tells that something has arrived that was sent once, before the time-out. */
    private boolean originalArrived;

    SpuriousRetransmit(Tcb t) {
        this.t = t;
    }

    /** The window was cut because something in flight seems to be lost. */
    void begin() {
        open = true;
        congested = false;
        begin = t.sndUna;
        end = t.sndNxt;
        resentEnd = t.sndUna;
        resent = false;
        unexplained = 0;
        step = Step.OFF;
    }

    /**
     * The retransmission timer has expired.
     *
     * @param first the same data had not timed out before: else the episode goes on
     * @param only nothing has been sent again since what is in flight was sent, nor sacked: only then does an ACK of an
     *     original prove anything (RFC 5682 section 3.1, step 1)
     */
    void timedOut(boolean first, boolean only) {
        // Deviates: RFC 5682 wants F-RTO for the first of several time-outs only. As Linux does, it goes on as long as
        // the first segment is all that was sent again: a delay may well last longer than one RTO.
        boolean again = !first && open && step == Step.FIRST_ACK;
        if (first || !open) {
            begin();
        }
        step = only || again ? Step.FIRST_ACK : Step.OFF;
    }

    /** No cut is to be taken back. */
    void forget() {
        open = false;
        step = Step.OFF;
    }

    /** ECN-Echo has come: the window stays cut, even if nothing was lost. */
    void congestionIsCertain() {
        congested = true;
    }

    /** [{@code start}, {@code limit}) has been sent again. */
    void resent(int start, int limit) {
        if (!open || SeqNum.atMost(end, start)) {
            return;
        }
        if (!resent) {
            resent = true;
            stamp = t.tsNow();
        }
        resentEnd = SeqNum.max(resentEnd, limit);
        unexplained += limit - start;
    }

    /** An ACK is about to be taken in. */
    void ackBegins() {
        originalArrived = false;
    }

    /** The ACK under way tells that {@code sent} has arrived. */
    void delivered(Sent sent) {
        originalArrived |= !sent.resent && SeqNum.lessThan(sent.start, end);
    }

    /** The ACK under way moves SND.UNA beyond what was sent again: without SACK that is all there is to know. */
    void advanced() {
        originalArrived = true;
    }

    /** The ACK under way reports [{@code start}, {@code limit}) as a duplicate. */
    void duplicate(int start, int limit) {
        if (open && SeqNum.atMost(begin, start) && SeqNum.atMost(limit, end)) {
            unexplained -= limit - start;
        }
    }

    /** All that was sent again has arrived twice. */
    boolean allDuplicates() {
        return open && resent && unexplained <= 0;
    }

    /** {@code seg}, which acknowledges something new, answers what was sent before the first retransmission. */
    boolean answersOriginal(Segment seg) {
        return open && resent && t.timestamps && seg.options.timestamps && SeqNum.lessThan(seg.options.tsEcr, stamp);
    }

    /** SND.UNA has passed all that was sent again. */
    boolean allPassed() {
        return SeqNum.atMost(resentEnd, t.sndUna);
    }

    // ---- F-RTO ----

    /** Lost data must wait: new data is sent to see what happens. */
    boolean trying() {
        return step == Step.NEW_DATA;
    }

    /** Bytes that may be sent meanwhile: two segments of new data in all (RFC 5682 section 3.1, step 2b). */
    int tryingRoom() {
        return Math.max(0, end + 2 * t.sendMss - t.sndNxt);
    }

    /**
     * An ACK has come after a time-out, and SND.UNA has moved by {@code acked}.
     *
     * @param news it tells of anything that has arrived
     * @return true if it shows that the time-out was spurious
     */
    boolean probed(int acked, boolean news) {
        if (step == Step.NEW_DATA) {
            if (originalArrived) {
                return true; // step 3b
            }
            step = news ? Step.OFF : step; // 3a: new data has arrived, and what was before it has not
        } else if (step == Step.FIRST_ACK) {
            boolean all = SeqNum.atMost(end, t.sndUna);
            if (acked > 0 && !all) {
                step = Step.NEW_DATA; // step 2b
            } else if (news) {
                step = Step.OFF; // 2a
            }
        }
        return false;
    }

    /** Output has sent what it may: without new data there is nothing to try (RFC 5682 section 3.1, step 2b). */
    void afterOutput() {
        if (trying() && t.sndNxt == end) {
            step = Step.OFF;
            t.touch();
        }
    }

    // ---- response ----

    /**
     * The time-out was spurious. The window is again what it was before (RFC 4015 section 3.2; whole, as in Linux, and
     * not cut down to what is in flight); the RTO takes the delay for a thing that may happen again.
     */
    void timeoutWasSpurious() {
        t.layer.parts().mib().count(Counter.TCP_EXT_TCP_LOSS_UNDO);
        if (step == Step.NEW_DATA) {
            t.layer.parts().mib().count(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        }
        t.rtt.timeoutWasSpurious(end);
        restoreWindow();
    }

    /** Fast recovery was for nothing; {@code witness} counts who says so. */
    void recoveryWasSpurious(Counter witness) {
        t.layer.parts().mib().count(witness);
        restoreWindow();
    }

    private void restoreWindow() {
        if (!congested) {
            t.congestion.undo();
            t.ecn.cutUndone();
        }
        forget();
    }
}
