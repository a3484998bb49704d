package dev.towpath.tcp;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.tcp.congestion.CongestionControl;
import dev.towpath.time.Timer;
import dev.towpath.wire.TcpOptions;

/**
 * SEGMENT ARRIVES: RFC 9293 section 3.10.7 and nothing else, in its order, one method a step. A step returns true where
 * the RFC says "return".
 */
final class SegmentArrival {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** RFC 7323 section 5.5: a peer's clock may have gone half round in 24 days. */
    private static final long PAWS_IDLE_NANOS = 24L * 86_400 * SECOND_NANOS;

    private final TcpLayer layer;

    SegmentArrival(TcpLayer layer) {
        this.layer = layer;
    }

    /** A segment for a connection in any state but LISTEN and CLOSED, and TIME-WAIT: see {@link TimeWaits}. */
    void arrived(Tcb t, Segment seg) {
        t.lastHeard = layer.now();
        t.stats.arrived(seg, layer.now());
        t.keepAlivesUnanswered = 0;
        t.touch();
        if (t.state() == State.SYN_SENT) {
            synSent(t, seg);
        } else {
            otherStates(t, seg);
        }
    }

    // ---- section 3.10.7.3: SYN-SENT ----

    private void synSent(Tcb t, Segment seg) {
        // First, check the ACK bit.
        boolean acceptable = seg.ackFlag() && seg.ack == t.sndNxt; // the SYN is all that was sent
        if (seg.ackFlag() && !acceptable) {
            layer.parts().mib().drop(DropReason.TCP_BAD_ACK);
            layer.transmitter().refuse(seg);
            return;
        }
        // Second, check the RST bit. Without an acceptable ACK anybody could have sent it.
        if (seg.rst()) {
            if (acceptable) {
                layer.parts().mib().count(Counter.TCP_ATTEMPT_FAILS);
                layer.userCalls().fail(t, TransportError.CONNECTION_REFUSED);
            } else {
                layer.parts().mib().drop(DropReason.TCP_BAD_RESET);
            }
            return;
        }
        // Fourth, check the SYN bit. (Third, security: RFC 9293 appendix A.1 leaves it out.)
        if (!seg.syn()) {
            layer.parts().mib().drop(DropReason.TCP_BAD_FLAGS);
            return;
        }
        learnFromSyn(t, seg);
        t.ecn.openerHears(seg);
        if (acceptable) {
            t.sndUna = seg.ack;
            t.rtt.acknowledged(seg.ack, layer.now());
            establish(t, seg);
            t.acks.demand();
        } else {
            // Simultaneous open (section 3.5, figure 8): our SYN is sent again, now with an ACK.
            t.enter(State.SYN_RECEIVED);
            t.synDue = true;
        }
        seg.dropSyn();
        trimToWindow(t, seg);
        /* sixth: urgent data stays in line, and nobody is told of it (RFC 6093 section 4) */
        seventhProcessText(t, seg);
        if (t.established) { // else "queue them for processing after the ESTABLISHED state": the peer repeats its FIN
            eighthCheckFin(t, seg);
        }
    }

    /** IRS, MSS and window scale. */
    void learnFromSyn(Tcb t, Segment seg) {
        t.irs = seg.seq;
        t.receiveQueue.start(seg.seq);
        if (seg.options.mss != TcpOptions.ABSENT) {
            t.peerMss = seg.options.mss;
        }
        t.scaling = seg.options.windowScale != TcpOptions.ABSENT;
        if (t.scaling) { // RFC 7323 section 2.2: only if both SYNs have it
            t.sndScale = (byte) seg.options.windowScale;
        } else {
            t.rcvScale = 0;
        }
        t.receiveQueue.scale(t.rcvScale);
        t.sackPermitted = seg.options.sackPermitted;
        t.timestamps = seg.options.timestamps;
        if (t.timestamps) {
            takeTimestamp(t, seg);
        }
        t.updateSendMss();
        t.sndWnd = seg.window; // in a SYN never scaled
        t.maxSndWnd = seg.window;
        t.sndWl1 = seg.seq;
        t.sndWl2 = seg.ack;
        t.receiveQueue.advertiseOnSyn();
    }

