package dev.towpath.bench;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Binding;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ipv4.Ipv4Config;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkFeatures;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpLayer;
import dev.towpath.time.ManualClock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.ArpHeader;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.MacAddress;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ethernet, IP and TCP with one established connection and nothing around it: the device takes what is sent and forgets
 * it, and the peer is whatever this class puts into a frame. What is left to measure is the stack's own work.
 */
final class OneConnection {
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.2");
    private static final IpAddress PEER = IpAddress.parse("192.0.2.1");
    private static final IpPrefix LOCAL_NETWORK = new IpPrefix(LOCAL, 24);
    private static final MacAddress LOCAL_MAC = MacAddress.local(1);
    private static final long PEER_MAC = MacAddress.local(2).bits();
    private static final int LOCAL_PORT = 7;
    private static final int PEER_PORT = 40_000;
    private static final long ADDRESSES =
            TransportChecksum.addressSum(PEER.high(), PEER.low(), LOCAL.high(), LOCAL.low());
    private static final int PEER_MSS = 1460;
    private static final int PEER_SEGMENT = PEER_MSS - TcpOptions.TIMESTAMPS_LENGTH;
    private static final int PEER_WINDOW_SCALE = 10;
    private static final int PEER_WINDOW = 0xffff;
    private static final long MEMORY = 64 << 20;

    /** Between a batch of frames and the next. */
    private static final long GAP_NANOS = 10_000;

    /** Where in a frame the options begin. */
    private static final int OPTIONS = Frame.HEADROOM + TcpHeader.MIN_LENGTH;

    /** Where data begins behind timestamps. */
    private static final int DATA = OPTIONS + TcpOptions.TIMESTAMPS_LENGTH;

    private final int payload;
    private final boolean offload;
    private final ManualClock clock = new ManualClock(0);
    private final TimerWheel wheel = new TimerWheel(0);
    private final NetworkInterface link;
    private final TcpLayer tcp;
    private final Frame segment;
    private final Frame arp = Frame.unpooled(FramePool.SMALL);
    private final long payloadSum;
    private final Tcb connection;

    /** Options of the segment that was sent last. */
    private final TcpOptions sent = new TcpOptions();

