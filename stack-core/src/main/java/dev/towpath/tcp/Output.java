package dev.towpath.tcp;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.time.Timer;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What may be sent now, and the sending of it. {@link #run} is called once per connection at the end of each batch of frames, timers or user calls, so that a
 * batch is answered by one ACK, which data carries if there is any.
 */
final class Output {
    /** {@link #sendable} says that nothing may go. */
    private static final int NOTHING = -1;

    private final TcpLayer layer;

    Output(TcpLayer layer) {
        this.layer = layer;
    }

    /** Sends all that is due on {@code t}. */
    void run(Tcb t) {
        switch (t.state()) {
            case CLOSED, LISTEN -> {}
            case SYN_SENT, SYN_RECEIVED -> {
                if (t.synDue) {
                    t.synDue = false;
                    syn(t);
                }
            }
            case FIN_WAIT_2, TIME_WAIT -> {}
            default -> {
                resendLost(t);
                sendNew(t);
                persistIfStuck(t);
            }
        }
        if (t.acks.due() && t.state().synchronised()) {
            ack(t);
        }
    }

    private void resendLost(Tcb t) {
        while (t.loss.lost() > 0) {
            int room = t.loss.window() - t.loss.pipe(t);
            int most = t.loss.urgent() ? t.sendMss : Math.min(room, chunk(t));
            if (most < Math.min(t.sendMss, t.loss.lost())) {
                return;
            }
            int offset = t.loss.resendNxt() - t.sndUna;
            int count = Math.min(Math.min(t.loss.lost(), most), t.sendQueue.length() - offset);
            boolean fin =
                    t.finSent() && offset + count == t.sendQueue.length() && count < most && count < t.loss.lost();
            if (count <= 0 && !fin) {
                return;
            }
            data(t, t.loss.resendNxt(), offset, count, fin);
            t.loss.resent(count + (fin ? 1 : 0));
            t.rtt.resent();
            layer.parts().mib().count(Counter.TCP_RETRANS_SEGS, segments(t, count));
        }
    }

    private void sendNew(Tcb t) {
        t.cwndLimited = false;
        if (t.loss.lost() > 0) {
            t.cwndLimited = true;
            return;
        }
        if (t.sndNxt == t.sndUna && layer.now() - t.lastSent > t.rtt.rtoNanos()) {
            t.congestion.afterIdle(); // RFC 5681 section 4.1
        }
        while (true) {
            int unsent = t.unsent();
            boolean finPending = t.finQueued && !t.finSent();
            if (unsent == 0 && !finPending) {
                return;
            }
            int count = sendable(t, unsent);
            if (count == NOTHING) {
                return;
            }
            sendAtNxt(t, count, finPending && count == unsent && windowRoom(t) > count);
        }
    }

    /** Sends {@code count} bytes, and the FIN, that have not been sent before. */
    private void sendAtNxt(Tcb t, int count, boolean fin) {
        int seq = t.sndNxt;
        t.sndNxt += count + (fin ? 1 : 0);
        if (SeqNum.lessThan(t.sndMax, t.sndNxt)) {
            t.sndMax = t.sndNxt;
            t.rtt.sent(t.sndNxt, layer.now());
        }
        if (count % t.sendMss != 0) {
            t.smallEnd = t.sndNxt;
        }
        data(t, seq, seq - t.sndUna, count, fin);
    }

    private static int windowRoom(Tcb t) {
        return t.sndUna + t.sndWnd - t.sndNxt;
    }

    /**
     * How many of the {@code unsent} bytes may go in one frame now: a multiple of the MSS, or a small segment where Nagle (RFC 896) and sender silly-window avoidance
     * (RFC 9293 section 3.8.6.2.1) allow one.
     */
    private int sendable(Tcb t, int unsent) {
        int windowRoom = windowRoom(t);
        int cwndRoom = t.loss.window() - t.loss.pipe(t);
        if (unsent == 0) {
            return windowRoom > 0 ? 0 : NOTHING; // the FIN alone
        }
        if (cwndRoom < Math.min(unsent, t.sendMss)) {
            t.cwndLimited = true;
            return NOTHING;
        }
        int count = Math.min(Math.min(unsent, chunk(t)), Math.min(windowRoom, cwndRoom));
        if (count == unsent && maySendSmall(t)) {
            return count;
        }
        if (count >= t.sendMss) {
            return count - count % t.sendMss;
        }
        boolean halfOfLargestWindow = count > 0 && count < unsent && count >= t.maxSndWnd / 2;
        return halfOfLargestWindow ? count : NOTHING;
    }

    /**
     * Nagle in Minshall's form, as Linux has it: at most one segment below the MSS is in flight. It keeps Nagle's promise without making the tail of a large
     * write wait for an ACK.
     */
    private static boolean maySendSmall(Tcb t) {
        boolean smallInFlight = SeqNum.lessThan(t.sndUna, t.smallEnd);
        return t.finQueued || (!t.more && (t.settings.noDelay || !smallInFlight));
    }

    /** Most payload bytes in one frame: one segment, or as many whole ones as the link will cut. */
    private static int chunk(Tcb t) {
        int superSegment = t.path.maxSuperSegment() - t.path.headerLength() - TcpLayer.HEADER;
        return superSegment > t.sendMss ? superSegment - superSegment % t.sendMss : t.sendMss;
    }

    /** With nothing in flight to bring an ACK, what waits must be pushed by a timer: through a closed window, or past silly-window avoidance. */
    private void persistIfStuck(Tcb t) {
        boolean waiting = t.unsent() > 0 || (t.finQueued && !t.finSent());
        boolean stuck = t.probing || (waiting && t.sndNxt == t.sndUna);
        if (stuck && !t.deadlines.persisting) {
            layer.timeouts().startPersist(t);
        } else if (!stuck && t.deadlines.persisting) {
            layer.timeouts().stopPersist(t);
        }
    }

    /** The persist timer has expired: one byte into the closed window, or the small segment that silly-window avoidance kept back. */
    void probe(Tcb t) {
        if (t.probing) {
            data(t, t.sndUna, 0, Math.min(1, t.sendQueue.length()), t.sendQueue.length() == 0);
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

    /** The window has opened: a probe that was not taken is as if it had never been sent. */
    static void endProbing(Tcb t) {
        t.probing = false;
        t.sndNxt = t.sndUna;
    }

    /** SYN, or SYN with ACK where the peer's has come. */
    private void syn(Tcb t) {
        boolean answering = t.state() == State.SYN_RECEIVED;
        int scale = !answering || t.scaling ? t.rcvScale : TcpOptions.ABSENT;
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        int options = TcpOptions.writeSyn(frame.bytes(), Frame.HEADROOM + TcpLayer.HEADER, t.offeredMss(), scale);
        int window = answering || t.receiveQueue.rcvWnd() == 0
                ? t.receiveQueue.advertiseOnSyn()
                : Math.min(t.receiveQueue.rcvWnd(), 0xffff);
        int flags = TcpHeader.SYN | (answering ? TcpHeader.ACK : 0);
        emit(t, frame, t.iss, TcpLayer.HEADER + options, flags, window, 0);
        if (t.synResent) {
            t.rtt.resent();
            layer.parts().mib().count(Counter.TCP_RETRANS_SEGS);
        } else {
            t.rtt.sent(t.iss + 1, layer.now());
        }
    }

    private void data(Tcb t, int seq, int offset, int count, boolean fin) {
        Frame frame = layer.parts().frames().take(Frame.HEADROOM + TcpLayer.HEADER + count);
        t.sendQueue.copy(offset, frame.bytes(), Frame.HEADROOM + TcpLayer.HEADER, count);
        boolean last = offset + count == t.sendQueue.length();
        int flags = TcpHeader.ACK | (last && count > 0 ? TcpHeader.PSH : 0) | (fin ? TcpHeader.FIN : 0);
        emit(t, frame, seq, TcpLayer.HEADER, flags, t.receiveQueue.advertise(t.receiveMss), count);
        t.lastSent = layer.now();
        if (t.deadlines.retransmit == Timer.NEVER) {
            t.deadlines.retransmit = layer.now() + t.rtt.rtoNanos(); // RFC 6298 section 5.1
        }
    }

    /** An ACK without data, now. */
    void ack(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        emit(t, frame, t.sndNxt, TcpLayer.HEADER, TcpHeader.ACK, t.receiveQueue.advertise(t.receiveMss), 0);
    }

    /** A keep-alive: an octet before the window, which the peer must answer (RFC 9293 section 3.8.4). */
    void keepAlive(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        emit(t, frame, t.sndNxt - 1, TcpLayer.HEADER, TcpHeader.ACK, t.receiveQueue.advertise(t.receiveMss), 0);
        layer.parts().mib().count(Counter.TCP_EXT_TCP_KEEP_ALIVE);
    }

    /** A reset of a connection that the peer knows. */
    void reset(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        emit(t, frame, t.sndNxt, TcpLayer.HEADER, TcpHeader.RST | TcpHeader.ACK, 0, 0);
        layer.parts().mib().count(Counter.TCP_OUT_RSTS);
    }

    private void emit(Tcb t, Frame frame, int seq, int headerLength, int flags, int window, int count) {
        if (!t.path.current()) {
            reroute(t);
        }
        int at = Frame.HEADROOM;
        ByteBuffer bytes = frame.bytes();
        int ack = (flags & TcpHeader.ACK) != 0 ? t.receiveQueue.rcvNxt() : 0;
        TcpHeader.write(bytes, at, t.localPort(), t.remotePort(), seq, ack, headerLength, flags, window);
        frame.segmentSize = count > t.sendMss ? t.sendMss : 0;
        layer.parts().mib().count(Counter.TCP_OUT_SEGS, segments(t, count));
        send(t.path, frame, at, at + headerLength + count, t.settings.hopLimit);
        if ((flags & TcpHeader.ACK) != 0) {
            t.acks.sent();
            t.deadlines.ack = Timer.NEVER;
        }
    }

    private static int segments(Tcb t, int count) {
        return count > t.sendMss ? (count + t.sendMss - 1) / t.sendMss : 1;
    }

    private void send(Path path, Frame frame, int from, int to, int hopLimit) {
        frame.start = from;
        frame.transport = from;
        frame.end = to;
        TransportChecksum.fill(frame, path, IpLayer.TCP, TcpHeader.CHECKSUM);
        layer.parts().ip().send(path, frame, IpLayer.TCP, hopLimit, 0, IpLayer.DONT_FRAGMENT);
    }

    private void reroute(Tcb t) {
        Path path = layer.parts().ip().route(t.localAddress(), t.remoteAddress());
        if (path != null) { // without a route now, IP counts the drop and the timers go on: routes come back
            t.path = path;
            t.updateSendMss();
            t.congestion.segmentSize(t.sendMss, false);
        }
    }

    /** The answer to a segment that no connection takes (RFC 9293 section 3.10.7.1); none to a reset. */
    void refuse(Segment segment) {
        if (segment.rst()) {
            return;
        }
        if (segment.ackFlag()) {
            refuse(segment, segment.ack, 0, TcpHeader.RST);
        } else {
            refuse(segment, 0, segment.end(), TcpHeader.RST | TcpHeader.ACK);
        }
    }

    private void refuse(Segment segment, int seq, int ack, int flags) {
        Frame arrived = segment.frame;
        Path path = pathBack(arrived);
        if (path == null) {
            layer.parts().mib().drop(DropReason.IP_NO_ROUTE);
            return;
        }
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        int localPort = TcpHeader.destinationPort(arrived.bytes(), arrived.transport);
        int remotePort = TcpHeader.sourcePort(arrived.bytes(), arrived.transport);
        int at = Frame.HEADROOM;
        TcpHeader.write(frame.bytes(), at, localPort, remotePort, seq, ack, TcpLayer.HEADER, flags, 0);
        layer.parts().mib().count(Counter.TCP_OUT_SEGS);
        layer.parts().mib().count(Counter.TCP_OUT_RSTS);
        send(path, frame, at, at + TcpLayer.HEADER, 0);
    }

    /** The path from the address that {@code arrived} was sent to, back to its sender. */
    @Nullable
    Path pathBack(Frame arrived) {
        IpAddress local = IpAddress.ofBits(arrived.destinationHigh, arrived.destinationLow);
        return layer.parts().ip().route(local, IpAddress.ofBits(arrived.sourceHigh, arrived.sourceLow));
    }
}