    private void establish(Tcb t, Segment seg) {
        t.enter(t.finQueued ? State.FIN_WAIT_1 : State.ESTABLISHED);
        t.established = true;
        int window = t.synResent ? t.sendMss : CongestionControl.initialWindow(t.sendMss); // RFC 5681 section 3.1
        t.congestion.begin(t.sendMss, window, CongestionControl.UNLIMITED);
        if (t.synResent) {
            t.rtt.restartAfterSynTimeout(3 * SECOND_NANOS); // RFC 6298 section 5.7
        }
        t.deadlines().patience.progress();
        t.lastSent = layer.now();
        t.sndWl1 = seg.seq;
        t.sndWl2 = seg.ack;
        t.synDue = false;
        layer.timeouts().restartRetransmit(t);
        layer.timeouts().restartKeepAlive(t);
        t.tellSocket();
    }

    private void takeTimestamp(Tcb t, Segment seg) {
        t.tsRecent = seg.options.tsVal;
        t.tsRecentAt = layer.now();
    }

    /** Section 3.10.7.2: other text combined with a SYN in LISTEN is processed in SYN-RECEIVED. */
    void textWithSyn(Tcb t, Segment seg) {
        trimToWindow(t, seg);
        seventhProcessText(t, seg);
    }

    // ---- section 3.10.7.4: other states ----

    private void otherStates(Tcb t, Segment seg) {
        boolean done = firstCheckSequence(t, seg)
                || secondCheckReset(t, seg)
                /* third: security, RFC 9293 appendix A.1 leaves it out */
                || fourthCheckSyn(t, seg)
                || fifthCheckAck(t, seg);
        if (done) {
            return;
        }
        /* sixth: urgent data stays in line, and nobody is told of it (RFC 6093 section 4) */
        seventhProcessText(t, seg);
        eighthCheckFin(t, seg);
    }

    private boolean firstCheckSequence(Tcb t, Segment seg) {
        if (isOldDuplicate(t, seg)) {
            layer.parts().mib().drop(DropReason.TCP_PAWS);
            answerUnacceptable(t, seg);
            return true;
        }
        if (t.state() == State.SYN_RECEIVED && seg.syn() && seg.seq == t.irs && !seg.rst()) {
            if (!seg.ackFlag()) {
                t.ecn.listenerHears(layer.parts().config().ecn(), seg);
                t.synDue = true; // the peer has not got our SYN-ACK: it is the best answer
                layer.parts().mib().drop(DropReason.TCP_DUPLICATE);
                return true;
            }
            seg.dropSyn(); // simultaneous open: the peer's SYN-ACK repeats the SYN that we have
        }
        int wnd = t.receiveQueue.rcvWnd();
        int rcvNxt = t.receiveQueue.rcvNxt();
        if (!acceptable(seg, rcvNxt, wnd)) {
            if (wnd != 0 || seg.seq != rcvNxt || seg.rst()) {
                dropUnacceptable(t, seg);
                return true;
            }
            // "special allowance should be made to accept valid ACKs": only what lies beyond the closed window is
            // dropped.
            t.acks.demand();
            layer.parts().mib().drop(DropReason.TCP_OUT_OF_WINDOW);
        }
        updateTsRecent(t, seg);
        if (!seg.rst()) { // cutting would move a reset to RCV.NXT, and RFC 5961 section 3.2 wants it to hit by itself
            trimToWindow(t, seg);
        }
        return false;
    }

    private void dropUnacceptable(Tcb t, Segment seg) {
        int rcvNxt = t.receiveQueue.rcvNxt();
        boolean old = SeqNum.lessThan(seg.seq, rcvNxt);
        layer.parts().mib().drop(old ? DropReason.TCP_DUPLICATE : DropReason.TCP_OUT_OF_WINDOW);
        if (old && seg.dataLength > 0) {
            t.receiveQueue.duplicate(seg.seq, SeqNum.min(seg.seq + seg.dataLength, rcvNxt)); // RFC 2883 section 4
        }
        answerUnacceptable(t, seg);
    }

    private void answerUnacceptable(Tcb t, Segment seg) {
        if (seg.rst()) {
            return;
        }
        if (seg.length > 0) {
            t.acks.demand();
        } else {
            // A bare ACK is answered sparingly: two ends that each find the other's ACK unacceptable would never stop.
            challengeAck(t);
        }
    }

    /** RFC 7323 section 4.3, (2): only a segment that reaches the left edge says how long the path is. */
    private void updateTsRecent(Tcb t, Segment seg) {
        if (t.timestamps
                && seg.options.timestamps
                && SeqNum.atMost(seg.seq, t.lastAckSent)
                && (SeqNum.atMost(t.tsRecent, seg.options.tsVal) || tsRecentIsStale(t))) {
            takeTimestamp(t, seg);
        }
    }

