package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.MSG_WAITALL;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.POLLRDHUP;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_RDWR;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static dev.towpath.socket.TwoHosts.CLIENT;
import static dev.towpath.socket.TwoHosts.SERVER;
import static dev.towpath.socket.TwoHosts.bytes;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.demux.PortTable;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a Berkeley programmer expects of a stream socket, call by call, in virtual time. */
class TcpSocketTest {
    private final TwoHosts hosts = new TwoHosts();

    @AfterEach
    void close() {
        hosts.close();
    }

    private TcpSocket fresh() throws ErrnoException {
        return TcpSocket.open(hosts.client);
    }

    private void later(Duration delay, Action action) {
        hosts.net.after(delay, () -> {
            try {
                action.run();
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
    }

    private interface Action {
        void run() throws ErrnoException;
    }

    // bind and listen

    @Test
    void bindRefusesForeignAddressesBadPortsAndSecondTimes() throws ErrnoException {
        TcpSocket socket = fresh();
        fails(Errno.EADDRNOTAVAIL, () -> socket.bind(SERVER, 80));
        fails(Errno.EINVAL, () -> socket.bind(CLIENT, 65_536));
        fails(Errno.EINVAL, () -> socket.bind(CLIENT, -1));
        fails(Errno.EAFNOSUPPORT, () -> socket.bind(IpAddress.parse("2001:db8::1"), 80));
        assertThat(socket.localEndpoint()).isEqualTo(Endpoint.parse("0.0.0.0:0"));
        socket.bind(CLIENT, 80);
        assertThat(socket.localEndpoint()).isEqualTo(Endpoint.parse("192.0.2.1:80"));
        fails(Errno.EINVAL, () -> socket.bind(CLIENT, 81));
    }

    @Test
    void bindToPortZeroTakesAnEphemeralPort() throws ErrnoException {
        TcpSocket socket = fresh();
        socket.bind(IpAddress.ANY_V4, 0);
        assertThat(socket.localEndpoint().port()).isBetween(PortTable.FIRST_EPHEMERAL, 65_535);
    }

    @Test
    void aPortIsFreeAgainAfterClose() throws ErrnoException {
        TcpSocket first = fresh();
        first.bind(IpAddress.ANY_V4, 80);
        TcpSocket second = fresh();
        fails(Errno.EADDRINUSE, () -> second.bind(IpAddress.ANY_V4, 80));
        fails(Errno.EADDRINUSE, () -> second.bind(CLIENT, 80));
        first.close();
        second.bind(IpAddress.ANY_V4, 80);
    }

    @Test
    void reuseAddressAllowsOneListenerReusePortMany() throws ErrnoException {
        TcpSocket[] sockets = {fresh(), fresh(), fresh(), fresh()};
        for (TcpSocket socket : sockets) {
            boolean port = socket == sockets[2] || socket == sockets[3];
            socket.option(port ? SockOpt.SO_REUSEPORT : SockOpt.SO_REUSEADDR, true);
            socket.bind(IpAddress.ANY_V4, port ? 81 : 80);
        }
        sockets[0].listen(1);
        fails(Errno.EADDRINUSE, () -> sockets[1].listen(1));
        sockets[2].listen(1);
        sockets[3].listen(1);
    }

    @Test
    void timeWaitHoldsThePortUnlessReuseAddress() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().close(); // the server closes first, and keeps port 7 in TIME-WAIT
        assertThat(received(pair.near())).isEmpty();
        pair.near().close();
        hosts.net.run(Duration.ofSeconds(1));
        TcpSocket again = TcpSocket.open(hosts.server);
        fails(Errno.EADDRINUSE, () -> again.bind(IpAddress.ANY_V4, 7));
        again.option(SockOpt.SO_REUSEADDR, true);
        again.bind(IpAddress.ANY_V4, 7);
    }

    @Test
    void listenBindsIfNeededAndMayBeRepeated() throws ErrnoException {
        TcpSocket socket = fresh();
        socket.listen(5);
        socket.listen(10);
        assertThat(socket.localEndpoint().port()).isGreaterThanOrEqualTo(PortTable.FIRST_EPHEMERAL);
        assertThat(socket.option(SockOpt.SO_ACCEPTCONN)).isTrue();
        fails(Errno.EISCONN, () -> socket.connect(SERVER, 7));
        fails(Errno.ENOTCONN, () -> socket.send(bytes("x"), 0));
        fails(Errno.EINVAL, () -> fresh().accept());
        fails(Errno.EINVAL, () -> hosts.connection().near().listen(1));
    }

    // connect and accept

    @Test
    void connectAndAcceptGiveTwoEndsOfOneConnection() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket near = hosts.connected(7);
        TcpSocket far = listening.accept();
        assertThat(far.remoteEndpoint()).isEqualTo(near.localEndpoint());
        assertThat(far.localEndpoint()).isEqualTo(near.remoteEndpoint()).isEqualTo(new Endpoint(SERVER, 7));
        assertThat(near.localEndpoint().port()).isGreaterThanOrEqualTo(PortTable.FIRST_EPHEMERAL);
        fails(Errno.EISCONN, () -> near.connect(SERVER, 7));
        fails(Errno.EINVAL, () -> near.bind(CLIENT, 9));
        hosts.connected(7); // the listening one goes on
        assertThat(listening.accept().remoteEndpoint()).isNotEqualTo(near.localEndpoint());
    }

    @Test
    void acceptWaitsForItsConnection() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket near = fresh();
        near.nonBlocking(true);
        fails(Errno.EINPROGRESS, () -> near.connect(SERVER, 7));
        assertThat(listening.accept().remoteEndpoint()).isEqualTo(near.localEndpoint());
    }

