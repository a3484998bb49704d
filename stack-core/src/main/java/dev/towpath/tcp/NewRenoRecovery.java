package dev.towpath.tcp;

import dev.towpath.info.TcpInfo;
import dev.towpath.mib.Counter;

/**
 * Loss recovery for a peer without SACK: fast retransmit and fast recovery (RFC 5681 section 3.2, NewReno of RFC 6582),
 * limited transmit (RFC 3042). It knows one range of bytes that are held to be lost and have not been sent again:
 *
 * <pre>
 *     SND.UNA       lostStart        lostEnd          SND.NXT
 *        | resent       | lost           | in flight     |
 * </pre>
 */
final class NewRenoRecovery implements LossRecovery {
    private static final int DUPLICATE_THRESHOLD = 3;

    private final SpuriousRetransmit spurious;
    private int duplicates;
    private boolean recovering;
    /**
     * The window in fast recovery: ssthresh, inflated by what has left the network (RFC 5681 section 3.2, steps 3 and
     * 4).
     */
    private int inflated;

    private boolean partialAckSeen;
    private boolean urgent;
    private int recover;
    private int lostStart;
    private int lostEnd;
    /** The retransmission timer has expired, and what was in flight then is not all acknowledged. */
    private boolean timedOut;

    NewRenoRecovery(Tcb t) {
        spurious = new SpuriousRetransmit(t);
        recover = t.iss - 1;
        lostStart = t.iss;
        lostEnd = t.iss;
    }

    @Override
    public void congestionIsCertain() {
        spurious.congestionIsCertain();
    }

    @Override
    public void sent(Tcb t, int start, int end, boolean fresh) {
        t.rtt.sent(end, t.layer.now());
    }

    @Override
    public int pipe(Tcb t) {
        return t.sndNxt - t.sndUna - (lostEnd - lostStart);
    }

    @Override
    public int window(Tcb t) {
        if (recovering) {
            return inflated;
        }
        if (spurious.trying()) {
            return Math.min(t.congestion.cwnd(), pipe(t) + spurious.tryingRoom());
        }
        // RFC 3042: each of the first two duplicates lets one new segment go, and none that is sent again.
        int extra = lost(t) > 0 ? 0 : Math.min(duplicates, DUPLICATE_THRESHOLD - 1);
        return t.congestion.cwnd() + extra * t.sendMss;
    }

    @Override
    public int lost(Tcb t) {
        return spurious.trying() ? 0 : lostEnd - lostStart;
    }

    @Override
    public int lostStart() {
        return lostStart;
    }

    @Override
    public int lostLength() {
        return lostEnd - lostStart;
    }

    @Override
    public boolean urgent() {
        return urgent;
    }

    @Override
    public void resent(Tcb t, int count) {
        spurious.resent(lostStart, lostStart + count);
        lostStart += count;
        urgent = false;
        t.rtt.resent();
    }

    /** "Impatient" (RFC 6582 section 3.2, step 3): only the first partial ACK of a recovery restarts the timer. */
    @Override
    public boolean arrived(Tcb t, Segment seg, int acked, boolean limited) {
        if (acked > 0) {
            judge(t, seg, acked);
            return acknowledged(t, acked, limited);
        }
        if (isDuplicate(t, seg)) {
            boolean ignored = spurious.probed(0, true); // it shows at most that the loss is real
            duplicate(t);
        }
        return false;
    }

    /** Was it a mistake to send again? RFC 5682 section 2.1, RFC 3522. */
    private void judge(Tcb t, Segment seg, int acked) {
        spurious.ackBegins();
        spurious.advanced();
        if (timedOut) {
            if (spurious.answersOriginal(seg) || spurious.probed(acked, true)) {
                spurious.timeoutWasSpurious();
                timedOut = false;
                lostEnd = lostStart;
            }
            timedOut &= SeqNum.atMost(t.sndUna, recover);
        } else if (recovering && spurious.answersOriginal(seg) && spurious.allPassed()) {
            spurious.recoveryWasSpurious(Counter.TCP_EXT_TCP_FULL_UNDO);
            recovering = false;
            lostEnd = lostStart;
        }
    }

