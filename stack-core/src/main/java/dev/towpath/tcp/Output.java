package dev.towpath.tcp;

import dev.towpath.mib.Counter;
import dev.towpath.time.Timer;

/**
 * What may be sent now, and the sending of it. {@link #run} is called once per connection at the end of each batch of
 * frames, timers or user calls, so that a batch is answered by one ACK, which data carries if there is any.
 */
final class Output {
    /** {@link #sendable} says that nothing may go. */
    private static final int NOTHING = -1;

    /** A thousand frames take about so long at 10 Gbit/s. */
    private static final long LINK_RETRY_NANOS = 1_000_000;

    private final TcpLayer layer;

    private final Transmitter transmitter;

    Output(TcpLayer layer) {
        this.layer = layer;
        this.transmitter = layer.transmitter();
    }

    /** Sends all that is due on {@code t}. */
    void run(Tcb t) {
        transmitter.followRoute(t);
        switch (t.state()) {
            case CLOSED, LISTEN -> {}
            case SYN_SENT, SYN_RECEIVED -> {
                if (t.synDue) {
                    t.synDue = false;
                    transmitter.syn(t);
                }
            }
            case FIN_WAIT_2, TIME_WAIT -> {}
            default -> {
                SendTuning.grow(t);
                t.deadlines().pace = Timer.NEVER;
                resendLost(t);
                sendNew(t);
                persistIfStuck(t);
                t.loss.afterOutput(t);
                t.delivery.sent(t.sndUna, t.sndNxt, t.unsent() == 0 && !t.use.isFull(), layer.now());
                if (t.settings.notSentLowWater > 0) {
                    t.tellIfWritable(); // what is unsent becomes less here, while the send buffer is as full as before
                }
            }
        }
        boolean peerKnown = t.state().synchronised() || t.state() == State.SYN_RECEIVED;
        if (t.acks.due() && peerKnown) {
            transmitter.ack(t);
        }
        SendLimits.enter(t, limit(t), layer.now());
    }

    /** What holds {@code t} back, now that all that may go has gone. */
    private static SendLimits.Limit limit(Tcb t) {
        if (t.unacknowledged() == 0) {
            return SendLimits.Limit.IDLE;
        }
        int unsent = t.unsent();
        if (unsent > 0 && !t.use.isFull() && windowRoom(t) < Math.min(unsent, t.sendMss)) {
            return SendLimits.Limit.RECEIVE_WINDOW;
        }
        boolean noRoom = unsent == 0 && !t.use.isFull() && t.wantsSpace;
        return noRoom ? SendLimits.Limit.SEND_BUFFER : SendLimits.Limit.BUSY;
    }

    /**
     * What the link's queue would drop stays where it is, and costs neither a retransmission nor the congestion window.
     * Many connections can fill a queue together that each by itself would not; the next ACK, or a moment, lets them
     * look again.
     */
    private boolean linkCrowded(Tcb t) {
        if (t.path.crowded()) {
            t.deadlines().link = layer.now() + LINK_RETRY_NANOS;
            return true;
        }
        return false;
    }

    private void resendLost(Tcb t) {
        t.deadlines().link = Timer.NEVER;
        while (t.loss.lost(t) > 0 && !linkCrowded(t)) {
            int wanted = t.loss.lostLength();
            int most = t.loss.urgent() ? t.sendMss : Math.min(cwndRoom(t), chunk(t));
            if (most < Math.min(t.sendMss, wanted)) {
                return;
            }
            most = t.loss.urgent() ? most : paced(t, most);
            int offset = t.loss.lostStart() - t.sndUna;
            int count = Math.min(Math.min(wanted, most), t.sendQueue.length() - offset);
            boolean fin = t.finSent() && offset + count == t.sendQueue.length() && count < most && count < wanted;
            if (count <= 0 && !fin) {
                return;
            }
            transmitter.data(t, t.loss.lostStart(), offset, count, fin, false);
            leftAtPace(t, count);
            t.loss.resent(t, count + (fin ? 1 : 0));
            transmitter.resent(t, count);
        }
    }

