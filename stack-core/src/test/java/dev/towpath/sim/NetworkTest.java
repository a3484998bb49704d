package dev.towpath.sim;

import static dev.towpath.sim.Units.kbit;
import static dev.towpath.sim.Units.micros;
import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.link.ImpairmentCounts;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a network is made of, seen by pings: addresses, links, switches, partitions, time. */
class NetworkTest {
    private static final Duration PATIENCE = seconds(1);

    private final Network net = Network.withSeed(1);

    @AfterEach
    void close() {
        net.close();
    }

    private static Optional<Duration> ping(Host from, Host to) throws IOException {
        return from.stack().ping(to.address(), 56, PATIENCE).map(reply -> Duration.ofNanos(reply.roundTripNanos()));
    }

    @Test
    void hostsAreFoundByName() {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b);
        assertThat(net.address("a")).isEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(net.address("b")).isEqualTo(b.address()).isEqualTo(IpAddress.parse("192.0.2.2"));
        assertThat(net.hostNamed("b")).isSameAs(b);
        assertThat(a.linkTo(b)).isSameAs(link);
        assertThatThrownBy(() -> net.address("c")).hasMessageContaining("no host 'c'");
        assertThatThrownBy(() -> net.host("c")).hasMessageContaining("has started");
    }

    @Test
    void aNameIsUsedOnce() {
        net.host("a");
        assertThatThrownBy(() -> net.router("a")).hasMessageContaining("'a' already");
    }

    @Test
    void delayAndRateAddUp() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        // 98 bytes at 784 kbit/s take 1 ms
        net.connect(a, b, link -> link.delay(ms(20)).rate(kbit(784)));
        ping(a, b); // ARP's round trip
        assertThat(ping(a, b)).contains(ms(42));
    }

    @Test
    void eachDirectionHasItsOwn() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b);
        link.from(a).delay(ms(5));
        link.from(b).delay(ms(2));
        ping(a, b);
        assertThat(ping(a, b)).contains(ms(7));
        assertThat(link.to(a)).isSameAs(link.from(b)).hasToString("b > a");
    }

    @Test
    void aLinkCanBeChangedWhileItIsUsed() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b, it -> it.delay(ms(1)));
        ping(a, b);
        link.delay(ms(10));
        assertThat(ping(a, b)).contains(ms(20));
        link.down();
        assertThat(ping(a, b)).isEmpty();
        link.up().from(b).loss(1);
        assertThat(ping(a, b)).isEmpty();
        assertThat(link.from(b).counts().lost()).isEqualTo(1);
        link.loss(0);
        assertThat(ping(a, b)).isPresent();
    }

    @Test
    void exactlyTheFramesThatAreNamedAreLost() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b);
        ping(a, b);
        link.from(a).drop(2, 4);
        List<Boolean> answered = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answered.add(ping(a, b).isPresent());
        }
        assertThat(answered).containsExactly(true, false, true, false, true);
    }

    @Test
    void aPredicateChoosesWhatIsLost() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b);
        ping(a, b);
        List<String> seen = new ArrayList<>();
        link.dropIf(packet -> {
            seen.add(packet.source() + " " + packet);
            return packet.length() > 500;
        });
        assertThat(ping(a, b)).isPresent();
        assertThat(a.stack().ping(b.address(), 600, PATIENCE)).isEmpty();
        assertThat(seen).hasSize(3).first().asString().startsWith("192.0.2.1 192.0.2.1 > 192.0.2.2 ICMP echo request");
    }

    @Test
    void aQueueHoldsSoMuchAndNoMore() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Link link = net.connect(a, b, it -> it.rate(kbit(80)).queueFrames(2));
        ping(a, b);
        for (int i = 0; i < 5; i++) {
            net.after(Duration.ZERO, () -> sendsDatagram(a, b));
        }
        net.run(micros(1));
        ImpairmentCounts counts = link.from(a).counts();
        assertThat(counts.overflowed()).isEqualTo(2);
        assertThat(link.from(a).queuedBytes()).isPositive();
        net.run(seconds(1));
        assertThat(link.from(a).queuedBytes()).isZero();
        assertThat(b.count("UdpNoPorts")).isEqualTo(3);
    }

    private static void sendsDatagram(Host from, Host to) {
        try (UdpSocket socket = UdpSocket.open(from.stack())) {
            socket.sendTo(ByteBuffer.allocate(100), 0, to.address(), 9);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLanJoinsMany() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Host c = net.host("c").address("198.51.100.9/24");
        Lan upstairs = net.lan("upstairs", a, b);
        Lan downstairs = net.lan("downstairs", c);
        net.connect(upstairs, downstairs, link -> link.delay(ms(3)));
        assertThat(a.address()).hasToString("198.51.100.1");
        ping(a, b);
        assertThat(ping(a, b)).contains(Duration.ZERO);
        ping(a, c);
        assertThat(ping(a, c)).contains(ms(6));
    }

    @Test
    void aLoopOfSwitchesIsRefused() {
        Lan one = net.lan("one", net.host("a"));
        Lan two = net.lan("two");
        net.connect(one, two);
        net.connect(one, two);
        assertThatThrownBy(net::start).hasMessageContaining("in a loop");
        assertThatThrownBy(() -> net.run(seconds(1))).hasMessageContaining("in a loop");
    }

    @Test
    void addressesThatContradictEachOtherAreRefused() {
        Host a = net.host("a").address("192.0.2.1/24");
        Host b = net.host("b").address("192.0.2.1/24");
        net.connect(a, b);
        assertThatThrownBy(net::start).hasMessageContaining("two hosts have the address 192.0.2.1");
    }

    @Test
    void aPartitionPartsHostsWhateverIsBetweenThem() throws IOException {
        Host a = net.host("a");
        Host b = net.host("b");
        Host c = net.host("c");
        Host d = net.host("d");
        net.lan("lan", a, b, c);
        Router router = net.router("router");
        net.connect(c, router);
        net.connect(router, d);
        net.partition(Set.of(a, b), Set.of(c, d));
        assertThat(ping(a, b)).isPresent();
        assertThat(ping(a, c)).isEmpty();
        assertThat(ping(c, d)).isPresent();
        net.isolate(b);
        assertThat(ping(a, b)).isEmpty();
        net.heal();
        assertThat(ping(a, b)).isPresent();
        net.block(d, c); // what c sends to d arrives, the answer does not
        assertThat(ping(c, d)).isEmpty();
        assertThat(d.count("IcmpInEchos")).isEqualTo(2);
    }

    @Test
    void eventsHappenAtTheirTimes() {
        List<String> log = new ArrayList<>();
        net.at(seconds(2), () -> log.add("at " + net.now()));
        net.every(seconds(1), () -> log.add("every " + net.now()));
        net.run(ms(2500));
        net.at(seconds(1), () -> log.add("late " + net.now()));
        net.run(Duration.ZERO);
        assertThat(log).containsExactly("every PT1S", "at PT2S", "every PT2S", "late PT2.5S");
        assertThat(net.runUntil(() -> log.size() == 5, seconds(60))).isTrue();
        assertThat(net.now()).isEqualTo(seconds(3));
    }
}
