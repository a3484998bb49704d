package dev.towpath.tcp;

import dev.towpath.info.TcpInfo;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.congestion.CongestionControl;
import dev.towpath.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Loss recovery for a peer with SACK: {@link Scoreboard} and {@link Rack} say what is lost (RFC 6675, RFC 8985),
 * {@link ProportionalRate} how fast to send meanwhile (RFC 9937), and a tail loss probe draws an ACK where nothing else
 * would (RFC 8985 section 7).
 */
final class SackRecovery implements LossRecovery, Scoreboard.Deliveries {
    private enum Phase {
        OPEN,
        /** Losses were found by ACKs: fast recovery. */
        RECOVERY,
        /** The retransmission timer has expired: slow start over what is lost. */
        LOSS
    }

    /** What a peer may delay an ACK by (RFC 8985 section 7.2, TLP.max_ack_delay). */
    private static final long MAX_ACK_DELAY_NANOS = 200_000_000;

    /** PTO before the first RTT sample (RFC 8985 section 7.2). */
    private static final long PROBE_WITHOUT_RTT_NANOS = 1_000_000_000;

    /** Below this a probe would race with an ACK that is on its way through two schedulers. */
    private static final long LEAST_PROBE_NANOS = 10_000_000;

    private final Tcb t;
    /** Lent while there is something in flight. */
    private Scoreboard board;

    private final Rack rack;
    private final SpuriousRetransmit spurious;
    /** Made by the first recovery: most connections need none. */
    private @Nullable ProportionalRate rate;

    private Phase phase = Phase.OPEN;
    /** RecoveryPoint: SND.NXT when the trouble began. */
    private int recover;

    private boolean urgent;
    /** TLP.end_seq, if {@link #probed}. */
    private int probeEnd;

    /** What was outstanding when the probe was sent. */
    private int probeFlight;

    private boolean probed;
    /** TLP.is_retrans. */
    private boolean probeResent;
    /** Something was sent or acknowledged since the probe timer was armed. */
    private boolean probeStale;
    /** An ACK for {@link #probeEnd} has come already. */
    private boolean probeAcknowledged;

    SackRecovery(Tcb t) {
        this.t = t;
        this.board = t.layer.scoreboards().empty();
        this.rack = new Rack(t);
        this.spurious = new SpuriousRetransmit(t);
    }

    @Override
    public void delivered(Sent sent) {
        rack.delivered(sent);
        spurious.delivered(sent);
    }

    @Override
    public void congestionIsCertain() {
        spurious.congestionIsCertain();
    }

    @Override
    public void sent(Tcb tcb, int start, int end, boolean fresh) {
        board = t.layer.scoreboards().lend(board);
        board.sent(start, end, t.layer.now());
        Sent newest = board.newest();
        if (!fresh && newest != null) {
            newest.resent = true; // the ACK of the probe may come at once: no round trip is as short (Karn)
        }
        countAsSent(end - start);
        probeStale = true;
    }

    private void countAsSent(int bytes) {
        if (rate != null) {
            rate.sent(bytes);
        }
    }

    @Override
    public int pipe(Tcb tcb) {
        return t.sndNxt - t.sndUna - board.sackedBytes() - board.lostBytes();
    }

    @Override
    public int window(Tcb tcb) {
        if (spurious.trying()) {
            return Math.min(t.congestion.cwnd(), pipe(t) + spurious.tryingRoom());
        }
        return phase == Phase.RECOVERY && rate != null ? rate.window() : t.congestion.cwnd();
    }

    @Override
    public int lost(Tcb tcb) {
        return spurious.trying() ? 0 : board.lostBytes();
    }

    @Override
    public int lostStart() {
        Sent lost = board.firstLost();
        return lost == null ? t.sndNxt : lost.start;
    }

    @Override
    public int lostLength() {
        Sent lost = board.firstLost();
        return lost == null ? 0 : lost.length();
    }

    @Override
    public boolean calm(Tcb tcb) {
        return phase == Phase.OPEN && board.lostBytes() == 0 && board.sackedBytes() == 0;
    }

    @Override
    public boolean urgent() {
        return urgent;
    }

    @Override
    public void resent(Tcb tcb, int count) {
        Sent lost = board.firstLost();
        if (lost != null) {
            spurious.resent(lost.start, lost.start + count);
            board.resent(lost, count, t.layer.now());
            if (lost.start == t.sndUna && !t.deadlines().persisting) {
                // RFC 6675 section 6 allows it, and Linux does it: on a long path an RTO that counts from the last ACK
                // leaves no time to find out that this one was lost too.
                t.layer.timeouts().restartRetransmit(t);
            }
        }
        urgent = false;
        countAsSent(count);
        probeStale = true;
    }