    /**
     * PAWS (RFC 7323 section 5.3, R1). A segment without timestamps is let through, against the RFC's SHOULD and with
     * Linux: middleboxes that strip the option would end the connection.
     */
    private boolean isOldDuplicate(Tcb t, Segment seg) {
        return t.timestamps
                && seg.options.timestamps
                && !seg.rst()
                && SeqNum.lessThan(seg.options.tsVal, t.tsRecent)
                && !tsRecentIsStale(t);
    }

    private boolean tsRecentIsStale(Tcb t) {
        return layer.now() - t.tsRecentAt >= PAWS_IDLE_NANOS;
    }

    /** The four cases of section 3.10.7.4's table. */
    static boolean acceptable(Segment seg, int rcvNxt, int wnd) {
        if (seg.length == 0) {
            return wnd == 0 ? seg.seq == rcvNxt : SeqNum.inWindow(seg.seq, rcvNxt, wnd);
        }
        return wnd > 0
                && (SeqNum.inWindow(seg.seq, rcvNxt, wnd)
                        || SeqNum.inWindow(seg.end() - 1, rcvNxt, wnd)
                        || (SeqNum.lessThan(seg.seq, rcvNxt) && SeqNum.lessThan(rcvNxt + wnd, seg.end())));
    }

    /** "the segment is idealized": what was received before and what lies beyond the window is cut off. */
    private static void trimToWindow(Tcb t, Segment seg) {
        int early = t.receiveQueue.rcvNxt() - seg.seq;
        if (early > 0 && seg.syn()) {
            seg.dropSyn();
            early--;
        }
        if (early > 0) {
            seg.dropFront(Math.min(early, seg.dataLength));
        }
        int excess = seg.end() - t.receiveQueue.rightEdge();
        if (excess > 0 && seg.length > 0) {
            int octets = seg.fin() ? excess - 1 : excess;
            seg.dropBack(Math.min(octets, seg.dataLength));
        }
    }

    private boolean secondCheckReset(Tcb t, Segment seg) {
        if (!seg.rst()) {
            return false;
        }
        if (seg.seq != t.receiveQueue.rcvNxt()) { // RFC 5961 section 3.2: in the window is not enough
            layer.parts().mib().drop(DropReason.TCP_BAD_RESET);
            challengeAck(t);
            return true;
        }
        switch (t.state()) {
            case SYN_RECEIVED -> {
                layer.parts().mib().count(Counter.TCP_ATTEMPT_FAILS);
                // One that was opened passively has no user yet: this is "return to the LISTEN state".
                layer.userCalls().fail(t, TransportError.CONNECTION_REFUSED);
            }
            case CLOSING, LAST_ACK -> layer.userCalls().fail(t, TransportError.CONNECTION_RESET);
            default -> {
                layer.parts().mib().count(Counter.TCP_ESTAB_RESETS);
                layer.userCalls().fail(t, TransportError.CONNECTION_RESET);
            }
        }
        return true;
    }

    private boolean fourthCheckSyn(Tcb t, Segment seg) {
        if (!seg.syn()) {
            return false;
        }
        layer.parts().mib().drop(DropReason.TCP_UNEXPECTED_SYN);
        if (t.state() == State.SYN_RECEIVED && t.listener != null) {
            layer.userCalls().vanish(t); // "return this connection to the LISTEN state"
            return true;
        }
        layer.parts().mib().count(Counter.TCP_EXT_TCP_SYN_CHALLENGE);
        challengeAck(t); // RFC 5961 section 4.2
        return true;
    }

    private boolean fifthCheckAck(Tcb t, Segment seg) {
        if (!seg.ackFlag()) {
            layer.parts().mib().drop(DropReason.TCP_NO_ACK);
            return true;
        }
        if (t.state() == State.SYN_RECEIVED) {
            if (seg.ack != t.sndNxt) { // SND.UNA < SEG.ACK =< SND.NXT, and the SYN is all that was sent
                layer.parts().mib().drop(DropReason.TCP_BAD_ACK);
                layer.transmitter().refuse(seg);
                return true;
            }
            if (!handshakeDone(t, seg)) {
                return true;
            }
        }
        if (SeqNum.lessThan(t.sndMax, seg.ack) || SeqNum.lessThan(seg.ack, t.sndUna - t.maxSndWnd)) {
            layer.parts().mib().drop(DropReason.TCP_BAD_ACK);
            challengeAck(t); // acknowledges what was not sent, or is older than RFC 5961 section 5.2 allows
            return true;
        }
        int una = t.sndUna;
        boolean advances = acknowledge(t, seg);
        if (seg.ack == t.sndUna) {
            t.ecn.acknowledged(t, seg, t.sndUna - una);
        }
        updateWindow(t, seg, advances);
        return afterAck(t);
    }

