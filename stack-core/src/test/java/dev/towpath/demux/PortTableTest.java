package dev.towpath.demux;

import static dev.towpath.ip.IpLayer.TCP;
import static dev.towpath.ip.IpLayer.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.demux.FlowTableTest.Tuple;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortTableTest {
    private static final IpAddress ANY = IpAddress.ANY_V4;
    private static final IpAddress ONE = IpAddress.parse("192.0.2.2");
    private static final IpAddress TWO = IpAddress.parse("192.0.2.3");
    private static final IpAddress PEER = IpAddress.parse("198.51.100.7");

    private final FlowTable flows = new FlowTable(1, 2);
    private final Random random = new Random(42);
    private final PortTable ports = new PortTable(flows, random::nextLong);

    /**
     * The table in which Linux's bind(2) behaves, as seen on a socket: A address and reuse, B bound already, listening
     * or not, result.
     */
    @ParameterizedTest(name = "{0}: {1} {2} listening={3}, then {4} {5}: {6}")
    @CsvSource({
        "6, 192.0.2.2, none, false, 192.0.2.2, none, conflict",
        "6, 192.0.2.2, none, false, 192.0.2.3, none, ok",
        "6, 0.0.0.0,   none, false, 192.0.2.3, none, conflict",
        "6, 192.0.2.2, none, false, 0.0.0.0,   none, conflict",
        "6, 192.0.2.2, addr, false, 192.0.2.2, addr, ok",
        "6, 192.0.2.2, addr, false, 192.0.2.2, none, conflict",
        "6, 192.0.2.2, none, false, 192.0.2.2, addr, conflict",
        "6, 192.0.2.2, addr, true,  192.0.2.2, addr, conflict",
        "6, 0.0.0.0,   addr, true,  192.0.2.2, addr, conflict",
        "6, 192.0.2.2, port, true,  192.0.2.2, port, ok",
        "6, 192.0.2.2, port, false, 192.0.2.2, port, ok",
        "6, 192.0.2.2, port, false, 192.0.2.2, addr, conflict",
        "6, 192.0.2.2, port, false, 192.0.2.2, none, conflict",
        "6, 192.0.2.2, both, true,  192.0.2.2, addr, conflict",
        "6, 192.0.2.2, both, true,  192.0.2.2, both, ok",
        "17, 0.0.0.0,  none, true,  192.0.2.2, none, conflict",
        "17, 0.0.0.0,  addr, true,  192.0.2.2, addr, ok",
        "17, 0.0.0.0,  port, true,  0.0.0.0,   port, ok",
        "17, 0.0.0.0,  addr, true,  0.0.0.0,   port, conflict",
    })
    void bindingTwice(
            int protocol,
            String first,
            String firstReuse,
            boolean listening,
            String then,
            String reuse,
            String result) {
        Binding present = bound(protocol, IpAddress.parse(first), 80, firstReuse);
        if (listening) {
            present.receiver("first");
        }
        Binding second = bind(protocol, IpAddress.parse(then), 80, reuse);
        assertThat(second == null ? "conflict" : "ok").isEqualTo(result);
    }

    @Test
    void protocolsDoNotShareTheirPorts() {
        assertThat(bind(TCP, ANY, 80, "none")).isNotNull();
        assertThat(bind(UDP, ANY, 80, "none")).isNotNull();
    }

    @Test
    void liveConnectionsHoldThePortUnlessReuseIsAskedFor() {
        flows.add(new Tuple(TCP, ONE, 80, PEER, 50_000).flow());
        assertThat(bind(TCP, ONE, 80, "none")).isNull();
        assertThat(bind(TCP, ONE, 80, "addr")).isNotNull();
    }

    @Test
    void aReleasedPortIsFreeAndReleasingAgainIsHarmless() {
        Binding binding = bound(TCP, ONE, 80, "none");
        ports.release(binding);
        ports.release(binding);
        Binding again = bind(TCP, ONE, 80, "none");
        assertThat(again).isNotNull();
        ports.release(binding);
        assertThat(bind(TCP, ONE, 80, "none")).isNull();
    }

    @Test
    void onlyOneOfTwoThatShareByReuseAddressMayListen() {
        Binding first = bound(TCP, ONE, 80, "addr");
        Binding second = bound(TCP, ONE, 80, "addr");
        assertThat(ports.mayListen(first)).isTrue();
        first.receiver("first");
        assertThat(ports.mayListen(second)).isFalse();
        first.receiver(null);
        assertThat(ports.mayListen(second)).isTrue();
    }

    @Test
    void allOfAReusePortGroupMayListen() {
        Binding first = bound(TCP, ONE, 80, "port");
        Binding second = bound(TCP, ONE, 80, "port");
        first.receiver("first");
        assertThat(ports.mayListen(second)).isTrue();
    }

    @Test
    void theMostSpecificAddressGetsThePacket() {
        bound(UDP, ANY, 53, "addr").receiver("any");
        bound(UDP, ONE, 53, "addr").receiver("one");
        assertThat(find(UDP, ONE, 53, 4000)).isEqualTo("one");
        assertThat(find(UDP, TWO, 53, 4000)).isEqualTo("any");
        assertThat(find(UDP, ONE, 54, 4000)).isNull();
        assertThat(find(TCP, ONE, 53, 4000)).isNull();
    }

    @Test
    void aBindingWithoutReceiverOnlyHoldsThePort() {
        bound(UDP, ANY, 53, "addr").receiver("any");
        Binding specific = bound(UDP, ONE, 53, "addr");
        assertThat(find(UDP, ONE, 53, 4000)).isEqualTo("any");
        specific.receiver("one");
        assertThat(find(UDP, ONE, 53, 4000)).isEqualTo("one");
    }

    @Test
    void anyOfOneVersionTakesNothingOfTheOther() {
        bound(UDP, ANY, 53, "none").receiver("any");
        IpAddress v6 = IpAddress.parse("2001:db8::1");
        assertThat(find(UDP, v6, 53, 4000)).isNull();
    }

    @Test
    void theNewestOfSeveralWithReuseAddressGetsThePacket() {
        bound(UDP, ANY, 53, "addr").receiver("old");
        Binding newest = bound(UDP, ANY, 53, "addr");
        newest.receiver("new");
        assertThat(find(UDP, ONE, 53, 4000)).isEqualTo("new");
        ports.release(newest);
        assertThat(find(UDP, ONE, 53, 4000)).isEqualTo("old");
    }

    @Test
    void reusePortSpreadsByRemoteEndAndIsSteady() {
        for (int i = 0; i < 4; i++) {
            bound(TCP, ANY, 80, "port").receiver("listener " + i);
        }
        Map<Object, Integer> share = new HashMap<>();
        for (int port = 1024; port < 5120; port++) {
            Object receiver = find(TCP, ONE, 80, port);
            assertThat(receiver).isNotNull().isSameAs(find(TCP, ONE, 80, port));
            share.merge(receiver, 1, Integer::sum);
        }
        assertThat(share).hasSize(4);
        assertThat(share.values()).allSatisfy(n -> assertThat(n).isBetween(850, 1200));
    }

    @Test
    void goesThroughAllWhoMayTakeABroadcast() {
        bound(UDP, ANY, 67, "addr").receiver("any");
        bound(UDP, ONE, 67, "addr").receiver("one");
        bound(UDP, IpAddress.BROADCAST_V4, 67, "addr").receiver("broadcast");
        bound(UDP, ANY, 68, "addr").receiver("other port");
        bind(UDP, ANY, 67, "addr");
        Set<Object> receivers = new HashSet<>();
        IpAddress to = IpAddress.BROADCAST_V4;
        for (Binding b = ports.next(null, UDP, to.high(), to.low(), 67);
                b != null;
                b = ports.next(b, UDP, to.high(), to.low(), 67)) {
            receivers.add(Objects.requireNonNull(b.receiver()));
        }
        assertThat(receivers).containsExactlyInAnyOrder("any", "broadcast");
    }

    @Test
    void manyPortsAreFoundAfterTheTableHasGrown() {
        for (int port = 1; port <= 3000; port++) {
            bound(UDP, ANY, port, "none").receiver(port);
            bound(TCP, ANY, port, "none").receiver(-port);
        }
        for (int port = 1; port <= 3000; port++) {
            assertThat(find(UDP, ONE, port, 9)).isEqualTo(port);
            assertThat(find(TCP, ONE, port, 9)).isEqualTo(-port);
        }
    }

    @Test
    @Covers(Requirement.PORTS_RANGE)
    void portZeroGivesEveryEphemeralPortOnceAndThenNone() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 16_384; i++) {
            Binding binding = Objects.requireNonNull(ports.bind(UDP, ANY, 0, true, true));
            assertThat(binding.port()).isBetween(49_152, 65_535);
            assertThat(given.add(binding.port())).isTrue();
        }
        assertThat(ports.bind(UDP, ANY, 0, true, true)).isNull();
        assertThat(ports.bind(TCP, ANY, 0, false, false)).isNotNull();
    }

    @Test
    @Covers({Requirement.PORTS_RANGE, Requirement.PORTS_NO_COLLISION})
    void connectionsToOneRemoteEndUseEveryEphemeralPortOnceAndThenNone() {
        for (int i = 0; i < 16_384; i++) {
            int port = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> false);
            assertThat(port).isBetween(49_152, 65_535);
            assertThat(flows.add(new Tuple(TCP, ONE, port, PEER, 80).flow())).isTrue();
        }
        assertThat(ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> false)).isZero();
        assertThat(ports.ephemeralPort(TCP, ONE, PEER, 81, owner -> false)).isNotZero();
    }

    @Test
    @Covers(Requirement.PORTS_NO_COLLISION)
    void aBoundPortIsNotChosenForAConnection() {
        int next = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> false) + 1;
        for (int i = 0; i < 100; i++, next++) {
            bind(TCP, ANY, next > 65_535 ? next - 16_384 : next, "none");
        }
        int chosen = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> false);
        assertThat(bind(TCP, ONE, chosen, "none")).isNotNull();
    }

    @Test
    void aTupleThatMayBeReplacedIsTheSecondChoice() {
        int first = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> true);
        assertThat(flows.add(new Tuple(TCP, ONE, first + 1, PEER, 80).flow())).isTrue();
        int next = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> true);
        assertThat(next).as("a free one is near").isEqualTo(first + 2);
        for (int port = 49_152; port <= 65_535; port++) {
            boolean ignored = flows.add(new Tuple(TCP, ONE, port, PEER, 80).flow());
        }
        AtomicInteger asked = new AtomicInteger();
        int chosen = ports.ephemeralPort(TCP, ONE, PEER, 80, owner -> asked.incrementAndGet() == 10);
        assertThat(chosen).isBetween(49_152, 65_535);
        assertThat(asked).hasValue(10);
    }

    @Test
    @Covers(Requirement.PORTS_UNPREDICTABLE)
    void portsTowardsDifferentRemoteEndsBeginAtUnrelatedPlaces() { // RFC 6056 section 3.3.3
        Set<Integer> distances = new HashSet<>();
        int last = ports.ephemeralPort(TCP, ONE, PEER, 1, owner -> false);
        for (int remotePort = 2; remotePort < 102; remotePort++) {
            int port = ports.ephemeralPort(TCP, ONE, PEER, remotePort, owner -> false);
            distances.add(port - last);
            last = port;
        }
        assertThat(distances).hasSizeGreaterThan(95);
    }

    @Test
    void aPortOutOfRangeIsTheCallersMistake() {
        assertThatThrownBy(() -> ports.bind(TCP, ANY, 65_536, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }

    private Binding bound(int protocol, IpAddress address, int port, String reuse) {
        return Objects.requireNonNull(bind(protocol, address, port, reuse), "could not bind");
    }

    private @Nullable Binding bind(int protocol, IpAddress address, int port, String reuse) {
        return ports.bind(
                protocol,
                address,
                port,
                reuse.equals("addr") || reuse.equals("both"),
                reuse.equals("port") || reuse.equals("both"));
    }

    private @Nullable Object find(int protocol, IpAddress local, int port, int remotePort) {
        return ports.find(protocol, local.high(), local.low(), port, PEER.high(), PEER.low(), remotePort);
    }
}
