package dev.towpath.ipv4;

import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.Path;
import dev.towpath.link.LinkFeatures;
import dev.towpath.link.LoopbackDevice;
import dev.towpath.mib.Counter;
import dev.towpath.testing.FakeDevice;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.EthernetPacket;

class RoutingTest {
    private final Host host = new Host();
    private final FakeDevice secondDevice =
            new FakeDevice("eth1", MacAddress.parse("02:00:00:00:00:12"), 9000, new LinkFeatures(true, 65_535, false));
    private final NetworkInterface second = host.ip.addInterface("eth1", secondDevice);

    RoutingTest() {
        host.ip.addAddress(second, IpPrefix.parse("198.51.100.2/25"));
        secondDevice.sent();
    }

    /** eth0: 192.0.2.2/24 with the default route; eth1: 198.51.100.2/25; 198.51.100.128/25 through 198.51.100.1. */
    @ParameterizedTest(name = "from {0} to {1}: {2} on {3}, on link {4}, group {5}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 192.0.2.9,       192.0.2.2,    eth0, true,  false",
                "-, 198.51.100.9,    198.51.100.2, eth1, true,  false",
                "-, 198.51.100.200,  198.51.100.2, eth1, false, false",
                "-, 8.8.8.8,         192.0.2.2,    eth0, false, false",
                "198.51.100.2, 8.8.8.8, 198.51.100.2, eth0, false, false",
                "-, 127.0.0.1,       127.0.0.1,    lo,   true,  false",
                "-, 127.9.9.9,       127.0.0.1,    lo,   true,  false",
                "-, 192.0.2.2,       192.0.2.2,    lo,   true,  false",
                "198.51.100.2, 192.0.2.2, 198.51.100.2, lo, true, false",
                "-, 192.0.2.255,     192.0.2.2,    eth0, true,  true",
                "-, 198.51.100.127,  198.51.100.2, eth1, true,  true",
                "-, 255.255.255.255, 192.0.2.2,    eth0, true,  true",
                "198.51.100.2, 255.255.255.255, 198.51.100.2, eth1, true, true",
                "-, 224.0.0.1,       192.0.2.2,    eth0, true,  true",
                "0.0.0.0, 192.0.2.9, 192.0.2.2,    eth0, true,  false",
            })
    void choosesInterfaceAndSource(
            @Nullable String from, String to, String source, String via, boolean onLink, boolean group) {
        host.ip
                .routes()
                .add(Route.gateway(IpPrefix.parse("198.51.100.128/25"), IpAddress.parse("198.51.100.1"), second));
        Path path =
                Objects.requireNonNull(host.ip.route(from == null ? null : IpAddress.parse(from), IpAddress.parse(to)));
        assertThat(path.source()).hasToString(source);
        assertThat(path.destination()).hasToString(to);
        assertThat(((Ipv4Path) path).via.name()).isEqualTo(via);
        assertThat(path.onLink()).isEqualTo(onLink);
        assertThat(path.group()).isEqualTo(group);
        assertThat(path.current()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "240.0.0.1", "0.1.2.3", "2001:db8::1"})
    void somePlacesCantBeReached(String to) {
        assertThat(host.ip.route(null, IpAddress.parse(to))).isNull();
        assertThat(host.mib.value(Counter.IP_OUT_NO_ROUTES)).isEqualTo(1);
    }

    @Test
    void withoutADefaultRouteOnlyTheLinksCanBeReached() {
        assertThat(host.ip.routes().remove(Route.gateway(IpPrefix.DEFAULT_V4, PEER, host.eth)))
                .isTrue();
        assertThat(host.ip.route(null, IpAddress.parse("8.8.8.8"))).isNull();
        assertThat(host.ip.route(null, REMOTE)).isNotNull();
    }

    @Test
    void aForeignSourceIsRefusedAndLoopbackDoesNotGoOut() {
        assertThat(host.ip.route(PEER, REMOTE)).isNull();
        assertThat(host.ip.route(IpAddress.LOOPBACK_V4, PEER)).isNull();
        assertThat(host.ip.route(IpAddress.LOOPBACK_V4, HOST)).isNotNull();
    }

    @Test
    void theLongestPrefixWinsWhateverTheOrder() {
        NetworkInterface eth = host.eth;
        RouteTable routes = host.ip.routes();
        routes.add(Route.gateway(IpPrefix.parse("203.0.113.0/24"), IpAddress.parse("192.0.2.24"), eth));
        routes.add(Route.gateway(IpPrefix.parse("203.0.113.64/26"), IpAddress.parse("192.0.2.26"), eth));
        routes.add(Route.gateway(IpPrefix.parse("203.0.113.7/32"), IpAddress.parse("192.0.2.32"), eth));
        routes.add(Route.gateway(IpPrefix.parse("203.0.0.0/16"), IpAddress.parse("192.0.2.16"), eth));
        assertThat(gateway("203.0.113.1")).isEqualTo("192.0.2.24");
        assertThat(gateway("203.0.113.65")).isEqualTo("192.0.2.26");
        assertThat(gateway("203.0.113.7")).isEqualTo("192.0.2.32");
        assertThat(gateway("203.0.5.7")).isEqualTo("192.0.2.16");
        assertThat(gateway("203.1.5.7")).isEqualTo("192.0.2.1");
        assertThat(routes.list()).first().hasToString("203.0.113.7/32 via 192.0.2.32 dev eth0");
    }

    @Test
    void aRouteIsAddedOnceAndRemovedOnce() {
        Route route = Route.onLink(IpPrefix.parse("203.0.113.9/24"), host.eth);
        assertThat(host.ip.routes().add(route)).isTrue();
        assertThat(host.ip.routes().add(Route.onLink(IpPrefix.parse("203.0.113.0/24"), host.eth)))
                .isFalse();
        assertThat(host.ip.routes().remove(route)).isTrue();
        assertThat(host.ip.routes().remove(route)).isFalse();
    }

    @Test
    void changesMakePathsOutOfDate() {
        Path path = Objects.requireNonNull(host.ip.route(null, REMOTE));
        Route route = Route.onLink(IpPrefix.parse("203.0.113.0/24"), host.eth);
        assertThat(host.ip.routes().add(route)).isTrue();
        assertThat(path.current()).isFalse();
        path = Objects.requireNonNull(host.ip.route(null, REMOTE));
        host.ip.addAddress(host.eth, IpPrefix.parse("192.0.2.3/24"));
        assertThat(path.current()).isFalse();
        path = Objects.requireNonNull(host.ip.route(null, REMOTE));
        assertThat(host.ip.removeAddress(host.eth, IpPrefix.parse("192.0.2.3/24")))
                .isTrue();
        assertThat(path.current()).isFalse();
        assertThat(host.ip.removeAddress(host.eth, IpPrefix.parse("192.0.2.3/24")))
                .isFalse();
    }

    @Test
    void aPathTellsWhatTheLinkCan() {
        Path plain = Objects.requireNonNull(host.ip.route(null, PEER));
        assertThat(plain.mtu()).isEqualTo(1500);
        assertThat(plain.headerLength()).isEqualTo(20);
        assertThat(plain.checksumOffload()).isFalse();
        assertThat(plain.maxSuperSegment()).isZero();
        Path offloading = Objects.requireNonNull(host.ip.route(null, IpAddress.parse("198.51.100.9")));
        assertThat(offloading.mtu()).isEqualTo(9000);
        assertThat(offloading.checksumOffload()).isTrue();
        assertThat(offloading.maxSuperSegment()).isEqualTo(65_535);
        assertThat(offloading.queueFrames()).isEqualTo(1000);
    }

    @Test
    void anAddressOfTheNetworkIsChosenToAskANeighbour() {
        host.ip.addAddress(host.eth, IpPrefix.parse("203.0.113.1/24"));
        host.device.sent();
        Path path = Objects.requireNonNull(host.ip.route(null, IpAddress.parse("203.0.113.9")));
        assertThat(path.source()).hasToString("203.0.113.1");
        host.ip.send(path, segment(), 253, 0, 0, 0);
        assertThat(host.sent(ArpPacket.class))
                .singleElement()
                .satisfies(
                        arp -> assertThat(arp.getHeader().getSrcProtocolAddr().getHostAddress())
                                .isEqualTo("203.0.113.1"));
    }

    @Test
    void broadcastsAndMulticastsNeedNoArp() {
        byte[] echo = TestPackets.icmp(8, 0, 0, new byte[40]);
        sendRaw("192.0.2.255", echo);
        EthernetPacket broadcast = host.sentOne();
        assertThat(broadcast.getHeader().getDstAddr()).hasToString("ff:ff:ff:ff:ff:ff");
        sendRaw("239.255.1.2", echo);
        EthernetPacket multicast = host.sentOne();
        assertThat(multicast.getHeader().getDstAddr()).hasToString("01:00:5e:7f:01:02"); // RFC 1112 section 6.4
    }

    @Test
    @Covers(Requirement.SLASH_31)
    void aSlash31HasNoBroadcastAndTwoHosts() { // RFC 3021
        host.ip.addAddress(host.eth, IpPrefix.parse("203.0.113.0/31"));
        assertThat(host.ip.isBroadcast(IpAddress.parse("203.0.113.1"))).isFalse();
        Path path = Objects.requireNonNull(host.ip.route(null, IpAddress.parse("203.0.113.1")));
        assertThat(path.group()).isFalse();
    }

    @Test
    void knowsItsOwnAndItsBroadcastAddresses() {
        assertThat(host.ip.isLocal(HOST)).isTrue();
        assertThat(host.ip.isLocal(IpAddress.parse("127.1.2.3"))).isTrue();
        assertThat(host.ip.isLocal(PEER)).isFalse();
        assertThat(host.ip.isLocal(IpAddress.parse("::1"))).isFalse();
        assertThat(host.ip.isBroadcast(IpAddress.BROADCAST_V4)).isTrue();
        assertThat(host.ip.isBroadcast(IpAddress.parse("198.51.100.127"))).isTrue();
        assertThat(host.ip.isBroadcast(PEER)).isFalse();
        assertThat(host.ip.isBroadcast(IpAddress.parse("::1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.2/24", "127.0.0.2/8", "224.0.0.5/24", "0.0.0.0/0", "198.51.100.255/24", "2001:db8::1/64"
            })
    void addressesThatNoHostMayHaveAreTheCallersMistake(String address) {
        assertThatThrownBy(() -> host.ip.addAddress(second, IpPrefix.parse(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(IpPrefix.parse(address).address().toString());
    }

    @Test
    void thereIsOneLoopback() {
        assertThatThrownBy(() -> host.ip.addLoopback("lo1", new LoopbackDevice()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLinkTooNarrowForIpIsTheCallersMistake() {
        FakeDevice narrow = new FakeDevice("narrow", Host.PEER_MAC, 67, LinkFeatures.NONE);
        assertThatThrownBy(() -> host.ip.addInterface("narrow", narrow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("68");
    }

    @Test
    void withoutAddressOnlyEverybodyCanBeCalled() { // RFC 1122 section 3.2.1.3(a): a host that asks for its address
        assertThat(host.ip.removeAddress(host.eth, new IpPrefix(HOST, 24))).isTrue();
        assertThat(host.ip.removeAddress(second, IpPrefix.parse("198.51.100.2/25")))
                .isTrue();
        assertThat(host.ip.routes().remove(Route.gateway(IpPrefix.DEFAULT_V4, PEER, host.eth)))
                .isTrue();
        Path path = Objects.requireNonNull(host.ip.route(null, IpAddress.BROADCAST_V4));
        assertThat(path.source()).hasToString("0.0.0.0");
        assertThat(host.ip.route(null, PEER)).isNull();
    }

    private String gateway(String to) {
        Route route = Objects.requireNonNull(host.ip.routes().find(IpAddress.parse(to)));
        return String.valueOf(route.gateway());
    }

    private Frame segment() {
        Frame frame = host.frames.take(Frame.HEADROOM + 20);
        frame.transport = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + 20;
        return frame;
    }

    private void sendRaw(String to, byte[] message) {
        Path path = Objects.requireNonNull(host.ip.route(null, IpAddress.parse(to)));
        Frame frame = host.frames.take(Frame.HEADROOM + message.length);
        frame.transport = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + message.length;
        frame.bytes().put(frame.transport, message);
        host.ip.send(path, frame, 1, 0, 0, 0);
    }
}