    private void sendNew(Tcb t) {
        long now = layer.now();
        if (t.sndNxt == t.sndUna && (t.unsent() > 0 || t.finQueued)) {
            t.use.resumes(t, now);
        }
        if (t.loss.lost(t) > 0 || fillWindow(t)) {
            t.use.filled(t, now);
        } else {
            t.use.notFilled(t, now);
        }
    }

    /** Payload bytes of a segment that tries whether the path takes larger ones by now, or 0. */
    private static int mtuProbeDue(Tcb t, int unsent) {
        PathMtu path = t.pathMtu;
        return path == null ? 0 : path.probeDue(unsent, Math.min(windowRoom(t), t.loss.window(t) - t.loss.pipe(t)));
    }

    /** Sends all that may go; true if it is the congestion window that no more may. */
    private boolean fillWindow(Tcb t) {
        while (true) {
            int unsent = t.unsent();
            boolean finPending = t.finQueued && !t.finSent();
            if (unsent == 0 && !finPending) {
                return cwndRoom(t) < t.sendMss; // all is sent, and it filled the window
            }
            int probe = mtuProbeDue(t, unsent);
            if (probe > 0) {
                t.pathMtu().probe(t.sndNxt, probe);
                sendAtNxt(t, probe, false);
                continue;
            }
            int count = sendable(t, unsent);
            if (count == NOTHING || linkCrowded(t)) {
                return cwndRoom(t) < Math.min(unsent, t.sendMss);
            }
            sendAtNxt(t, count, finPending && count == unsent && windowRoom(t) > count);
        }
    }

    private static int cwndRoom(Tcb t) {
        return t.loss.window(t) - t.loss.pipe(t);
    }

    /** Sends {@code count} bytes, and the FIN, that have not been sent before. */
    private void sendAtNxt(Tcb t, int count, boolean fin) {
        int seq = t.sndNxt;
        boolean fresh = SeqNum.atMost(t.sndMax, seq) && !t.probing;
        t.sndNxt += count + (fin ? 1 : 0);
        if (SeqNum.lessThan(t.sndMax, t.sndNxt)) {
            t.sndMax = t.sndNxt;
        }
        t.loss.sent(t, seq, t.sndNxt, fresh);
        if (count > 0) {
            t.pathMtu().sent(seq, count);
        }
        if (count % t.sendMss != 0 && !t.pathMtu().probes(seq, count)) {
            t.small.sent(t.sndNxt);
        }
        transmitter.data(t, seq, seq - t.sndUna, count, fin, fresh);
        leftAtPace(t, count);
    }

    /** As much of {@code most} bytes as may leave at once where there is pacing; 0 if its time has not come. */
    private int paced(Tcb t, int most) {
        Pacer pacer = t.pacer;
        if (pacer == null) {
            return most;
        }
        int allowance = pacer.allowance(t, layer.now());
        if (allowance == 0) {
            t.deadlines().pace = pacer.due();
        }
        return Math.min(most, allowance - allowance % t.sendMss);
    }

    private static void leftAtPace(Tcb t, int bytes) {
        if (t.pacer != null) {
            t.pacer.sent(t, bytes);
        }
    }

    private static int windowRoom(Tcb t) {
        return t.sndUna + t.sndWnd - t.sndNxt;
    }

    /**
     * How many of the {@code unsent} bytes may go in one frame now: a multiple of the MSS, or a small segment where
     * Nagle (RFC 896) and sender silly-window avoidance (RFC 9293 section 3.8.6.2.1) allow one.
     */
    private int sendable(Tcb t, int unsent) {
        int windowRoom = windowRoom(t);
        if (unsent == 0) {
            return windowRoom > 0 ? 0 : NOTHING; // the FIN alone
        }
        int room = Math.min(cwndRoom(t), t.linkRoom(t.sendMss) - t.loss.pipe(t));
        if (room < Math.min(unsent, t.sendMss)) {
            return NOTHING;
        }
        int atOnce = paced(t, chunk(t));
        if (atOnce == 0) {
            return NOTHING;
        }
        int count = Math.min(Math.min(unsent, atOnce), Math.min(windowRoom, room));
        if (count == unsent && t.small.maySend(t)) {
            return count;
        }
        if (count >= t.sendMss) {
            return count - count % t.sendMss;
        }
        boolean halfOfLargestWindow = count > 0 && count < unsent && count >= t.maxSndWnd / 2;
        return halfOfLargestWindow ? count : NOTHING;
    }

