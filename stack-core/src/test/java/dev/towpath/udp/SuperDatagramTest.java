package dev.towpath.udp;

import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.PEER_MAC;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.TestPackets.IPV4;
import static dev.towpath.testing.TestPackets.part;
import static dev.towpath.testing.TestPackets.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportError;
import dev.towpath.ipv4.Ipv4Config;
import dev.towpath.link.LinkFeatures;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Allocations;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;

/** Several datagrams in one frame, both ways; every frame's checksums and lengths are checked by another codec. */
class SuperDatagramTest {
    private static final int PORT = 7000;
    private static final int PEER_PORT = 9000;

    /** A link that cuts TCP's segments, but not datagrams. */
    private static final LinkFeatures TCP_ONLY = new LinkFeatures(true, 65_535, false);

    private final List<UdpEndpoint> opened = new ArrayList<>();
    private Host host = new Host(Ipv4Config.DEFAULT, 1500, LinkFeatures.MEMORY).knowsPeer();

    @AfterEach
    void nothingLeaks() {
        opened.forEach(UdpEndpoint::close);
        host.closesClean();
    }

    private void on(LinkFeatures features) {
        host.closesClean();
        host = new Host(Ipv4Config.DEFAULT, 1500, features).knowsPeer();
        host.device.segmentSizes();
    }

    // ---- sending: cut by the link, or here

    @Test
    void datagramsWrittenAtOnceLeaveInOneFrame() {
        host.device.segmentSizes();
        assertThat(sendSegments(pattern(1000), 300)).isNull();
        assertThat(host.device.segmentSizes()).containsExactly(300);
        UdpPacket sent = host.sentOne().get(UdpPacket.class);
        assertThat(sent.getPayload().getRawData()).isEqualTo(pattern(1000));
        assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyAreCutHereWhereTheLinkCant(boolean checksums) {
        on(checksums ? TCP_ONLY : LinkFeatures.NONE);
        byte[] data = pattern(1000);
        assertThat(sendSegments(data, 300)).isNull();
        assertThat(cut(host).stream().map(Sent::data))
                .containsExactly(
                        listOf(part(data, 0, 300)),
                        listOf(part(data, 300, 600)),
                        listOf(part(data, 600, 900)),
                        listOf(part(data, 900, 1000)));
        assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(4);
    }

    @Test
    void eachHasAnIdentificationOfItsOwn() { // RFC 6864 section 4.3: whoever cuts counts up from the first
        assertThat(sendSegments(pattern(1000), 300)).isNull();
        assertThat(sendSegments(pattern(10), 0)).isNull();
        List<EthernetPacket> sent = host.device.sent();
        assertThat(identification(sent.get(1))).isEqualTo(identification(sent.get(0)) + 4 & 0xffff);
        on(LinkFeatures.NONE);
        assertThat(sendSegments(pattern(1000), 300)).isNull();
        sent = host.device.sent();
        for (int i = 1; i < 4; i++) {
            assertThat(identification(sent.get(i))).isEqualTo(identification(sent.get(i - 1)) + 1 & 0xffff);
        }
    }

    @ParameterizedTest(name = "{0} bytes by {1}: {2} frames, or {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "0, 100, 1, -",
                "1, 100, 1, -",
                "100, 100, 1, -",
                "101, 100, 2, -",
                "2944, 1472, 2, -",
                "2944, 1473, 0, MESSAGE_TOO_LONG", // as in Linux: these are not fragmented
                "1400, 2000, 1, -", // one datagram that fits
                "1473, 2000, 0, MESSAGE_TOO_LONG",
                "128, 1, 128, -",
                "129, 1, 0, TOO_MANY_SEGMENTS",
                "65507, 512, 128, -",
                "65508, 1000, 0, MESSAGE_TOO_LONG",
            })
    void limitsAreThoseOfLinux(int length, int segment, int datagrams, @Nullable TransportError error) {
        for (LinkFeatures features : List.of(LinkFeatures.MEMORY, LinkFeatures.NONE)) {
            on(features);
            ByteBuffer data = ByteBuffer.wrap(pattern(length));
            assertThat(open().send(data, segment, PEER.high(), PEER.low(), PEER_PORT, false))
                    .isEqualTo(error);
            assertThat(data.remaining()).isEqualTo(error == null ? 0 : length);
            assertThat(cut(host)).hasSize(datagrams);
            assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(datagrams);
        }
    }

