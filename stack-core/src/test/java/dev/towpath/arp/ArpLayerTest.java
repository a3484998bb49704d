package dev.towpath.arp;

import static dev.towpath.testing.Host.ALL;
import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.PEER_MAC;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.Host.SECOND;
import static dev.towpath.testing.TestPackets.ARP;
import static dev.towpath.testing.TestPackets.arp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.arp.Neighbour.State;
import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportHandler;
import dev.towpath.ipv4.Ipv4Config;
import dev.towpath.link.LinkFeatures;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import dev.towpath.wire.UdpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;

class ArpLayerTest {
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final MacAddress NOBODY = new MacAddress(0);
    private static final MacAddress OTHER_MAC = MacAddress.parse("02:00:00:00:00:99");

    private Host host = new Host();
    private final List<String> errors = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    @Test
    void announcesItselfAtTheStart() { // RFC 5227 section 3
        host.ip.addAddress(host.eth, IpPrefix.parse("192.0.2.77/24"));
        EthernetPacket frame = host.sentOne();
        assertThat(frame.getHeader().getDstAddr()).hasToString("ff:ff:ff:ff:ff:ff");
        ArpPacket.ArpHeader announcement = frame.get(ArpPacket.class).getHeader();
        assertThat(announcement.getOperation().value()).isEqualTo((short) REQUEST);
        assertThat(announcement.getSrcProtocolAddr().getHostAddress()).isEqualTo("192.0.2.77");
        assertThat(announcement.getDstProtocolAddr().getHostAddress()).isEqualTo("192.0.2.77");
        assertThat(announcement.getDstHardwareAddr()).hasToString("00:00:00:00:00:00");
    }

    @Test
    @Covers(Requirement.ARP_CREATE)
    void answersARequestAndLearnsWhoAsked() {
        receives(ALL, REQUEST, PEER_MAC, PEER, NOBODY, HOST);
        EthernetPacket frame = host.sentOne();
        assertThat(frame.getHeader().getDstAddr()).hasToString(PEER_MAC.toString());
        ArpPacket.ArpHeader reply = frame.get(ArpPacket.class).getHeader();
        assertThat(reply.getOperation().value()).isEqualTo((short) REPLY);
        assertThat(reply.getSrcHardwareAddr()).hasToString(HOST_MAC.toString());
        assertThat(reply.getSrcProtocolAddr()).isEqualTo(HOST.toInetAddress());
        assertThat(reply.getDstHardwareAddr()).hasToString(PEER_MAC.toString());
        assertThat(reply.getDstProtocolAddr()).isEqualTo(PEER.toInetAddress());
        assertThat(state(PEER)).isEqualTo(State.STALE);
        assertThat(host.mib.value(Counter.ARP_IN_REQUESTS)).isEqualTo(1);
        assertThat(host.mib.value(Counter.ARP_OUT_REPLIES)).isEqualTo(1);
    }

    @Test
    void aProbeForDuplicatesIsAnsweredButNotLearned() { // RFC 5227 section 2.1.1
        receives(ALL, REQUEST, PEER_MAC, IpAddress.ANY_V4, NOBODY, HOST);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
        assertThat(neighbours()).isEmpty();
    }