    /** Most payload bytes in one frame: one segment, or as many whole ones as the link will cut. */
    private static int chunk(Tcb t) {
        int superSegment = t.path.maxSuperSegment() - t.path.headerLength() - TcpLayer.HEADER;
        return superSegment > t.sendMss ? superSegment - superSegment % t.sendMss : t.sendMss;
    }

    /**
     * With nothing in flight to bring an ACK, what waits must be pushed by a timer: through a closed window, or past
     * silly-window avoidance.
     */
    private void persistIfStuck(Tcb t) {
        boolean waiting = t.unsent() > 0 || (t.finQueued && !t.finSent());
        boolean delayed = t.deadlines().link != Timer.NEVER || t.deadlines().pace != Timer.NEVER;
        boolean stuck = t.probing || (waiting && t.sndNxt == t.sndUna && !delayed);
        if (stuck && !t.deadlines().persisting) {
            layer.timeouts().startPersist(t, windowRoom(t) > 0);
        } else if (!stuck && t.deadlines().persisting) {
            layer.timeouts().stopPersist(t);
        }
    }

    /**
     * The persist timer has expired: one byte into the closed window, or the small segment that silly-window avoidance
     * kept back.
     */
    void probe(Tcb t) {
        transmitter.followRoute(t);
        if (t.probing) {
            boolean fin = t.sendQueue.length() == 0;
            transmitter.data(t, t.sndUna, 0, fin ? 0 : 1, fin, false);
        } else if (windowRoom(t) > 0) {
            int count = Math.min(Math.min(t.unsent(), t.sendMss), windowRoom(t));
            sendAtNxt(t, count, t.finQueued && count == t.unsent() && windowRoom(t) > count);
            return;
        } else {
            t.probing = true;
            sendAtNxt(t, Math.min(1, t.unsent()), t.unsent() == 0);
        }
        t.rtt.resent(); // the answer says nothing about the round trip
        layer.parts().mib().count(Counter.TCP_EXT_TCP_WIN_PROBE);
    }

    /**
     * TLP_send_probe (RFC 8985 section 7.3): a new segment where there is one and the peer has room, else the last one
     * again.
     */
    void tailProbe(Tcb t, SackRecovery recovery) {
        transmitter.followRoute(t);
        int count = Math.min(t.unsent(), t.sendMss);
        boolean fresh = count > 0 && count <= windowRoom(t);
        if (fresh) {
            sendAtNxt(t, count, false);
        } else {
            Sent last = recovery.probeSegment();
            if (last == null) {
                return;
            }
            int offset = last.start - t.sndUna;
            int bytes = Math.min(last.length(), t.sendQueue.length() - offset);
            transmitter.data(t, last.start, offset, bytes, bytes < last.length(), false);
            recovery.resentAsProbe(last);
            transmitter.resent(t, bytes);
        }
        recovery.probeSent(!fresh);
        layer.parts().mib().count(Counter.TCP_EXT_TCP_LOSS_PROBES);
        t.deadlines().retransmit = layer.now() + t.rtt.rtoNanos();
    }

    /** The window has opened: a probe that was not taken is as if it had never been sent. */
    static void endProbing(Tcb t) {
        t.probing = false;
        t.sndNxt = t.sndUna;
        t.small.sent(t.sndUna); // nor must Nagle wait for its ACK
        t.loss.nothingInFlight(t);
    }
}
