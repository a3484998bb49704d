package dev.towpath.ipv4;

import static dev.towpath.testing.Host.ALL;
import static dev.towpath.testing.Host.HOST;
import static dev.towpath.testing.Host.HOST_MAC;
import static dev.towpath.testing.Host.PEER;
import static dev.towpath.testing.Host.REMOTE;
import static dev.towpath.testing.TestPackets.IPV4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Host;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.TestPackets.Ip;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pcap4j.packet.IcmpV4DestinationUnreachablePacket;

class InputTest {
    private static final int PROTOCOL = 253; // for experiments (RFC 3692)
    private static final byte[] DATA = TestPackets.pattern(50);

    private final Host host = new Host().knowsPeer();
    private final List<byte[]> delivered = new ArrayList<>();
    private boolean destinationGroup;

    InputTest() {
        host.ip.register(PROTOCOL, new TransportHandler() {
            @Override
            public void receive(Frame frame) {
                byte[] data = new byte[frame.end - frame.transport];
                frame.bytes().get(frame.transport, data);
                delivered.add(data);
                destinationGroup = frame.destinationGroup;
                assertThat(frame.sourceHigh).isZero();
                assertThat(frame.hopLimit).isEqualTo(64);
                assertThat(frame.protocol).isEqualTo(PROTOCOL);
                assertThat(frame.trafficClass).isEqualTo(0xb8);
            }

            @Override
            public void receiveError(IpError error, int mtu, Frame quote) {}
        });
    }