    @Test
    @Covers(Requirement.ARP_CREATE)
    void createsNoEntryForARequestThatIsNotForUs() { // RFC 826: merge before the target check, add only behind it
        receives(ALL, REQUEST, PEER_MAC, PEER, NOBODY, IpAddress.parse("192.0.2.3"));
        host.isQuiet();
        assertThat(neighbours()).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_NOT_FOR_US, 1L));
    }

    @Test
    @Covers(Requirement.ARP_MERGE)
    void updatesAnEntryEvenFromARequestThatIsNotForUs() {
        host.knowsPeer();
        receives(ALL, REQUEST, OTHER_MAC, PEER, NOBODY, IpAddress.parse("192.0.2.3"));
        assertThat(neighbour(PEER).mac()).isEqualTo(OTHER_MAC);
        assertThat(host.dropped()).isEmpty();
    }

    @Test
    @Covers(Requirement.ARP_CREATE)
    void aReplyThatNobodyAskedForCreatesNothing() {
        receives(HOST_MAC, REPLY, OTHER_MAC, PEER, HOST_MAC, HOST);
        assertThat(neighbours()).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_NOT_FOR_US, 1L));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
        "192.0.2.1, 01:00:5e:00:00:01",
        "192.0.2.1, ff:ff:ff:ff:ff:ff",
        "192.0.2.1, 00:00:00:00:00:00",
        "192.0.2.1, 02:00:00:00:00:02", // our own Ethernet address
        "192.0.2.2, 02:00:00:00:00:01", // our own IP address
        "192.0.2.255, 02:00:00:00:00:01",
        "255.255.255.255, 02:00:00:00:00:01",
        "224.0.0.1, 02:00:00:00:00:01",
        "127.0.0.1, 02:00:00:00:00:01",
    })
    void believesNoImpossibleSender(String address, String mac) {
        receives(ALL, REQUEST, MacAddress.parse(mac), IpAddress.parse(address), NOBODY, HOST);
        host.isQuiet();
        assertThat(neighbours()).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_BAD_SENDER, 1L));
    }

    @ParameterizedTest(name = "byte {0} is {1}")
    @CsvSource({"1, 6", "2, 9", "4, 8", "5, 16"})
    void otherNetworksAreMalformed(int at, int value) {
        byte[] packet = arp(REQUEST, PEER_MAC, PEER, NOBODY, HOST);
        packet[at] = (byte) value;
        host.receives(ALL, ARP, packet);
        host.isQuiet();
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_MALFORMED, 1L));
    }

    @Test
    void aTruncatedPacketIsMalformed() {
        host.receives(ALL, ARP, new byte[27]);
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_MALFORMED, 1L));
    }

    @Test
    void asksForAnUnknownNeighbourAndSendsWhenItAnswers() {
        send(PEER, 1);
        EthernetPacket frame = host.sentOne();
        assertThat(frame.getHeader().getDstAddr()).hasToString("ff:ff:ff:ff:ff:ff");
        ArpPacket.ArpHeader request = frame.get(ArpPacket.class).getHeader();
        assertThat(request.getSrcProtocolAddr()).isEqualTo(HOST.toInetAddress());
        assertThat(request.getDstProtocolAddr()).isEqualTo(PEER.toInetAddress());
        send(PEER, 2);
        host.isQuiet();
        answer(PEER_MAC);
        assertThat(host.device.sent())
                .hasSize(2)
                .allSatisfy(sent -> assertThat(sent.getHeader().getDstAddr()).hasToString(PEER_MAC.toString()));
        assertThat(state(PEER)).isEqualTo(State.REACHABLE);
        send(PEER, 3);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
    }

    @Test
    void asksTheGatewayForWhatIsNotOnTheLink() {
        send(REMOTE, 1);
        assertThat(host.sent(ArpPacket.class))
                .singleElement()
                .satisfies(
                        arp -> assertThat(arp.getHeader().getDstProtocolAddr()).isEqualTo(PEER.toInetAddress()));
        answer(PEER_MAC);
        assertThat(host.sent(IpV4Packet.class))
                .singleElement()
                .satisfies(ip -> assertThat(ip.getHeader().getDstAddr()).isEqualTo(REMOTE.toInetAddress()));
    }

    @Test
    void asksThreeTimesASecondApartThenTellsTheTransportOfEachPacket() { // RFC 1122 section 2.3.2.1
        listen();
        send(PEER, 1);
        send(PEER, 2);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
        host.advance(SECOND - 1);
        host.isQuiet();
        host.advance(1);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
        host.advance(SECOND);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
        assertThat(errors).isEmpty();
        host.advance(SECOND);
        host.isQuiet();
        assertThat(errors)
                .containsExactly(
                        "HOST_UNREACHABLE 192.0.2.2 -> 192.0.2.1 port 1",
                        "HOST_UNREACHABLE 192.0.2.2 -> 192.0.2.1 port 2");
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_UNRESOLVED, 2L));
    }

    @Test
    void whileANeighbourCountsAsGonePacketsFailAtOnceButNotFromWithinSend() {
        listen();
        send(PEER, 1);
        host.advance(3 * SECOND);
        errors.clear();
        host.device.sent();
        send(PEER, 2);
        assertThat(errors).isEmpty();
        host.advance(0);
        assertThat(errors).containsExactly("HOST_UNREACHABLE 192.0.2.2 -> 192.0.2.1 port 2");
        host.isQuiet();
        host.advance(3 * SECOND);
        assertThat(neighbours()).isEmpty();
        send(PEER, 3);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
    }

    @Test
    void aNeighbourThatCameBackIsBelievedAtOnce() {
        send(PEER, 1);
        host.advance(3 * SECOND);
        assertThat(state(PEER)).isEqualTo(State.FAILED);
        receives(ALL, REQUEST, PEER_MAC, PEER, NOBODY, HOST);
        host.device.sent();
        send(PEER, 2);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
    }

    @Test
    @Covers(Requirement.ARP_QUEUE)
    void keepsTheLatestPacketsWhileResolving() { // RFC 1122 section 2.3.2.2
        for (int i = 1; i <= 70; i++) {
            send(PEER, i);
        }
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_QUEUE_FULL, 6L));
        host.device.sent();
        answer(PEER_MAC);
        List<Integer> ports = host.sent(UdpPacket.class).stream()
                .map(udp -> udp.getHeader().getDstPort().valueAsInt())
                .toList();
        assertThat(ports).hasSize(64).startsWith(7).endsWith(70).isSorted();
    }

    @Test
    @Covers(Requirement.ARP_QUEUE)
    void ofTooMuchMemoryTheLatestPacketOfEachNeighbourRemains() {
        host.closesClean();
        host = host(new ArpConfig(SECOND, 3, 30 * SECOND, 5 * SECOND, 600 * SECOND, 3 * SECOND, 1024, 64, 4096));
        for (int i = 1; i <= 5; i++) {
            send(PEER, i);
            send(IpAddress.parse("192.0.2.3"), i);
        }
        assertThat(host.frames.taken()).isEqualTo(2);
        host.device.sent();
        answer(PEER_MAC);
        assertThat(host.sent(UdpPacket.class))
                .singleElement()
                .satisfies(udp ->
                        assertThat(udp.getHeader().getDstPort().valueAsInt()).isEqualTo(5));
    }

    @Test
    @Covers(Requirement.ARP_FLOOD)
    void aStaleNeighbourIsUsedAndThenAskedByUnicast() { // RFC 4861 section 7.3.3
        host.knowsPeer();
        send(PEER, 1);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
        assertThat(state(PEER)).isEqualTo(State.DELAY);
        host.advance(5 * SECOND);
        EthernetPacket probe = host.sentOne();
        assertThat(probe.getHeader().getDstAddr()).hasToString(PEER_MAC.toString());
        assertThat(state(PEER)).isEqualTo(State.PROBE);
        answer(PEER_MAC);
        assertThat(state(PEER)).isEqualTo(State.REACHABLE);
        host.advance(30 * SECOND);
        assertThat(state(PEER)).isEqualTo(State.STALE);
        host.isQuiet();
    }

    @Test
    void aProbedNeighbourThatIsSilentIsAskedForAnewByBroadcast() {
        host.knowsPeer();
        send(PEER, 1);
        host.device.sent();
        host.advance(8 * SECOND);
        assertThat(host.sent(ArpPacket.class)).hasSize(3);
        assertThat(neighbours()).isEmpty();
        send(PEER, 2);
        assertThat(host.sentOne().getHeader().getDstAddr()).hasToString("ff:ff:ff:ff:ff:ff");
    }

    @Test
    void aNeighbourThroughWhichTheTransportMakesProgressIsNotAsked() {
        host.knowsPeer();
        Path path = path(PEER);
        sendBy(path, 1);
        host.device.sent();
        for (int i = 0; i < 20; i++) {
            path.confirm();
            host.advance(5 * SECOND);
        }
        host.isQuiet();
        assertThat(state(PEER)).isEqualTo(State.REACHABLE);
    }

    @Test
    void aNeighbourThatTheTransportDoubtsIsAskedSoon() { // RFC 1122 section 3.3.1.4: negative advice
        host.knowsPeer();
        Path path = path(PEER);
        sendBy(path, 1);
        host.device.sent();
        path.confirm();
        host.advance(5 * SECOND);
        assertThat(state(PEER)).isEqualTo(State.REACHABLE);
        path.doubt();
        sendBy(path, 2);
        host.device.sent();
        host.advance(5 * SECOND);
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
        assertThat(state(PEER)).isEqualTo(State.PROBE);
    }

    @Test
    void aNeighbourThatNobodySendsToIsForgotten() {
        host.knowsPeer();
        host.advance(599 * SECOND);
        assertThat(neighbours()).hasSize(1);
        host.advance(SECOND);
        assertThat(neighbours()).isEmpty();
        host.isQuiet();
    }

    @Test
    void aPathFindsItsNeighbourAgainAfterItWasForgotten() {
        host.knowsPeer();
        Path path = path(PEER);
        sendBy(path, 1);
        host.advance(8 * SECOND);
        host.device.sent();
        assertThat(neighbours()).isEmpty();
        sendBy(path, 2);
        answer(PEER_MAC);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
    }

    @Test
    void aFloodOfSendersPushesOutNobodyWhoIsInUse() {
        host.closesClean();
        host = host(new ArpConfig(SECOND, 3, 30 * SECOND, 5 * SECOND, 600 * SECOND, 3 * SECOND, 16, 64, 4096));
        host.knowsPeer();
        Path path = path(PEER);
        for (int i = 3; i < 250; i++) {
            sendBy(path, 1);
            receives(ALL, REQUEST, new MacAddress(0x0200_0000_0100L + i), IpAddress.v4(PEER.v4() + i), NOBODY, HOST);
        }
        assertThat(neighbours()).hasSize(16).contains("192.0.2.1");
        host.device.sent();
    }

    @Test
    void packetsForANeighbourThatIsPushedOutAreDropped() {
        host.closesClean();
        host = host(new ArpConfig(SECOND, 3, 30 * SECOND, 5 * SECOND, 600 * SECOND, 3 * SECOND, 2, 64, 4096));
        send(IpAddress.parse("192.0.2.10"), 1);
        send(IpAddress.parse("192.0.2.11"), 1);
        send(IpAddress.parse("192.0.2.12"), 1);
        assertThat(neighbours()).hasSize(2);
        assertThat(host.dropped()).containsExactly(entry(DropReason.ARP_UNRESOLVED, 1L));
    }

    @Test
    @Covers(Requirement.ARP_FLOOD)
    void eachNeighbourIsAskedForOnceASecondHoweverManyPacketsWait() {
        for (int i = 1; i <= 1000; i++) {
            send(PEER, i);
        }
        assertThat(host.sent(ArpPacket.class)).hasSize(1);
    }

    private static Host host(ArpConfig arp) {
        Ipv4Config defaults = Ipv4Config.DEFAULT;
        Ipv4Config config = new Ipv4Config(
                defaults.hopLimit(),
                defaults.reassemblyNanos(),
                defaults.reassemblyBytes(),
                defaults.reassemblyDatagrams(),
                arp);
        return new Host(config, 1500, LinkFeatures.NONE);
    }

    private void receives(
            MacAddress to, int operation, MacAddress mac, IpAddress ip, MacAddress targetMac, IpAddress target) {
        host.receives(to, ARP, arp(operation, mac, ip, targetMac, target));
    }

    private void answer(MacAddress mac) {
        receives(HOST_MAC, REPLY, mac, PEER, HOST_MAC, HOST);
    }

    private Path path(IpAddress to) {
        return Objects.requireNonNull(host.ip.route(null, to));
    }

    private void send(IpAddress to, int port) {
        sendBy(path(to), port);
    }

    /** A UDP header to a port by which the packet is known again. */
    private void sendBy(Path path, int port) {
        Frame frame = host.frames.take(Frame.HEADROOM + 8);
        frame.transport = Frame.HEADROOM;
        frame.end = frame.transport + 8;
        UdpHeader.write(frame.bytes(), frame.transport, 9, port, 8);
        TransportChecksum.fill(frame, path, IpLayer.UDP, UdpHeader.CHECKSUM);
        host.ip.send(path, frame, IpLayer.UDP, 0, 0, 0);
    }

    private void listen() {
        host.ip.register(IpLayer.UDP, new TransportHandler() {
            @Override
            public void receive(Frame frame) {}

            @Override
            public void receiveError(IpError error, int mtu, Frame quote) {
                errors.add(error + " " + IpAddress.ofBits(quote.sourceHigh, quote.sourceLow) + " -> "
                        + IpAddress.ofBits(quote.destinationHigh, quote.destinationLow) + " port "
                        + UdpHeader.destinationPort(quote.bytes(), quote.transport));
            }
        });
    }

    private List<String> neighbours() {
        List<String> all = new ArrayList<>();
        host.eth.forEachNeighbour(n -> all.add(n.address().toString()));
        return all;
    }

    private Neighbour neighbour(IpAddress address) {
        @Nullable Neighbour[] found = new @Nullable Neighbour[1];
        host.eth.forEachNeighbour(n -> {
            if (n.address().equals(address)) {
                found[0] = n;
            }
        });
        return Objects.requireNonNull(found[0], "no such neighbour");
    }

    private State state(IpAddress address) {
        return neighbour(address).state();
    }
}