    /** SYN-RECEIVED to ESTABLISHED; false if the listener has no room, so that the peer must try again. */
    private boolean handshakeDone(Tcb t, Segment seg) {
        Listener listener = t.listener;
        if (listener != null && awaitsData(t, seg)) {
            return false;
        }
        if (listener != null && !listener.mayEstablish()) {
            layer.parts().mib().drop(DropReason.TCP_ACCEPT_QUEUE_FULL);
            layer.parts().mib().count(Counter.TCP_EXT_LISTEN_OVERFLOWS);
            return false;
        }
        t.sndUna = seg.ack;
        t.rtt.acknowledged(seg.ack, layer.now());
        t.sndWnd = seg.window << t.sndScale;
        t.maxSndWnd = Math.max(t.maxSndWnd, t.sndWnd);
        establish(t, seg);
        if (listener != null) {
            listener.established(t);
        }
        return true;
    }

    /**
     * TCP_DEFER_ACCEPT, as Linux has it: the listener has no use for a connection without data, so the bare ACK is not
     * taken yet. When the time is over the SYN-ACK asks for it once more.
     */
    private boolean awaitsData(Tcb t, Segment seg) {
        boolean awaits = seg.length == 0 && layer.now() < t.deadlines().awaitData;
        if (awaits) {
            layer.parts().mib().drop(DropReason.TCP_ACCEPT_DEFERRED);
            layer.parts().mib().count(Counter.TCP_EXT_TCP_DEFER_ACCEPT_DROP);
            t.rtt.acknowledged(seg.ack, layer.now());
            t.synDue = false;
            t.deadlines().patience.startedAt(t.deadlines().awaitData);
            t.deadlines().retransmit = t.deadlines().awaitData;
        }
        return awaits;
    }

    /** SND.UNA moves up to SEG.ACK; false if there is nothing new in it. */
    private boolean acknowledge(Tcb t, Segment seg) {
        boolean limited = t.use.wasFull(t.sndUna);
        int acked = seg.ack - t.sndUna;
        if (acked <= 0) {
            boolean ignored = t.loss.arrived(t, seg, 0, limited); // perhaps a duplicate, or it carries SACK blocks
            return false;
        }
        t.sndNxt = SeqNum.max(t.sndNxt, seg.ack);
        boolean coversFin = t.finQueued && !t.finAcked && seg.ack - 1 == t.finSeq();
        t.sndUna = seg.ack;
        int octets = coversFin ? acked - 1 : acked;
        t.sendQueue.acknowledged(octets);
        t.stats.bytesAcked += octets;
        t.finAcked |= coversFin;
        t.probing = false;
        t.softError = null;
        t.deadlines().patience.progress();
        t.path.confirm(); // the neighbour forwards what we send: ARP need not ask
        t.rtt.acknowledged(seg.ack, layer.now());
        PathMtu.acknowledged(t);
        boolean restart = t.loss.arrived(t, seg, acked, limited) && !t.deadlines().persisting;
        if (t.timestamps && seg.options.timestamps) {
            t.rtt.echoed(t.tsNow() - seg.options.tsEcr, layer.now());
        }
        if (restart) {
            layer.timeouts().restartRetransmit(t);
        }
        t.small.acknowledged(t.sndUna);
        if (t.unacknowledged() == 0 || (t.wantsSpace && t.writable())) {
            t.wantsSpace = false;
            t.tellSocket();
        }
        return true;
    }

    private static void updateWindow(Tcb t, Segment seg, boolean advances) {
        boolean newer = advances
                || SeqNum.lessThan(t.sndWl1, seg.seq)
                || (t.sndWl1 == seg.seq && SeqNum.atMost(t.sndWl2, seg.ack));
        if (SeqNum.lessThan(seg.ack, t.sndUna) || !newer) {
            return; // an old segment's window says nothing
        }
        t.sndWnd = seg.window << t.sndScale;
        t.sndWl1 = seg.seq;
        t.sndWl2 = seg.ack;
        t.maxSndWnd = Math.max(t.maxSndWnd, t.sndWnd);
        if ((t.sndWnd == 0 || t.deadlines().persisting) && !t.orphan) {
            // The peer answers: probe for ever (RFC 9293 section 3.8.6.1, MUST-37). But not once the application has
            // gone: RFC 6429 section 3 lets a host end what holds its memory for nobody.
            t.deadlines().patience.answered();
        }
        if (t.probing && t.sndWnd > 0) {
            Output.endProbing(t);
        }
    }

