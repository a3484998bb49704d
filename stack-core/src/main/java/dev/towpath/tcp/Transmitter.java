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

/** Builds segments and hands them to IP; {@link Output} decides which. Every segment that carries an ACK carries the newest. */
final class Transmitter {
    private final TcpLayer layer;

    Transmitter(TcpLayer layer) {
        this.layer = layer;
    }

    /** SYN, or SYN with ACK where the peer's has come. */
    void syn(Tcb t) {
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

    /** {@code count} queued bytes from {@code offset} behind SND.UNA on, and the FIN. */
    void data(Tcb t, int seq, int offset, int count, boolean fin) {
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

    static int segments(Tcb t, int count) {
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