    private boolean acknowledged(Tcb t, int acked, boolean limited) {
        t.delivery.delivered(acked, t.sndUna, t.layer.now());
        duplicates = 0;
        int inFlight = pipe(t) + acked;
        lostStart = SeqNum.max(lostStart, t.sndUna);
        lostEnd = SeqNum.max(lostEnd, lostStart);
        if (!recovering) {
            grow(t, Math.min(acked, inFlight), limited, -1);
            return true;
        }
        if (SeqNum.lessThan(recover, t.sndUna)) {
            recovering = false;
            // RFC 6582 section 3.2 step 3, option 1: no burst when little is in flight.
            t.congestion.exitRecovery(Math.max(pipe(t), t.sendMss) + t.sendMss);
            return true;
        }
        // RFC 6582 section 3.2, step 3, partial acknowledgment: deflate by what has left, and one segment may follow.
        inflated = Math.max(t.sendMss, inflated - acked + (acked >= t.sendMss ? t.sendMss : 0));
        loseFirst(t);
        boolean restart = !partialAckSeen;
        partialAckSeen = true;
        return restart;
    }

    /** RFC 5681 section 2's definition. */
    private static boolean isDuplicate(Tcb t, Segment seg) {
        boolean sameWindow = seg.window << t.sndScale == t.sndWnd;
        boolean inFlight = t.sndNxt != t.sndUna && !t.probing;
        return seg.ack == t.sndUna && seg.length == 0 && sameWindow && inFlight;
    }

    private void duplicate(Tcb t) {
        if (recovering) {
            inflated += t.sendMss;
            return;
        }
        duplicates++;
        // RFC 6582 section 3.2 step 2: duplicates of what a time-out sent again mean nothing.
        if (duplicates != DUPLICATE_THRESHOLD || !SeqNum.lessThan(recover, t.sndUna - 1)) {
            return;
        }
        t.layer.parts().mib().count(Counter.TCP_EXT_TCP_FAST_RETRANS);
        t.layer.parts().mib().count(Counter.TCP_EXT_TCP_RENO_RECOVERY);
        cut(t, spurious, t.sndNxt - t.sndUna);
        recovering = true;
        partialAckSeen = false;
        inflated = t.congestion.ssthresh() + DUPLICATE_THRESHOLD * t.sendMss;
        recover = t.sndNxt - 1;
        loseFirst(t);
    }

    private void loseFirst(Tcb t) {
        lostStart = t.sndUna;
        lostEnd = SeqNum.min(t.sndUna + t.sendMss, t.sndNxt);
        urgent = true;
    }

    @Override
    public void timedOut(Tcb t, boolean first) {
        spurious.timedOut(first, !recovering && !timedOut);
        timedOut = true;
        t.congestion.timedOut(t.sndNxt - t.sndUna, first, t.layer.now());
        t.ecn.windowCut(t.sndNxt);
        recovering = false;
        duplicates = 0;
        recover = t.sndNxt - 1;
        loseAll(t);
    }

    @Override
    public void tooBig(Tcb t) {
        spurious.forget();
        loseAll(t);
    }

    /** RFC 5681 section 3.1: go back to SND.UNA. */
    private void loseAll(Tcb t) {
        lostStart = t.sndUna;
        lostEnd = t.sndNxt;
        urgent = true;
    }

    @Override
    public void report(TcpInfo info) {
        if (recovering) {
            info.caState = TcpInfo.CaState.RECOVERY;
        } else if (lostEnd != lostStart) {
            info.caState = TcpInfo.CaState.LOSS;
        } else if (duplicates > 0) {
            info.caState = TcpInfo.CaState.DISORDER;
        }
    }

    @Override
    public void nothingInFlight(Tcb t) {
        lostEnd = lostStart;
        spurious.forget();
        timedOut = false;
    }

    @Override
    public void afterOutput(Tcb t) {
        spurious.afterOutput();
    }
}
