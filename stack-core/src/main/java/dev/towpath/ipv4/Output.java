package dev.towpath.ipv4;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpLayer;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;

/** Headers and fragments: what happens to a transport segment on its way down, once its path is known. */
final class Output {
    /** Bytes of the headers that this host writes: only {@link #sendAlert} has an option. */
    static final int HEADER = Ipv4Header.MIN_LENGTH;

    /** Router Alert (RFC 2113): option 148 of 4 bytes with the value 0, "examine packet". */
    private static final int ALERT = 0x9404_0000;

    private static final int ALERT_LENGTH = 4;

    private final int defaultTtl;
    private final FramePool frames;
    private final Mib mib;
    private final Identifications identifications;

    Output(Ipv4Layer.Parts parts) {
        this.defaultTtl = parts.config().hopLimit();
        this.frames = parts.frames();
        this.mib = parts.mib();
        this.identifications = new Identifications(parts.random());
    }

    /** See {@link IpLayer#send}. */
    void send(Ipv4Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags) {
        mib.count(Counter.IP_OUT_REQUESTS);
        int length = HEADER + frame.end - frame.transport + frame.tailLength;
        boolean cutByLink = frame.segmentSize > 0 && length <= path.maxSuperSegment();
        int ttl = hopLimit != 0 ? hopLimit : defaultTtl(path);
        if (length <= path.mtu() || cutByLink) {
            // RFC 6864 section 4.1: an atomic datagram's identification means nothing.
            boolean atomic = (flags & IpLayer.DONT_FRAGMENT) != 0;
            int identification = atomic ? 0 : identifications.next(path.source, path.destination, datagrams(frame));
            header(path, frame, protocol, ttl, trafficClass, identification, atomic ? Ipv4Header.DONT_FRAGMENT : 0, 0);
            path.transmit(frame);
            return;
        }
        if ((flags & IpLayer.DONT_FRAGMENT) == 0 && frame.segmentSize == 0 && length <= Ipv4Header.MAX_TOTAL_LENGTH) {
            fragment(path, frame, protocol, ttl, trafficClass);
        } else {
            mib.count(Counter.IP_FRAG_FAILS);
            mib.count(Counter.IP_OUT_DISCARDS);
            mib.drop(DropReason.IP_TOO_BIG);
        }
        frame.release();
    }

    /** See {@link Ipv4Layer#sendAlert}. What is sent so is short, and never fragmented. */
    void sendAlert(Ipv4Path path, Frame frame, int protocol, int ttl, int trafficClass) {
        mib.count(Counter.IP_OUT_REQUESTS);
        ByteBuffer bytes = frame.bytes();
        int at = frame.transport - HEADER - ALERT_LENGTH;
        frame.network = at;
        frame.start = at;
        Ipv4Header.setLengths(bytes, at, HEADER + ALERT_LENGTH, trafficClass, frame.end - at);
        Ipv4Header.setFragment(bytes, at, 0, Ipv4Header.DONT_FRAGMENT, 0);
        Ipv4Header.setTtlAndProtocol(bytes, at, ttl, protocol);
        Ipv4Header.setAddresses(bytes, at, path.source, path.destination);
        bytes.putInt(at + HEADER, ALERT);
        Ipv4Header.fillChecksum(bytes, frame.words(), at);
        path.transmit(frame);
    }

    /** How many datagrams the link will make of it: it counts the identification up from one to the next. */
    private static int datagrams(Frame frame) {
        int size = frame.segmentSize;
        return size == 0 ? 1 : (frame.end - frame.payload + size - 1) / size;
    }

    /** RFC 791 section 3.2, "An Example Fragmentation Procedure". */
    private void fragment(Ipv4Path path, Frame frame, int protocol, int ttl, int trafficClass) {
        if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
            completeChecksum(frame);
        }
        int identification = identifications.next(path.source, path.destination, 1);
        int most = (path.mtu() - HEADER) & ~7;
        int length = frame.end - frame.transport;
        for (int offset = 0; offset < length; offset += most) {
            int part = Math.min(most, length - offset);
            Frame piece = frames.take(Frame.HEADROOM + part);
            piece.transport = Frame.HEADROOM;
            piece.end = Frame.HEADROOM + part;
            piece.bytes().put(piece.transport, frame.bytes(), frame.transport + offset, part);
            int flags = offset + part < length ? Ipv4Header.MORE_FRAGMENTS : 0;
            header(path, piece, protocol, ttl, trafficClass, identification, flags, offset);
            mib.count(Counter.IP_FRAG_CREATES);
            path.transmit(piece);
        }
        mib.count(Counter.IP_FRAG_OKS);
    }

    private static void header(
            Ipv4Path path,
            Frame frame,
            int protocol,
            int ttl,
            int trafficClass,
            int identification,
            int flags,
            int offset) {
        int at = frame.transport - HEADER;
        frame.network = at;
        frame.start = at;
        Ipv4Header.setLengths(frame.bytes(), at, HEADER, trafficClass, frame.end - at + frame.tailLength);
        Ipv4Header.setFragment(frame.bytes(), at, identification, flags, offset);
        Ipv4Header.setTtlAndProtocol(frame.bytes(), at, ttl, protocol);
        Ipv4Header.setAddresses(frame.bytes(), at, path.source, path.destination);
        Ipv4Header.fillChecksum(frame.bytes(), frame.words(), at);
    }

    /** A multicast goes no further than the link unless the application says so (RFC 1112 section 6.1). */
    private int defaultTtl(Ipv4Path path) {
        return Ipv4Layer.isMulticast(path.destination) ? 1 : defaultTtl;
    }

    /** The link can't complete a checksum whose segment lies in several frames. */
    private static void completeChecksum(Frame frame) {
        int at = frame.checksumStart;
        int sum = Checksum.finish(Checksum.sum(frame.words(), at, frame.end - at));
        // RFC 768: a computed zero travels as its other form; TCP may do likewise, in ones' complement the two are
        // equal.
        frame.bytes().putShort(at + frame.checksumOffset, (short) (sum == 0 ? 0xffff : sum));
        frame.checksum = Frame.CHECKSUM_NONE;
    }
}
