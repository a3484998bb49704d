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
 * Builds segments and hands them to IP; {@link Output} decides which. Every segment that carries an ACK carries the
 * newest.
 */
final class Transmitter {
    /** Where options begin in a frame. */
    private static final int OPTIONS = Frame.HEADROOM + TcpLayer.HEADER;

    /** Bytes of data from which on a copy costs more than telling the device of several places. */
    private static final int WORTH_GATHERING = 8192;

    private final TcpLayer layer;
    private final int[] sackStart = new int[TcpOptions.MAX_SACK_BLOCKS];
    private final int[] sackEnd = new int[TcpOptions.MAX_SACK_BLOCKS];

    Transmitter(TcpLayer layer) {
        this.layer = layer;
    }

    /** SYN, or SYN with ACK where the peer's has come. What the peer's SYN did not offer is not answered. */
    void syn(Tcb t) {
        boolean answering = t.state() == State.SYN_RECEIVED;
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        ByteBuffer bytes = frame.bytes();
        int end = TcpOptions.writeMss(bytes, OPTIONS, t.offeredMss());
        if (!answering || t.sackPermitted) {
            end = TcpOptions.writeSackPermitted(bytes, end);
        }
        if (!answering || t.timestamps) {
            end = TcpOptions.writeTimestamps(bytes, end, t.tsNow(), answering ? t.tsRecent : 0);
        }
        if (!answering || t.scaling) {
            end = TcpOptions.writeWindowScale(bytes, end, t.rcvScale);
        }
        boolean again = answering || t.receiveQueue.rcvWnd() > 0;
        int window = again ? Math.min(t.receiveQueue.rcvWnd(), 0xffff) : t.receiveQueue.advertiseOnSyn();
        t.advertisedWindow = window;
        int flags = answering
                ? TcpHeader.SYN | TcpHeader.ACK | t.ecn.synAckFlags()
                : TcpHeader.SYN | t.ecn.synFlags(layer.parts().config().ecn(), t.synResent);
        emit(t, frame, t.iss, end, flags, window, 0);
        if (t.synResent) {
            t.rtt.resent();
            resent(t, 0);
        } else {
            t.rtt.sent(t.iss + 1, layer.now());
        }
    }

    /**
     * {@code count} queued bytes from {@code offset} behind SND.UNA on, and the FIN; {@code fresh} if none of them was
     * ever sent.
     */
    void data(Tcb t, int seq, int offset, int count, boolean fin, boolean fresh) {
        boolean gather = count >= WORTH_GATHERING && t.path.gathers();
        int headers = Frame.HEADROOM + TcpLayer.HEADER + t.optionBytes();
        Frame frame = layer.parts().frames().take(gather ? headers : headers + count);
        int end = writeTimestamps(t, frame);
        if (gather) {
            t.sendQueue.lend(offset, frame, count);
        } else {
            t.sendQueue.copy(offset, frame.bytes(), end, count);
        }
        boolean last = offset + count == t.sendQueue.length();
        int flags = TcpHeader.ACK | (last && count > 0 ? TcpHeader.PSH : 0) | (fin ? TcpHeader.FIN : 0);
        if (fresh && count > 0) { // RFC 3168 sections 6.1.4 to 6.1.6: no ACK, no retransmission, no window probe
            flags |= t.ecn.newDataFlags();
            frame.trafficClass = t.ecn.newDataField();
        }
        emit(t, frame, seq, end, flags, window(t), count);
        t.lastSent = layer.now();
        if (t.deadlines().retransmit == Timer.NEVER) {
            t.deadlines().retransmit = layer.now() + t.rtt.rtoNanos(); // RFC 6298 section 5.1
        }
    }

    /** What has just been sent, with {@code count} bytes of data, had been sent before. */
    void resent(Tcb t, int count) {
        layer.parts().mib().count(Counter.TCP_RETRANS_SEGS, segments(t, count));
        t.stats.resent(segments(t, count), count);
    }

    /** An ACK without data, now, with SACK blocks where there are holes. */
    void ack(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        int end = writeTimestamps(t, frame);
        if (t.sackPermitted) {
            int room = (OPTIONS + TcpHeader.MAX_LENGTH - TcpLayer.HEADER - end - 4) / 8;
            int blocks = t.receiveQueue.sackBlocks(sackStart, sackEnd, room);
            end = blocks > 0 ? TcpOptions.writeSack(frame.bytes(), end, sackStart, sackEnd, blocks) : end;
        }
        emit(t, frame, acceptableSeq(t), end, TcpHeader.ACK, window(t), 0);
    }

    /** The answer to an old segment in TIME-WAIT. */
    void ack(TimeWait w) {
        IpAddress local = IpAddress.ofBits(w.localHigh(), w.localLow());
        Path path = layer.parts().ip().route(local, IpAddress.ofBits(w.remoteHigh(), w.remoteLow()));
        if (path == null) {
            layer.parts().mib().drop(DropReason.IP_NO_ROUTE);
            return;
        }
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        int end = OPTIONS;
        if (w.timestamps) {
            int offset = layer.initialSequence().timestampOffset(w);
            end = TcpOptions.writeTimestamps(frame.bytes(), OPTIONS, Tcb.ticks(layer.now()) + offset, w.tsRecent);
        }
        int at = Frame.HEADROOM;
        TcpHeader.write(
                frame.bytes(),
                at,
                w.localPort(),
                w.remotePort(),
                w.sndNxt,
                w.rcvNxt,
                end - at,
                TcpHeader.ACK,
                w.windowField());
        layer.parts().mib().count(Counter.TCP_OUT_SEGS);
        send(path, frame, at, end, w.hopLimit(), w.trafficClass());
    }

