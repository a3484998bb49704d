package dev.towpath.socket;

import static dev.towpath.socket.TwoHosts.bytes;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.wire.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connects that nobody answers stand in nobody's way. */
class PendingConnectsTest {
    private static final int MANY = 500;

    private final TwoHosts hosts = new TwoHosts();

    @AfterEach
    void close() {
        hosts.close();
    }

    /** Connects to hosts that do not exist: their SYNs wait for ARP, which nobody answers. */
    private List<TcpSocket> pending() throws ErrnoException {
        List<TcpSocket> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            TcpSocket socket = TcpSocket.open(hosts.client);
            socket.nonBlocking(true);
            IpAddress nobody = IpAddress.parse("192.0.2." + (10 + i % 200));
            fails(Errno.EINPROGRESS, () -> socket.connect(nobody, 7));
            all.add(socket);
        }
        return all;
    }

    @Test
    void othersTakeNoLongerToConnectAndToTalk() throws ErrnoException {
        Duration first = roundTrip(); // with ARP
        Duration alone = roundTrip();
        assertThat(alone).isLessThanOrEqualTo(first);
        List<TcpSocket> pending = pending();
        hosts.net.run(Duration.ofMillis(100));
        assertThat(roundTrip()).isEqualTo(alone);
        for (TcpSocket socket : pending) {
            assertThat(socket.ready()).isZero();
            socket.close();
        }
        assertThat(hosts.client.connections()).isEmpty();
    }

    /** How long it takes to connect, and to send something there and back. */
    private Duration roundTrip() throws ErrnoException {
        Duration begin = hosts.net.now();
        TwoHosts.Connection pair = hosts.connection();
        pair.near().send(bytes("there"), 0);
        assertThat(received(pair.far())).isEqualTo("there");
        pair.far().send(bytes("back"), 0);
        assertThat(received(pair.near())).isEqualTo("back");
        Duration took = hosts.net.now().minus(begin);
        pair.near().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.near().close();
        pair.far().close();
        return took;
    }
}
