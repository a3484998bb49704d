package dev.towpath.sim;

import static dev.towpath.sim.Units.ms;
import static dev.towpath.sim.Units.seconds;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.socket.MsgHdr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two routers between two hosts:
 *
 * <pre>
 *   a --- west --- east --- b
 * </pre>
 */
class RouterTest {
    private final Network net = Network.withSeed(1);
    private final Host a = net.host("a");
    private final Host b = net.host("b");
    private final Router west = net.router("west");
    private final Router east = net.router("east");
    private final List<String> seenByA = new ArrayList<>();

    @BeforeEach
    void connect() {
        net.connect(a, west);
        net.connect(west, east, link -> link.delay(ms(5)));
        net.connect(east, b);
        a.linkTo(west).to(a).dropIf(packet -> {
            seenByA.add(packet.toString());
            return false;
        });
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void eachLinkIsANetworkAndAllAreJoined() throws IOException {
        assertThat(a.address()).hasToString("192.0.2.1");
        assertThat(b.address()).hasToString("203.0.113.1");
        assertThat(a.stack().ping(b.address(), 100, seconds(3))).isPresent();
        assertThat(a.stack().ping(b.address(), 100, seconds(3)).orElseThrow().roundTripNanos())
                .isEqualTo(ms(10).toNanos());
        assertThat(west.forwarded()).isEqualTo(4);
    }

    @Test
    void aRouterAnswersToEachOfItsAddresses() throws IOException {
        assertThat(a.stack().ping(west.addressTowards(a), 10, seconds(3))).isPresent();
        assertThat(a.stack().ping(east.addressTowards(b), 10, seconds(3))).isPresent();
    }

    @Test
    void shortestWaysAreTaken() throws IOException {
        Router detour = net.router("detour");
        net.connect(west, detour, link -> link.delay(ms(1)));
        net.connect(detour, east, link -> link.delay(ms(1)));
        a.stack().ping(b.address(), 10, seconds(3));
        assertThat(detour.forwarded()).isZero(); // by hops, not by time
    }

    @Test
    void timeToLiveRunsOut() throws IOException {
        try (UdpSocket socket = UdpSocket.open(a.stack())) {
            socket.option(SockOpt.IP_TTL, 1);
            socket.sendTo(ByteBuffer.allocate(8), 0, b.address(), 9);
            net.run(seconds(1));
            assertThat(seenByA).last().asString().startsWith("192.0.2.2 > 192.0.2.1 ICMP time exceeded");
            socket.option(SockOpt.IP_TTL, 2);
            socket.sendTo(ByteBuffer.allocate(8), 0, b.address(), 9);
            net.run(seconds(1));
            assertThat(seenByA)
                    .last()
                    .asString()
                    .startsWith(east.addressTowards(west) + " > 192.0.2.1 ICMP time exceeded");
        }
    }

    @Test
    void whatHasNoRouteOrNobodyThereIsToldOf() {
        assertThatThrownBy(() -> a.stack().ping(IpAddress.parse("198.18.7.7"), 10, seconds(9)))
                .hasMessageContaining("NETWORK_UNREACHABLE");
        assertThatThrownBy(() -> a.stack().ping(IpAddress.parse("203.0.113.77"), 10, seconds(9)))
                .hasMessageContaining("HOST_UNREACHABLE");
        assertThat(seenByA).filteredOn(line -> line.contains("unreachable")).hasSize(2);
    }

    @Test
    void aDatagramIsCutToFitAndArrivesWhole() throws IOException {
        west.linkTo(east).mtu(576);
        b.linkTo(east).mtu(300);
        assertThat(a.stack().ping(b.address(), 1400, seconds(3))).isPresent();
        assertThat(b.count("IpReasmOKs")).isEqualTo(1);
    }

    @Test
    void datagramsThatShareAFrameAreEachCutToFit() throws IOException {
        a.linkTo(west).superSegments();
        west.linkTo(east).mtu(576);
        try (UdpSocket from = UdpSocket.open(a.stack());
                UdpSocket to = UdpSocket.open(b.stack())) {
            to.bind(b.address(), 7);
            MsgHdr[] batch = MsgHdr.batch(5, 1400);
            for (int i = 0; i < batch.length; i++) {
                batch[i].address.set(b.address(), 7);
                batch[i].data.put(0, (byte) i).limit(i == 4 ? 700 : 1400);
            }
            assertThat(from.sendMmsg(batch, 0)).isEqualTo(5);
            from.sendTo(ByteBuffer.allocate(1200), 0, b.address(), 7);
            MsgHdr[] into = MsgHdr.batch(6, 2000);
            assertThat(to.recvMmsg(into, 6, 0, seconds(3))).isEqualTo(6);
            for (int i = 0; i < 6; i++) {
                assertThat(into[i].length).isEqualTo(i == 5 ? 1200 : i == 4 ? 700 : 1400);
                assertThat(into[i].data.get(0)).isEqualTo((byte) (i % 5));
            }
            assertThat(b.count("IpReasmOKs")).isEqualTo(6);
            assertThat(b.count("UdpInCsumErrors")).isZero();
        }
    }

    @Test
    void tcpLearnsThePathMtu() throws IOException {
        west.linkTo(east).mtu(1000);
        int largest = transfers(100_000);
        assertThat(largest).isEqualTo(1000 + 14);
        assertThat(seenByA).anyMatch(line -> line.contains("need") || line.contains("1000"));
    }

    @Test
    void aRouterMayBeSilent() throws IOException {
        west.withoutErrors();
        assertThat(a.stack().ping(IpAddress.parse("198.18.7.7"), 10, seconds(9)))
                .isEmpty();
        assertThat(seenByA).noneMatch(line -> line.contains("unreachable"));
    }

    /** Sends from a to b; returns the length of the largest frame that came through the middle. */
    private int transfers(int bytes) throws IOException {
        int[] largest = {0};
        west.linkTo(east).from(west).dropIf(packet -> {
            largest[0] = Math.max(largest[0], packet.length());
            return false;
        });
        try (TcpSocket listener = TcpSocket.open(b.stack());
                TcpSocket out = TcpSocket.open(a.stack())) {
            listener.bind(IpAddress.ANY_V4, 80);
            listener.listen(1);
            out.connect(b.address(), 80);
            out.send(ByteBuffer.allocate(bytes), 0);
            out.shutdown(SHUT_WR);
            try (TcpSocket in = listener.accept()) {
                ByteBuffer into = ByteBuffer.allocate(bytes + 1);
                while (in.recv(into, 0) > 0) {
                    // until the end
                }
                assertThat(into.position()).isEqualTo(bytes);
            }
        }
        return largest[0];
    }
}
