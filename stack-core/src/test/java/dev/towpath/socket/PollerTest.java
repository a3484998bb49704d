package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.TwoHosts.bytes;
import static dev.towpath.socket.TwoHosts.fails;
import static dev.towpath.socket.TwoHosts.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The poller: readiness of many sockets, reported as long as it lasts. */
class PollerTest {
    private final TwoHosts hosts = new TwoHosts();
    private final List<String> seen = new ArrayList<>();
    private Poller poller;

    @BeforeEach
    void open() throws ErrnoException {
        poller = Poller.open(hosts.server);
    }

    @AfterEach
    void close() {
        poller.close();
        hosts.close();
    }

    private int poll(long timeoutNanos) throws ErrnoException {
        seen.clear();
        return poller.poll((socket, ready, attachment) -> seen.add(attachment + ":" + ready), timeoutNanos);
    }

    @Test
    void aReadySocketIsReportedAsLongAsItIs() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        poller.add(pair.far(), POLLIN, "far");
        assertThat(poll(0)).isZero();
        pair.near().send(bytes("x"), 0);
        assertThat(poll(-1)).isEqualTo(1);
        assertThat(seen).containsExactly("far:" + POLLIN);
        assertThat(poll(0)).isEqualTo(1);
        received(pair.far());
        assertThat(poll(0)).isZero();
        pair.near().send(bytes("y"), 0);
        assertThat(poll(-1)).isEqualTo(1);
    }

    @Test
    void pollWaitsAsLongAsItIsToldTo() throws ErrnoException {
        poller.add(hosts.listening(7), POLLIN, "listening");
        assertThat(poll(30_000_000)).isZero();
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(30));
        hosts.connected(7);
        assertThat(poll(Long.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void interestCanBeChangedAndTakenBack() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        poller.add(pair.far(), POLLIN, "far");
        assertThat(poll(0)).isZero();
        poller.modify(pair.far(), POLLIN | POLLOUT);
        assertThat(poll(-1)).isEqualTo(1);
        assertThat(seen).containsExactly("far:" + POLLOUT);
        poller.modify(pair.far(), 0);
        assertThat(poll(0)).isZero();
        pair.near().option(SockOpt.SO_LINGER, Linger.RESET);
        pair.near().close();
        assertThat(poll(-1)).isEqualTo(1);
        assertThat(seen).containsExactly("far:" + (POLLERR | POLLHUP));
        poller.remove(pair.far());
        poller.remove(pair.far());
        assertThat(poll(0)).isZero();
        assertThat(poller.size()).isZero();
    }

    @Test
    void writabilityComesBackWhenThePeerReads() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        pair.far().nonBlocking(true);
        int sent = pair.far().send(ByteBuffer.allocate(8 << 20), 0);
        poller.add(pair.far(), POLLOUT, "far");
        hosts.net.run(Duration.ofSeconds(1));
        int rest = pair.far().send(ByteBuffer.allocate(8 << 20), 0); // into what has gone to the peer's buffer
        assertThat(poll(1_000_000_000)).isZero();
        ByteBuffer into = ByteBuffer.allocate(sent);
        hosts.net.after(Duration.ofMillis(10), () -> {
            try {
                pair.near().recv(into, 0);
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(rest).isPositive();
        assertThat(poll(-1)).isEqualTo(1);
    }

    @Test
    void aClosedSocketLeavesByItself() throws ErrnoException {
        TwoHosts.Connection pair = hosts.connection();
        poller.add(pair.far(), POLLIN | POLLOUT, "far");
        pair.far().close();
        assertThat(poller.size()).isZero();
        assertThat(poll(0)).isZero();
        fails(Errno.EBADF, () -> poller.add(pair.far(), POLLIN, null));
        fails(Errno.EINVAL, () -> poller.modify(pair.far(), POLLIN));
    }

    @Test
    void aSocketThatAHandlerHasRemovedIsNotReported() throws ErrnoException {
        TwoHosts.Connection first = hosts.connection();
        TwoHosts.Connection second = hosts.connection();
        poller.add(first.far(), POLLOUT, null);
        poller.add(second.far(), POLLOUT, null);
        int handled = poller.poll(
                (socket, ready, attachment) -> poller.remove(socket == first.far() ? second.far() : first.far()), 0);
        assertThat(handled).isEqualTo(1);
        assertThat(poller.size()).isEqualTo(1);
    }

    @Test
    void wakeupEndsThePollOfNowOrTheNext() throws ErrnoException {
        poller.wakeup();
        assertThat(poll(-1)).isZero();
        hosts.net.after(Duration.ofMillis(10), poller::wakeup);
        assertThat(poll(-1)).isZero();
        assertThat(hosts.net.now()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void pollEndsByInterruptByCloseAndWithTheStack() throws ErrnoException {
        hosts.net.after(Duration.ofMillis(10), Thread.currentThread()::interrupt);
        fails(Errno.EINTR, () -> poll(-1));
        assertThat(Thread.interrupted()).isTrue();
        hosts.net.after(Duration.ofMillis(10), poller::close);
        fails(Errno.EBADF, () -> poll(-1));
        Poller other = Poller.open(hosts.server);
        hosts.net.after(Duration.ofMillis(10), hosts.server::close);
        fails(Errno.ENETDOWN, () -> other.poll((socket, ready, attachment) -> {}, -1));
    }

    @Test
    void misuseIsToldOff() throws ErrnoException {
        TcpSocket listening = hosts.listening(7);
        poller.add(listening, POLLIN, null);
        fails(Errno.EINVAL, () -> poller.add(listening, POLLIN, null));
        fails(Errno.EINVAL, () -> poller.add(TcpSocket.open(hosts.client), POLLIN, null));
        hosts.connected(7);
        hosts.net.run(Duration.ofMillis(50));
        assertThatThrownBy(() -> poller.poll(
                        (socket, ready, attachment) -> {
                            try {
                                poll(0);
                            } catch (ErrnoException e) {
                                throw new AssertionError(e);
                            }
                        },
                        0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one at a time");
        assertThat(poll(0)).isEqualTo(1); // and goes on
    }

    @Test
    void moreThanABatchIsReportedInTurns() throws ErrnoException {
        int count = 600;
        List<UdpSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UdpSocket socket = UdpSocket.open(hosts.server);
            sockets.add(socket);
            poller.add(socket, POLLOUT, i);
        }
        List<Object> reported = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            poller.poll((socket, ready, attachment) -> reported.add(attachment), 0);
        }
        assertThat(reported).hasSizeGreaterThanOrEqualTo(2 * count);
        assertThat(reported.subList(0, count)).doesNotHaveDuplicates();
        for (UdpSocket socket : sockets) {
            socket.close();
        }
        assertThat(poller.size()).isZero();
    }
}