    @Override
    public boolean arrived(Tcb tcb, Segment seg, int acked, boolean limited) {
        if (SeqNum.lessThan(seg.ack, t.sndUna)) {
            return false; // older than what is known: its blocks are too
        }
        int before = board.deliveredBytes();
        int lostBefore = board.lostBytes();
        int inFlight = pipe(t) + acked;
        rack.begin(seg);
        spurious.ackBegins();
        board.acknowledged(t.sndUna, this);
        boolean duplicateReported = takeBlocks(seg);
        if (rack.sampleNanos() >= 0) {
            t.rtt.sample(rack.sampleNanos(), t.layer.now());
        }
        if (duplicateReported) {
            t.stats.dsackDups++;
            rack.dsackArrived(t.sndNxt);
        }
        probeAnswered(seg, duplicateReported);
        judge(seg, acked, board.deliveredBytes() != before);
        leavePhase();
        detect();
        int delivered = board.deliveredBytes() - before;
        t.delivery.delivered(delivered, t.sndUna, t.layer.now());
        if (phase == Phase.RECOVERY && rate != null) {
            boolean safe = acked > 0 && board.lostBytes() <= lostBefore;
            rate.delivered(delivered, safe, pipe(t), t.congestion.ssthresh(), t.sendMss);
        } else if (acked > 0) { // also when it ends recovery: that was a round trip like others
            grow(t, Math.min(acked, inFlight), limited, rack.sampleNanos());
        }
        probeStale |= acked > 0;
        board = t.layer.scoreboards().takeBackEmpty(board);
        return acked > 0;
    }

    /** Takes in the SACK blocks; true if the first reports a duplicate (RFC 2883 section 4). */
    private boolean takeBlocks(Segment seg) {
        boolean duplicate = false;
        for (int i = 0; i < seg.options.sackCount; i++) {
            int start = seg.options.sackStart[i];
            int end = seg.options.sackEnd[i];
            if (i == 0 && isDuplicateReport(seg, start, end)) {
                duplicate = true;
                spurious.duplicate(start, end);
            } else if (SeqNum.lessThan(t.sndUna, start)
                    && SeqNum.lessThan(start, end)
                    && SeqNum.atMost(end, t.sndNxt)) { // what lies at SND.UNA is missing, whatever a block says
                boolean ignored = board.sacked(start, end, this);
            }
        }
        return duplicate;
    }

    private boolean isDuplicateReport(Segment seg, int start, int end) {
        if (SeqNum.atMost(end, t.sndUna)) {
            return SeqNum.lessThan(start, end);
        }
        return seg.options.sackCount > 1
                && SeqNum.lessThan(start, end)
                && SeqNum.atMost(seg.options.sackStart[1], start)
                && SeqNum.atMost(end, seg.options.sackEnd[1]);
    }

    /** Was it a mistake to send again? {@code news} if the ACK tells of anything that has arrived. */
    private void judge(Segment seg, int acked, boolean news) {
        switch (phase) {
            case LOSS -> {
                boolean echoed = acked > 0 && spurious.answersOriginal(seg);
                if (echoed || spurious.probed(acked, news) || spurious.allDuplicates()) {
                    spurious.timeoutWasSpurious();
                    board.loseNothing();
                    rack.forget();
                    phase = Phase.OPEN;
                }
            }
            case RECOVERY -> {
                if (board.lostBytes() > 0) {
                    return; // that is not made good yet, whatever becomes of the rest
                }
                if (acked > 0 && spurious.answersOriginal(seg) && spurious.allPassed()) {
                    rack.reordered();
                    recoveryWasSpurious(Counter.TCP_EXT_TCP_FULL_UNDO);
                } else if (spurious.allDuplicates()) {
                    recoveryWasSpurious(Counter.TCP_EXT_TCP_DSACK_UNDO);
                }
            }
            case OPEN -> {
                if (spurious.allDuplicates()) { // the last of them are reported when all is over
                    recoveryWasSpurious(Counter.TCP_EXT_TCP_DSACK_UNDO);
                }
            }
        }
    }

    private void recoveryWasSpurious(Counter witness) {
        spurious.recoveryWasSpurious(witness);
        phase = Phase.OPEN;
    }

    private void leavePhase() {
        if (phase == Phase.OPEN || SeqNum.lessThan(t.sndUna, recover)) {
            return;
        }
        if (phase == Phase.RECOVERY) {
            t.congestion.exitRecovery(CongestionControl.UNLIMITED); // PRR has brought the flight to ssthresh
            rack.recoveryEnded();
        }
        phase = Phase.OPEN;
    }

    /** Looks for losses; also when the reordering timer has expired. */
    void detect() {
        // RFC 6675 section 4, IsLost, by bytes alone: a peer could report single bytes. Where segments are small the
        // reordering timer finds the loss a quarter of a round trip later.
        boolean threeSacked = board.sackedBytes() > 2 * t.sendMss;
        int before = board.lostBytes();
        t.deadlines().reorder = rack.detect(board, phase != Phase.OPEN, threeSacked);
        int found = board.lostBytes() - before;
        if (found == 0) {
            return;
        }
        if (t.pathMtu().probeLost(lostStart(), found)) {
            urgent = true;
        } else if (phase == Phase.OPEN) {
            enterRecovery();
        }
    }