    @AfterEach
    void nothingLeaks() {
        host.closesClean();
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                bad("version 5", DropReason.IP_BAD_VERSION, p -> p.version(5)),
                bad("header of 16 bytes", DropReason.IP_BAD_HEADER_LENGTH, p -> p.headerLength(16)),
                bad("header of 0 bytes", DropReason.IP_BAD_HEADER_LENGTH, p -> p.headerLength(0)),
                bad("wrong checksum", DropReason.IP_BAD_CHECKSUM, Ip::wrongChecksum),
                bad("total length below the header", DropReason.IP_BAD_TOTAL_LENGTH, p -> p.totalLength(19)),
                bad("total length beyond the frame", DropReason.IP_BAD_TOTAL_LENGTH, p -> p.totalLength(71)),
                bad("option without length", DropReason.IP_BAD_OPTIONS, p -> p.options(1, 1, 1, 7)),
                bad("option of length 1", DropReason.IP_BAD_OPTIONS, p -> p.options(7, 1, 0, 0)),
                bad("option of length 0", DropReason.IP_BAD_OPTIONS, p -> p.options(7, 0, 0, 0)),
                bad("option beyond the header", DropReason.IP_BAD_OPTIONS, p -> p.options(7, 5, 4, 0)));
    }

    private static Arguments bad(String what, DropReason reason, UnaryOperator<Ip> damage) {
        return Arguments.of(what, reason, damage);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badHeaders")
    @Covers(Requirement.IP_VALIDATED)
    void dropsWhatIsNotAPacket(String what, DropReason reason, UnaryOperator<Ip> damage) {
        host.receives(damage.apply(packet(PEER, HOST)));
        assertThat(delivered).isEmpty();
        assertThat(host.dropped()).containsExactly(entry(reason, 1L));
        assertThat(host.mib.value(Counter.IP_IN_HDR_ERRORS)).isEqualTo(1);
        host.isQuiet();
    }

    @Test
    @Covers(Requirement.IP_VALIDATED)
    void dropsWhatIsShorterThanAHeader() {
        host.receives(HOST_MAC, IPV4, new byte[19]);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_TOO_SHORT, 1L));
    }

    @Test
    @Covers(Requirement.IP_VALIDATED)
    void dropsAHeaderThatIsLongerThanThePacket() {
        host.receives(
                HOST_MAC,
                IPV4,
                TestPackets.ip(PEER, HOST, PROTOCOL, new byte[0])
                        .headerLength(24)
                        .bytes());
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_BAD_HEADER_LENGTH, 1L));
    }

    @ParameterizedTest(name = "{0} -> {1} in {2}: {3}")
    @CsvSource({
        // sources that nobody outside may have: RFC 1122 section 3.2.1.3
        "192.0.2.2,       192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "127.0.0.1,       192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "224.0.0.1,       192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "240.0.0.1,       192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "255.255.255.255, 192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "192.0.2.255,     192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "0.0.0.0,         192.0.2.2, 02:00:00:00:00:02, IP_BAD_SOURCE",
        "0.0.0.7,         255.255.255.255, ff:ff:ff:ff:ff:ff, IP_BAD_SOURCE",
        "0.0.0.0,         255.255.255.255, ff:ff:ff:ff:ff:ff, group",
        // destinations
        "192.0.2.1,       192.0.2.2, 02:00:00:00:00:02, delivered",
        "198.51.100.7,    192.0.2.2, 02:00:00:00:00:02, delivered",
        "192.0.2.1,       192.0.2.3, 02:00:00:00:00:02, IP_NOT_FOR_US",
        "192.0.2.1,       127.0.0.1, 02:00:00:00:00:02, IP_NOT_FOR_US",
        "192.0.2.1,       0.0.0.0,   02:00:00:00:00:02, IP_NOT_FOR_US",
        "192.0.2.1,       240.0.0.1, 02:00:00:00:00:02, IP_NOT_FOR_US",
        "192.0.2.1,       224.0.0.2, 01:00:5e:00:00:02, IP_OTHER_GROUP",
        "192.0.2.1,       198.51.100.255, ff:ff:ff:ff:ff:ff, IP_NOT_FOR_US",
        "192.0.2.1,       192.0.2.2, ff:ff:ff:ff:ff:ff, IP_UNICAST_IN_BROADCAST", // RFC 1122 section 3.3.6
        "192.0.2.1,       192.0.2.255, ff:ff:ff:ff:ff:ff, group",
        "192.0.2.1,       255.255.255.255, ff:ff:ff:ff:ff:ff, group",
        "192.0.2.1,       224.0.0.1, 01:00:5e:00:00:01, group",
    })
    @Covers(Requirement.GROUP_SOURCE_DROPPED)
    void acceptsTheRightAddressesOnly(String from, String to, String mac, String result) {
        host.receives(
                MacAddress.parse(mac),
                IPV4,
                packet(IpAddress.parse(from), IpAddress.parse(to)).bytes());
        List<String> happened = new ArrayList<>();
        delivered.forEach(data -> happened.add(destinationGroup ? "group" : "delivered"));
        host.dropped().forEach((reason, count) -> happened.add(reason.name()));
        assertThat(happened).containsExactly(result);
        assertThat(host.mib.value(Counter.IP_IN_ADDR_ERRORS)).isEqualTo(delivered.isEmpty() ? 1 : 0);
        host.isQuiet();
    }

    @Test
    @Covers(Requirement.IP_PADDING)
    void ignoresPaddingBehindTheTotalLength() {
        byte[] packet = TestPackets.ip(PEER, HOST, PROTOCOL, new byte[] {1, 2, 3})
                .tos(0xb8)
                .bytes();
        host.receives(HOST_MAC, IPV4, Arrays.copyOf(packet, 46));
        assertThat(delivered).containsExactly(new byte[] {1, 2, 3});
    }

    @ParameterizedTest(name = "options {0}")
    @CsvSource({
        "1 1 1 0", // no operation, end
        "0 7 7 7", // nothing counts behind the end
        "148 4 0 0", // router alert
        "7 7 4 0 0 0 0 0", // record route
        "68 8 5 0 0 0 0 0", // time stamp
        "131 7 4 192 0 2 9 0", // loose source route: ignored, delivered here
    })
    @Covers(Requirement.IP_OPTIONS)
    void acceptsOptions(String options) {
        int[] bytes = Stream.of(options.split(" ")).mapToInt(Integer::parseInt).toArray();
        host.receives(packet(PEER, HOST).options(bytes));
        assertThat(delivered).containsExactly(DATA);
        assertThat(host.dropped()).isEmpty();
    }

    @Test
    void aProtocolThatNobodySpeaksIsUnreachable() { // RFC 1122 section 3.2.2.1
        host.receives(TestPackets.ip(PEER, HOST, 254, DATA));
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_UNKNOWN_PROTOCOL, 1L));
        assertThat(host.mib.value(Counter.IP_IN_UNKNOWN_PROTOS)).isEqualTo(1);
        assertThat(host.sent(IcmpV4DestinationUnreachablePacket.class)).hasSize(1);
    }

    @Test
    void aBroadcastOfAProtocolThatNobodySpeaksIsDroppedInSilence() {
        host.receives(
                ALL,
                IPV4,
                TestPackets.ip(PEER, IpAddress.BROADCAST_V4, 254, DATA).bytes());
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_UNKNOWN_PROTOCOL, 1L));
        host.isQuiet();
    }

    @Test
    void anAddressThatWasTakenAwayIsNoLongerOurs() {
        host.receives(packet(REMOTE, HOST));
        assertThat(host.ip.removeAddress(host.eth, host.eth.addresses().get(0))).isTrue();
        host.receives(packet(REMOTE, HOST));
        assertThat(delivered).hasSize(1);
        assertThat(host.dropped()).containsExactly(entry(DropReason.IP_NOT_FOR_US, 1L));
    }

    private static Ip packet(IpAddress from, IpAddress to) {
        return TestPackets.ip(from, to, PROTOCOL, DATA).tos(0xb8);
    }
}
