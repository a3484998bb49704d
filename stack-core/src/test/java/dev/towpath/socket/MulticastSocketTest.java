package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.AF_INET;
import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.SOCK_DGRAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemorySwitch;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Multicast among three hosts on a switch, and on a host of its own, by Berkeley calls. */
class MulticastSocketTest {
    private static final int PORT = 7000;
    private static final IpAddress GROUP = IpAddress.parse("239.1.2.3");
    private static final IpAddress SECOND = IpAddress.parse("192.0.2.2");

    private final Simulation net = new Simulation(1);
    private final MemorySwitch lan = new MemorySwitch(3, MemoryLink.DEFAULT, new FramePool());
    private final NetworkStack first =
            net.host("first").device(lan.port(0), "192.0.2.1/24").start();
    private final NetworkStack second =
            net.host("second").device(lan.port(1), "192.0.2.2/24").start();
    private final NetworkStack third =
            net.host("third").device(lan.port(2), "192.0.2.3/24").start();

    @AfterEach
    void close() {
        first.close();
        second.close();
        third.close();
    }

    @Test
    void whatOneSendsAllMembersHear() throws ErrnoException {
        UdpSocket a = member(first);
        UdpSocket b = member(second);
        UdpSocket c = bound(third);
        send(a, "to whom it may concern");
        assertThat(receive(b)).isEqualTo("to whom it may concern from 192.0.2.1:7000");
        assertThat(receive(a)).isEqualTo("to whom it may concern from 192.0.2.1:7000"); // IP_MULTICAST_LOOP
        net.run(Duration.ofMillis(1));
        assertThat(nothing(c)).isTrue();
        b.close();
        a.option(SockOpt.IP_MULTICAST_LOOP, false);
        send(a, "again");
        net.run(Duration.ofMillis(1));
        assertThat(nothing(a)).isTrue();
        assertThat(second.counters()).extractingByKey("UdpInDatagrams").isEqualTo(1L);
    }

    @Test
    void sourcesAreFiltered() throws ErrnoException {
        UdpSocket listener = bound(first);
        listener.joinSource(GROUP, "", SECOND);
        UdpSocket wanted = bound(second);
        UdpSocket unwanted = bound(third);
        send(unwanted, "no");
        send(wanted, "yes");
        assertThat(receive(listener)).isEqualTo("yes from 192.0.2.2:7000");
        listener.leaveSource(GROUP, "", SECOND);
        listener.join(GROUP, "");
        listener.block(GROUP, "", SECOND);
        send(wanted, "no more");
        send(unwanted, "welcome");
        assertThat(receive(listener)).isEqualTo("welcome from 192.0.2.3:7000");
        listener.unblock(GROUP, "", SECOND);
        send(wanted, "once more");
        assertThat(receive(listener)).isEqualTo("once more from 192.0.2.2:7000");
        listener.leave(GROUP, "");
        send(wanted, "gone");
        net.run(Duration.ofMillis(1));
        assertThat(nothing(listener)).isTrue();
    }

    @Test
    void aHostWithoutNetworkHearsItself() throws ErrnoException {
        NetworkStack alone = net.host("alone").start();
        UdpSocket socket = bound(alone);
        socket.join(GROUP, "lo");
        send(socket, "hello me");
        assertThat(receive(socket)).isEqualTo("hello me from 127.0.0.1:7000");
        alone.close();
    }