    private void enterRecovery() {
        t.layer.parts().mib().count(Counter.TCP_EXT_TCP_FAST_RETRANS);
        t.layer.parts().mib().count(Counter.TCP_EXT_TCP_SACK_RECOVERY);
        int flight = t.sndNxt - t.sndUna;
        phase = Phase.RECOVERY;
        recover = t.sndNxt;
        cut(t, spurious, flight);
        if (rate == null) {
            rate = new ProportionalRate();
        }
        rate.begin(flight, t.sendMss + pipe(t));
        endProbe();
        urgent = true;
    }

    @Override
    public void timedOut(Tcb tcb, boolean first) {
        spurious.timedOut(first, phase == Phase.OPEN && board.sackedBytes() == 0);
        t.congestion.timedOut(t.sndNxt - t.sndUna, first, t.layer.now());
        t.ecn.windowCut(t.sndNxt);
        loseAll();
    }

    @Override
    public void tooBig(Tcb tcb) {
        spurious.forget();
        loseAll();
    }

    private void loseAll() {
        phase = Phase.LOSS;
        recover = t.sndNxt;
        board.loseAll();
        endProbe();
        t.deadlines().reorder = Timer.NEVER;
        urgent = true;
    }

    @Override
    public void nothingInFlight(Tcb tcb) {
        board.clear();
        board = t.layer.scoreboards().takeBackEmpty(board);
        spurious.forget();
        t.delivery.abandon();
        phase = Phase.OPEN;
        endProbe();
    }

    @Override
    public void report(TcpInfo info) {
        info.sackedBytes = board.sackedBytes();
        info.reoWndNanos = rack.reorderingWindow(phase != Phase.OPEN, board.sackedBytes() > 2 * t.sendMss);
        info.caState = switch (phase) {
            case OPEN -> board.sackedBytes() > 0 ? TcpInfo.CaState.DISORDER : TcpInfo.CaState.OPEN;
            case RECOVERY -> TcpInfo.CaState.RECOVERY;
            case LOSS -> TcpInfo.CaState.LOSS;
        };
    }

    // ---- tail loss probe, RFC 8985 section 7 ----

    /** TLP_calc_PTO (section 7.2). */
    @Override
    public void afterOutput(Tcb tcb) {
        spurious.afterOutput();
        boolean mayProbe = phase == Phase.OPEN && !probed && board.sackedBytes() == 0 && pipe(t) > 0;
        if (!mayProbe || t.deadlines().persisting) {
            t.deadlines().probe = Timer.NEVER;
            return;
        }
        if (!probeStale) {
            return;
        }
        probeStale = false;
        long wait = t.rtt.sampled() ? Math.max(LEAST_PROBE_NANOS, 2 * t.rtt.srttNanos()) : PROBE_WITHOUT_RTT_NANOS;
        if (pipe(t) <= t.sendMss) {
            wait += MAX_ACK_DELAY_NANOS;
        }
        // not later than the time-out, whose place it then takes: a lost tail costs one round trip and no slow start
        t.deadlines().probe = Math.min(t.layer.now() + wait, t.deadlines().retransmit);
    }

    /** A probe that ends at SND.NXT has been sent, {@code again} if it had been sent before. */
    void probeSent(boolean again) {
        probed = true;
        probeEnd = t.sndNxt;
        probeFlight = t.sndNxt - t.sndUna;
        probeResent = again;
        t.deadlines().probe = Timer.NEVER;
    }

    /** What to send as a probe where there is no new data: the last segment; null if nothing is in flight. */
    @Nullable
    Sent probeSegment() {
        Sent newest = board.newest();
        if (newest == null || newest.sacked || newest.lost) {
            return null;
        }
        int fin = t.finSent() ? 1 : 0; // it has a number, and no place in the segment
        return board.cutNewest(newest, t.sendMss + fin);
    }

    /** {@code sent} goes out again as a probe. */
    void resentAsProbe(Sent sent) {
        spurious.resent(sent.start, sent.end);
        board.resent(sent, sent.length(), t.layer.now());
    }

    /** TLP_process_ack (section 7.4.2). */
    private void probeAnswered(Segment seg, boolean duplicateReported) {
        if (!probed || SeqNum.lessThan(t.sndUna, probeEnd)) {
            return;
        }
        boolean repairedALoss = probeResent && !duplicateReported && SeqNum.lessThan(probeEnd, seg.ack);
        boolean bothCame = probeAcknowledged && seg.ack == probeEnd && seg.options.sackCount == 0;
        if (repairedALoss) {
            cut(t, spurious, probeFlight); // the lost tail was congestion too
        }
        if (!probeResent || duplicateReported || bothCame || repairedALoss) {
            endProbe();
        } else {
            probeAcknowledged = true;
        }
    }

    private void endProbe() {
        probed = false;
        probeAcknowledged = false;
    }
}