    /** The states in which the ACK of our FIN is what matters. Returns true if nothing more can be in the segment. */
    private boolean afterAck(Tcb t) {
        if (!t.finAcked) {
            return false;
        }
        switch (t.state()) {
            case FIN_WAIT_1 -> {
                t.enter(State.FIN_WAIT_2);
                if (t.orphan) {
                    layer.userCalls().waitForFin(t);
                }
                t.tellSocket();
            }
            case CLOSING -> {
                layer.userCalls().timeWait(t);
                t.tellSocket();
                return true;
            }
            case LAST_ACK -> {
                layer.userCalls().vanish(t);
                t.tellSocket();
                return true;
            }
            default -> {}
        }
        return false;
    }

    private void seventhProcessText(Tcb t, Segment seg) {
        if (seg.dataLength == 0) {
            return;
        }
        switch (t.state()) {
            // SYN-RECEIVED: data that came with the SYN waits in the queue until the connection is established (section
            // 3.10.7.2).
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> {
                if (t.orphan) {
                    layer.parts().mib().drop(DropReason.TCP_AFTER_CLOSE);
                    layer.parts().mib().count(Counter.TCP_EXT_TCP_ABORT_ON_DATA);
                    layer.userCalls().abort(t); // nobody will ever read it (RFC 1122 section 4.2.2.13)
                } else {
                    takeText(t, seg);
                }
            }
            default -> layer.parts().mib().drop(DropReason.TCP_AFTER_CLOSE);
        }
    }

    private void takeText(Tcb t, Segment seg) {
        if (t.timestamps && seg.options.timestamps) {
            t.receiveTuning.dataArrived(seg.options.tsEcr, layer.now());
        }
        if (t.ecn.dataArrived(seg)) {
            t.acks.demand();
        }
        switch (t.receiveQueue.accept(seg)) {
            case IN_ORDER -> {
                if (t.acks.dataArrived(seg.dataLength, t.receiveMss) && t.deadlines().ack == Timer.NEVER) {
                    t.deadlines().ack = layer.now() + layer.parts().config().delayedAckNanos();
                }
                delivered(t);
            }
            case FILLED_HOLE -> {
                t.acks.demand(); // RFC 5681 section 4.2
                delivered(t);
            }
            case OUT_OF_ORDER -> {
                layer.parts().mib().count(Counter.TCP_EXT_TCP_OFO_QUEUE);
                t.stats.rcvOoopack += seg.segments();
                // At once and one for each: the peer counts duplicates (RFC 5681 section 4.2).
                layer.transmitter().ack(t);
            }
            case NO_MEMORY -> {
                layer.parts().mib().drop(DropReason.TCP_NO_MEMORY);
                layer.parts().mib().count(Counter.TCP_EXT_TCP_OFO_DROP);
                seg.dropBack(seg.dataLength);
                t.acks.demand();
            }
        }
    }

    private static void delivered(Tcb t) {
        if (t.inputShut) {
            int ignored = t.receiveQueue.discard(Integer.MAX_VALUE);
        } else {
            t.tellSocket();
        }
    }

    private void eighthCheckFin(Tcb t, Segment seg) {
        if (seg.fin()) {
            t.receiveQueue.noteFin(seg.end() - 1);
        }
        if (!t.receiveQueue.finIsNext()) {
            if (seg.fin() && seg.dataLength == 0) {
                t.acks.demand(); // a FIN behind a hole tells of the hole as data would (RFC 5681 section 4.2)
            }
            return;
        }
        t.receiveQueue.takeFin();
        t.acks.demand();
        switch (t.state()) {
            case SYN_RECEIVED, ESTABLISHED -> t.enter(State.CLOSE_WAIT);
            // Had our FIN been acknowledged, the fifth step had left this state.
            case FIN_WAIT_1 -> t.enter(State.CLOSING);
            case FIN_WAIT_2 -> layer.userCalls().timeWait(t);
            default -> {}
        }
        t.tellSocket();
    }

    /**
     * RFC 5961 section 7: limited per connection, so that the limit of one tells nothing about another (CVE-2016-5696).
     */
    private void challengeAck(Tcb t) {
        int second = (int) (layer.now() / SECOND_NANOS);
        if (second != t.challengeSecond) {
            t.challengeSecond = second;
            t.challenges = 0;
        }
        if (t.challenges < layer.parts().config().challengeAcksPerSecond()) {
            t.challenges++;
            layer.parts().mib().count(Counter.TCP_EXT_TCP_CHALLENGE_ACK);
            layer.transmitter().ack(t);
        }
    }
}
