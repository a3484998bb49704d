package dev.towpath.socket;

import static dev.towpath.socket.TwoHosts.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.towpath.info.TcpInfo;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option: its first value, a change, and what is refused. */
class SockOptTest {
    private final TwoHosts hosts = new TwoHosts();

    @AfterEach
    void close() {
        hosts.close();
    }

    static Stream<Arguments> streamOptions() {
        return Stream.of(
                arguments(SockOpt.SO_REUSEADDR, false, true),
                arguments(SockOpt.SO_REUSEPORT, false, true),
                arguments(SockOpt.SO_KEEPALIVE, false, true),
                arguments(SockOpt.SO_LINGER, Linger.OFF, Linger.of(5)),
                arguments(SockOpt.SO_RCVBUF, 1 << 20, 70_000),
                arguments(SockOpt.SO_SNDBUF, 1 << 20, 70_000),
                arguments(SockOpt.SO_RCVTIMEO, Duration.ZERO, Duration.ofMillis(3)),
                arguments(SockOpt.SO_SNDTIMEO, Duration.ZERO, Duration.ofDays(400)),
                arguments(SockOpt.TCP_NODELAY, false, true),
                arguments(SockOpt.TCP_CORK, false, true),
                arguments(SockOpt.TCP_QUICKACK, true, false),
                arguments(SockOpt.TCP_NOTSENT_LOWAT, 0, 16_384),
                arguments(SockOpt.TCP_MAXSEG, 0, 1000),
                arguments(SockOpt.TCP_KEEPIDLE, 7200, 60),
                arguments(SockOpt.TCP_KEEPINTVL, 75, 10),
                arguments(SockOpt.TCP_KEEPCNT, 9, 3),
                arguments(SockOpt.TCP_USER_TIMEOUT, 0, 30_000),
                arguments(SockOpt.TCP_CONGESTION, "cubic", "reno"),
                arguments(SockOpt.TCP_DEFER_ACCEPT, 0, 10),
                arguments(SockOpt.IP_TOS, 0, 0xb8),
                arguments(SockOpt.SO_MAX_PACING_RATE, Long.MAX_VALUE, 1_000_000L),
                arguments(SockOpt.IP_TTL, 64, 255));
    }