    /** A keep-alive: an octet before the window, which the peer must answer (RFC 9293 section 3.8.4). */
    void keepAlive(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        int end = writeTimestamps(t, frame);
        emit(t, frame, t.sndNxt - 1, end, TcpHeader.ACK, window(t), 0);
        layer.parts().mib().count(Counter.TCP_EXT_TCP_KEEP_ALIVE);
    }

    /** A reset of a connection that the peer knows. */
    void reset(Tcb t) {
        Frame frame = layer.parts().frames().take(TcpLayer.HEADER_FRAME);
        emit(t, frame, acceptableSeq(t), writeTimestamps(t, frame), TcpHeader.RST | TcpHeader.ACK, 0, 0);
        layer.parts().mib().count(Counter.TCP_OUT_RSTS);
    }

    /**
     * SND.NXT; but while the one byte of a probe lies beyond the peer's closed window, SND.NXT does too, and the peer
     * would drop our ACK unread and send its data again and again.
     */
    private static int acceptableSeq(Tcb t) {
        return t.probing ? t.sndUna : t.sndNxt;
    }

    /** The window field to send; notes when it closes and when it opens again. */
    private int window(Tcb t) {
        int window = t.receiveQueue.advertise(t.receiveMss);
        if (window == 0 && t.advertisedWindow > 0) {
            layer.parts().mib().count(Counter.TCP_EXT_TCP_TO_ZERO_WINDOW_ADV);
        } else if (window > 0 && t.advertisedWindow == 0) {
            layer.parts().mib().count(Counter.TCP_EXT_TCP_FROM_ZERO_WINDOW_ADV);
        }
        t.advertisedWindow = window;
        return window;
    }

    /** RFC 7323 section 3.2: once negotiated, in every segment. Returns the offset behind the options. */
    private static int writeTimestamps(Tcb t, Frame frame) {
        if (!t.timestamps) {
            return OPTIONS;
        }
        int value = t.tsNow();
        t.receiveTuning.sent(value, t.layer.now());
        return TcpOptions.writeTimestamps(frame.bytes(), OPTIONS, value, t.tsRecent);
    }

    /** Sends a segment whose options and data are in place; {@code headerEnd} is where its data begins. */
    private void emit(Tcb t, Frame frame, int seq, int headerEnd, int flags, int window, int count) {
        followRoute(t);
        boolean acknowledges = (flags & (TcpHeader.ACK | TcpHeader.SYN | TcpHeader.RST)) == TcpHeader.ACK;
        flags |= acknowledges ? t.ecn.ackFlags() : 0;
        int at = Frame.HEADROOM;
        int ack = (flags & TcpHeader.ACK) != 0 ? t.receiveQueue.rcvNxt() : 0;
        TcpHeader.write(frame.bytes(), at, t.localPort(), t.remotePort(), seq, ack, headerEnd - at, flags, window);
        frame.segmentSize = count > t.sendMss && !t.pathMtu().probes(seq, count) ? t.sendMss : 0;
        int segments = segments(t, count);
        layer.parts().mib().count(Counter.TCP_OUT_SEGS, segments);
        t.stats.sent(segments, count);
        int trafficClass = t.settings.trafficClass | frame.trafficClass;
        send(t.path, frame, at, headerEnd + count - frame.tailLength, t.settings.hopLimit, trafficClass);
        if ((flags & TcpHeader.ACK) != 0) {
            t.lastAckSent = ack;
            t.acks.sent();
            Deadlines waits = t.deadlinesIfAny();
            if (waits != null) {
                waits.ack = Timer.NEVER;
            }
        }
    }

    static int segments(Tcb t, int count) {
        return count > t.sendMss ? (count + t.sendMss - 1) / t.sendMss : 1;
    }

    private void send(Path path, Frame frame, int from, int to, int hopLimit, int trafficClass) {
        frame.start = from;
        frame.transport = from;
        frame.end = to;
        TransportChecksum.fill(frame, path, IpLayer.TCP, TcpHeader.CHECKSUM);
        layer.parts().ip().send(path, frame, IpLayer.TCP, hopLimit, trafficClass, IpLayer.DONT_FRAGMENT);
    }

    /**
     * Takes the new path where routes have changed. Before the size of a segment is chosen, since another path may have
     * another MTU.
     */
    void followRoute(Tcb t) {
        if (t.path.current()) {
            return;
        }
        Path path = layer.parts().ip().route(t.localAddress(), t.remoteAddress());
        if (path != null) { // without a route now, IP counts the drop and the timers go on: routes come back
            t.path = path;
            t.updateSendMss();
            t.congestion.segmentSize(t.sendMss);
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
        send(path, frame, at, at + TcpLayer.HEADER, 0, 0);
    }

    /** The path from the address that {@code arrived} was sent to, back to its sender. */
    @Nullable
    Path pathBack(Frame arrived) {
        IpAddress local = IpAddress.ofBits(arrived.destinationHigh, arrived.destinationLow);
        return layer.parts().ip().route(local, IpAddress.ofBits(arrived.sourceHigh, arrived.sourceLow));
    }
}
