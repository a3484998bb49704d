package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.POLLRDHUP;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static dev.towpath.socket.TwoHosts.CLIENT;
import static dev.towpath.socket.TwoHosts.SERVER;
import static dev.towpath.socket.TwoHosts.bytes;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.demux.PortTable;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Berkeley programmer expects of a datagram socket, call by call, in virtual time. */
class UdpSocketTest {
    private static final IpAddress BROADCAST = IpAddress.parse("192.0.2.255");

    private final TwoHosts hosts = new TwoHosts();
    private UdpSocket near;
    private UdpSocket far;

    @BeforeEach
    void open() throws ErrnoException {
        near = UdpSocket.open(hosts.client);
        far = UdpSocket.open(hosts.server);
        far.bind(IpAddress.ANY_V4, 7);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void aDatagramArrivesWhole() throws ErrnoException {
        assertThat(near.sendTo(bytes("one"), 0, SERVER, 7)).isEqualTo(3);
        near.sendTo(bytes("two"), 0, SERVER, 7);
        SockAddr from = new SockAddr();
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(far.recvFrom(into, 0, from)).isEqualTo(3);
        assertThat(into.flip()).isEqualTo(bytes("one"));
        assertThat(from.address()).isEqualTo(CLIENT);
        assertThat(from.port())
                .isEqualTo(near.localEndpoint().port())
                .isGreaterThanOrEqualTo(PortTable.FIRST_EPHEMERAL);
        assertThat(received(far)).isEqualTo("two");
        assertThat(far.sendTo(bytes("back"), 0, from.address(), from.port())).isEqualTo(4);
        assertThat(received(near)).isEqualTo("back");
    }

    @Test
    void anEmptyDatagramIsNotAnEnd() throws ErrnoException {
        near.sendTo(ByteBuffer.allocate(0), 0, SERVER, 7);
        near.sendTo(bytes("next"), 0, SERVER, 7);
        SockAddr from = new SockAddr();
        assertThat(far.recvFrom(ByteBuffer.allocate(10), 0, from)).isZero();
        assertThat(from.address()).isEqualTo(CLIENT);
        assertThat(received(far)).isEqualTo("next");
    }

    @Test
    void whatDoesNotFitIsLostAndTruncTellsHowMuchThereWas() throws ErrnoException {
        for (int i = 0; i < 3; i++) {
            near.sendTo(bytes("0123456789"), 0, SERVER, 7);
        }
        ByteBuffer small = ByteBuffer.allocate(4);
        assertThat(far.recv(small, MSG_PEEK | MSG_TRUNC)).isEqualTo(10);
        assertThat(far.recv(small.clear(), 0)).isEqualTo(4);
        assertThat(small.flip()).isEqualTo(bytes("0123"));
        assertThat(far.recv(small.clear(), MSG_TRUNC)).isEqualTo(10);
        assertThat(received(far)).isEqualTo("0123456789");
    }

    @Test
    void largeDatagramsAreFragmentedAndTooLargeOnesRefused() throws ErrnoException {
        byte[] data = new byte[65_507];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31);
        }
        near.sendTo(ByteBuffer.wrap(data), 0, SERVER, 7);
        ByteBuffer into = ByteBuffer.allocate(65_535);
        assertThat(far.recv(into, 0)).isEqualTo(data.length);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(data));
        fails(Errno.EMSGSIZE, () -> near.sendTo(ByteBuffer.allocate(65_508), 0, SERVER, 7));
    }

    @Test
    void aConnectedSocketHearsOnlyItsPeer() throws ErrnoException {
        UdpSocket stranger = UdpSocket.open(hosts.server);
        stranger.bind(SERVER, 8);
        fails(Errno.EDESTADDRREQ, () -> near.send(bytes("x"), 0));
        fails(Errno.ENOTCONN, near::remoteEndpoint);
        near.connect(SERVER, 7);
        assertThat(near.localEndpoint().address()).isEqualTo(CLIENT);
        assertThat(near.remoteEndpoint()).isEqualTo(new Endpoint(SERVER, 7));
        int port = near.localEndpoint().port();
        stranger.sendTo(bytes("hey"), 0, CLIENT, port);
        near.send(bytes("ping"), 0);
        assertThat(received(far)).isEqualTo("ping");
        far.sendTo(bytes("pong"), 0, CLIENT, port);
        assertThat(received(near)).isEqualTo("pong");
        near.disconnect();
        stranger.sendTo(bytes("hey"), 0, CLIENT, port);
        assertThat(received(near)).isEqualTo("hey");
    }

    @Test
    void aClosedPortIsReportedToAConnectedSocketOnce() throws ErrnoException {
        near.connect(SERVER, 9);
        near.send(bytes("anybody?"), 0);
        fails(Errno.ECONNREFUSED, () -> received(near));
        fails(Errno.EAGAIN, () -> received(near, 1, MSG_DONTWAIT));
        near.send(bytes("anybody?"), 0);
        hosts.net.run(Duration.ofSeconds(1));
        assertThat(near.readiness()).isEqualTo(POLLIN | POLLOUT | POLLERR);
        assertThat(near.option(SockOpt.SO_ERROR)).isEqualTo(Optional.of(Errno.ECONNREFUSED));
        assertThat(near.readiness()).isEqualTo(POLLOUT);
        near.send(bytes("anybody?"), 0);
        hosts.net.run(Duration.ofSeconds(1));
        fails(Errno.ECONNREFUSED, () -> near.send(bytes("x"), 0));
        near.send(bytes("x"), 0);
    }

    @Test
    void broadcastsNeedTheOption() throws ErrnoException {
        fails(Errno.EACCES, () -> near.sendTo(bytes("all"), 0, BROADCAST, 7));
        near.option(SockOpt.SO_BROADCAST, true);
        near.sendTo(bytes("all"), 0, BROADCAST, 7);
        assertThat(received(far)).isEqualTo("all");
    }

    @Test
    void bindFollowsTheSameRulesAsForStreams() throws ErrnoException {
        fails(Errno.EINVAL, () -> far.bind(SERVER, 8));
        UdpSocket second = UdpSocket.open(hosts.server);
        fails(Errno.EADDRINUSE, () -> second.bind(SERVER, 7));
        fails(Errno.EADDRNOTAVAIL, () -> second.bind(CLIENT, 8));
        fails(Errno.EINVAL, () -> second.bind(SERVER, 65_536));
        TcpSocket.open(hosts.server).bind(SERVER, 7); // ports of TCP are other ports
        far.close();
        second.bind(SERVER, 7);
    }

    @Test
    void sendingFindsNoWayAndNoPort() {
        fails(Errno.ENETUNREACH, () -> near.sendTo(bytes("x"), 0, IpAddress.parse("198.51.100.1"), 7));
        fails(Errno.EADDRNOTAVAIL, () -> near.sendTo(bytes("x"), 0, SERVER, 0));
        fails(Errno.EAFNOSUPPORT, () -> near.sendTo(bytes("x"), 0, IpAddress.parse("2001:db8::1"), 7));
        fails(Errno.EINVAL, () -> near.sendTo(bytes("x"), 0, SERVER, 70_000));
    }

    @Test
    void receivingDoesNotWaitWhenToldSoAndNoLongerThanItsTimeout() throws ErrnoException {
        fails(Errno.EAGAIN, () -> received(far, 1, MSG_DONTWAIT));
        assertThat(hosts.net.now()).isZero();
        far.option(SockOpt.SO_RCVTIMEO, Duration.ofMillis(100));
        fails(Errno.EAGAIN, () -> received(far));
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(100));
        fails(Errno.EFAULT, () -> far.recv(ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));
    }

    @Test
    void shutdownIsForConnectedSocketsAndLocal() throws ErrnoException {
        fails(Errno.ENOTCONN, () -> near.shutdown(SHUT_RD));
        near.connect(SERVER, 7);
        near.shutdown(SHUT_RD);
        assertThat(received(near)).isEmpty();
        assertThat(near.readiness()).isEqualTo(POLLIN | POLLOUT | POLLRDHUP);
        near.send(bytes("still"), 0);
        assertThat(received(far)).isEqualTo("still");
        near.shutdown(SHUT_WR);
        fails(Errno.EPIPE, () -> near.send(bytes("x"), 0));
    }

    @Test
    void closeEndsACallThatWaits() throws ErrnoException {
        hosts.net.after(Duration.ofMillis(20), () -> {
            try {
                far.close();
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        fails(Errno.EBADF, () -> received(far));
        fails(Errno.EBADF, () -> far.sendTo(bytes("x"), 0, CLIENT, 1));
    }

    @Test
    void theListingShowsDatagramSockets() throws ErrnoException {
        near.connect(SERVER, 7);
        Endpoint local = near.localEndpoint();
        assertThat(hosts.client.connections())
                .containsExactly(new ConnectionInfo("udp", local, new Endpoint(SERVER, 7), "ESTABLISHED"));
        assertThat(hosts.server.connections())
                .containsExactly(new ConnectionInfo(
                        "udp", Endpoint.parse("0.0.0.0:7"), Endpoint.parse("0.0.0.0:0"), "UNCONNECTED"));
        near.close();
        assertThat(hosts.client.connections()).isEmpty();
    }

    @Test
    void talkingToItselfTakesNoTime() throws ErrnoException {
        far.sendTo(bytes("me"), 0, IpAddress.LOOPBACK_V4, 7);
        assertThat(received(far)).isEqualTo("me");
        far.sendTo(bytes("me too"), 0, SERVER, 7);
        assertThat(received(far)).isEqualTo("me too");
        assertThat(hosts.net.now()).isZero();
    }
}
