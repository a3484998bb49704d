package dev.towpath.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.icmp.IcmpConfig;
import dev.towpath.icmp.IcmpLayer;
import dev.towpath.igmp.IgmpLayer;
import dev.towpath.ip.IpLayer;
import dev.towpath.ipv4.Ipv4Config;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.ipv4.Route;
import dev.towpath.link.LinkFeatures;
import dev.towpath.link.LoopbackDevice;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.ManualClock;
import dev.towpath.time.TimerWheel;
import dev.towpath.udp.UdpLayer;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.Packet;

/**
 * One host's layers from Ethernet to UDP, driven by hand in virtual time: 192.0.2.2/24 on a {@link FakeDevice}, with
 * loopback, and a default route through 192.0.2.1.
 */
public final class Host {
    /** One second in nanoseconds. */
    public static final long SECOND = 1_000_000_000L;

    /** This host's address. */
    public static final IpAddress HOST = IpAddress.parse("192.0.2.2");

    /** A neighbour, and the default gateway. */
    public static final IpAddress PEER = IpAddress.parse("192.0.2.1");

    /** Somebody behind the gateway. */
    public static final IpAddress REMOTE = IpAddress.parse("198.51.100.7");

    /** The Ethernet addresses of {@link #HOST} and {@link #PEER}. */
    public static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:00:02");

    /** See {@link #HOST_MAC}. */
    public static final MacAddress PEER_MAC = MacAddress.parse("02:00:00:00:00:01");

    /** Ethernet's broadcast. */
    public static final MacAddress ALL = MacAddress.BROADCAST;

    public final ManualClock clock = new ManualClock(77);
    public final TimerWheel wheel = new TimerWheel(77);
    public final FramePool frames = new FramePool();
    public final BufferPool buffers = new BufferPool(64 << 20, 64 << 20);
    public final Mib mib = new Mib();
    public final FlowTable flows = new FlowTable(1, 2);
    public final FakeDevice device;
    public final LoopbackDevice loopbackDevice = new LoopbackDevice();
    public final Ipv4Layer ip;
    public final IcmpLayer icmp;
    public final IgmpLayer igmp;
    public final UdpLayer udp;
    public final PortTable ports;
    public final NetworkInterface eth;
    public final NetworkInterface lo;

    private final Map<DropReason, Long> droppedBefore = new EnumMap<>(DropReason.class);

    /** A host with the default settings on a plain link. */
    public Host() {
        this(Ipv4Config.DEFAULT, 1500, LinkFeatures.NONE);
    }

    /** A host on a link with these properties. */
    public Host(Ipv4Config config, int mtu, LinkFeatures features) {
        Random random = new Random(42);
        device = new FakeDevice("eth0", HOST_MAC, mtu, features);
        ip = new Ipv4Layer(new Ipv4Layer.Parts(config, frames, buffers, wheel, clock, random::nextLong, mib));
        lo = ip.addLoopback("lo", loopbackDevice);
        eth = ip.addInterface("eth0", device);
        ip.addAddress(eth, new IpPrefix(HOST, 24));
        device.sent(); // the announcement
        assertThat(ip.routes().add(Route.gateway(IpPrefix.DEFAULT_V4, PEER, eth)))
                .isTrue();
        icmp = new IcmpLayer(IcmpConfig.DEFAULT, ip, frames, clock, random::nextLong, mib);
        ip.register(IcmpLayer.PROTOCOL, icmp);
        ip.errorSender(icmp);
        igmp = new IgmpLayer(new IgmpLayer.Parts(ip, frames, wheel, clock, random::nextLong, mib));
        ip.register(IgmpLayer.PROTOCOL, igmp);
        ip.groupListener(igmp);
        ports = new PortTable(flows, random::nextLong);
        udp = new UdpLayer(ip, flows, ports, frames, buffers, mib);
        ip.register(IpLayer.UDP, udp);
    }

    /** Lets {@link #PEER} ask for this host by ARP, so that it is known. */
    public Host knowsPeer() {
        receives(ALL, TestPackets.ARP, TestPackets.arp(1, PEER_MAC, PEER, new MacAddress(0), HOST));
        device.sent();
        return this;
    }

    /** A frame from {@link #PEER} arrives. */
    public void receives(MacAddress to, int type, byte[] payload) {
        receives(TestPackets.ethernet(to, PEER_MAC, type, payload));
    }

    /** An IPv4 packet from {@link #PEER} arrives, addressed to this host on the link. */
    public void receives(TestPackets.Ip packet) {
        receives(HOST_MAC, TestPackets.IPV4, packet.bytes());
    }

    /** A frame arrives at the Ethernet interface. */
    public void receives(byte[] raw) {
        receivesSuper(raw, 0);
    }

    /** A frame arrives that the link has left uncut, of segments of {@code segmentSize}. */
    public void receivesSuper(byte[] raw, int segmentSize) {
        Frame frame = frames.take(Frame.HEADROOM + raw.length);
        frame.start = 10; // a device may leave any room
        frame.end = 10 + raw.length;
        frame.bytes().put(10, raw);
        frame.segmentSize = segmentSize;
        eth.receive(frame);
        frame.release();
    }

    /** What waits in the loopback device arrives, and what is sent thereupon too. */
    public void pumpLoopback() {
        for (Frame frame = loopbackDevice.receive(clock.nanoTime());
                frame != null;
                frame = loopbackDevice.receive(clock.nanoTime())) {
            lo.receive(frame);
            frame.release();
        }
    }

    /** Lets time pass, timer by timer. */
    public void advance(long nanos) {
        long until = clock.nanoTime() + nanos;
        for (long next = wheel.nextDeadline(); next <= until; next = wheel.nextDeadline()) {
            clock.advanceTo(Math.max(next, clock.nanoTime()));
            assertThat(wheel.poll(clock.nanoTime())).isGreaterThanOrEqualTo(0);
        }
        clock.advanceTo(until);
    }

    /** Packets of this kind that were sent on the Ethernet interface since it was asked last; others are forgotten. */
    public <T extends Packet> List<T> sent(Class<T> type) {
        return device.sent().stream()
                .filter(frame -> frame.contains(type))
                .map(frame -> frame.get(type))
                .toList();
    }

    /** The only frame that was sent since it was asked last. */
    public EthernetPacket sentOne() {
        List<EthernetPacket> sent = device.sent();
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    /** Nothing was sent. */
    public void isQuiet() {
        assertThat(device.sent()).isEmpty();
    }

    /** Packets dropped since this was asked last, by reason. */
    public Map<DropReason, Long> dropped() {
        Map<DropReason, Long> news = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long before = droppedBefore.getOrDefault(reason, 0L);
            long now = mib.dropped(reason);
            if (now != before) {
                news.put(reason, now - before);
            }
            droppedBefore.put(reason, now);
        }
        return news;
    }

    /** Nothing leaked: no frame, no buffer, no timer once all is closed. */
    public void closesClean() {
        igmp.close();
        ip.close();
        pumpLoopback();
        assertThat(frames.taken()).as("frames not given back").isZero();
        assertThat(buffers.inUse()).as("buffer bytes not given back").isZero();
        assertThat(wheel.armed()).as("timers left").isZero();
    }
}
