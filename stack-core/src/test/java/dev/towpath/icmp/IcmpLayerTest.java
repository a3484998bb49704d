package dev.towpath.icmp;

import static dev.towpath.testing.Host.ALL;
import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.Host.SECOND;
import static dev.towpath.testing.TestPackets.IPV4;
import static dev.towpath.testing.TestPackets.icmp;
import static dev.towpath.testing.TestPackets.part;
import static dev.towpath.testing.TestPackets.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Allocations;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.TestPackets.Ip;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV4DestinationUnreachablePacket;
import org.pcap4j.packet.IcmpV4EchoPacket;
import org.pcap4j.packet.IpV4Packet;

class IcmpLayerTest {
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int UNREACHABLE = 3;
    private static final int ECHO = 8;
    private static final int TRIED = 253; // a protocol that somebody here speaks

    private final Host host = new Host().knowsPeer();
    private final List<String> heard = new ArrayList<>();

    IcmpLayerTest() {
        host.ip.register(TRIED, new TransportHandler() {
            @Override
            public void receive(Frame frame) {}

            @Override
            public void receiveError(IpError error, int mtu, Frame quote) {
                heard.add(error + (mtu == 0 ? "" : " " + mtu) + " "
                        + IpAddress.ofBits(quote.sourceHigh, quote.sourceLow) + " -> "
                        + IpAddress.ofBits(quote.destinationHigh, quote.destinationLow) + " "
                        + (quote.end - quote.transport) + " bytes from "
                        + quote.bytes().get(quote.transport));
            }
        });
    }

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    // ---- echo

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 17, 56, 1472, 1473, 8000, 65_507})
    @Covers(Requirement.ICMP_ECHO)
    void anEchoOfAnySizeComesBackAsItWas(int size) { // RFC 792
        byte[] data = pattern(size);
        receives(icmp(ECHO, 0, 0x1234_5678, data), 1480);
        List<IpV4Packet> pieces = host.sent(IpV4Packet.class);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        pieces.forEach(piece -> reply.writeBytes(piece.getPayload().getRawData()));
        assertThat(reply.toByteArray()).isEqualTo(icmp(0, 0, 0x1234_5678, data));
        assertThat(pieces).allSatisfy(piece -> {
            assertThat(piece.getHeader().getSrcAddr()).isEqualTo(HOST.toInetAddress());
            assertThat(piece.getHeader().getDstAddr()).isEqualTo(PEER.toInetAddress());
        });
        assertThat(host.mib.value(Counter.ICMP_IN_ECHOS)).isEqualTo(1);
        assertThat(host.mib.value(Counter.ICMP_OUT_ECHO_REPS)).isEqualTo(1);
    }

    @Test
    void theReplyHasTheRequestsTrafficClass() {
        host.receives(
                TestPackets.ip(PEER, HOST, ICMP, icmp(ECHO, 0, 1, pattern(56))).tos(0x48));
        assertThat(host.sent(IpV4Packet.class).get(0).getHeader().getTos().value())
                .isEqualTo((byte) 0x48);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource({
        "192.0.2.255, ff:ff:ff:ff:ff:ff",
        "255.255.255.255, ff:ff:ff:ff:ff:ff",
        "224.0.0.1, 01:00:5e:00:00:01",
        "192.0.2.255, 02:00:00:00:00:02",
    })
    void anEchoToManyIsNotAnswered(String to, String mac) { // RFC 1122 section 3.2.2.6
        byte[] echo = icmp(ECHO, 0, 1, pattern(56));
        host.receives(
                MacAddress.parse(mac),
                IPV4,
                TestPackets.ip(PEER, IpAddress.parse(to), ICMP, echo).bytes());
        host.isQuiet();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ICMP_IGNORED, 1L));
    }

    @Test
    void pingsAndHearsTheReply() {
        int id = host.icmp.openEcho(new Listener("a"));
        int other = host.icmp.openEcho(new Listener("b"));
        assertThat(id).isNotEqualTo(other);
        ByteBuffer data = ByteBuffer.wrap(pattern(100)).position(10);
        host.icmp.ping(path(PEER), id, 7, data);
        assertThat(data.hasRemaining()).isFalse();
        IcmpV4EchoPacket echo = host.sentOne().get(IcmpV4EchoPacket.class);
        assertThat(echo.getHeader().getIdentifierAsInt()).isEqualTo(id);
        assertThat(echo.getHeader().getSequenceNumberAsInt()).isEqualTo(7);
        assertThat(echo.getPayload().getRawData()).isEqualTo(part(pattern(100), 10, 100));
        receives(icmp(0, 0, id << 16 | 7, pattern(90)));
        receives(icmp(0, 0, other << 16 | 8, pattern(3)));
        assertThat(heard).containsExactly("a: reply 7 with 90 bytes", "b: reply 8 with 3 bytes");
    }

    @Test
    void aReplyThatNobodyWaitsForIsDropped() {
        int id = host.icmp.openEcho(new Listener("a"));
        host.icmp.closeEcho(id);
        host.icmp.closeEcho(id);
        receives(icmp(0, 0, id << 16, pattern(4)));
        assertThat(heard).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ICMP_UNEXPECTED_REPLY, 1L));
    }

    @Test
    void aPingInVainIsTold() {
        int id = host.icmp.openEcho(new Listener("a"));
        IpAddress nobody = IpAddress.parse("192.0.2.9");
        host.icmp.ping(path(nobody), id, 1, ByteBuffer.allocate(56));
        host.advance(3 * SECOND);
        byte[] mine = TestPackets.ip(HOST, REMOTE, ICMP, icmp(ECHO, 0, id << 16 | 2, new byte[56]))
                .bytes();
        receives(icmp(11, 0, 0, mine));
        byte[] foreign = TestPackets.ip(HOST, REMOTE, ICMP, icmp(ECHO, 0, (id + 1) << 16, new byte[56]))
                .bytes();
        receives(icmp(11, 0, 0, foreign));
        assertThat(heard).containsExactly("a: HOST_UNREACHABLE 1", "a: HOP_LIMIT_EXCEEDED 2");
        host.device.sent();
    }

    @Test
    void anEchoThatFitsNoDatagramIsTheCallersMistake() {
        assertThatThrownBy(() -> host.icmp.ping(path(PEER), 1, 1, ByteBuffer.allocate(65_508)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65508");
    }

    @Test
    void pingsItself() {
        int id = host.icmp.openEcho(new Listener("a"));
        host.icmp.ping(path(HOST), id, 1, ByteBuffer.allocate(56));
        host.icmp.ping(path(IpAddress.LOOPBACK_V4), id, 2, ByteBuffer.allocate(5600));
        host.pumpLoopback();
        assertThat(heard).containsExactly("a: reply 1 with 56 bytes", "a: reply 2 with 5600 bytes");
        host.isQuiet();
    }

    // ---- what is not listened to

    @Test
    void dropsWhatIsTooShortOrDamaged() {
        receives(new byte[7]);
        byte[] damaged = icmp(ECHO, 0, 1, pattern(56));
        damaged[20]++;
        receives(damaged);
        assertThat(host.dropped())
                .containsOnly(entry(DropReason.ICMP_TOO_SHORT, 1L), entry(DropReason.ICMP_BAD_CHECKSUM, 1L));
        assertThat(host.mib.value(Counter.ICMP_IN_ERRORS)).isEqualTo(2);
        assertThat(host.mib.value(Counter.ICMP_IN_CSUM_ERRORS)).isEqualTo(1);
        host.isQuiet();
    }

    @ParameterizedTest(name = "type {0}")
    @Covers(Requirement.SOURCE_QUENCH)
    @ValueSource(ints = {4, 5, 1, 9, 10, 13, 14, 15, 17, 30, 255})
    void ignoresWhatItNeedNotKnow(
            int type) { // 4 source quench: RFC 6633; 5 redirect; the rest: RFC 1122 section 3.2.2, RFC 6918
        receives(icmp(type, 0, 0, offending(TRIED, new byte[8])));
        assertThat(heard).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ICMP_IGNORED, 1L));
        host.isQuiet();
    }

    // ---- errors received

    @ParameterizedTest(name = "type {0} code {1}: {2}")
    @CsvSource({
        "3, 0, NETWORK_UNREACHABLE",
        "3, 1, HOST_UNREACHABLE",
        "3, 2, PROTOCOL_UNREACHABLE",
        "3, 3, PORT_UNREACHABLE",
        "3, 4, PACKET_TOO_BIG 1400",
        "3, 5, SOURCE_ROUTE_FAILED",
        "3, 6, NETWORK_UNREACHABLE",
        "3, 7, HOST_UNREACHABLE",
        "3, 8, HOST_UNREACHABLE",
        "3, 9, PROHIBITED",
        "3, 10, PROHIBITED",
        "3, 11, NETWORK_UNREACHABLE",
        "3, 12, HOST_UNREACHABLE",
        "3, 13, PROHIBITED",
        "3, 15, PROHIBITED",
        "11, 0, HOP_LIMIT_EXCEEDED",
        "11, 1, REASSEMBLY_TIME_EXCEEDED",
        "12, 0, PARAMETER_PROBLEM",
    })
    void tellsTheTransportOfErrors(int type, int code, String error) {
        receives(icmp(type, code, 1400, offending(TRIED, new byte[] {9, 8, 7, 6, 5, 4, 3, 2, 1})));
        assertThat(heard).containsExactly(error + " 192.0.2.2 -> 198.51.100.7 9 bytes from 9");
        assertThat(host.dropped()).isEmpty();
    }

    @ParameterizedTest(name = "type {0} code {1}")
    @CsvSource({"3, 16", "11, 2"})
    void ignoresCodesThatNobodyAssigned(int type, int code) {
        receives(icmp(type, code, 0, offending(TRIED, new byte[8])));
        assertThat(heard).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ICMP_IGNORED, 1L));
    }

    @Test
    void aQuoteMustBeOfAPacketThatThisHostCanHaveSent() {
        byte[] data = new byte[8];
        receives(icmp(
                UNREACHABLE, 3, 0, TestPackets.ip(PEER, REMOTE, TRIED, data).bytes())); // not our address
        receives(icmp(UNREACHABLE, 3, 0, TestPackets.ip(HOST, REMOTE, 254, data).bytes())); // nobody here speaks it
        receives(icmp(
                UNREACHABLE,
                3,
                0,
                TestPackets.ip(HOST, REMOTE, TRIED, data).fragment(1, 8, false).bytes()));
        receives(icmp(UNREACHABLE, 3, 0, part(offending(TRIED, data), 0, 27))); // too little
        receives(icmp(UNREACHABLE, 3, 0, new byte[0]));
        receives(icmp(
                UNREACHABLE,
                3,
                0,
                TestPackets.ip(HOST, REMOTE, TRIED, data).version(6).bytes()));
        receives(icmp(
                UNREACHABLE,
                3,
                0,
                TestPackets.ip(HOST, REMOTE, TRIED, data).headerLength(24).bytes()));
        receives(icmp(
                UNREACHABLE,
                3,
                0,
                TestPackets.ip(HOST, REMOTE, TRIED, data).headerLength(16).bytes()));
        assertThat(heard).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ICMP_BAD_QUOTE, 8L));
    }

    @Test
    void aQuoteMayHaveOptionsAndWhatRoutersHaveChanged() {
        Ip quoted = TestPackets.ip(HOST, REMOTE, TRIED, new byte[] {5, 0, 0, 0, 0, 0, 0, 0})
                .options(1, 1, 1, 0)
                .totalLength(4000)
                .wrongChecksum();
        receives(icmp(UNREACHABLE, 1, 0, quoted.bytes()));
        assertThat(heard).containsExactly("HOST_UNREACHABLE 192.0.2.2 -> 198.51.100.7 8 bytes from 5");
    }

    // ---- errors sent

    @Test
    @Covers(Requirement.ICMP_QUOTE)
    void anErrorQuotesTheHeaderAndAsMuchAsFits() { // RFC 1812 section 4.3.2.3
        byte[] offending = closedPort(REMOTE, pattern(1000)).bytes();
        host.receives(HOST_MAC, IPV4, offending);
        EthernetPacket frame = host.sentOne();
        IpV4Packet ip = frame.get(IpV4Packet.class);
        assertThat(ip.length()).isEqualTo(576);
        assertThat(ip.getHeader().getSrcAddr()).isEqualTo(HOST.toInetAddress());
        assertThat(ip.getHeader().getDstAddr()).isEqualTo(REMOTE.toInetAddress());
        assertThat(ip.getHeader().getTos().value()).isEqualTo((byte) 0xc0);
        IcmpV4CommonPacket icmp = frame.get(IcmpV4CommonPacket.class);
        assertThat(icmp.getHeader().getCode().value()).isEqualTo((byte) 3);
        byte[] quote =
                icmp.get(IcmpV4DestinationUnreachablePacket.class).getPayload().getRawData();
        assertThat(quote).isEqualTo(part(offending, 0, 548));
        assertThat(host.mib.value(Counter.ICMP_OUT_DEST_UNREACHS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.ICMP_QUOTE)
    void aShortPacketIsQuotedWholeWithoutItsPadding() {
        byte[] offending = closedPort(PEER, new byte[] {1}).bytes();
        host.receives(HOST_MAC, IPV4, Arrays.copyOf(offending, 46));
        byte[] quote = host.sentOne()
                .get(IcmpV4DestinationUnreachablePacket.class)
                .getPayload()
                .getRawData();
        assertThat(quote).isEqualTo(offending);
    }

    @Test
    @Covers(Requirement.ICMP_NEVER_ABOUT)
    void noErrorIsSentAboutAnIcmpErrorNorAboutAnUnknownType() { // RFC 1122 section 3.2.2
        for (int type : new int[] {3, 4, 5, 11, 12, 13, 200, 0}) {
            sendErrorAbout(TestPackets.ip(PEER, HOST, ICMP, icmp(type, 0, 0, new byte[30])), false, false);
        }
        host.isQuiet();
        sendErrorAbout(TestPackets.ip(PEER, HOST, ICMP, icmp(ECHO, 0, 0, new byte[30])), false, false);
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(1);
    }

    @Test
    @Covers(Requirement.ICMP_NEVER_ABOUT)
    void noErrorIsSentAboutWhatCameToManyNorAboutALaterFragmentNorToNobody() {
        Ip packet = closedPort(PEER, new byte[30]);
        sendErrorAbout(packet, true, false);
        sendErrorAbout(packet, false, true);
        sendErrorAbout(TestPackets.ip(PEER, HOST, UDP, new byte[32]).fragment(1, 8, true), false, false);
        for (String source : new String[] {"0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.255"}) {
            sendErrorAbout(closedPort(IpAddress.parse(source), new byte[30]), false, false);
        }
        host.isQuiet();
        sendErrorAbout(packet, false, false);
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(1);
    }

    @Test
    @Covers(Requirement.ICMP_NEVER_ABOUT)
    void aBroadcastToAClosedPortIsNotAnswered() {
        IpAddress all = IpAddress.BROADCAST_V4;
        byte[] datagram = TestPackets.udp(PEER, 9, all, 9, new byte[4]);
        host.receives(ALL, IPV4, TestPackets.ip(PEER, all, UDP, datagram).bytes());
        host.isQuiet();
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_NO_PORT, 1L));
    }

    @Test
    @Covers(Requirement.ICMP_QUOTE)
    void errorsToOneDestinationAreLimited() { // RFC 1812 section 4.3.2.8
        for (int i = 0; i < 100; i++) {
            host.receives(closedPort(PEER, new byte[4]));
        }
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(10);
        assertThat(host.mib.value(Counter.ICMP_OUT_RATE_LIMITED)).isEqualTo(90);
        assertThat(host.dropped())
                .containsOnly(entry(DropReason.UDP_NO_PORT, 100L), entry(DropReason.ICMP_RATE_LIMITED, 90L));
        host.receives(closedPort(REMOTE, new byte[4]));
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(1);
        host.advance(SECOND / 10);
        host.receives(closedPort(PEER, new byte[4]));
        host.receives(closedPort(PEER, new byte[4]));
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(1);
    }

    @Test
    void errorsToThisHostItselfAreNotLimited() {
        for (int i = 0; i < 100; i++) {
            byte[] datagram = TestPackets.udp(HOST, 1000, HOST, 9, new byte[4]);
            Frame frame = frame(TestPackets.ip(HOST, HOST, UDP, datagram));
            host.ip.reject(frame, IpError.PORT_UNREACHABLE);
            frame.release();
        }
        assertThat(host.mib.value(Counter.ICMP_OUT_ERRORS)).isEqualTo(100);
        host.pumpLoopback();
    }

    @Test
    void whatOnlyRoutersSayIsTheCallersMistake() {
        Frame frame = frame(closedPort(PEER, new byte[4]));
        assertThatThrownBy(() -> host.ip.reject(frame, IpError.PACKET_TOO_BIG))
                .isInstanceOf(IllegalArgumentException.class);
        frame.release();
    }

    @Test
    void answeringAnEchoAllocatesNothing() {
        host.device.careless();
        byte[] request = TestPackets.ethernet(
                HOST_MAC,
                Host.PEER_MAC,
                IPV4,
                TestPackets.ip(PEER, HOST, ICMP, icmp(ECHO, 0, 1, pattern(56))).bytes());
        Allocations.assertNone(() -> host.receives(request));
        assertThat(host.device.carelesslySent()).isGreaterThan(20_000);
    }

    private static byte[] offending(int protocol, byte[] data) {
        return TestPackets.ip(HOST, REMOTE, protocol, data).bytes();
    }

    private static Ip closedPort(IpAddress from, byte[] data) {
        return TestPackets.ip(from, HOST, UDP, TestPackets.udp(from, 1000, HOST, 9, data));
    }

    private void receives(byte[] message) {
        receives(message, 1480);
    }

    private void receives(byte[] message, int most) {
        for (int from = 0; from < message.length; from += most) {
            int to = Math.min(message.length, from + most);
            host.receives(
                    TestPackets.ip(PEER, HOST, ICMP, part(message, from, to)).fragment(77, from, to < message.length));
        }
    }

    private Path path(IpAddress to) {
        return Objects.requireNonNull(host.ip.route(null, to));
    }

    /** Asks for an error about {@code packet}, whatever had happened to it on the way up. */
    private void sendErrorAbout(Ip packet, boolean linkGroup, boolean destinationGroup) {
        Frame frame = frame(packet);
        frame.linkGroup = linkGroup;
        frame.destinationGroup = destinationGroup;
        host.ip.reject(frame, IpError.PROTOCOL_UNREACHABLE);
        frame.release();
    }

    private Frame frame(Ip packet) {
        byte[] bytes = packet.bytes();
        Frame frame = host.frames.take(Frame.HEADROOM + bytes.length);
        frame.network = Frame.HEADROOM;
        frame.start = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + bytes.length;
        frame.bytes().put(frame.network, bytes);
        return frame;
    }

    private final class Listener implements EchoListener {
        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public void reply(Frame frame, int sequence) {
            heard.add(name + ": reply " + sequence + " with " + (frame.end - frame.payload) + " bytes");
        }

        @Override
        public void failed(IpError error, int sequence) {
            heard.add(name + ": " + error + " " + sequence);
        }
    }
}