    private final int[] sackStart = new int[1];
    private final int[] sackEnd = new int[1];
    private int peerSeq;
    private int peerAck;
    private int acknowledged;
    private boolean peerIsAsked;
    private Frame[] ready = {};
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
        FramePool frames = new FramePool();
        BufferPool buffers = new BufferPool(MEMORY, MEMORY);
        Mib mib = new Mib();
        Ipv4Layer ip = new Ipv4Layer(
                new Ipv4Layer.Parts(Ipv4Config.DEFAULT, frames, buffers, wheel, clock, random::nextLong, mib));
        this.link = ip.addInterface("eth0", new Device());
        ip.addAddress(link, LOCAL_NETWORK);
        this.tcp = new TcpLayer(
                new TcpLayer.Parts(config, ip, flows, ports, frames, buffers, wheel, clock, random::nextLong, mib));
        ip.register(IpLayer.TCP, tcp);
        Binding binding = Objects.requireNonNull(ports.bind(IpLayer.TCP, LOCAL, LOCAL_PORT, false, false));
        Listener listener = tcp.listen(binding, 1, tcp.newSettings(), acceptable -> {});
        shakeHands(mss);
        this.connection = Objects.requireNonNull(listener.accept(), "the handshake must have succeeded");
        for (int i = 0; i < payload; i++) {
            segment.bytes().put(DATA + i, (byte) random.nextInt());
        }
        this.payloadSum = Checksum.sum(segment.words(), DATA, payload);
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
        if (peerIsAsked) {
            peerIsAsked = false;
            peerTells(ArpHeader.REPLY);
        }
        clock.advance(gapNanos);
        wheel.poll(clock.nanoTime());
    }

    private void shakeHands(int mss) {
        peerTells(ArpHeader.REQUEST);
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
        return withTimestamps(segment, at);
    }

    private int withTimestamps(Frame frame, int at) {
        int peerMillis = (int) (clock.nanoTime() / 1_000_000);
        return TcpOptions.writeTimestamps(frame.bytes(), at, peerMillis, sent.tsVal);
    }

    /** Makes the frames of the peer's next {@code count} segments, full of data, for {@link #arrives}. */
    void prepareData(int count) {
        prepare(count);
        int next = peerSeq;
        for (int i = 0; i < count; i++) {
            fill(ready[i], TcpHeader.ACK, withTimestamps(ready[i], OPTIONS), payload);
            peerSeq += payload;
        }
        peerSeq = next;
    }

    /** Makes the frames of {@code count} ACKs, each for {@code bytes} more; the last one is for all that was sent. */
    void prepareAcks(int count, int bytes) {
        prepare(count);
        int newest = peerAck;
        for (int i = 0; i < count; i++) {
            peerAck = newest - (count - 1 - i) * bytes;
            fill(ready[i], TcpHeader.ACK, withTimestamps(ready[i], OPTIONS), 0);
        }
        peerAck = newest;
    }

    private void prepare(int count) {
        int had = ready.length;
        if (had < count) {
            ready = Arrays.copyOf(ready, count);
            for (int i = had; i < count; i++) {
                ready[i] = Frame.unpooled(segment.capacity());
                ready[i].bytes().put(DATA, segment.bytes(), DATA, payload);
            }
        }
    }

    /** The frame {@code i} of those that were prepared arrives. */
    void arrives(int i) {
        comes(ready[i]);
        link.receive(ready[i]);
    }

    /** As {@link #arrives}, but IP has done its part already. */
    void arrivesAtTcp(int i) {
        Frame frame = ready[i];
        comes(frame);
        frame.transport = Frame.HEADROOM;
        frame.protocol = IpLayer.TCP;
        frame.sourceHigh = PEER.high();
        frame.sourceLow = PEER.low();
        frame.destinationHigh = LOCAL.high();
        frame.destinationLow = LOCAL.low();
        tcp.receive(frame);
    }

    private void comes(Frame frame) {
        peerSeq = TcpHeader.sequence(frame.bytes(), Frame.HEADROOM) + frame.end - DATA;
        acknowledged = TcpHeader.acknowledgment(frame.bytes(), Frame.HEADROOM);
    }

    private void segmentArrives(int flags, int data, int bytes) {
        acknowledged = peerAck;
        fill(segment, flags, data, bytes);
        link.receive(segment);
    }

    private void fill(Frame segment, int flags, int data, int bytes) {
        int at = Frame.HEADROOM;
        int header = data - at;
        TcpHeader.write(segment.bytes(), at, PEER_PORT, LOCAL_PORT, peerSeq, peerAck, header, flags, PEER_WINDOW);
        if (!offload) {
            long sum = ADDRESSES + IpLayer.TCP + header + bytes;
            sum += Checksum.sum(segment.words(), at, header) + (bytes > 0 ? payloadSum : 0);
            segment.bytes().putShort(at + TcpHeader.CHECKSUM, (short) Checksum.finish(sum));
        }
        int ip = at - Ipv4Header.MIN_LENGTH;
        Ipv4Header.setLengths(segment.bytes(), ip, Ipv4Header.MIN_LENGTH, 0, Ipv4Header.MIN_LENGTH + header + bytes);
        Ipv4Header.setFragment(segment.bytes(), ip, 0, Ipv4Header.DONT_FRAGMENT, 0);
        Ipv4Header.setTtlAndProtocol(segment.bytes(), ip, 64, IpLayer.TCP);
        Ipv4Header.setAddresses(segment.bytes(), ip, PEER.v4(), LOCAL.v4());
        Ipv4Header.fillChecksum(segment.bytes(), segment.words(), ip);
        segment.start = ip - EthernetHeader.LENGTH;
        EthernetHeader.write(segment.bytes(), segment.start, LOCAL_MAC.bits(), PEER_MAC, EthernetHeader.IPV4);
        segment.end = data + bytes;
        segment.checksum = offload ? Frame.CHECKSUM_VALID : Frame.CHECKSUM_NONE;
        segment.segmentSize = bytes > PEER_SEGMENT ? PEER_SEGMENT : 0;
    }

    private void peerTells(int operation) {
        arp.start = 0;
        arp.end = EthernetHeader.MIN_FRAME;
        EthernetHeader.write(arp.bytes(), 0, LOCAL_MAC.bits(), PEER_MAC, EthernetHeader.ARP);
        ArpHeader.write(
                arp.bytes(), EthernetHeader.LENGTH, operation, PEER_MAC, PEER.v4(), LOCAL_MAC.bits(), LOCAL.v4());
        link.receive(arp);
    }

    /** Takes what the stack sends and notes what the peer would acknowledge. */
    private final class Device implements LinkDevice {
        private final LinkFeatures features = offload ? LinkFeatures.MEMORY : LinkFeatures.NONE;

        @Override
        public String name() {
            return "eth0";
        }

        @Override
        public MacAddress mac() {
            return LOCAL_MAC;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public LinkFeatures features() {
            return features;
        }

        @Override
        public boolean send(Frame frame, long nowNanos) {
            int payload = frame.start + EthernetHeader.LENGTH;
            if (EthernetHeader.type(frame.bytes(), frame.start) == EthernetHeader.ARP) {
                peerIsAsked |= ArpHeader.targetIp(frame.bytes(), payload) == PEER.v4();
            } else {
                segmentSent(
                        frame,
                        payload + Ipv4Header.MIN_LENGTH,
                        payload + Ipv4Header.totalLength(frame.bytes(), payload));
            }
            frame.release();
            return true;
        }

        private void segmentSent(Frame frame, int at, int end) {
            int header = TcpHeader.headerLength(frame.bytes(), at);
            sent.parse(frame.bytes(), at + TcpHeader.MIN_LENGTH, at + header);
            int syn = (TcpHeader.flags(frame.bytes(), at) & TcpHeader.SYN) != 0 ? 1 : 0;
            peerAck = TcpHeader.sequence(frame.bytes(), at) + (end - at - header) + syn;
        }

        @Override
        public @Nullable Frame receive(long nowNanos) {
            return null;
        }

        @Override
        public void onArrival(Runnable wake) {}

        @Override
        public void close() {}
    }
}
