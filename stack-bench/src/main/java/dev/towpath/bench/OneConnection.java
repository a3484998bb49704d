package dev.towpath.bench;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Binding;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpLayer;
import dev.towpath.time.ManualClock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * TCP with one established connection and nothing around it: the layer below takes what it sends and forgets it, and
 * the peer is whatever this class puts into a frame. What is left to measure is TCP alone.
 */
final class OneConnection {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.2");
    private static final IpAddress PEER = IpAddress.parse("192.0.2.1");
    private static final int LOCAL_PORT = 7;
    private static final int PEER_PORT = 40_000;
    private static final int PEER_MSS = 1460;
    private static final int PEER_WINDOW_SCALE = 10;
    private static final int PEER_WINDOW = 0xffff;
    private static final long MEMORY = 64 << 20;

    /** Between a batch of frames and the next. */
    private static final long GAP_NANOS = 10_000;

    /** Where in a frame the options begin. */
    private static final int OPTIONS = Frame.HEADROOM + TcpHeader.MIN_LENGTH;

    private final int payload;
    private final boolean offload;
    private final ManualClock clock = new ManualClock(0);
    private final TimerWheel wheel = new TimerWheel(0);
    private final TcpLayer tcp;
    private final Frame segment;
    private final long payloadSum;
    private final Tcb connection;

    /** Options of the segment that was sent last. */
    private final TcpOptions sent = new TcpOptions();

    private final int[] sackStart = new int[1];
    private final int[] sackEnd = new int[1];
    private int peerSeq;
    private int peerAck;
    private int acknowledged;
    private long gapNanos = GAP_NANOS;

    /**
     * Shakes hands.
     *
     * @param payload bytes in each segment that the peer sends
     * @param offload the link takes super-segments and computes checksums
     */
    OneConnection(int payload, boolean offload) {
        this(payload, offload, PEER_MSS, TcpConfig.DEFAULT);
    }

    /** As before, with a peer whose segments are at most {@code mss} bytes. */
    OneConnection(int payload, boolean offload, int mss, TcpConfig config) {
        this.payload = payload;
        this.offload = offload;
        this.segment = Frame.unpooled(Frame.HEADROOM + TcpHeader.MAX_LENGTH + payload);
        SplittableRandom random = new SplittableRandom(9293);
        FlowTable flows = new FlowTable(random.nextLong(), random.nextLong());
        PortTable ports = new PortTable(flows, random::nextLong);
        this.tcp = new TcpLayer(new TcpLayer.Parts(
                config,
                new Below(),
                flows,
                ports,
                new FramePool(),
                new BufferPool(MEMORY, MEMORY),
                wheel,
                clock,
                random::nextLong,
                new Mib()));
        Binding binding = Objects.requireNonNull(ports.bind(IpLayer.TCP, LOCAL, LOCAL_PORT, false, false));
        Listener listener = tcp.listen(binding, 1, tcp.newSettings(), acceptable -> {});
        shakeHands(mss);
        this.connection = Objects.requireNonNull(listener.accept(), "the handshake must have succeeded");
        int data = OPTIONS + TcpOptions.TIMESTAMPS_LENGTH;
        for (int i = 0; i < payload; i++) {
            segment.bytes().put(data + i, (byte) random.nextInt());
        }
        this.payloadSum = Checksum.sum(segment.words(), data, payload);
    }

    /** The stack's end. */
    Tcb connection() {
        return connection;
    }

    /** The peer's next segment arrives, full of data. */
    void peerSends() {
        segmentArrives(TcpHeader.ACK, withTimestamps(OPTIONS), payload);
        peerSeq += payload;
    }

    /** A segment of the peer's arrives that lies {@code ahead} bytes beyond its next one, or is that one. */
    void peerSendsAhead(int ahead) {
        int next = peerSeq;
        peerSeq += ahead;
        segmentArrives(TcpHeader.ACK, withTimestamps(OPTIONS), payload);
        peerSeq = next;
    }

    /** The peer's next segment has come, as have {@code count - 1} behind it. */
    void peerMoves(int count) {
        peerSeq += count * payload;
    }

    /** The peer acknowledges all that has been sent. */
    void peerAcknowledges() {
        segmentArrives(TcpHeader.ACK, withTimestamps(OPTIONS), 0);
    }

    /** The peer acknowledges all but {@code behind} bytes. */
    void peerAcknowledges(int behind) {
        int newest = peerAck;
        peerAck -= behind;
        segmentArrives(TcpHeader.ACK, withTimestamps(OPTIONS), 0);
        peerAck = newest;
    }

