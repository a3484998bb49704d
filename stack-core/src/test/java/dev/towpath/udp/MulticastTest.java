package dev.towpath.udp;

import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.PEER_MAC;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.TestPackets.IPV4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.ip.IpLayer;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Allocations;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.UdpPacket;

/** Groups, memberships and source filters of UDP endpoints. */
class MulticastTest {
    private static final int PORT = 7000;
    private static final IpAddress GROUP = IpAddress.parse("239.1.2.3");
    private static final IpAddress OTHER = IpAddress.parse("239.1.2.4");
    private static final IpAddress ALL_HOSTS = IpAddress.parse("224.0.0.1");

    private final Host host = new Host().knowsPeer();
    private final int eth = host.eth.index();
    private final int lo = host.lo.index();
    private final List<UdpEndpoint> opened = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        opened.forEach(UdpEndpoint::close);
        assertThat(host.eth.groups()).isEmpty();
        assertThat(host.lo.groups()).isEmpty();
        host.closesClean();
    }

    // ---- receiving

    @Test
    @Covers(Requirement.MULTICAST_MEMBERS)
    void aGroupIsHeardFromJoiningToLeaving() {
        UdpEndpoint endpoint = bound();
        arrives(PEER, GROUP);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_OTHER_GROUP, 1L));
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        arrives(PEER, GROUP);
        arrives(PEER, OTHER);
        assertThat(received(endpoint)).containsExactly("192.0.2.1");
        assertThat(endpoint.memberships().leave(eth, GROUP)).isNull();
        arrives(PEER, GROUP);
        assertThat(received(endpoint)).isEmpty();
    }

    @Test
    @Covers(Requirement.MULTICAST_MEMBERS)
    void everyHostIsInTheGroupOfAllHosts() {
        UdpEndpoint endpoint = bound();
        arrives(PEER, ALL_HOSTS);
        assertThat(received(endpoint)).containsExactly("192.0.2.1");
    }

    @Test
    void aMembershipIsOneOnItsInterface() {
        UdpEndpoint endpoint = bound();
        assertThat(endpoint.memberships().join(lo, GROUP)).isNull();
        arrives(PEER, GROUP);
        assertThat(received(endpoint)).isEmpty();
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        assertThat(endpoint.memberships().leave(lo, GROUP)).isNull();
        arrives(PEER, GROUP);
        assertThat(received(endpoint)).hasSize(1);
    }

    @Test
    void whoHasNotJoinedHearsWhatOthersHaveUnlessItDoesNotWantTo() { // Linux's IP_MULTICAST_ALL
        UdpEndpoint member = bound();
        UdpEndpoint bystander = bound();
        UdpEndpoint aloof = bound();
        aloof.multicastAll(false);
        assertThat(member.memberships().join(eth, GROUP)).isNull();
        arrives(PEER, GROUP);
        assertThat(received(member)).hasSize(1);
        assertThat(received(bystander)).hasSize(1);
        assertThat(received(aloof)).isEmpty();
        member.multicastAll(false);
        bystander.close();
        arrives(PEER, ALL_HOSTS);
        assertThat(host.dropped()).containsExactly(entry(DropReason.UDP_OTHER_GROUP, 1L));
    }

    @Test
    void whoIsBoundToAGroupHearsNoOther() {
        UdpEndpoint endpoint = open();
        assertThat(endpoint.bind(GROUP, PORT, true, false)).isNull();
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        assertThat(endpoint.memberships().join(eth, OTHER)).isNull();
        arrives(PEER, OTHER);
        arrives(REMOTE, GROUP);
        assertThat(received(endpoint)).containsExactly("198.51.100.7");
    }

    @Test
    void whoIsBoundToAGroupAndConnectedHearsThePeerInTheGroup() { // as in Linux
        UdpEndpoint endpoint = open();
        assertThat(endpoint.bind(GROUP, PORT, true, false)).isNull();
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        assertThat(endpoint.connect(PEER, 9000)).isNull();
        assertThat(endpoint.localAddress()).isEqualTo(GROUP);
        arrives(PEER, GROUP);
        arrives(REMOTE, GROUP);
        assertThat(received(endpoint)).containsExactly("192.0.2.1");
        endpoint.disconnect();
        arrives(REMOTE, GROUP);
        assertThat(received(endpoint)).containsExactly("198.51.100.7");
        UdpEndpoint other = bound();
        assertThat(other.memberships().join(eth, GROUP)).isNull();
        assertThat(other.connect(PEER, 9000)).isNull();
        arrives(PEER, GROUP);
        assertThat(received(other)).isEmpty();
    }

    @Test
    @Covers(Requirement.SOURCE_FILTERS)
    void onlyTheSourcesThatAreWantedAreHeard() {
        UdpEndpoint choosy = bound();
        assertThat(choosy.memberships().joinSource(eth, GROUP, PEER)).isNull();
        arrives(PEER, GROUP);
        arrives(REMOTE, GROUP);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_OTHER_GROUP, 1L));
        assertThat(received(choosy)).containsExactly("192.0.2.1");

        UdpEndpoint blocking = bound();
        assertThat(blocking.memberships().join(eth, GROUP)).isNull();
        assertThat(blocking.memberships().block(eth, GROUP, PEER)).isNull();
        arrives(PEER, GROUP);
        arrives(REMOTE, GROUP);
        assertThat(received(choosy)).containsExactly("192.0.2.1");
        assertThat(received(blocking)).containsExactly("198.51.100.7");
        assertThat(blocking.memberships().unblock(eth, GROUP, PEER)).isNull();
        assertThat(choosy.memberships().joinSource(eth, GROUP, REMOTE)).isNull();
        assertThat(choosy.memberships().leaveSource(eth, GROUP, PEER)).isNull();
        arrives(PEER, GROUP);
        arrives(REMOTE, GROUP);
        assertThat(received(choosy)).containsExactly("198.51.100.7");
        assertThat(received(blocking)).containsExactly("192.0.2.1", "198.51.100.7");
    }

    @Test
    @Covers(Requirement.SOURCE_FILTERS)
    void withItsLastSourceAMembershipEnds() {
        Memberships in = bound().memberships();
        assertThat(in.joinSource(eth, GROUP, PEER)).isNull();
        assertThat(in.leaveSource(eth, GROUP, PEER)).isNull();
        assertThat(host.eth.groups()).isEmpty();
        assertThat(in.leave(eth, GROUP)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
    }

    @Test
    void callsThatMakeNoSenseAreRefusedAsInLinux() {
        Memberships in = bound().memberships();
        assertThat(in.leave(eth, GROUP)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.block(eth, GROUP, PEER)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.leaveSource(eth, GROUP, PEER)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.join(eth, GROUP)).isNull();
        assertThat(in.join(eth, GROUP)).isEqualTo(TransportError.ADDRESS_IN_USE);
        assertThat(in.unblock(eth, GROUP, PEER)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.block(eth, GROUP, PEER)).isNull();
        assertThat(in.block(eth, GROUP, PEER)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.joinSource(eth, GROUP, REMOTE)).isEqualTo(TransportError.WRONG_FILTER_MODE);
        assertThat(in.leaveSource(eth, GROUP, REMOTE)).isEqualTo(TransportError.WRONG_FILTER_MODE);
        assertThat(in.joinSource(eth, OTHER, PEER)).isNull();
        assertThat(in.joinSource(eth, OTHER, PEER)).isEqualTo(TransportError.ADDRESS_NOT_AVAILABLE);
        assertThat(in.block(eth, OTHER, PEER)).isEqualTo(TransportError.WRONG_FILTER_MODE);
        assertThat(in.join(eth, OTHER)).isEqualTo(TransportError.ADDRESS_IN_USE);
    }

    @Test
    void manyGroupsAreKeptApart() {
        UdpEndpoint endpoint = bound();
        for (int i = 0; i < 1000; i++) {
            assertThat(endpoint.memberships().join(eth, IpAddress.v4(GROUP.v4() + 2 * i)))
                    .isNull();
        }
        for (int i = 0; i < 1000; i += 2) {
            assertThat(endpoint.memberships().leave(eth, IpAddress.v4(GROUP.v4() + 2 * i)))
                    .isNull();
        }
        assertThat(host.eth.groups()).hasSize(500);
        for (int i = 0; i < 2000; i++) {
            arrives(PEER, IpAddress.v4(GROUP.v4() + i));
            assertThat(received(endpoint)).as("group %d", i).hasSize(i % 4 == 2 ? 1 : 0);
        }
    }

    @Test
    void receivingFromAGroupAllocatesNothing() {
        UdpEndpoint endpoint = bound();
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        assertThat(endpoint.memberships().block(eth, GROUP, REMOTE)).isNull();
        byte[] frame = frame(PEER, GROUP);
        ByteBuffer into = ByteBuffer.allocateDirect(100);
        Allocations.assertNone(() -> {
            host.receives(frame);
            if (endpoint.receive(into.clear(), false) != 5) {
                throw new AssertionError("nothing came");
            }
        });
    }

    // ---- sending

    @Test
    @Covers(Requirement.MULTICAST_TTL)
    void aMulticastHasTtlOneUnlessToldOtherwise() {
        UdpEndpoint endpoint = bound();
        endpoint.hopLimit(77);
        sends(endpoint, GROUP);
        assertThat(ttl()).isEqualTo(1);
        endpoint.multicastHopLimit(9);
        sends(endpoint, GROUP);
        assertThat(ttl()).isEqualTo(9);
    }

    @Test
    @Covers({Requirement.MULTICAST_TTL, Requirement.MULTICAST_LOOP})
    void withTtlZeroItStaysOnTheHost() {
        UdpEndpoint endpoint = bound();
        assertThat(endpoint.memberships().join(eth, GROUP)).isNull();
        host.device.sent();
        endpoint.multicastHopLimit(0);
        sends(endpoint, GROUP);
        host.isQuiet();
        assertThat(received(endpoint)).containsExactly("192.0.2.2");
    }

    @Test
    @Covers(Requirement.MULTICAST_LOOP)
    void membersOnTheHostHearItTooUnlessTheSenderDoesNotWantThat() {
        UdpEndpoint sender = bound();
        UdpEndpoint member = bound();
        assertThat(member.memberships().join(eth, GROUP)).isNull();
        sender.multicastAll(false);
        sends(sender, GROUP);
        assertThat(received(member)).containsExactly("192.0.2.2");
        assertThat(received(sender)).isEmpty();
        sends(sender, OTHER);
        assertThat(received(member)).isEmpty();
        sender.multicastLoop(false);
        sends(sender, GROUP);
        assertThat(received(member)).isEmpty();
        assertThat(host.sent(UdpPacket.class)).hasSize(3);
    }

    @Test
    void aBroadcastIsHeardByItsOwnHostToo() {
        UdpEndpoint endpoint = bound();
        endpoint.broadcast(true);
        sends(endpoint, IpAddress.BROADCAST_V4);
        assertThat(received(endpoint)).containsExactly("192.0.2.2");
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
    }

    @Test
    void theInterfaceMayBeChosen() {
        UdpEndpoint endpoint = bound();
        assertThat(endpoint.memberships().join(lo, GROUP)).isNull();
        sends(endpoint, GROUP);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
        assertThat(received(endpoint)).isEmpty();
        endpoint.multicastInterface(lo);
        sends(endpoint, GROUP);
        host.isQuiet();
        host.pumpLoopback();
        assertThat(received(endpoint)).containsExactly("127.0.0.1");
        endpoint.multicastInterface(-1);
        sends(endpoint, GROUP);
        assertThat(host.sent(UdpPacket.class)).hasSize(1);
    }

    @Test
    void whatComesFromALoopbackAddressStaysOnLoopback() { // RFC 1122 section 3.2.1.3(g)
        UdpEndpoint endpoint = open();
        assertThat(endpoint.bind(IpAddress.LOOPBACK_V4, PORT, true, false)).isNull();
        sends(endpoint, GROUP);
        host.isQuiet();
        endpoint.multicastInterface(eth);
        assertThat(endpoint.send(ByteBuffer.allocate(1), GROUP, PORT)).isEqualTo(TransportError.NETWORK_UNREACHABLE);
        host.pumpLoopback();
    }

    // ---- helpers

    private UdpEndpoint open() {
        UdpEndpoint endpoint = host.udp.open(changed -> {});
        opened.add(endpoint);
        return endpoint;
    }

    private UdpEndpoint bound() {
        UdpEndpoint endpoint = open();
        assertThat(endpoint.bind(IpAddress.ANY_V4, PORT, true, false)).isNull();
        return endpoint;
    }

    private void sends(UdpEndpoint endpoint, IpAddress to) {
        ByteBuffer data = ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(endpoint.send(data, to, PORT)).isNull();
    }

    private int ttl() {
        return host.sentOne().get(IpV4Packet.class).getHeader().getTtlAsInt();
    }

    private void arrives(IpAddress from, IpAddress group) {
        host.receives(frame(from, group));
    }

    private static byte[] frame(IpAddress from, IpAddress group) {
        byte[] data = "hello".getBytes(StandardCharsets.US_ASCII);
        byte[] datagram = TestPackets.udp(from, 9000, group, PORT, data);
        MacAddress mac = new MacAddress(0x0100_5e00_0000L | (group.v4() & 0x7f_ffff));
        byte[] packet = TestPackets.ip(from, group, IpLayer.UDP, datagram).bytes();
        return TestPackets.ethernet(mac, PEER_MAC, IPV4, packet);
    }

    /** The senders of what has been received. */
    private static List<String> received(UdpEndpoint endpoint) {
        List<String> senders = new ArrayList<>();
        ByteBuffer into = ByteBuffer.allocate(100);
        while (endpoint.receive(into.clear(), false) != UdpEndpoint.NOTHING) {
            assertThat(into.position()).isEqualTo(5);
            senders.add(endpoint.lastSource().toString());
        }
        return senders;
    }
}
