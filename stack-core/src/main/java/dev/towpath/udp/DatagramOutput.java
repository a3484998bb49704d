package dev.towpath.udp;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.wire.UdpHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's datagrams on their way down: header, checksum, and how many of them share a frame.
 *
 * <p>A system call and the receiver's whole input path cost more than a small datagram. Where the link cuts datagrams
 * itself (USO), several that are to follow each other therefore leave in one frame, as a super-datagram: those that an
 * application has written as one (UDP_SEGMENT), and those of a batch that happen to be of one size and for one peer.
 * Whoever receives them can't tell the difference.
 *
 * <pre>
 *   | udp header | 64 bytes | 64 bytes | 64 bytes | 20 bytes |     the train, until {@link #depart}
 * </pre>
 */
final class DatagramOutput {
    /** Most datagrams in a frame: Linux's UDP_MAX_SEGMENTS. */
    static final int MAX_SEGMENTS = 128;

    private final UdpLayer layer;
    private int hopLimit;
    private int multicastHopLimit = 1;
    private boolean multicastLoop = true;
    /** {@link IpLayer#DONT_FRAGMENT} or 0. */
    private int flags;

    private int trafficClass;

    /** Datagrams that have left their sender and wait for others to join them, header space in front; or null. */
    private @Nullable Frame train;

    private @Nullable Path trainPath;
    private int trainSource;
    private int trainPort;
    /** Bytes of the first datagram's data, which all but the last have. */
    private int trainSize;

    private int trainCount;

    DatagramOutput(UdpLayer layer) {
        this.layer = layer;
    }

    void hopLimit(int newHopLimit) {
        hopLimit = newHopLimit;
    }

    void multicastHopLimit(int newHopLimit) {
        multicastHopLimit = newHopLimit;
    }

    void dontFragment(boolean on) {
        flags = on ? IpLayer.DONT_FRAGMENT : 0;
    }

    void multicastLoop(boolean on) {
        multicastLoop = on;
    }

    void trafficClass(int newTrafficClass) {
        trafficClass = newTrafficClass;
    }

    /** Sends {@code length} bytes at {@code from} as one datagram, fragmented where it does not fit the link. */
    void send(Path path, int sourcePort, int port, ByteBuffer data, int from, int length) {
        Frame frame = layer.frames.take(Frame.HEADROOM + UdpHeader.LENGTH + length);
        start(frame);
        append(frame, data, from, length);
        emit(path, frame, sourcePort, port, 0, 1);
    }

    /**
     * Sends {@code length} bytes at {@code from} as datagrams of {@code segment} bytes, the last one shorter: in one
     * frame, or where the link can't cut it in as many as there are. As in Linux none of them is fragmented.
     *
     * @return null on success
     */
    @Nullable
    TransportError sendSegments(
            Path path, int sourcePort, int port, ByteBuffer data, int from, int length, int segment) {
        int overhead = path.headerLength() + UdpHeader.LENGTH;
        if (overhead + Math.min(segment, length) > path.mtu()) {
            return TransportError.MESSAGE_TOO_LONG;
        }
        if (length > segment * MAX_SEGMENTS) {
            return TransportError.TOO_MANY_SEGMENTS;
        }
        if (length > segment && path.cutsDatagrams() && overhead + length <= path.maxSuperSegment()) {
            Frame frame = layer.frames.take(Frame.HEADROOM + UdpHeader.LENGTH + length);
            start(frame);
            append(frame, data, from, length);
            emit(path, frame, sourcePort, port, segment, (length + segment - 1) / segment);
            return null;
        }
        int sent = 0;
        do {
            int size = Math.min(segment, length - sent);
            send(path, sourcePort, port, data, from + sent, size);
            sent += size;
        } while (sent < length);
        return null;
    }

    /** As {@link #send}, but the datagram may wait for others to share a frame with, until {@link #depart}. */
    void board(Path path, int sourcePort, int port, ByteBuffer data, int from, int length) {
        Frame waiting = train;
        if (waiting != null && joins(path, port, length)) {
            Frame roomy = withRoom(waiting, length);
            append(roomy, data, from, length);
            train = roomy;
            trainCount++;
            if (length < trainSize || trainCount == MAX_SEGMENTS) {
                depart(); // only the last one may be shorter
            }
            return;
        }
        depart();
        if (length == 0 || !path.cutsDatagrams() || path.headerLength() + UdpHeader.LENGTH + length > path.mtu()) {
            send(path, sourcePort, port, data, from, length);
            return;
        }
        Frame first = layer.frames.take(Frame.HEADROOM + UdpHeader.LENGTH + length);
        start(first);
        append(first, data, from, length);
        train = first;
        trainPath = path;
        trainSource = sourcePort;
        trainPort = port;
        trainSize = length;
        trainCount = 1;
    }

    /** Sends what has boarded. */
    void depart() {
        Frame leaving = train;
        Path path = trainPath;
        train = null;
        trainPath = null;
        if (leaving != null && path != null) {
            emit(path, leaving, trainSource, trainPort, trainCount > 1 ? trainSize : 0, trainCount);
        }
    }

    private boolean joins(Path path, int port, int length) {
        Frame waiting = train;
        return waiting != null
                && path == trainPath
                && port == trainPort
                && length <= trainSize
                && length > 0
                && path.headerLength() + waiting.end - waiting.transport + length <= path.maxSuperSegment();
    }

    /** A batch of few does not need a large frame: a full train moves into one once. */
    private Frame withRoom(Frame frame, int more) {
        if (frame.end + more <= frame.capacity()) {
            return frame;
        }
        Frame larger = layer.frames.take(Frame.HEADROOM + UdpHeader.LENGTH + UdpEndpoint.MAX_DATA);
        frame.copyTo(larger);
        frame.release();
        return larger;
    }

    private static void start(Frame frame) {
        frame.start = Frame.HEADROOM;
        frame.transport = Frame.HEADROOM;
        frame.payload = Frame.HEADROOM + UdpHeader.LENGTH;
        frame.end = frame.payload;
    }

    private static void append(Frame frame, ByteBuffer data, int from, int length) {
        frame.bytes().put(frame.end, data, from, length);
        frame.end += length;
    }

    private void emit(Path path, Frame frame, int sourcePort, int port, int segment, int count) {
        UdpHeader.write(frame.bytes(), frame.transport, sourcePort, port, frame.end - frame.transport);
        frame.segmentSize = segment;
        TransportChecksum.fill(frame, path, IpLayer.UDP, UdpHeader.CHECKSUM);
        layer.mib.count(Counter.UDP_OUT_DATAGRAMS, count);
        if (path.group()) {
            int limit = path.destination().isMulticast() ? multicastHopLimit : hopLimit;
            layer.ip.sendToGroup(path, frame, IpLayer.UDP, limit, trafficClass, flags, multicastLoop);
        } else {
            layer.ip.send(path, frame, IpLayer.UDP, hopLimit, trafficClass, flags);
        }
    }
}
