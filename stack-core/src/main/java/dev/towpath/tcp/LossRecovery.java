package dev.towpath.tcp;

import dev.towpath.tcp.congestion.CongestionControl;

/**
 * Finds losses by duplicate ACKs and by time-out, and says what to send again: fast retransmit and fast recovery (RFC 5681 section 3.2, NewReno of RFC 6582),
 * limited transmit (RFC 3042). It knows one range of bytes that are held to be lost and have not been sent again:
 *
 * <pre>
 *     SND.UNA       resendNxt        resendEnd        SND.NXT
 *        | resent       | lost           | in flight     |
 * </pre>
 */
final class LossRecovery {
    private static final int DUPLICATE_THRESHOLD = 3;

    private final CongestionControl congestion;
    private int duplicates;
    private int limitedSegment;
    private boolean recovering;
    private boolean partialAckSeen;
    private boolean urgent;
    private int recover;
    private int resendNxt;
    private int resendEnd;

    LossRecovery(CongestionControl congestion) {
        this.congestion = congestion;
    }

    /** The connection begins with number {@code iss}. */
    void start(int iss) {
        recover = iss - 1;
        resendNxt = iss;
        resendEnd = iss;
    }

    /** Bytes in the network as far as can be told. */
    int pipe(Tcb t) {
        return t.sndNxt - t.sndUna - lost();
    }

    /** Bytes to send again. */
    int lost() {
        return resendEnd - resendNxt;
    }

    /** First byte to send again, if {@link #lost} is not 0. */
    int resendNxt() {
        return resendNxt;
    }

    /** The next retransmission goes whatever the window says. */
    boolean urgent() {
        return urgent;
    }

    /** In fast recovery. */
    boolean recovering() {
        return recovering;
    }

    /** Bytes that may be in flight now. */
    int window() {
        // RFC 3042: each of the first two duplicates lets one new segment go, and none that is sent again.
        int extra = recovering || lost() > 0 ? 0 : Math.min(duplicates, DUPLICATE_THRESHOLD - 1);
        return congestion.cwnd() + extra * limitedSegment;
    }

    /** {@code count} bytes from {@link #resendNxt} on have been sent again. */
    void resent(int count) {
        resendNxt += count;
        urgent = false;
    }

    /** A duplicate ACK (RFC 5681 section 2) has come. Returns true if it starts fast retransmit. */
    boolean duplicate(Tcb t) {
        limitedSegment = t.sendMss;
        if (recovering) {
            congestion.duplicateInRecovery();
            return false;
        }
        duplicates++;
        // RFC 6582 section 3.2 step 2: duplicates of what a time-out sent again mean nothing.
        if (duplicates != DUPLICATE_THRESHOLD || !SeqNum.lessThan(recover, t.sndUna - 1)) {
            return false;
        }
        congestion.enterRecovery(t.sndNxt - t.sndUna, t.layer.now());
        recovering = true;
        partialAckSeen = false;
        recover = t.sndNxt - 1;
        resendFirst(t);
        return true;
    }

    /**
     * SND.UNA has moved by {@code acked} bytes. Returns true if the retransmission timer restarts (always, but for the later partial ACKs of one recovery:
     * RFC 6582 section 4, "impatient").
     */
    boolean acknowledged(Tcb t, int acked, boolean limited) {
        duplicates = 0;
        resendNxt = SeqNum.max(resendNxt, t.sndUna);
        resendEnd = SeqNum.max(resendEnd, resendNxt);
        if (!recovering) {
            congestion.acknowledged(acked, limited, t.layer.now());
            return true;
        }
        if (SeqNum.lessThan(recover, t.sndUna)) {
            recovering = false;
            congestion.exitRecovery(pipe(t));
            return true;
        }
        congestion.partialAck(acked);
        resendFirst(t);
        boolean restart = !partialAckSeen;
        partialAckSeen = true;
        return restart;
    }

    private void resendFirst(Tcb t) {
        resendNxt = t.sndUna;
        resendEnd = SeqNum.min(t.sndUna + t.sendMss, t.sndNxt);
        urgent = true;
    }

    /** The retransmission timer has expired: all in flight is held to be lost (RFC 5681 section 3.1). */
    void timedOut(Tcb t, boolean first) {
        congestion.timedOut(t.sndNxt - t.sndUna, first);
        recovering = false;
        duplicates = 0;
        recover = t.sndNxt - 1;
        resendNxt = t.sndUna;
        resendEnd = t.sndNxt;
        urgent = true;
    }

    /** The path takes only smaller packets: what is in flight was lost for its size, not for congestion (RFC 1191 section 6.4). */
    void tooBig(Tcb t) {
        resendNxt = t.sndUna;
        resendEnd = t.sndNxt;
        urgent = true;
    }
}
