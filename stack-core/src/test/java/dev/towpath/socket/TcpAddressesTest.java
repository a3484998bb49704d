package dev.towpath.socket;

import static dev.towpath.socket.TwoHosts.CLIENT;
import static dev.towpath.socket.TwoHosts.SERVER;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses connections may have, and that those which lead nowhere disturb nobody. */
class TcpAddressesTest {
    private final TwoHosts hosts = new TwoHosts();

    @AfterEach
    void close() {
        hosts.close();
    }

    @ParameterizedTest
    @Covers(Requirement.OPEN_TO_GROUP_REFUSED)
    @ValueSource(strings = {"192.0.2.255", "255.255.255.255", "224.0.0.1", "239.1.2.3"})
    void nobodyConnectsToAGroup(String address) throws ErrnoException { // RFC 9293 section 3.9.2.3, MUST-46
        try (TcpSocket socket = TcpSocket.open(hosts.client)) {
            fails(Errno.ENETUNREACH, () -> socket.connect(IpAddress.parse(address), 7));
        }
    }

    @Test
    @Covers(Requirement.LISTENS_ON_ONE_ADDRESS)
    void aListenerOnOneAddressAnswersForNoOther() throws ErrnoException { // RFC 9293 section 3.9.1.1
        IpAddress second = IpAddress.parse("198.51.100.2");
        MemoryWire wire = new MemoryWire();
        NetworkStack server = hosts.net
                .host("two addresses")
                .device(wire.left(), "192.0.2.2/24", "198.51.100.2/24")
                .start();
        NetworkStack client = hosts.net
                .host("caller")
                .device(wire.right(), "192.0.2.1/24")
                .gateway("192.0.2.2")
                .start();
        try (TcpSocket listening = TcpSocket.open(server);
                TcpSocket toTheOther = TcpSocket.open(client);
                TcpSocket toThisOne = TcpSocket.open(client)) {
            listening.bind(second, 7);
            listening.listen(1);
            fails(Errno.ECONNREFUSED, () -> toTheOther.connect(SERVER, 7));
            toThisOne.connect(second, 7);
            try (TcpSocket accepted = listening.accept()) {
                assertThat(accepted.localEndpoint().address()).isEqualTo(second);
                assertThat(accepted.remoteEndpoint().address()).isEqualTo(CLIENT);
            }
        }
    }

    @Test
    @Covers(Requirement.MISTAKE_PENDING_DIALS)
    void dialsThatNobodyAnswersStallNoOther() throws ErrnoException { // gvisor-tap-vsock 698
        List<TcpSocket> pending = new ArrayList<>();
        for (int i = 0; i < 500; i++) { // to 50 neighbours that do not exist
            TcpSocket socket = TcpSocket.open(hosts.client);
            socket.nonBlocking(true);
            fails(
                    Errno.EINPROGRESS,
                    () -> socket.connect(IpAddress.parse("192.0.2." + (100 + pending.size() / 10)), 7));
            pending.add(socket);
        }
        Duration before = hosts.net.now();
        TwoHosts.Connection connection = hosts.connection();
        connection.near().send(TwoHosts.bytes("hello"), 0);
        assertThat(received(connection.far())).isEqualTo("hello");
        assertThat(hosts.net.now().minus(before))
                .isLessThanOrEqualTo(TwoHosts.DELAY.multipliedBy(5)); // ARP there and back, SYN, SYN+ACK, data
        for (TcpSocket socket : pending) {
            socket.close();
        }
    }
}
