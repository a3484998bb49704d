package dev.towpath.udp;

import static dev.towpath.testing.Host.ALL;
import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.PEER_MAC;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.Host.SECOND;
import static dev.towpath.testing.TestPackets.IPV4;
import static dev.towpath.testing.TestPackets.icmp;
import static dev.towpath.testing.TestPackets.part;
import static dev.towpath.testing.TestPackets.pattern;
import static dev.towpath.testing.TestPackets.put16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Allocations;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;

class UdpTest {
    private static final int PORT = 7000;
    private static final int PEER_PORT = 9000;

    private final Host host = new Host().knowsPeer();
    private final List<UdpEndpoint> opened = new ArrayList<>();
    private UdpEndpoint endpoint = open();
    private int changes;

    @BeforeEach
    void bindsToAny() {
        assertThat(endpoint.bind(IpAddress.ANY_V4, PORT, false, false)).isNull();
    }

    @AfterEach
    void nothingLeaks() {
        opened.forEach(UdpEndpoint::close);
        assertThat(host.flows.size()).isZero();
        assertThat(host.flows.flowsOnPort(IpLayer.UDP, PORT)).isZero();
        host.closesClean();
    }

    // ---- receiving

    @Test
    void receivesDatagramsInOrderWithTheirSenders() {
        arrives(PEER, 9000, PORT, "first");
        arrives(REMOTE, 9001, PORT, "");
        arrives(PEER, 65_535, PORT, "third one");
        assertThat(changes).isEqualTo(3);
        assertThat(endpoint.readable()).isTrue();
        assertThat(receive(endpoint)).isEqualTo("first from 192.0.2.1:9000");
        assertThat(receive(endpoint)).isEqualTo(" from 198.51.100.7:9001");
        assertThat(receive(endpoint)).isEqualTo("third one from 192.0.2.1:65535");
        assertThat(endpoint.readable()).isFalse();
        assertThat(endpoint.receive(ByteBuffer.allocate(1), false)).isEqualTo(UdpEndpoint.NOTHING);
        assertThat(host.mib.value(Counter.UDP_IN_DATAGRAMS)).isEqualTo(3);
    }

    @Test
    void aSuperDatagramIsReceivedAsTheDatagramsThatWereSent() {
        byte[] data = "abcabcabcab".getBytes(StandardCharsets.US_ASCII);
        byte[] packet = TestPackets.ip(PEER, HOST, IpLayer.UDP, TestPackets.udp(PEER, PEER_PORT, HOST, PORT, data))
                .bytes();
        host.receivesSuper(TestPackets.ethernet(HOST_MAC, PEER_MAC, IPV4, packet), 3);
        for (int i = 0; i < 3; i++) {
            assertThat(receive(endpoint)).isEqualTo("abc from 192.0.2.1:9000");
        }
        assertThat(receive(endpoint)).isEqualTo("ab from 192.0.2.1:9000");
        assertThat(endpoint.readable()).isFalse();
        assertThat(host.mib.value(Counter.UDP_IN_DATAGRAMS)).isEqualTo(4);
    }

    @Test
    void peekingLeavesTheDatagram() {
        arrives(PEER, PEER_PORT, PORT, "hello");
        ByteBuffer into = ByteBuffer.allocateDirect(10).position(2);
        assertThat(endpoint.receive(into, true)).isEqualTo(5);
        assertThat(into.position()).isEqualTo(7);
        assertThat(receive(endpoint)).isEqualTo("hello from 192.0.2.1:9000");
    }

    @Test
    void whatDoesNotFitIsCutAndTheNextDatagramIsWhole() {
        arrives(PEER, PEER_PORT, PORT, "a long one");
        arrives(PEER, PEER_PORT, PORT, "next");
        ByteBuffer small = ByteBuffer.allocate(4);
        assertThat(endpoint.receive(small, false)).isEqualTo(10);
        assertThat(small.array()).isEqualTo("a lo".getBytes(StandardCharsets.US_ASCII));
        assertThat(receive(endpoint)).isEqualTo("next from 192.0.2.1:9000");
    }