    // ---- sending: joined in a batch

    @Test
    void datagramsOfOneSizeToOnePeerShareAFrame() {
        host.device.segmentSizes();
        UdpEndpoint endpoint = open();
        for (int i = 0; i < 10; i++) {
            batch(endpoint, i == 9 ? 20 : 64, PEER, PEER_PORT);
        }
        endpoint.flush();
        endpoint.flush();
        assertThat(host.device.segmentSizes()).containsExactly(64);
        assertThat(host.sentOne().get(UdpPacket.class).getPayload().length()).isEqualTo(9 * 64 + 20);
        assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(10);
    }

    @Test
    void whatDiffersDoesNot() {
        host.device.segmentSizes();
        UdpEndpoint endpoint = open();
        batch(endpoint, 64, PEER, PEER_PORT);
        batch(endpoint, 64, PEER, PEER_PORT + 1); // another port
        batch(endpoint, 64, REMOTE, PEER_PORT + 1); // another host
        batch(endpoint, 65, REMOTE, PEER_PORT + 1); // larger
        batch(endpoint, 0, REMOTE, PEER_PORT + 1); // nothing that could be cut off
        batch(endpoint, 10, REMOTE, PEER_PORT + 1);
        batch(endpoint, 9, REMOTE, PEER_PORT + 1); // the last one may be shorter
        batch(endpoint, 9, REMOTE, PEER_PORT + 1);
        endpoint.flush();
        assertThat(host.device.segmentSizes()).containsExactly(0, 0, 0, 0, 0, 10, 0);
        assertThat(host.device.sent()).hasSize(7);
    }

