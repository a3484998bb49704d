package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.AF_INET;
import static dev.towpath.socket.SocketConstants.IPPROTO_TCP;
import static dev.towpath.socket.SocketConstants.IPPROTO_UDP;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLNVAL;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static dev.towpath.socket.SocketConstants.SOCK_DGRAM;
import static dev.towpath.socket.SocketConstants.SOCK_NONBLOCK;
import static dev.towpath.socket.SocketConstants.SOCK_STREAM;
import static dev.towpath.socket.TwoHosts.CLIENT;
import static dev.towpath.socket.TwoHosts.SERVER;
import static dev.towpath.socket.TwoHosts.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls as a C program makes them: numbers in, numbers out. */
class BerkeleySocketsTest {
    private final TwoHosts hosts = new TwoHosts();
    private final BerkeleySockets near = new BerkeleySockets(hosts.client);
    private final BerkeleySockets far = new BerkeleySockets(hosts.server, 8);

    @AfterEach
    void close() {
        hosts.close();
    }

    private int listening(int port) throws ErrnoException {
        int fd = far.socket(AF_INET, SOCK_STREAM, 0);
        far.bind(fd, IpAddress.ANY_V4, port);
        far.listen(fd, 16);
        return fd;
    }

    @Test
    void anEchoOverDescriptors() throws ErrnoException {
        int listening = listening(7);
        int client = near.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        near.connect(client, SERVER, 7);
        SockAddr peer = new SockAddr();
        int served = far.accept4(listening, peer, 0);
        assertThat(peer.endpoint()).isEqualTo(near.getsockname(client)).isEqualTo(far.getpeername(served));
        byte[] buffer = "--hello--".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(near.send(client, buffer, 2, 5, 0)).isEqualTo(5);
        near.shutdown(client, SHUT_WR);
        ByteBuffer echo = ByteBuffer.allocateDirect(100);
        assertThat(far.recv(served, echo, 0)).isEqualTo(5);
        assertThat(far.send(served, echo.flip(), 0)).isEqualTo(5);
        assertThat(far.recv(served, echo.clear(), 0)).isZero();
        far.close(served);
        byte[] answer = new byte[10];
        assertThat(near.recv(client, answer, 3, 7, 0)).isEqualTo(5);
        assertThat(new String(answer, 3, 5, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("hello");
        assertThat(near.recv(client, answer, 0, 10, 0)).isZero();
    }

    @Test
    void datagramsOverDescriptors() throws ErrnoException {
        int server = far.socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        far.bind(server, SERVER, 7);
        int client = near.socket(AF_INET, SOCK_DGRAM, 0);
        assertThat(near.sendto(client, new byte[] {1, 2, 3}, 1, 2, 0, SERVER, 7))
                .isEqualTo(2);
        SockAddr from = new SockAddr();
        byte[] into = new byte[4];
        assertThat(far.recvfrom(server, into, 0, 4, 0, from)).isEqualTo(2);
        assertThat(into).startsWith(2, 3);
        assertThat(from.address()).isEqualTo(CLIENT);
        fails(Errno.EDESTADDRREQ, () -> near.sendto(client, new byte[1], 0, 1, 0, null, 0));
        near.connect(client, SERVER, 7);
        assertThat(near.sendto(client, new byte[1], 0, 1, 0, null, 0)).isEqualTo(1);
        assertThat(far.recvfrom(server, ByteBuffer.allocate(1), 0, null)).isEqualTo(1);
        near.connect(client, null, 0);
        fails(Errno.ENOTCONN, () -> near.getpeername(client));
    }

    @Test
    void theLowestFreeDescriptorIsTaken() throws ErrnoException {
        for (int i = 0; i < 70; i++) {
            assertThat(near.socket(AF_INET, SOCK_DGRAM, 0)).isEqualTo(i);
        }
        near.close(66);
        near.close(3);
        assertThat(near.socket(AF_INET, SOCK_STREAM, 0)).isEqualTo(3);
        assertThat(near.socket(AF_INET, SOCK_STREAM, 0)).isEqualTo(66);
        near.close();
        assertThat(near.socket(AF_INET, SOCK_STREAM, 0)).isZero();
    }

    @Test
    void aFullTableRefusesSocketsAndLosesNoConnection() throws ErrnoException {
        int listening = listening(7);
        for (int i = 1; i < 8; i++) {
            far.socket(AF_INET, SOCK_DGRAM, 0);
        }
        fails(Errno.EMFILE, () -> far.socket(AF_INET, SOCK_DGRAM, 0));
        int client = near.socket(AF_INET, SOCK_STREAM, 0);
        near.connect(client, SERVER, 7);
        fails(Errno.EMFILE, () -> far.accept(listening));
        far.close(5);
        assertThat(far.accept(listening)).isEqualTo(5);
    }

    @Test
    void socketRefusesWhatItDoesNotKnow() {
        fails(Errno.EAFNOSUPPORT, () -> near.socket(10, SOCK_STREAM, 0));
        fails(Errno.ESOCKTNOSUPPORT, () -> near.socket(AF_INET, 3, 0));
        fails(Errno.EPROTONOSUPPORT, () -> near.socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
        fails(Errno.EPROTONOSUPPORT, () -> near.socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP));
    }

    @Test
    void descriptorsThatAreNotOpenAreBad() throws ErrnoException {
        int fd = near.socket(AF_INET, SOCK_STREAM, 0);
        near.close(fd);
        fails(Errno.EBADF, () -> near.close(fd));
        fails(Errno.EBADF, () -> near.bind(-1, CLIENT, 1));
        fails(Errno.EBADF, () -> near.recv(1_000_000, ByteBuffer.allocate(1), 0));
        fails(Errno.EBADF, () -> near.getsockopt(fd, SockOpt.SO_TYPE));
        fails(Errno.EBADF, () -> near.object(fd));
    }

    @Test
    void datagramSocketsDoNotListen() throws ErrnoException {
        int fd = near.socket(AF_INET, SOCK_DGRAM, 0);
        fails(Errno.EOPNOTSUPP, () -> near.listen(fd, 1));
        fails(Errno.EOPNOTSUPP, () -> near.accept(fd));
        int stream = near.socket(AF_INET, SOCK_STREAM, 0);
        fails(Errno.EAFNOSUPPORT, () -> near.connect(stream, null, 0));
    }

    @Test
    void arraysAreCheckedBeforeAnythingHappens() throws ErrnoException {
        int fd = near.socket(AF_INET, SOCK_DGRAM, 0);
        fails(Errno.EFAULT, () -> near.send(fd, new byte[3], 1, 3, 0));
        fails(Errno.EFAULT, () -> near.send(fd, new byte[3], -1, 1, 0));
        fails(Errno.EFAULT, () -> near.recv(fd, new byte[3], 0, -1, 0));
    }

    @Test
    void optionsAndNonBlockingByDescriptor() throws ErrnoException {
        int fd = near.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        fails(Errno.EINPROGRESS, () -> near.connect(fd, SERVER, 7));
        near.nonBlocking(fd, false);
        fails(Errno.ECONNREFUSED, () -> near.connect(fd, SERVER, 7));
        near.setsockopt(fd, SockOpt.TCP_NODELAY, true);
        assertThat(near.getsockopt(fd, SockOpt.TCP_NODELAY)).isTrue();
        assertThat(near.getsockname(fd)).isEqualTo(Endpoint.parse("0.0.0.0:0"));
    }

    // poll

    @Test
    void pollFindsWhatIsReadyAmongMany() throws ErrnoException {
        int listening = listening(7);
        int datagrams = far.socket(AF_INET, SOCK_DGRAM, 0);
        far.bind(datagrams, SERVER, 7);
        PollFd[] fds = {new PollFd(listening, POLLIN), new PollFd(-1, POLLIN), new PollFd(datagrams, POLLIN)};
        assertThat(far.poll(fds, 0)).isZero();
        assertThat(far.poll(fds, 250)).isZero();
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(250));
        int client = near.socket(AF_INET, SOCK_DGRAM, 0);
        near.sendto(client, ByteBuffer.allocate(1), 0, SERVER, 7);
        assertThat(far.poll(fds, -1)).isEqualTo(1);
        assertThat(fds).extracting(fd -> (int) fd.revents).containsExactly(0, 0, POLLIN);
        int stream = near.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        fails(Errno.EINPROGRESS, () -> near.connect(stream, SERVER, 7));
        PollFd[] connecting = {new PollFd(stream, POLLOUT)};
        assertThat(near.poll(connecting, -1)).isEqualTo(1);
        assertThat((int) connecting[0].revents).isEqualTo(POLLOUT);
        hosts.net.run(TwoHosts.DELAY);
        assertThat(far.poll(fds, -1)).isEqualTo(2);
        assertThat(fds).extracting(fd -> (int) fd.revents).containsExactly(POLLIN, 0, POLLIN);
    }

    @Test
    void pollReportsErrorsUnasked() throws ErrnoException {
        int stream = near.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        fails(Errno.EINPROGRESS, () -> near.connect(stream, SERVER, 9));
        PollFd[] fds = {new PollFd(stream, 0), new PollFd(42, POLLIN)};
        assertThat(near.poll(fds, -1)).isEqualTo(1);
        assertThat((int) fds[1].revents).isEqualTo(POLLNVAL);
        PollFd[] one = {new PollFd(stream, 0)};
        assertThat(near.poll(one, -1)).isEqualTo(1);
        assertThat((int) one[0].revents).isEqualTo(POLLERR | POLLHUP);
    }

    @Test
    void closingADescriptorEndsThePollOfIt() throws ErrnoException {
        int listening = listening(7);
        hosts.net.after(Duration.ofMillis(30), () -> {
            try {
                far.close(listening);
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        PollFd[] fds = {new PollFd(listening, POLLIN)};
        assertThat(far.poll(fds, -1)).isEqualTo(1);
        assertThat((int) fds[0].revents).isEqualTo(POLLNVAL);
    }

    @Test
    void pollIsInterruptedAndEndsWithItsStack() throws ErrnoException {
        PollFd[] fds = {new PollFd(listening(7), POLLIN)};
        hosts.net.after(Duration.ofMillis(10), Thread.currentThread()::interrupt);
        fails(Errno.EINTR, () -> far.poll(fds, -1));
        assertThat(Thread.interrupted()).isTrue();
        hosts.net.after(Duration.ofMillis(10), hosts.server::close);
        fails(Errno.ENETDOWN, () -> far.poll(fds, -1));
    }
}