    static Stream<Arguments> datagramOptions() {
        return Stream.of(
                arguments(SockOpt.SO_REUSEADDR, false, true),
                arguments(SockOpt.SO_REUSEPORT, false, true),
                arguments(SockOpt.SO_BROADCAST, false, true),
                arguments(SockOpt.SO_RCVBUF, 212_992, 70_000),
                arguments(SockOpt.SO_SNDBUF, 212_992, 70_000),
                arguments(SockOpt.SO_RCVTIMEO, Duration.ZERO, Duration.ofMillis(3)),
                arguments(SockOpt.SO_SNDTIMEO, Duration.ZERO, Duration.ofMillis(3)),
                arguments(SockOpt.UDP_SEGMENT, 0, 1200),
                arguments(SockOpt.UDP_GRO, false, true),
                arguments(SockOpt.IP_DONTFRAG, false, true),
                arguments(SockOpt.IP_MULTICAST_TTL, 1, 0),
                arguments(SockOpt.IP_MULTICAST_LOOP, true, false),
                arguments(SockOpt.IP_MULTICAST_ALL, true, false),
                arguments(SockOpt.IP_MULTICAST_IF, "", "lo"),
                arguments(SockOpt.IP_TOS, 0, 0xff),
                arguments(SockOpt.IP_TTL, 64, 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamOptions")
    <T> void aStreamHas(SockOpt<T> option, T first, T changed) throws ErrnoException {
        check(TcpSocket.open(hosts.client), option, first, changed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("datagramOptions")
    <T> void aDatagramSocketHas(SockOpt<T> option, T first, T changed) throws ErrnoException {
        check(UdpSocket.open(hosts.client), option, first, changed);
    }

    private static <T> void check(InetSocket socket, SockOpt<T> option, T first, T changed) throws ErrnoException {
        assertThat(socket.option(option)).isEqualTo(first);
        socket.option(option, changed);
        assertThat(socket.option(option)).isEqualTo(changed);
    }

    @Test
    void someCanOnlyBeRead() throws ErrnoException {
        TcpSocket stream = TcpSocket.open(hosts.client);
        UdpSocket datagram = UdpSocket.open(hosts.client);
        assertThat(stream.option(SockOpt.SO_TYPE)).isEqualTo(SocketConstants.SOCK_STREAM);
        assertThat(datagram.option(SockOpt.SO_TYPE)).isEqualTo(SocketConstants.SOCK_DGRAM);
        assertThat(stream.option(SockOpt.SO_ACCEPTCONN)).isFalse();
        assertThat(datagram.option(SockOpt.SO_ACCEPTCONN)).isFalse();
        assertThat(stream.option(SockOpt.SO_ERROR)).isEmpty();
        fails(Errno.ENOPROTOOPT, () -> stream.option(SockOpt.SO_TYPE, 1));
        fails(Errno.ENOPROTOOPT, () -> datagram.option(SockOpt.SO_ACCEPTCONN, true));
    }

    @Test
    void someAreNotForThisKindOfSocket() throws ErrnoException {
        TcpSocket stream = TcpSocket.open(hosts.client);
        UdpSocket datagram = UdpSocket.open(hosts.client);
        fails(Errno.ENOPROTOOPT, () -> stream.option(SockOpt.SO_BROADCAST));
        fails(Errno.ENOPROTOOPT, () -> datagram.option(SockOpt.TCP_NODELAY, true));
        fails(Errno.ENOPROTOOPT, () -> datagram.option(SockOpt.SO_LINGER));
        fails(Errno.ENOPROTOOPT, () -> stream.option(SockOpt.UDP_SEGMENT));
    }

    @Test
    void valuesOutOfRangeAreRefusedAndBufferSizesBroughtIntoRange() throws ErrnoException {
        TcpSocket socket = TcpSocket.open(hosts.client);
        fails(Errno.EINVAL, () -> socket.option(SockOpt.IP_TTL, 0));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.IP_TTL, 256));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.IP_TOS, 256));
        socket.option(SockOpt.IP_TOS, 0xbb);
        assertThat(socket.option(SockOpt.IP_TOS)).isEqualTo(0xb8); // the ECN bits are TCP's own
        fails(Errno.EINVAL, () -> socket.option(SockOpt.TCP_MAXSEG, 10));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.TCP_KEEPCNT, 128));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.TCP_KEEPIDLE, 0));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.TCP_USER_TIMEOUT, -1));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.SO_RCVTIMEO, Duration.ofSeconds(-1)));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.SO_RCVBUF, 0));
        fails(Errno.EINVAL, () -> socket.option(SockOpt.SO_MAX_PACING_RATE, 0L));
        fails(Errno.ENOENT, () -> socket.option(SockOpt.TCP_CONGESTION, "vegas"));
        UdpSocket datagram = UdpSocket.open(hosts.client);
        fails(Errno.EINVAL, () -> datagram.option(SockOpt.UDP_SEGMENT, -1));
        fails(Errno.EINVAL, () -> datagram.option(SockOpt.UDP_SEGMENT, 65_536));
        socket.option(SockOpt.SO_RCVBUF, 1);
        assertThat(socket.option(SockOpt.SO_RCVBUF)).isEqualTo(4096);
        socket.option(SockOpt.SO_SNDBUF, Integer.MAX_VALUE);
        assertThat(socket.option(SockOpt.SO_SNDBUF)).isEqualTo(64 << 20);
    }

    @Test
    void maxSegmentOfAConnectionIsWhatIsInUse() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket small = TcpSocket.open(hosts.client);
        small.option(SockOpt.TCP_MAXSEG, 500);
        small.connect(TwoHosts.SERVER, 7);
        int timestamps = 12; // in every segment: RFC 6691 has the sender subtract them
        assertThat(small.option(SockOpt.TCP_MAXSEG)).isEqualTo(500 - timestamps);
        assertThat(listening.accept().option(SockOpt.TCP_MAXSEG)).isEqualTo(500 - timestamps);
        assertThat(hosts.connected(7).option(SockOpt.TCP_MAXSEG)).isEqualTo(1460 - timestamps);
    }

    @Test
    void tcpInfoTellsOfAConnectionInBothInterfaces() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        assertThat(listening.option(SockOpt.TCP_INFO).state).isEqualTo("LISTEN");
        fails(Errno.ENOPROTOOPT, () -> listening.option(SockOpt.TCP_INFO, new TcpInfo()));
        try (BerkeleySockets sockets = new BerkeleySockets(hosts.client)) {
            int fd = sockets.socket(SocketConstants.AF_INET, SocketConstants.SOCK_STREAM, 0);
            assertThat(sockets.getsockopt(fd, SockOpt.TCP_INFO).state).isEqualTo("CLOSED");
            sockets.connect(fd, TwoHosts.SERVER, 7);
            TcpInfo info = sockets.getsockopt(fd, SockOpt.TCP_INFO);
            assertThat(info.state).isEqualTo("ESTABLISHED");
            long roundTrip = 2 * TwoHosts.DELAY.toNanos();
            assertThat(info.rttNanos).as("ARP may be in it").isBetween(roundTrip, 2 * roundTrip);
            sockets.send(fd, TwoHosts.bytes("abc"), 0);
            hosts.net.run(Duration.ofSeconds(1));
            assertThat(sockets.getsockopt(fd, SockOpt.TCP_INFO).bytesAcked).isEqualTo(3);
        }
        assertThat(listening.accept().option(SockOpt.TCP_INFO).bytesReceived).isEqualTo(3);
    }

    @Test
    void noDelayFlushesACorkedConnection() throws ErrnoException {
        TwoHosts.Connection connection = hosts.connection();
        connection.near().option(SockOpt.TCP_CORK, true);
        connection.near().send(TwoHosts.bytes("ab"), 0);
        hosts.net.run(Duration.ofMillis(100));
        fails(Errno.EAGAIN, () -> connection.far().recv(TwoHosts.bytes("?"), SocketConstants.MSG_DONTWAIT));
        connection.near().option(SockOpt.TCP_NODELAY, true);
        hosts.net.run(TwoHosts.DELAY);
        assertThat(TwoHosts.received(connection.far())).isEqualTo("ab");
    }

    @Test
    void quickAckOfAConnectionEndsByItself() throws ErrnoException {
        TwoHosts.Connection connection = hosts.connection();
        assertThat(connection.far().option(SockOpt.TCP_QUICKACK)).isTrue();
        for (int i = 0; i < 20; i++) {
            connection.near().send(TwoHosts.bytes("x"), 0);
            TwoHosts.received(connection.far());
        }
        assertThat(connection.far().option(SockOpt.TCP_QUICKACK)).isFalse();
    }

    @Test
    void keepAliveEndsADeadConnectionWithATimeout() throws ErrnoException {
        TcpSocket near = hosts.connection().near();
        near.option(SockOpt.SO_KEEPALIVE, true);
        near.option(SockOpt.TCP_KEEPIDLE, 10);
        near.option(SockOpt.TCP_KEEPINTVL, 5);
        near.option(SockOpt.TCP_KEEPCNT, 2);
        hosts.net.run(Duration.ofSeconds(60));
        hosts.unplug();
        Duration begin = hosts.net.now();
        fails(Errno.ETIMEDOUT, () -> near.recv(TwoHosts.bytes("x"), 0));
        assertThat(hosts.net.now().minus(begin)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(21));
    }
}