    @ParameterizedTest(name = "{0} of {1} bytes")
    @CsvSource({"300, 64, 3", "100, 1472, 3", "46, 1400, 1", "47, 1400, 2", "3, 1473, 3"})
    void aFrameIsFullAt128DatagramsOr64Kilobytes(int count, int length, int frames) {
        UdpEndpoint endpoint = open();
        for (int i = 0; i < count; i++) {
            batch(endpoint, length, PEER, PEER_PORT);
        }
        endpoint.flush();
        List<EthernetPacket> sent = host.device.sent();
        assertThat(sent).hasSize(length <= 1472 ? frames : 2 * frames); // what does not fit is fragmented
        assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(count);
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aBatchIsTheSameDatagramsInTheSameOrderWhateverTheLinkCuts(long seed) {
        List<Sent> joined = randomBatch(seed, LinkFeatures.MEMORY);
        List<Sent> single = randomBatch(seed, LinkFeatures.NONE);
        assertThat(joined).isEqualTo(single).hasSizeGreaterThanOrEqualTo(200);
    }

    private List<Sent> randomBatch(long seed, LinkFeatures features) {
        on(features);
        Random random = new Random(seed);
        UdpEndpoint endpoint = open();
        int size = 0;
        for (int i = 0; i < 200; i++) {
            size = random.nextInt(3) == 0 ? random.nextInt(random.nextBoolean() ? 20 : 1473) : size;
            IpAddress to = random.nextInt(10) == 0 ? REMOTE : PEER;
            byte[] data = new byte[size];
            random.nextBytes(data);
            int segment = random.nextInt(10) == 0 ? 1 + size / 3 : 0;
            int port = PEER_PORT + random.nextInt(2);
            assertThat(endpoint.send(ByteBuffer.wrap(data), segment, to.high(), to.low(), port, true))
                    .isNull();
            if (random.nextInt(5) == 0) {
                endpoint.flush();
            }
        }
        endpoint.flush();
        return cut(host);
    }

    // ---- receiving

    @Test
    void aSuperDatagramIsReceivedInOnePieceByWhoAsksForIt() {
        UdpEndpoint endpoint = open();
        endpoint.groups(true);
        arrives(pattern(1000), 300);
        arrives(pattern(50), 0);
        ByteBuffer into = ByteBuffer.allocate(2000);
        assertThat(endpoint.receive(into, true)).isEqualTo(1000);
        assertThat(endpoint.lastSegmentSize()).isEqualTo(300);
        assertThat(endpoint.receive(into.clear(), false)).isEqualTo(1000);
        assertThat(part(into.array(), 0, 1000)).isEqualTo(pattern(1000));
        assertThat(endpoint.lastSegmentSize()).isEqualTo(300);
        assertThat(endpoint.lastSourcePort()).isEqualTo(PEER_PORT);
        assertThat(endpoint.receive(into.clear(), false)).isEqualTo(50);
        assertThat(endpoint.lastSegmentSize()).isZero();
        assertThat(host.mib.value(Counter.UDP_IN_DATAGRAMS)).isEqualTo(5);
    }

    @Test
    void orDatagramByDatagramAndTheRestAtOnce() {
        UdpEndpoint endpoint = open();
        byte[] data = pattern(1000);
        arrives(data, 300);
        ByteBuffer into = ByteBuffer.allocate(2000);
        assertThat(endpoint.receive(into, true)).isEqualTo(300);
        assertThat(endpoint.receive(into.clear(), false)).isEqualTo(300);
        assertThat(part(into.array(), 0, 300)).isEqualTo(part(data, 0, 300));
        assertThat(endpoint.lastSegmentSize()).isZero();
        ByteBuffer small = ByteBuffer.allocate(10);
        assertThat(endpoint.receive(small, false)).as("cut, and only this one").isEqualTo(300);
        endpoint.groups(true);
        assertThat(endpoint.receive(into.clear(), false)).isEqualTo(400);
        assertThat(part(into.array(), 0, 400)).isEqualTo(part(data, 600, 1000));
        assertThat(endpoint.lastSegmentSize()).isEqualTo(300);
        assertThat(endpoint.readable()).isFalse();
    }

    @Test
    void ofASuperDatagramAsMuchIsKeptAsFits() {
        UdpEndpoint endpoint = open();
        endpoint.receiveBuffer(700);
        arrives(pattern(1000), 300);
        assertThat(count(endpoint)).isEqualTo(2);
        assertThat(host.mib.value(Counter.UDP_RCVBUF_ERRORS)).isEqualTo(2);
        assertThat(host.mib.value(Counter.UDP_IN_DATAGRAMS)).isEqualTo(2);
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_BUFFER_FULL, 2L));
        endpoint.receiveBuffer(1);
        arrives(pattern(1000), 300);
        arrives(pattern(1000), 300);
        assertThat(count(endpoint)).as("at least one finds room").isEqualTo(1);
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_BUFFER_FULL, 3L + 4L));
    }

    @Test
    void whatWasHalfReadWhenTheEndpointClosesIsGone() {
        UdpEndpoint endpoint = open();
        arrives(pattern(1000), 300);
        assertThat(endpoint.receive(ByteBuffer.allocate(300), false)).isEqualTo(300);
        endpoint.close();
        assertThat(host.buffers.inUse()).isZero();
    }

    // ---- both

    @Test
    void loopbackCarriesABatchInOneFrame() {
        UdpEndpoint endpoint = open();
        endpoint.groups(true);
        for (int i = 0; i < 20; i++) {
            batch(endpoint, 100, IpAddress.LOOPBACK_V4, PORT);
        }
        endpoint.flush();
        host.pumpLoopback();
        assertThat(endpoint.receive(ByteBuffer.allocate(3000), false)).isEqualTo(2000);
        assertThat(endpoint.lastSegmentSize()).isEqualTo(100);
    }

    @ParameterizedTest(name = "peers {0}")
    @ValueSource(ints = {1, 3})
    void batchesAndSuperDatagramsAllocateNothing(int peers) {
        host.device.careless();
        UdpEndpoint endpoint = open();
        List<byte[]> raw = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            IpAddress from = IpAddress.v4(REMOTE.v4() + i);
            byte[] datagram = TestPackets.udp(from, PEER_PORT, HOST, PORT, pattern(640));
            raw.add(TestPackets.ethernet(
                    HOST_MAC,
                    PEER_MAC,
                    IPV4,
                    TestPackets.ip(from, HOST, IpLayer.UDP, datagram).bytes()));
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(700);
        Allocations.assertNone(() -> {
            for (int i = 0; i < raw.size(); i++) {
                host.receivesSuper(raw.get(i), 64);
            }
            int echoed = 0;
            while (endpoint.receive(buffer.clear(), false) == 64) {
                TransportError error = endpoint.send(
                        buffer.flip(),
                        0,
                        endpoint.lastSourceHigh(),
                        endpoint.lastSourceLow(),
                        endpoint.lastSourcePort(),
                        true);
                echoed += error == null ? 1 : 0;
            }
            endpoint.flush();
            if (echoed != 10 * peers) {
                throw new AssertionError("an echo of 10 datagrams for each, not " + echoed);
            }
        });
    }

    private UdpEndpoint open() {
        UdpEndpoint made = host.udp.open(changed -> {});
        opened.add(made);
        assertThat(made.bind(IpAddress.ANY_V4, PORT, true, false)).isNull();
        return made;
    }

    private @Nullable TransportError sendSegments(byte[] data, int segment) {
        return open().send(ByteBuffer.wrap(data), segment, PEER.high(), PEER.low(), PEER_PORT, false);
    }

    private static void batch(UdpEndpoint endpoint, int length, IpAddress to, int port) {
        assertThat(endpoint.send(ByteBuffer.wrap(pattern(length)), 0, to.high(), to.low(), port, true))
                .isNull();
    }

    private void arrives(byte[] data, int segment) {
        byte[] packet = TestPackets.ip(PEER, HOST, IpLayer.UDP, TestPackets.udp(PEER, PEER_PORT, HOST, PORT, data))
                .bytes();
        host.receivesSuper(TestPackets.ethernet(HOST_MAC, PEER_MAC, IPV4, packet), segment);
    }

    private static int count(UdpEndpoint endpoint) {
        int count = 0;
        while (endpoint.receive(ByteBuffer.allocate(2000), false) != UdpEndpoint.NOTHING) {
            count++;
        }
        return count;
    }

    private static int identification(EthernetPacket frame) {
        return frame.get(IpV4Packet.class).getHeader().getIdentificationAsInt();
    }

    /** A datagram as it is on the wire. */
    private record Sent(String to, int port, List<Byte> data) {}

    /** What the link makes of the frames that were sent. */
    private static List<Sent> cut(Host host) {
        List<Integer> sizes = host.device.segmentSizes();
        List<EthernetPacket> frames = host.device.sent();
        List<Sent> all = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            IpV4Packet ip = frames.get(i).get(IpV4Packet.class);
            UdpPacket udp = frames.get(i).get(UdpPacket.class);
            byte[] data =
                    udp.getPayload() == null ? new byte[0] : udp.getPayload().getRawData();
            int size = sizes.get(i) == 0 ? Math.max(1, data.length) : sizes.get(i);
            for (int from = 0; from == 0 || from < data.length; from += size) {
                byte[] each = part(data, from, Math.min(data.length, from + size));
                all.add(new Sent(
                        ip.getHeader().getDstAddr().getHostAddress(),
                        udp.getHeader().getDstPort().valueAsInt(),
                        listOf(each)));
            }
        }
        return all;
    }

    private static List<Byte> listOf(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte each : bytes) {
            list.add(each);
        }
        return list;
    }
}