    @Test
    void acceptDoesNotWaitWhenToldSoAndNoLongerThanItsTimeout() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        listening.option(SockOpt.SO_RCVTIMEO, Duration.ofMillis(300));
        fails(Errno.EAGAIN, listening::accept);
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(300));
        listening.nonBlocking(true);
        fails(Errno.EAGAIN, listening::accept);
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void anAcceptedSocketInheritsOptionsButWaits() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        listening.nonBlocking(true);
        listening.option(SockOpt.TCP_NODELAY, true);
        listening.option(SockOpt.SO_LINGER, Linger.of(3));
        listening.option(SockOpt.SO_RCVTIMEO, Duration.ofSeconds(2));
        hosts.connected(7);
        hosts.net.run(Duration.ofMillis(50));
        TcpSocket far = listening.accept();
        assertThat(far.nonBlocking()).isFalse();
        assertThat(far.option(SockOpt.TCP_NODELAY)).isTrue();
        assertThat(far.option(SockOpt.SO_LINGER)).isEqualTo(Linger.of(3));
        assertThat(far.option(SockOpt.SO_RCVTIMEO)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aConnectThatDoesNotWaitGoesThroughItsErrnos() throws ErrnoException {
        hosts.listening(7);
        TcpSocket socket = fresh();
        socket.nonBlocking(true);
        fails(Errno.EINPROGRESS, () -> socket.connect(SERVER, 7));
        fails(Errno.EALREADY, () -> socket.connect(SERVER, 7));
        fails(Errno.EAGAIN, () -> socket.recv(ByteBuffer.allocate(1), 0));
        fails(Errno.EAGAIN, () -> socket.send(bytes("x"), 0));
        fails(Errno.ENOTCONN, socket::remoteEndpoint);
        assertThat(socket.readiness()).isZero();
        hosts.net.run(Duration.ofSeconds(1));
        assertThat(socket.readiness()).isEqualTo(POLLOUT);
        assertThat(socket.option(SockOpt.SO_ERROR)).isEmpty();
        socket.connect(SERVER, 7); // as in Linux, the next call reports success, and only the one after it EISCONN
        fails(Errno.EISCONN, () -> socket.connect(SERVER, 7));
    }

    @Test
    void aRefusedConnectSaysSoAndMayBeTriedAgain() throws ErrnoException {
        TcpSocket socket = fresh();
        fails(Errno.ECONNREFUSED, () -> socket.connect(SERVER, 7));
        fails(Errno.ENOTCONN, () -> socket.recv(ByteBuffer.allocate(1), 0));
        hosts.listening(7);
        socket.connect(SERVER, 7);
        assertThat(socket.remoteEndpoint()).isEqualTo(new Endpoint(SERVER, 7));
    }

    @Test
    void aRefusedConnectThatDidNotWaitIsFoundInSoError() throws ErrnoException {
        TcpSocket socket = fresh();
        socket.nonBlocking(true);
        fails(Errno.EINPROGRESS, () -> socket.connect(SERVER, 7));
        hosts.net.run(Duration.ofSeconds(1));
        assertThat(socket.readiness() & (POLLERR | POLLHUP | POLLIN | POLLOUT))
                .isEqualTo(POLLERR | POLLHUP | POLLIN | POLLOUT);
        assertThat(socket.option(SockOpt.SO_ERROR)).isEqualTo(Optional.of(Errno.ECONNREFUSED));
        assertThat(socket.option(SockOpt.SO_ERROR)).isEmpty();
        assertThat(socket.readiness() & POLLERR).isZero();
        fails(Errno.ECONNABORTED, () -> socket.connect(SERVER, 7)); // as in Linux: the reason has been taken
        fails(Errno.EINPROGRESS, () -> socket.connect(SERVER, 7));
    }

    @Test
    void connectFailsWhereThereIsNobodyAndNoWay() throws ErrnoException {
        fails(Errno.EHOSTUNREACH, () -> fresh().connect(IpAddress.parse("192.0.2.9"), 7));
        fails(Errno.ENETUNREACH, () -> fresh().connect(IpAddress.parse("198.51.100.1"), 7));
        fails(Errno.ENETUNREACH, () -> fresh().connect(IpAddress.parse("192.0.2.255"), 7));
        fails(Errno.EADDRNOTAVAIL, () -> fresh().connect(SERVER, 0));
        fails(Errno.EAFNOSUPPORT, () -> fresh().connect(IpAddress.parse("2001:db8::1"), 7));
    }

    @Test
    void connectWaitsNoLongerThanItsTimeoutButGoesOn() throws ErrnoException {
        hosts.listening(7);
        TcpSocket socket = fresh();
        socket.option(SockOpt.SO_SNDTIMEO, Duration.ofMillis(1));
        fails(Errno.EINPROGRESS, () -> socket.connect(SERVER, 7));
        fails(Errno.EALREADY, () -> socket.connect(SERVER, 7));
        socket.option(SockOpt.SO_SNDTIMEO, Duration.ZERO);
        socket.connect(SERVER, 7);
    }

    @Test
    void connectToAnyMeansThisHost() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket socket = TcpSocket.open(hosts.server);
        socket.connect(IpAddress.ANY_V4, 7);
        assertThat(listening.accept().remoteEndpoint().address()).isEqualTo(IpAddress.LOOPBACK_V4);
        assertThat(hosts.net.now()).isZero();
    }

    @Test
    void aBoundPortServesOneConnectionToEachPeer() throws ErrnoException {
        hosts.listening(7);
        TcpSocket[] sockets = {fresh(), fresh()};
        for (TcpSocket socket : sockets) {
            socket.option(SockOpt.SO_REUSEADDR, true);
            socket.bind(CLIENT, 1000);
        }
        sockets[0].connect(SERVER, 7);
        assertThat(sockets[0].localEndpoint()).isEqualTo(new Endpoint(CLIENT, 1000));
        fails(Errno.EADDRNOTAVAIL, () -> sockets[1].connect(SERVER, 7));
    }

    // send and recv

    @Test
    void whatIsSentIsReceivedInOrder() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        assertThat(pair.near().send(bytes("hello, "), 0)).isEqualTo(7);
        assertThat(pair.near().send(bytes("world"), 0)).isEqualTo(5);
        assertThat(received(pair.far(), 12, MSG_WAITALL)).isEqualTo("hello, world");
        assertThat(pair.far().send(bytes("bye"), 0)).isEqualTo(3);
        assertThat(received(pair.near())).isEqualTo("bye");
    }

    @Test
    void peekLeavesTheDataWhereItIs() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().send(bytes("abc"), 0);
        assertThat(received(pair.far(), 2, MSG_PEEK)).isEqualTo("ab");
        assertThat(received(pair.far())).isEqualTo("abc");
    }

    @Test
    void truncThrowsAwayWithoutCopying() throws ErrnoException { // as Linux does on a stream
        TwoHosts.Connection pair = hosts.connection();
        pair.near().send(bytes("abcdef"), 0);
        ByteBuffer untouched = ByteBuffer.wrap(new byte[4]);
        assertThat(pair.far().recv(untouched, MSG_TRUNC)).isEqualTo(4);
        assertThat(untouched.array()).containsOnly(0);
        assertThat(untouched.hasRemaining()).isFalse();
        assertThat(received(pair.far())).isEqualTo("ef");
    }

    @Test
    void recvDoesNotWaitWhenToldSoAndNoLongerThanItsTimeout() throws ErrnoException {
        TcpSocket socket = hosts.connection().near();
        Duration begin = hosts.net.now();
        fails(Errno.EAGAIN, () -> received(socket, 1, MSG_DONTWAIT));
        assertThat(hosts.net.now()).isEqualTo(begin);
        socket.option(SockOpt.SO_RCVTIMEO, Duration.ofMillis(250));
        fails(Errno.EAGAIN, () -> received(socket));
        assertThat(hosts.net.now()).isEqualTo(begin.plusMillis(250));
        assertThat(received(socket, 0, 0)).isEmpty();
    }

    @Test
    void waitAllReturnsWhatThereIsAtTheEndAndAfterTheTimeout() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().option(SockOpt.SO_RCVTIMEO, Duration.ofSeconds(1));
        pair.near().send(bytes("abc"), 0);
        assertThat(received(pair.far(), 10, MSG_WAITALL)).isEqualTo("abc");
        fails(Errno.EAGAIN, () -> received(pair.far(), 10, MSG_WAITALL));
        pair.near().send(bytes("def"), 0);
        pair.near().close();
        assertThat(received(pair.far(), 10, MSG_WAITALL)).isEqualTo("def");
        assertThat(received(pair.far(), 10, MSG_WAITALL)).isEmpty();
    }

    @Test
    void aSenderThatDoesNotWaitStopsWhereTheBuffersEnd() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().nonBlocking(true);
        ByteBuffer much = ByteBuffer.allocate(8 << 20);
        int sent = pair.near().send(much, 0);
        assertThat(sent).isPositive().isLessThan(much.capacity()).isEqualTo(much.position());
        fails(Errno.EAGAIN, () -> pair.near().send(much, 0));
        assertThat(pair.near().readiness() & POLLOUT).isZero();
        drainLater(pair.far(), much.capacity());
        hosts.net.run(Duration.ofSeconds(1));
        assertThat(pair.near().readiness() & POLLOUT).isEqualTo(POLLOUT);
        assertThat(pair.near().send(much, 0)).isPositive();
    }

    @Test
    void aBlockingSendTakesAllAndTimesOutWithWhatItTook() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().option(SockOpt.SO_SNDTIMEO, Duration.ofSeconds(1));
        int sent = pair.near().send(ByteBuffer.allocate(8 << 20), 0);
        assertThat(sent).isPositive().isLessThan(8 << 20);
        sent += pair.near().send(ByteBuffer.allocate(8 << 20), 0); // a probe of the window has made a little room
        fails(Errno.EAGAIN, () -> pair.near().send(bytes("x"), 0));
        pair.near().option(SockOpt.SO_SNDTIMEO, Duration.ZERO);
        drainLater(pair.far(), sent);
        assertThat(pair.near().send(ByteBuffer.allocate(1 << 20), 0)).isEqualTo(1 << 20);
    }

    private void drainLater(TcpSocket socket, int bytes) {
        later(Duration.ofMillis(10), () -> {
            ByteBuffer into = ByteBuffer.allocate(bytes);
            try {
                socket.recv(into, MSG_DONTWAIT);
            } catch (ErrnoException e) {
                assertThat(e.errno()).isEqualTo(Errno.EAGAIN);
            }
            if (into.hasRemaining()) {
                drainLater(socket, into.remaining());
            }
        });
    }

    @Test
    void unconnectedSocketsSendAndReceiveNothing() throws ErrnoException {
        TcpSocket socket = fresh();
        fails(Errno.ENOTCONN, () -> socket.send(bytes("x"), 0));
        fails(Errno.ENOTCONN, () -> received(socket));
        fails(Errno.ENOTCONN, () -> socket.shutdown(SHUT_RDWR));
        fails(Errno.ENOTCONN, socket::remoteEndpoint);
        fails(Errno.EFAULT, () -> socket.recv(ByteBuffer.allocate(1).asReadOnlyBuffer(), 0));
        assertThat(socket.readiness()).isEqualTo(POLLOUT | POLLHUP);
    }

    // the end

    @Test
    void endOfStreamIsZeroAndTheOtherDirectionGoesOn() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().send(bytes("question"), 0);
        pair.near().shutdown(SHUT_WR);
        fails(Errno.EPIPE, () -> pair.near().send(bytes("x"), 0));
        assertThat(received(pair.far())).isEqualTo("question");
        assertThat(received(pair.far())).isEmpty();
        assertThat(received(pair.far())).isEmpty();
        assertThat(pair.far().readiness()).isEqualTo(POLLIN | POLLRDHUP | POLLOUT);
        pair.far().send(bytes("answer"), 0);
        pair.far().close();
        assertThat(received(pair.near())).isEqualTo("answer");
        assertThat(received(pair.near())).isEmpty();
        assertThat(pair.near().readiness() & POLLHUP).isEqualTo(POLLHUP);
    }

    @Test
    void shutdownOfReceivingEndsItAtOnce() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().shutdown(SHUT_RD);
        assertThat(received(pair.near())).isEmpty();
        fails(Errno.EINVAL, () -> pair.near().shutdown(3));
        later(Duration.ofMillis(20), () -> pair.far().shutdown(SHUT_RD));
        assertThat(received(pair.far())).isEmpty(); // it waited for that
    }

    @Test
    void aResetIsReportedOnceThenTheStreamHasEnded() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.far().close();
        hosts.net.run(Duration.ofMillis(50));
        assertThat(pair.near().readiness() & (POLLERR | POLLHUP | POLLIN)).isEqualTo(POLLERR | POLLHUP | POLLIN);
        fails(Errno.ECONNRESET, () -> received(pair.near()));
        assertThat(received(pair.near())).isEmpty();
        fails(Errno.EPIPE, () -> pair.near().send(bytes("x"), 0));
        fails(Errno.ENOTCONN, pair.near()::remoteEndpoint);
    }

    @Test
    void aResetIsReportedToASenderToo() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.far().close();
        hosts.net.run(Duration.ofMillis(50));
        fails(Errno.ECONNRESET, () -> pair.near().send(bytes("x"), 0));
        fails(Errno.EPIPE, () -> pair.near().send(bytes("x"), 0));
        assertThat(received(pair.near())).isEmpty();
    }

    @Test
    void aResetIsFoundInSoErrorToo() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.far().close();
        hosts.net.run(Duration.ofMillis(50));
        assertThat(pair.near().option(SockOpt.SO_ERROR)).isEqualTo(Optional.of(Errno.ECONNRESET));
        assertThat(received(pair.near())).isEmpty();
    }

    @Test
    @Covers(Requirement.RST_ON_CLOSE)
    void closingWithUnreadDataResets() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().send(bytes("unread"), 0);
        hosts.net.run(Duration.ofMillis(50));
        pair.far().close();
        fails(Errno.ECONNRESET, () -> received(pair.near()));
    }

    @Test
    void dataBeforeAResetIsStillReceived() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().send(bytes("last words"), 0);
        hosts.net.run(Duration.ofMillis(50));
        pair.far().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.far().close();
        hosts.net.run(Duration.ofMillis(50));
        assertThat(received(pair.near())).isEqualTo("last words");
        fails(Errno.ECONNRESET, () -> received(pair.near()));
    }

    @Test
    void aClosedSocketIsABadDescriptorForEveryCall() throws ErrnoException {
        TcpSocket socket = hosts.connection().near();
        socket.close();
        socket.close();
        assertThat(socket.isOpen()).isFalse();
        fails(Errno.EBADF, () -> received(socket));
        fails(Errno.EBADF, () -> socket.send(bytes("x"), 0));
        fails(Errno.EBADF, () -> socket.bind(CLIENT, 1));
        fails(Errno.EBADF, () -> socket.listen(1));
        fails(Errno.EBADF, socket::accept);
        fails(Errno.EBADF, () -> socket.connect(SERVER, 7));
        fails(Errno.EBADF, () -> socket.shutdown(SHUT_WR));
        fails(Errno.EBADF, () -> socket.option(SockOpt.SO_ERROR));
        fails(Errno.EBADF, () -> socket.option(SockOpt.TCP_NODELAY, true));
        fails(Errno.EBADF, socket::localEndpoint);
        fails(Errno.EBADF, socket::readiness);
    }

    @Test
    void closeEndsACallThatWaits() throws ErrnoException {
        TcpSocket reading = hosts.connection().near();
        later(Duration.ofMillis(20), reading::close);
        fails(Errno.EBADF, () -> received(reading));
        TcpSocket accepting = hosts.listening(9);
        later(Duration.ofMillis(20), accepting::close);
        fails(Errno.EBADF, accepting::accept);
        TcpSocket connecting = fresh();
        later(Duration.ofMillis(1), connecting::close);
        fails(Errno.EBADF, () -> connecting.connect(SERVER, 7));
    }

    @Test
    void shutdownOfAListenerEndsAccept() throws ErrnoException {
        TcpSocket accepting = hosts.listening(9);
        later(Duration.ofMillis(20), () -> accepting.shutdown(SHUT_RD));
        fails(Errno.EINVAL, accepting::accept);
        fails(Errno.ECONNREFUSED, () -> fresh().connect(SERVER, 9));
    }

    @Test
    void closingAListenerResetsWhatWasNotAccepted() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket near = hosts.connected(7);
        listening.close();
        fails(Errno.ECONNRESET, () -> received(near));
    }

    @Test
    void anInterruptedCallSaysSoAndKeepsTheFlag() throws ErrnoException {
        TcpSocket reading = hosts.connection().near();
        later(Duration.ofMillis(20), Thread.currentThread()::interrupt);
        fails(Errno.EINTR, () -> received(reading));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Covers(Requirement.MISTAKE_CLOSE_LEAVES_READERS)
    void theEndOfTheStackEndsCallsThatWaitAndTheOthersToo() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        hosts.net.after(Duration.ofMillis(20), hosts.server::close);
        fails(Errno.ENETDOWN, () -> received(pair.far()));
        fails(Errno.ENETDOWN, () -> pair.far().send(bytes("x"), 0));
        fails(Errno.ENETDOWN, () -> TcpSocket.open(hosts.server));
        assertThat(pair.far().isOpen()).isFalse();
        pair.far().close();
        fails(Errno.ECONNRESET, () -> received(pair.near()));
    }

    @Test
    @Covers(Requirement.LINGER)
    void lingerWaitsUntilAllIsAcknowledged() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().option(SockOpt.SO_LINGER, Linger.of(10));
        Duration begin = hosts.net.now();
        pair.near().send(bytes("all"), 0);
        pair.near().close();
        assertThat(hosts.net.now().minus(begin)).isBetween(TwoHosts.DELAY.multipliedBy(2), Duration.ofSeconds(1));
        assertThat(received(pair.far())).isEqualTo("all");
        assertThat(received(pair.far())).isEmpty();
    }

    @Test
    @Covers(Requirement.LINGER)
    void lingerWaitsNoLongerThanItSays() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.near().nonBlocking(true);
        ByteBuffer much = ByteBuffer.allocate(8 << 20);
        pair.near().send(much, 0);
        pair.near().nonBlocking(false);
        pair.near().option(SockOpt.SO_LINGER, Linger.of(2));
        Duration begin = hosts.net.now();
        pair.near().close();
        assertThat(hosts.net.now().minus(begin)).isEqualTo(Duration.ofSeconds(2));
        int all = 0;
        for (int count = -1; count != 0; all += count) {
            count = pair.far().recv(ByteBuffer.allocate(1 << 20), 0);
        }
        assertThat(all).as("delivered behind the application's back").isEqualTo(much.position());
    }

    @Test
    void aCallThatNothingCanEndIsADeadlockOfTheSimulation() throws ErrnoException {
        TcpSocket socket = hosts.connection().near();
        assertThatThrownBy(() -> received(socket))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at rest")
                .hasMessageContaining("client");
    }

    @Test
    void theListingShowsWhatSsWould() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        TcpSocket near = hosts.connected(7);
        Endpoint far = new Endpoint(SERVER, 7);
        hosts.net.run(Duration.ofMillis(50));
        assertThat(hosts.server.connections())
                .containsExactly(
                        new ConnectionInfo("tcp", far, near.localEndpoint(), "ESTABLISHED"),
                        new ConnectionInfo("tcp", Endpoint.parse("0.0.0.0:7"), Endpoint.parse("0.0.0.0:0"), "LISTEN"));
        assertThat(hosts.client.connections())
                .containsExactly(new ConnectionInfo("tcp", near.localEndpoint(), far, "ESTABLISHED"));
        listening.close();
        hosts.net.run(Duration.ofSeconds(1));
        assertThat(hosts.server.connections()).isEmpty();
    }
}