    @Test
    @Covers(Requirement.UDP_CHECKSUM)
    void acceptsADatagramWithoutChecksumButNotWithAWrongOne() { // RFC 768
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, HOST, PORT, new byte[] {'a', 'b', 'c'});
        byte[] unchecked = datagram.clone();
        put16(unchecked, 6, 0);
        byte[] wrong = datagram.clone();
        wrong[9]++;
        host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, unchecked));
        host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, wrong));
        assertThat(receive(endpoint)).startsWith("abc");
        assertThat(endpoint.readable()).isFalse();
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_BAD_CHECKSUM, 1L));
        assertThat(host.mib.value(Counter.UDP_IN_CSUM_ERRORS)).isEqualTo(1);
    }

    @ParameterizedTest(name = "length field {0} of {1} bytes")
    @CsvSource({"7, 11", "0, 11", "12, 11", "65535, 11"})
    @Covers(Requirement.UDP_LENGTH)
    void dropsAWrongLength(int field, int length) {
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, HOST, PORT, new byte[length - 8]);
        put16(datagram, 4, field);
        host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, datagram));
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_BAD_LENGTH, 1L));
        assertThat(host.mib.value(Counter.UDP_IN_ERRORS)).isEqualTo(1);
        host.isQuiet();
    }

    @Test
    @Covers(Requirement.UDP_LENGTH)
    void dropsWhatIsShorterThanAHeader() {
        host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, new byte[7]));
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_BAD_LENGTH, 1L));
    }

    @Test
    void ignoresWhatFollowsTheDatagramInItsPacket() {
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, HOST, PORT, new byte[] {'a'});
        host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, Arrays.copyOf(datagram, 40)));
        assertThat(receive(endpoint)).isEqualTo("a from 192.0.2.1:9000");
    }

    @Test
    @Covers(Requirement.UDP_CLOSED_PORT)
    void aClosedPortIsUnreachable() { // RFC 1122 section 4.1.3.1
        arrives(PEER, PEER_PORT, PORT + 1, "nobody");
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_NO_PORT, 1L));
        assertThat(host.mib.value(Counter.UDP_NO_PORTS)).isEqualTo(1);
        IcmpV4CommonPacket error = host.sentOne().get(IcmpV4CommonPacket.class);
        assertThat(error.getHeader().getType().value()).isEqualTo((byte) 3);
        assertThat(error.getHeader().getCode().value()).isEqualTo((byte) 3);
    }

    @Test
    void aFullBufferDropsTheNewest() {
        endpoint.receiveBuffer(1000);
        int arrived = 0;
        while (host.mib.dropped(DropReason.UDP_BUFFER_FULL) == 0) {
            arrives(PEER, PEER_PORT, PORT, "x" + arrived++);
        }
        assertThat(arrived - 1).isBetween(30, 40); // two bytes cost 26, not a frame
        assertThat(host.mib.value(Counter.UDP_RCVBUF_ERRORS)).isEqualTo(1);
        assertThat(receive(endpoint)).startsWith("x0 ");
        arrives(PEER, PEER_PORT, PORT, "y");
        for (int i = 1; i < arrived - 1; i++) {
            assertThat(receive(endpoint)).startsWith("x" + i + " ");
        }
        assertThat(receive(endpoint)).startsWith("y ");
    }

    @Test
    void theLargestDatagramFitsInTheSmallestBuffer() {
        endpoint.receiveBuffer(1);
        byte[] data = pattern(UdpEndpoint.MAX_DATA);
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, HOST, PORT, data);
        for (int from = 0; from < datagram.length; from += 1480) {
            int to = Math.min(datagram.length, from + 1480);
            host.receives(TestPackets.ip(PEER, HOST, IpLayer.UDP, part(datagram, from, to))
                    .fragment(3, from, to < datagram.length));
        }
        ByteBuffer into = ByteBuffer.allocate(70_000);
        assertThat(endpoint.receive(into, false)).isEqualTo(data.length);
        assertThat(part(into.array(), 0, data.length)).isEqualTo(data);
    }

    @Test
    void anEmptyQueueOwnsNoMemory() {
        arrives(PEER, PEER_PORT, PORT, "hello");
        assertThat(host.buffers.inUse()).isPositive();
        receive(endpoint);
        assertThat(host.buffers.inUse()).isZero();
    }

    @Test
    void aBroadcastGoesToAllOnThePort() {
        endpoint.close();
        UdpEndpoint any = bound(IpAddress.ANY_V4, PORT);
        UdpEndpoint same = bound(IpAddress.ANY_V4, PORT);
        UdpEndpoint specific = bound(HOST, PORT);
        UdpEndpoint toBroadcast = bound(IpAddress.parse("192.0.2.255"), PORT);
        broadcast("192.0.2.255");
        assertThat(any.readable()).isTrue();
        assertThat(same.readable()).isTrue();
        assertThat(toBroadcast.readable()).isTrue();
        assertThat(specific.readable()).isFalse();
        broadcast("255.255.255.255");
        assertThat(count(any)).isEqualTo(2);
        assertThat(count(toBroadcast)).isEqualTo(1);
        host.isQuiet();
    }

    @Test
    void theMostSpecificEndpointGetsADatagram() {
        endpoint.close();
        UdpEndpoint any = bound(IpAddress.ANY_V4, PORT);
        UdpEndpoint specific = bound(HOST, PORT);
        arrives(PEER, PEER_PORT, PORT, "a");
        assertThat(specific.readable()).isTrue();
        assertThat(any.readable()).isFalse();
        assertThat(specific.connect(REMOTE, 1)).isNull();
        arrives(PEER, PEER_PORT, PORT, "b");
        assertThat(any.readable()).isTrue();
    }

    // ---- connected endpoints

    @Test
    void aConnectedEndpointHearsItsPeerOnly() {
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        assertThat(endpoint.localAddress()).isEqualTo(HOST);
        assertThat(endpoint.remoteAddress()).isEqualTo(PEER);
        assertThat(endpoint.remotePort()).isEqualTo(PEER_PORT);
        arrives(PEER, PEER_PORT, PORT, "peer");
        arrives(PEER, PEER_PORT + 1, PORT, "other port");
        arrives(REMOTE, PEER_PORT, PORT, "other host");
        assertThat(receive(endpoint)).startsWith("peer");
        assertThat(endpoint.readable()).isFalse();
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_OTHER_PEER, 2L));
        assertThat(host.sent(IcmpV4CommonPacket.class)).hasSize(2);
    }

    @Test
    void aDisconnectedEndpointHearsEverybodyAgain() {
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        endpoint.disconnect();
        endpoint.disconnect();
        assertThat(endpoint.remoteAddress()).isNull();
        assertThat(endpoint.remotePort()).isZero();
        assertThat(endpoint.localAddress()).isEqualTo(IpAddress.ANY_V4);
        arrives(REMOTE, 1, PORT, "anybody");
        assertThat(receive(endpoint)).startsWith("anybody");
    }

    @Test
    void thePeerMayBeChanged() {
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        assertThat(endpoint.connect(REMOTE, 1)).isNull();
        arrives(PEER, PEER_PORT, PORT, "old");
        arrives(REMOTE, 1, PORT, "new");
        assertThat(receive(endpoint)).startsWith("new");
        assertThat(host.flows.size()).isEqualTo(1);
    }

    @Test
    void connectingWhereThereIsNoWayLeavesItAsItWas() {
        assertThat(endpoint.connect(IpAddress.parse("240.0.0.1"), 1)).isEqualTo(TransportError.NETWORK_UNREACHABLE);
        assertThat(endpoint.connect(IpAddress.BROADCAST_V4, 1)).isEqualTo(TransportError.PROHIBITED);
        assertThat(endpoint.remoteAddress()).isNull();
        arrives(REMOTE, 1, PORT, "anybody");
        assertThat(endpoint.readable()).isTrue();
    }

    @Test
    void twoEndpointsOnOnePortCantHaveTheSamePeer() {
        endpoint.close();
        UdpEndpoint one = bound(IpAddress.ANY_V4, PORT);
        UdpEndpoint two = bound(IpAddress.ANY_V4, PORT);
        assertThat(one.connect(PEER, PEER_PORT)).isNull();
        assertThat(two.connect(REMOTE, 1)).isNull();
        assertThat(two.connect(PEER, PEER_PORT)).isEqualTo(TransportError.ADDRESS_IN_USE);
        assertThat(two.remoteAddress()).isEqualTo(REMOTE);
        arrives(REMOTE, 1, PORT, "still");
        assertThat(receive(two)).startsWith("still");
    }

    @ParameterizedTest(name = "type {0} code {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "3, 3, CONNECTION_REFUSED",
                "3, 2, PROTOCOL_UNREACHABLE",
                "3, 1, HOST_UNREACHABLE",
                "3, 0, NETWORK_UNREACHABLE",
                "3, 13, PROHIBITED",
                "3, 4, -",
                "11, 0, -",
                "11, 1, -",
                "12, 0, -",
            })
    @Covers(Requirement.UDP_ICMP_ERRORS)
    void anIcmpErrorWaitsForTheConnectedEndpoint(int type, int code, @Nullable TransportError error) {
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        icmpError(type, code, PORT, PEER, PEER_PORT);
        assertThat(endpoint.hasError()).isEqualTo(error != null);
        assertThat(changes).isEqualTo(error == null ? 0 : 1);
        assertThat(endpoint.takeError()).isEqualTo(error);
        assertThat(endpoint.takeError()).isNull();
    }

    @Test
    @Covers(Requirement.UDP_ICMP_ERRORS)
    void anIcmpErrorIsNotForUnconnectedEndpointsNorAboutOtherPeers() { // RFC 1122 section 4.1.3.3
        icmpError(3, 3, PORT, PEER, PEER_PORT);
        assertThat(endpoint.hasError()).isFalse();
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        icmpError(3, 3, PORT, PEER, PEER_PORT + 1);
        icmpError(3, 3, PORT, REMOTE, PEER_PORT);
        icmpError(3, 3, PORT + 1, PEER, PEER_PORT);
        assertThat(endpoint.hasError()).isFalse();
    }

    @Test
    void aNeighbourThatDoesNotAnswerArpIsUnreachable() {
        IpAddress nobody = IpAddress.parse("192.0.2.9");
        assertThat(endpoint.connect(nobody, 9)).isNull();
        assertThat(send(endpoint, "hello?", nobody, 9)).isNull();
        host.advance(3 * SECOND);
        assertThat(endpoint.takeError()).isEqualTo(TransportError.HOST_UNREACHABLE);
        host.device.sent();
    }

    // ---- sending

    @Test
    void sendsADatagramWithPortsLengthAndChecksum() {
        endpoint.hopLimit(9);
        ByteBuffer data = ByteBuffer.wrap(pattern(100)).position(10);
        assertThat(endpoint.send(data, REMOTE, 53)).isNull();
        assertThat(data.hasRemaining()).isFalse();
        EthernetPacket frame = host.sentOne();
        IpV4Packet ip = frame.get(IpV4Packet.class);
        assertThat(ip.getHeader().getTtlAsInt()).isEqualTo(9);
        assertThat(ip.getHeader().getDontFragmentFlag()).isFalse();
        assertThat(ip.getPayload().getRawData())
                .isEqualTo(TestPackets.udp(HOST, PORT, REMOTE, 53, part(pattern(100), 10, 100)));
        assertThat(host.mib.value(Counter.UDP_OUT_DATAGRAMS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.UDP_CHECKSUM)
    void aComputedZeroIsSentAsItsOtherForm() { // RFC 768
        byte[] data = {0, 0};
        byte[] probe = TestPackets.udp(HOST, PORT, PEER, PEER_PORT, data);
        put16(data, 0, TestPackets.uint16(probe, 6)); // makes the sum come out as zero
        assertThat(endpoint.send(ByteBuffer.wrap(data), PEER, PEER_PORT)).isNull();
        UdpPacket udp = host.sentOne().get(UdpPacket.class);
        assertThat(udp.getHeader().getChecksum()).isEqualTo((short) 0xffff);
    }

    @Test
    void aDatagramLargerThanTheLinkIsFragmented() {
        assertThat(send(endpoint, "x".repeat(5000), PEER, PEER_PORT)).isNull();
        assertThat(host.sent(IpV4Packet.class)).hasSize(4);
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource(
            nullValues = "-",
            value = {"0, -", "65507, -", "65508, MESSAGE_TOO_LONG", "100000, MESSAGE_TOO_LONG"})
    void theLargestDatagram(int length, @Nullable TransportError error) {
        ByteBuffer data = ByteBuffer.allocate(length);
        assertThat(endpoint.send(data, PEER, PEER_PORT)).isEqualTo(error);
        assertThat(data.remaining()).isEqualTo(error == null ? 0 : length);
        host.device.sent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"255.255.255.255", "192.0.2.255"})
    void broadcastsMustBeAllowed(String to) { // SO_BROADCAST
        IpAddress all = IpAddress.parse(to);
        assertThat(send(endpoint, "hello", all, 9)).isEqualTo(TransportError.PROHIBITED);
        host.isQuiet();
        endpoint.broadcast(true);
        assertThat(send(endpoint, "hello", all, 9)).isNull();
        assertThat(host.sentOne().getHeader().getDstAddr()).hasToString("ff:ff:ff:ff:ff:ff");
    }

    @Test
    void whatIsNotToBeFragmentedIsNotSentIfItIsTooLong() { // IP_DONTFRAG
        endpoint.dontFragment(true);
        assertThat(send(endpoint, "x".repeat(1473), PEER, PEER_PORT)).isEqualTo(TransportError.MESSAGE_TOO_LONG);
        host.isQuiet();
        assertThat(send(endpoint, "x".repeat(1472), PEER, PEER_PORT)).isNull();
        assertThat(host.sentOne().get(IpV4Packet.class).getHeader().getDontFragmentFlag())
                .isTrue();
        endpoint.dontFragment(false);
        assertThat(send(endpoint, "x".repeat(1473), PEER, PEER_PORT)).isNull();
        assertThat(host.sent(IpV4Packet.class))
                .hasSize(2)
                .noneMatch(p -> p.getHeader().getDontFragmentFlag());
    }

    @Test
    void whatWasTooLongOnTheWayIsReportedToWhoDoesNotWantItFragmented() {
        assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        for (boolean whole : new boolean[] {false, true}) {
            endpoint.dontFragment(whole);
            assertThat(send(endpoint, "hello", PEER, PEER_PORT)).isNull();
            byte[] sent = host.sentOne().get(IpV4Packet.class).getRawData();
            host.receives(TestPackets.ip(PEER, HOST, 1, icmp(3, 4, 1400, part(sent, 0, 28))));
            assertThat(endpoint.takeError()).isEqualTo(whole ? TransportError.MESSAGE_TOO_LONG : null);
        }
    }

    @Test
    void multicastNeedsNoPermission() {
        assertThat(send(endpoint, "hello", IpAddress.parse("239.1.2.3"), 9)).isNull();
        assertThat(host.sentOne().getHeader().getDstAddr()).hasToString("01:00:5e:01:02:03");
    }

    @Test
    void withoutARouteItSaysSo() {
        assertThat(send(endpoint, "hello", IpAddress.parse("240.0.0.1"), 9))
                .isEqualTo(TransportError.NETWORK_UNREACHABLE);
    }

    @Test
    void anEndpointBoundToAnAddressSendsFromIt() {
        UdpEndpoint local = bound(IpAddress.LOOPBACK_V4, 8000);
        assertThat(send(local, "x", PEER, 9)).isEqualTo(TransportError.NETWORK_UNREACHABLE);
        UdpEndpoint toBroadcast = bound(IpAddress.parse("192.0.2.255"), 8001);
        assertThat(send(toBroadcast, "x", PEER, 9)).isNull();
        assertThat(host.sent(IpV4Packet.class).get(0).getHeader().getSrcAddr()).isEqualTo(HOST.toInetAddress());
    }

    @Test
    void followsAChangeOfRoutes() {
        assertThat(endpoint.connect(REMOTE, 9)).isNull();
        assertThat(send(endpoint, "one", REMOTE, 9)).isNull();
        host.device.sent();
        for (var route : host.ip.routes().list()) {
            if (route.gateway() != null) {
                assertThat(host.ip.routes().remove(route)).isTrue();
            }
        }
        assertThat(send(endpoint, "two", REMOTE, 9)).isEqualTo(TransportError.NETWORK_UNREACHABLE);
        host.isQuiet();
    }

    @Test
    void sendsToItselfThroughLoopback() {
        assertThat(send(endpoint, "me", HOST, PORT)).isNull();
        assertThat(send(endpoint, "me again", IpAddress.LOOPBACK_V4, PORT)).isNull();
        host.isQuiet();
        host.pumpLoopback();
        assertThat(receive(endpoint)).isEqualTo("me from 192.0.2.2:7000");
        assertThat(receive(endpoint)).isEqualTo("me again from 127.0.0.1:7000");
    }

    @Test
    void aClosedPortOfThisHostRefusesToo() {
        assertThat(endpoint.connect(IpAddress.LOOPBACK_V4, 9)).isNull();
        assertThat(send(endpoint, "hello?", IpAddress.LOOPBACK_V4, 9)).isNull();
        host.pumpLoopback();
        assertThat(endpoint.takeError()).isEqualTo(TransportError.CONNECTION_REFUSED);
    }

    // ---- binding

    @Test
    void sendingAndConnectingBindToAnEphemeralPort() {
        UdpEndpoint sender = open();
        UdpEndpoint connected = open();
        assertThat(sender.localPort()).isZero();
        assertThat(sender.localAddress()).isEqualTo(IpAddress.ANY_V4);
        assertThat(send(sender, "hello", PEER, 9)).isNull();
        assertThat(connected.connect(PEER, 9)).isNull();
        Set<Integer> ports = new HashSet<>(List.of(sender.localPort(), connected.localPort()));
        assertThat(ports).hasSize(2).allSatisfy(port -> assertThat(port).isBetween(49_152, 65_535));
        host.device.sent();
    }

    @Test
    void bindsOnlyToWhatIsFreeAndOurs() {
        assertThat(open().bind(HOST, PORT, false, false)).isEqualTo(TransportError.ADDRESS_IN_USE);
        assertThat(open().bind(PEER, 1, false, false)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(open().bind(IpAddress.parse("127.1.2.3"), 1, false, false)).isNull();
        assertThat(open().bind(IpAddress.parse("239.1.1.1"), 1, false, false)).isNull();
        assertThatThrownBy(() -> endpoint.bind(HOST, 1, false, false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClosedEndpointGivesItsPortBack() {
        arrives(PEER, PEER_PORT, PORT, "unread");
        endpoint.close();
        endpoint.close();
        assertThat(endpoint.readable()).isFalse();
        assertThat(host.buffers.inUse()).isZero();
        arrives(PEER, PEER_PORT, PORT, "nobody");
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_NO_PORT, 1L));
        assertThat(open().bind(IpAddress.ANY_V4, PORT, false, false)).isNull();
        host.device.sent();
    }

    // ---- memory

    @ParameterizedTest(name = "connected {0}")
    @ValueSource(booleans = {false, true})
    void receivingAndSendingAllocateNothing(boolean connected) {
        host.device.careless();
        if (connected) {
            assertThat(endpoint.connect(PEER, PEER_PORT)).isNull();
        }
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, HOST, PORT, pattern(100));
        byte[] raw = TestPackets.ethernet(
                HOST_MAC,
                Host.PEER_MAC,
                IPV4,
                TestPackets.ip(PEER, HOST, IpLayer.UDP, datagram).bytes());
        ByteBuffer buffer = ByteBuffer.allocateDirect(200);
        Allocations.assertNone(() -> {
            host.receives(raw);
            buffer.clear();
            int length = endpoint.receive(buffer, false);
            buffer.flip();
            if (length != 100 || endpoint.send(buffer, endpoint.lastSource(), endpoint.lastSourcePort()) != null) {
                throw new AssertionError("an echo of 100 bytes");
            }
        });
        assertThat(host.device.carelesslySent()).isGreaterThan(20_000);
    }

    private UdpEndpoint open() {
        UdpEndpoint made = host.udp.open(changed -> changes++);
        opened.add(made);
        return made;
    }

    private UdpEndpoint bound(IpAddress address, int port) {
        UdpEndpoint made = open();
        assertThat(made.bind(address, port, true, false)).isNull();
        return made;
    }

    private void arrives(IpAddress from, int fromPort, int toPort, String text) {
        byte[] datagram = TestPackets.udp(from, fromPort, HOST, toPort, text.getBytes(StandardCharsets.US_ASCII));
        host.receives(TestPackets.ip(from, HOST, IpLayer.UDP, datagram));
    }

    private void broadcast(String to) {
        IpAddress all = IpAddress.parse(to);
        byte[] datagram = TestPackets.udp(PEER, PEER_PORT, all, PORT, new byte[] {'b'});
        host.receives(
                ALL, IPV4, TestPackets.ip(PEER, all, IpLayer.UDP, datagram).bytes());
    }

    private void icmpError(int type, int code, int port, IpAddress remote, int remotePort) {
        byte[] sent = TestPackets.udp(HOST, port, remote, remotePort, new byte[4]);
        byte[] quote = TestPackets.ip(HOST, remote, IpLayer.UDP, sent).bytes();
        host.receives(TestPackets.ip(REMOTE, HOST, 1, icmp(type, code, 0, quote)));
    }

    private static @Nullable TransportError send(UdpEndpoint from, String text, IpAddress to, int port) {
        return from.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), to, port);
    }

    private static int count(UdpEndpoint endpoint) {
        int count = 0;
        while (endpoint.receive(ByteBuffer.allocate(100), false) != UdpEndpoint.NOTHING) {
            count++;
        }
        return count;
    }

    private static String receive(UdpEndpoint endpoint) {
        ByteBuffer into = ByteBuffer.allocate(2000);
        int length = endpoint.receive(into, false);
        return new String(into.array(), 0, length, StandardCharsets.US_ASCII) + " from " + endpoint.lastSource() + ":"
                + endpoint.lastSourcePort();
    }
}