    @Test
    void optionsAreCalls() throws ErrnoException {
        BerkeleySockets c = new BerkeleySockets(first);
        int fd = c.socket(AF_INET, SOCK_DGRAM, 0);
        c.setsockopt(fd, SockOpt.IP_ADD_MEMBERSHIP, new IpMreq(GROUP));
        c.setsockopt(fd, SockOpt.IP_BLOCK_SOURCE, new IpMreqSource(GROUP, "192.0.2.1", SECOND));
        c.setsockopt(fd, SockOpt.IP_UNBLOCK_SOURCE, new IpMreqSource(GROUP, "", SECOND));
        c.setsockopt(fd, SockOpt.IP_DROP_MEMBERSHIP, new IpMreq(GROUP));
        c.setsockopt(fd, SockOpt.IP_ADD_SOURCE_MEMBERSHIP, new IpMreqSource(GROUP, "", SECOND));
        c.setsockopt(fd, SockOpt.IP_DROP_SOURCE_MEMBERSHIP, new IpMreqSource(GROUP, "", SECOND));
        assertThatThrownBy(() -> c.getsockopt(fd, SockOpt.IP_ADD_MEMBERSHIP)).hasMessageContaining("can only be set");
        assertThat(c.getsockopt(fd, SockOpt.IP_MULTICAST_IF)).isEmpty();
        c.setsockopt(fd, SockOpt.IP_MULTICAST_IF, "127.0.0.1");
        assertThat(c.getsockopt(fd, SockOpt.IP_MULTICAST_IF)).isEqualTo("lo");
        c.setsockopt(fd, SockOpt.IP_MULTICAST_IF, "");
        assertThat(c.getsockopt(fd, SockOpt.IP_MULTICAST_TTL)).isEqualTo(1);
        assertThat(c.getsockopt(fd, SockOpt.IP_MULTICAST_LOOP)).isTrue();
        assertThat(c.getsockopt(fd, SockOpt.IP_MULTICAST_ALL)).isTrue();
        c.setsockopt(fd, SockOpt.IP_MULTICAST_ALL, false);
        c.close();
    }

    @Test
    void errorsAreLinuxs() throws ErrnoException {
        UdpSocket socket = bound(first);
        socket.join(GROUP, "");
        assertThat(errno(() -> socket.join(GROUP, ""))).isEqualTo(Errno.EADDRINUSE);
        assertThat(errno(() -> socket.join(SECOND, ""))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> socket.join(GROUP, "eth9"))).isEqualTo(Errno.ENODEV);
        assertThat(errno(() -> socket.leave(GROUP, "lo"))).isEqualTo(Errno.EADDRNOTAVAIL);
        assertThat(errno(() -> socket.leaveSource(GROUP, "", SECOND))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> socket.block(GROUP, "", GROUP))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> socket.option(SockOpt.IP_MULTICAST_TTL, 256))).isEqualTo(Errno.EINVAL);
        assertThat(errno(() -> socket.option(SockOpt.IP_MULTICAST_IF, "eth9"))).isEqualTo(Errno.ENODEV);
    }

    private interface Call {
        void run() throws ErrnoException;
    }

    private static Errno errno(Call call) {
        return catchThrowableOfType(ErrnoException.class, call::run).errno();
    }

    private static UdpSocket bound(NetworkStack on) throws ErrnoException {
        UdpSocket socket = UdpSocket.open(on);
        socket.option(SockOpt.SO_REUSEADDR, true);
        socket.bind(IpAddress.ANY_V4, PORT);
        return socket;
    }

    private static UdpSocket member(NetworkStack on) throws ErrnoException {
        UdpSocket socket = bound(on);
        socket.join(GROUP, "");
        return socket;
    }

    private static void send(UdpSocket from, String text) throws ErrnoException {
        int ignored = from.sendTo(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0, GROUP, PORT);
    }

    private static String receive(UdpSocket socket) throws ErrnoException {
        ByteBuffer into = ByteBuffer.allocate(100);
        SockAddr from = new SockAddr();
        int length = socket.recvFrom(into, 0, from);
        return new String(into.array(), 0, length, StandardCharsets.UTF_8) + " from " + from;
    }

    private static boolean nothing(UdpSocket socket) {
        return errno(() -> socket.recv(ByteBuffer.allocate(100), MSG_DONTWAIT)) == Errno.EAGAIN;
    }
}
