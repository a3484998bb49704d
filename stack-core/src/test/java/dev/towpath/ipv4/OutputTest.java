package dev.towpath.ipv4;

import static dev.towpath.testing.Host.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.link.LinkFeatures;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.UdpHeader;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4Packet.IpV4Header;

class OutputTest {
    private Host host = new Host().knowsPeer();

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    @Test
    @Covers(Requirement.ATOMIC_DATAGRAMS)
    void anAtomicDatagramHasDfAndNoIdentification() { // RFC 6864 section 4.1
        send(REMOTE, 100, 0, 0xb9, IpLayer.DONT_FRAGMENT);
        IpV4Header header = sent().get(0).getHeader();
        assertThat(header.getDontFragmentFlag()).isTrue();
        assertThat(header.getIdentificationAsInt()).isZero();
        assertThat(header.getTtlAsInt()).isEqualTo(64);
        assertThat(header.getTos().value()).isEqualTo((byte) 0xb9);
        assertThat(host.mib.value(Counter.IP_OUT_REQUESTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.ATOMIC_DATAGRAMS)
    void identificationsOfOnePairAreDifferentAndBeginAnywhere() { // RFC 6864 section 4.3
        Set<Integer> identifications = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            send(REMOTE, 8, 0, 0, 0);
            identifications.add(sent().get(0).getHeader().getIdentificationAsInt());
        }
        assertThat(identifications).hasSize(1000);
        Set<Integer> starts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            send(IpAddress.v4(REMOTE.v4() + i), 8, 0, 0, 0);
            starts.add(sent().get(0).getHeader().getIdentificationAsInt());
        }
        assertThat(starts).hasSizeGreaterThan(95);
    }

    @Test
    void theTransportMayChooseTheTtl() {
        send(REMOTE, 8, 7, 0, 0);
        assertThat(sent().get(0).getHeader().getTtlAsInt()).isEqualTo(7);
    }

    @Test
    void aMulticastStaysOnTheLinkUnlessToldOtherwise() { // RFC 1112 section 6.1
        send(IpAddress.parse("239.1.1.1"), 8, 0, 0, 0);
        assertThat(sent().get(0).getHeader().getTtlAsInt()).isEqualTo(1);
        send(IpAddress.parse("239.1.1.1"), 8, 9, 0, 0);
        assertThat(sent().get(0).getHeader().getTtlAsInt()).isEqualTo(9);
    }

    @ParameterizedTest(name = "{0} bytes at MTU {1}: {2} pieces")
    @CsvSource({
        "1472, 1500, 1",
        "1473, 1500, 2",
        "2952, 1500, 2",
        "2953, 1500, 3",
        "65507, 1500, 45",
        "65507, 68, 1365", // RFC 791: the smallest MTU
        "100, 68, 3",
    })
    void fragmentsAreWholeAgainWhenPutTogether(int data, int mtu, int pieces) {
        host.closesClean();
        host = new Host(Ipv4Config.DEFAULT, mtu, LinkFeatures.NONE).knowsPeer();
        byte[] datagram = send(REMOTE, data, 0, 0, 0);
        List<IpV4Packet> sent = sent();
        assertThat(sent).hasSize(pieces);
        assertThat(joined(sent)).isEqualTo(datagram);
        assertThat(sent).allSatisfy(piece -> {
            assertThat(piece.length()).isLessThanOrEqualTo(mtu);
            assertThat(piece.getHeader().getIdentificationAsInt())
                    .isEqualTo(sent.get(0).getHeader().getIdentificationAsInt());
            assertThat(piece.getHeader().getDontFragmentFlag()).isFalse();
            boolean last = piece.getHeader().getFragmentOffset()
                    == sent.get(pieces - 1).getHeader().getFragmentOffset();
            assertThat(piece.getHeader().getMoreFragmentFlag()).isEqualTo(!last);
        });
        assertThat(host.mib.value(Counter.IP_FRAG_CREATES)).isEqualTo(pieces == 1 ? 0 : pieces);
        assertThat(host.mib.value(Counter.IP_FRAG_OKS)).isEqualTo(pieces == 1 ? 0 : 1);
    }

    @Test
    void aChecksumLeftToTheLinkIsCompletedBeforeFragmenting() {
        host.closesClean();
        host = new Host(Ipv4Config.DEFAULT, 1500, new LinkFeatures(true, 65_535, false)).knowsPeer();
        byte[] datagram = send(REMOTE, 4000, 0, 0, 0);
        assertThat(joined(sent())).isEqualTo(datagram);
    }

    @Test
    void whatMayNotBeFragmentedAndDoesNotFitIsDropped() {
        send(REMOTE, 1473, 0, 0, IpLayer.DONT_FRAGMENT);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_TOO_BIG, 1L));
        assertThat(host.mib.value(Counter.IP_FRAG_FAILS)).isEqualTo(1);
        host.isQuiet();
    }

    @Test
    void aSuperSegmentGoesOutWholeWhereTheLinkCutsIt() {
        host.closesClean();
        host = new Host(Ipv4Config.DEFAULT, 1500, new LinkFeatures(true, 65_535, true)).knowsPeer();
        Path path = path(REMOTE);
        Frame frame = datagram(path, 60_000);
        frame.segmentSize = 1472;
        host.ip.send(path, frame, IpLayer.UDP, 0, 0, IpLayer.DONT_FRAGMENT);
        assertThat(sent())
                .singleElement()
                .satisfies(ip -> assertThat(ip.length()).isEqualTo(60_028));
    }

    @Test
    void aSuperSegmentIsNoFragmentsBusiness() {
        Path path = path(REMOTE);
        Frame frame = datagram(path, 60_000);
        frame.segmentSize = 1472;
        host.ip.send(path, frame, IpLayer.UDP, 0, 0, 0);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_TOO_BIG, 1L));
        host.isQuiet();
    }

    @Test
    void whatGoesToThisHostComesBackThroughLoopback() {
        Path path = path(Host.HOST);
        Frame frame = datagram(path, 10);
        host.ip.send(path, frame, IpLayer.UDP, 0, 0, 0);
        host.isQuiet();
        host.pumpLoopback();
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_NO_PORT, 1L));
    }

    private List<IpV4Packet> sent() {
        return host.sent(IpV4Packet.class);
    }

    private Path path(IpAddress to) {
        return Objects.requireNonNull(host.ip.route(null, to));
    }

    private Frame datagram(Path path, int data) {
        Frame frame = host.frames.take(Frame.HEADROOM + 8 + data);
        frame.transport = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + 8 + data;
        UdpHeader.write(frame.bytes(), frame.transport, 5000, 6000, 8 + data);
        frame.bytes().put(frame.transport + 8, TestPackets.pattern(data));
        TransportChecksum.fill(frame, path, IpLayer.UDP, UdpHeader.CHECKSUM);
        return frame;
    }

    /** Sends a UDP datagram and returns what it should look like. */
    private byte[] send(IpAddress to, int data, int ttl, int tos, int flags) {
        Path path = path(to);
        host.ip.send(path, datagram(path, data), IpLayer.UDP, ttl, tos, flags);
        return TestPackets.udp(path.source(), 5000, to, 6000, TestPackets.pattern(data));
    }

    private static byte[] joined(List<IpV4Packet> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (IpV4Packet piece : pieces) {
            assertThat(piece.getHeader().getFragmentOffset() * 8).isEqualTo(all.size());
            byte[] data = piece.getPayload().getRawData();
            all.write(data, 0, data.length);
        }
        return all.toByteArray();
    }
}