    /**
     * The peer acknowledges all but {@code behind} bytes, and of those reports {@code bytes} that end {@code beyond}
     * bytes behind the number acknowledged.
     */
    void peerReports(int behind, int beyond, int bytes) {
        int newest = peerAck;
        peerAck -= behind;
        sackEnd[0] = peerAck + beyond;
        sackStart[0] = sackEnd[0] - bytes;
        int end = TcpOptions.writeSack(segment.bytes(), withTimestamps(OPTIONS), sackStart, sackEnd, 1);
        segmentArrives(TcpHeader.ACK, end, 0);
        peerAck = newest;
    }

    /** Bytes written and not sent. */
    int unsent() {
        return connection.unacknowledged() - (peerAck - acknowledged);
    }

    /** From now on so much time lies between a batch and the next. */
    void gap(long nanos) {
        gapNanos = nanos;
    }

    /** So much time passes without anything to do. */
    void pass(long nanos) {
        clock.advance(nanos);
    }

    /** What a driver does at the end of a batch: output, then timers, then time goes on. */
    void endBatch() {
        tcp.flush();
        clock.advance(gapNanos);
        wheel.poll(clock.nanoTime());
    }

    private void shakeHands(int mss) {
        int end = TcpOptions.writeMss(segment.bytes(), OPTIONS, mss);
        end = TcpOptions.writeSackPermitted(segment.bytes(), end);
        end = TcpOptions.writeWindowScale(segment.bytes(), end, PEER_WINDOW_SCALE);
        segmentArrives(TcpHeader.SYN, withTimestamps(end), 0);
        peerSeq++;
        endBatch();
        peerAcknowledges();
        endBatch();
    }

    private int withTimestamps(int at) {
        int peerMillis = (int) (clock.nanoTime() / 1_000_000);
        return TcpOptions.writeTimestamps(segment.bytes(), at, peerMillis, sent.tsVal);
    }

    private void segmentArrives(int flags, int data, int bytes) {
        acknowledged = peerAck;
        int at = Frame.HEADROOM;
        int header = data - at;
        TcpHeader.write(segment.bytes(), at, PEER_PORT, LOCAL_PORT, peerSeq, peerAck, header, flags, PEER_WINDOW);
        segment.start = at;
        segment.transport = at;
        segment.end = data + bytes;
        segment.protocol = IpLayer.TCP;
        segment.sourceHigh = PEER.high();
        segment.sourceLow = PEER.low();
        segment.destinationHigh = LOCAL.high();
        segment.destinationLow = LOCAL.low();
        segment.checksum = offload ? Frame.CHECKSUM_VALID : Frame.CHECKSUM_NONE;
        if (!offload) {
            long sum = TransportChecksum.addressSum(PEER.high(), PEER.low(), LOCAL.high(), LOCAL.low());
            sum += IpLayer.TCP + header + bytes;
            sum += Checksum.sum(segment.words(), at, header) + (bytes > 0 ? payloadSum : 0);
            segment.bytes().putShort(at + TcpHeader.CHECKSUM, (short) Checksum.finish(sum));
        }
        tcp.receive(segment);
    }

    /** Takes what TCP sends and notes what the peer would acknowledge. */
    private final class Below implements IpLayer {
        private final Path path = new Wire();

        @Override
        public void send(Path to, Frame frame, int protocol, int hopLimit, int trafficClass, int flags) {
            int at = frame.transport;
            int header = TcpHeader.headerLength(frame.bytes(), at);
            sent.parse(frame.bytes(), at + TcpHeader.MIN_LENGTH, at + header);
            int syn = (TcpHeader.flags(frame.bytes(), at) & TcpHeader.SYN) != 0 ? 1 : 0;
            peerAck = TcpHeader.sequence(frame.bytes(), at) + (frame.end - at - header) + syn;
            frame.release();
        }

        @Override
        public Path route(@Nullable IpAddress source, IpAddress destination) {
            return path;
        }

        @Override
        public boolean isLocal(IpAddress address) {
            return address.equals(LOCAL);
        }

        @Override
        public boolean isBroadcast(IpAddress address) {
            return false;
        }

        @Override
        public void register(int protocol, TransportHandler handler) {
            throw new UnsupportedOperationException("there is only TCP");
        }

        @Override
        public void reject(Frame frame, IpError why) {
            throw new UnsupportedOperationException("nothing is rejected here: " + why);
        }
    }

    private final class Wire extends Path {
        Wire() {
            super(LOCAL, PEER);
        }

        @Override
        public boolean current() {
            return true;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public int headerLength() {
            return 20;
        }

        @Override
        public int maxSuperSegment() {
            return offload ? 65_535 : 0;
        }

        @Override
        public boolean checksumOffload() {
            return offload;
        }

        @Override
        public boolean cutsDatagrams() {
            return false;
        }

        @Override
        public int queueFrames() {
            return 1000;
        }

        @Override
        public boolean crowded() {
            return false;
        }

        @Override
        public boolean onLink() {
            return true;
        }

        @Override
        public boolean group() {
            return false;
        }
    }
}
