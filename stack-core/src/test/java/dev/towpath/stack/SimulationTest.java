package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.CapturingDevice;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemorySwitch;
import dev.towpath.link.MemoryWire;
import dev.towpath.link.PcapWriter;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many hosts, one thread, virtual time: nothing happens by itself, and all of it twice in the same way. */
class SimulationTest {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.1");

    @Test
    void timePassesOnlyWhenItIsLet() {
        try (Simulation net = new Simulation(1)) {
            List<Duration> times = new ArrayList<>();
            net.after(Duration.ofSeconds(2), () -> times.add(net.now()));
            net.after(Duration.ofSeconds(1), () -> times.add(net.now()));
            assertThat(net.now()).isZero();
            net.run(Duration.ofMillis(1500));
            assertThat(net.now()).isEqualTo(Duration.ofMillis(1500));
            assertThat(times).containsExactly(Duration.ofSeconds(1));
            assertThat(net.runUntil(() -> times.size() == 2, Duration.ofSeconds(9)))
                    .isTrue();
            assertThat(net.now()).isEqualTo(Duration.ofSeconds(2));
            assertThat(net.runUntil(() -> false, Duration.ofSeconds(9))).isFalse();
            assertThat(net.now()).isEqualTo(Duration.ofSeconds(11));
        }
    }

    @Test
    void actionsAtOneInstantRunInTheOrderTheyWereGiven() {
        try (Simulation net = new Simulation(1)) {
            StringBuilder order = new StringBuilder();
            for (char each = 'a'; each <= 'e'; each++) {
                char letter = each;
                net.after(Duration.ofMillis(5), () -> order.append(letter));
            }
            net.run(Duration.ofMillis(5));
            assertThat(order).hasToString("abcde");
        }
    }

    @Test
    void seedsFollowFromSeedAndPurpose() {
        Simulation net = new Simulation(1);
        assertThat(net.seed("loss")).isEqualTo(new Simulation(1).seed("loss"));
        assertThat(net.seed("loss")).isNotEqualTo(net.seed("data"));
        assertThat(net.seed("loss")).isNotEqualTo(new Simulation(2).seed("loss"));
    }

    @Test
    void aHostNameIsUsedOnce() {
        try (Simulation net = new Simulation(1)) {
            NetworkStack first = net.host("a").start();
            assertThat(first.isOpen()).isTrue();
            assertThatThrownBy(() -> net.host("a").start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'a'");
        }
    }

    @Test
    void aSecondThreadIsToldOff() throws InterruptedException {
        try (Simulation net = new Simulation(1)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            net.after(Duration.ofMillis(1), () -> {
                Thread other = new Thread(() -> {
                    try {
                        net.run(Duration.ofMillis(1));
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                });
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            net.run(Duration.ofSeconds(1));
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("one thread");
        }
    }

    @Test
    void manyHostsOnASwitchTalkToOne() throws IOException {
        int hosts = 50;
        try (Simulation net = new Simulation(3)) {
            MemorySwitch plug = new MemorySwitch(hosts + 1, MemoryLink.DEFAULT, new FramePool());
            NetworkStack server =
                    net.host("server").device(plug.port(0), "192.0.2.1/24").start();
            UdpSocket serving = UdpSocket.open(server);
            serving.bind(IpAddress.ANY_V4, 7);
            List<UdpSocket> clients = new ArrayList<>();
            for (int i = 0; i < hosts; i++) {
                NetworkStack host = net.host("host-" + i)
                        .device(plug.port(i + 1), "192.0.2." + (i + 2) + "/24")
                        .start();
                UdpSocket client = UdpSocket.open(host);
                client.connect(SERVER, 7);
                client.send(ByteBuffer.wrap(new byte[] {(byte) i}), 0);
                clients.add(client);
            }
            SockAddr from = new SockAddr();
            ByteBuffer data = ByteBuffer.allocate(1);
            for (int i = 0; i < hosts; i++) {
                serving.recvFrom(data.clear(), 0, from);
                serving.sendTo(data.flip(), 0, from.address(), from.port());
            }
            for (int i = 0; i < hosts; i++) {
                assertThat(clients.get(i).recv(data.clear(), 0)).isEqualTo(1);
                assertThat(data.get(0)).isEqualTo((byte) i);
            }
        }
    }

    /** The whole point of it: one seed, one capture. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theSameSeedGivesTheSameFramesAtTheSameTimes(long seed) throws Exception {
        String capture = transfer(seed);
        assertThat(capture).isEqualTo(transfer(seed)).isNotEqualTo(transfer(seed + 100));
    }

    /**
     * 64 KB through loss, duplication, reordering and corruption; returns a hash of what the client's card has seen.
     */
    private static String transfer(long seed) throws Exception {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (Simulation net = new Simulation(seed)) {
            Impairment bad = Impairment.NONE
                    .withDelay(Duration.ofMillis(3))
                    .withLoss(0.03)
                    .withDuplication(0.02)
                    .withReordering(0.05, Duration.ofMillis(4));
            MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
            LinkDevice impaired = new ImpairedDevice(wire.left(), bad, bad, net.seed("wire"), new FramePool());
            LinkDevice card = new CapturingDevice(impaired, new PcapWriter(captured, 0));
            NetworkStack server =
                    net.host("server").device(wire.right(), "192.0.2.1/24").start();
            NetworkStack client =
                    net.host("client").device(card, "192.0.2.2/24").start();
            TcpSocket listening = TcpSocket.open(server);
            listening.bind(IpAddress.ANY_V4, 7);
            listening.listen(1);
            TcpSocket near = TcpSocket.open(client);
            near.connect(SERVER, 7);
            TcpSocket far = listening.accept();
            byte[] data = new byte[65_536];
            new SplittableRandom(net.seed("data")).nextBytes(data);
            near.send(ByteBuffer.wrap(data), 0);
            near.close();
            ByteBuffer got = ByteBuffer.allocate(data.length + 1);
            for (int count = -1; count != 0; ) {
                count = far.recv(got, 0);
            }
            assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(data));
            far.close();
            net.run(Duration.ofMinutes(5));
            assertThat(client.connections()).isEmpty();
        }
        assertThat(captured.size()).isGreaterThan(65_536);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(captured.toByteArray()));
    }
}
