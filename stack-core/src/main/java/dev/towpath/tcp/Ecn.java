package dev.towpath.tcp;

import dev.towpath.config.EcnMode;
import dev.towpath.mib.Counter;
import dev.towpath.wire.TcpHeader;

/**
 * Explicit congestion notification on one connection (RFC 3168 section 6.1): routers mark packets instead of dropping
 * them.
 *
 * <pre>
 *     sender                     router           receiver
 *        data, ECT(0)  ─────────▶  CE  ──────────▶   echo
 *        cut the window  ◀────────────────────────   ECE on every ACK
 *        new data, CWR  ─────────────────────────▶   no more echo
 * </pre>
 */
final class Ecn {
    /** What data may be marked has in its IP header: ECN-capable transport, ECT(0). */
    private static final int ECT_0 = 2;

    /** Congestion experienced. */
    private static final int CE = 3;

    private static final int FIELD = 3;

    /** Our SYN asked, and none has gone without asking since. */
    private boolean asked;
    /** Both SYNs have agreed. */
    private boolean agreed;
    /** CE has come, and CWR has not. */
    private boolean echo;
    /** The next new data tells that the window was cut. */
    private boolean cwrDue;
    /** What was outstanding at the last cut is not all acknowledged: it is one cut for each window of data. */
    private boolean cut;
    /** SND.NXT at the last cut. */
    private int cutAt;

    // ---- opening, section 6.1.1 ----

    /** Flags for our SYN, {@code again} if it is sent again. */
    int synFlags(EcnMode mode, boolean again) {
        // Section 6.1.1.1: perhaps somebody on the way drops SYNs that ask.
        asked = mode == EcnMode.ON && !again;
        return asked ? TcpHeader.ECE | TcpHeader.CWR : 0;
    }

    /** Flags for our SYN-ACK. */
    int synAckFlags() {
        return agreed ? TcpHeader.ECE : 0;
    }

    /** The peer's SYN has come and we listened; or has come again, and perhaps no longer asks. */
    void listenerHears(EcnMode mode, Segment syn) {
        agreed = mode != EcnMode.OFF && syn.asksForEcn();
    }

    /** The peer's SYN, or SYN-ACK, has come in answer to ours, or crosses it. */
    void openerHears(Segment syn) {
        boolean answersSo = (syn.flags & (TcpHeader.ECE | TcpHeader.CWR)) == TcpHeader.ECE; // both: it only reflects
        agreed = asked && (syn.ackFlag() ? answersSo : syn.asksForEcn());
    }

    /** Both ends have agreed. */
    boolean agreed() {
        return agreed;
    }

    // ---- receiving, section 6.1.3 ----

    /**
     * Data has come that is within the window (section 6.1.5 wants no look at other data). Returns true if the peer
     * should hear at once.
     */
    boolean dataArrived(Segment seg) {
        if (!agreed) {
            return false;
        }
        boolean before = echo;
        echo &= (seg.flags & TcpHeader.CWR) == 0;
        echo |= (seg.frame.trafficClass & FIELD) == CE;
        return echo != before;
    }

    /** Flags for every segment with an ACK. */
    int ackFlags() {
        return echo ? TcpHeader.ECE : 0;
    }

    // ---- sending, section 6.1.2 ----

    /** The ECN field for data that has never been sent before: nothing else may be marked. */
    int newDataField() {
        return agreed ? ECT_0 : 0;
    }

    /** Flags for data that has never been sent before. */
    int newDataFlags() {
        boolean due = cwrDue;
        cwrDue = false;
        return due ? TcpHeader.CWR : 0;
    }

    /** {@code seg} acknowledges {@code acked} new bytes, perhaps 0, and is not old. */
    void acknowledged(Tcb t, Segment seg, int acked) {
        boolean sentBeforeCut = cutCovers(t.sndUna - 1);
        if (!agreed || (seg.flags & TcpHeader.ECE) == 0) {
            return;
        }
        if (acked > 0) {
            int segments = Transmitter.segments(t, acked);
            t.stats.deliveredCe += segments;
            t.layer.parts().mib().count(Counter.TCP_EXT_TCP_DELIVERED_CE, segments);
        }
        t.loss.congestionIsCertain();
        if (!sentBeforeCut) {
            t.congestion.congestionExperienced(t.sndNxt - t.sndUna + acked, t.layer.now());
            windowCut(t.sndNxt);
        }
    }

    /** The window was cut, for whatever reason: the peer is told, and echoes until {@code sndNxt} change nothing. */
    void windowCut(int sndNxt) {
        if (agreed) {
            cutAt = sndNxt;
            cut = true;
            cwrDue = true;
        }
    }

    /** The window has been cut since {@code number}, the oldest that matters, was sent. */
    boolean cutCovers(int number) {
        cut &= SeqNum.lessThan(number, cutAt);
        return cut;
    }

    /** The cut was a mistake. */
    void cutUndone() {
        cut = false;
        cwrDue = false;
    }
}
