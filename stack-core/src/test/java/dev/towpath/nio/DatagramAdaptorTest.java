package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code DatagramChannel.socket()} returns, of the stack and of the JDK: both are to do the same. */
@Timeout(60)
class DatagramAdaptorTest {
    enum World {
        TOWPATH,
        KERNEL
    }

    private static final InetAddress HERE = IpAddress.LOOPBACK_V4.toInetAddress();

    private @Nullable NetworkStack stack;
    private @Nullable DatagramChannel channel;

    private DatagramSocket open(World world) throws IOException {
        SelectorProvider provider = SelectorProvider.provider();
        if (world == World.TOWPATH) {
            stack = NetworkStack.builder().name("adaptor").start();
            provider = new TowpathSelectorProvider(stack);
        }
        DatagramChannel opened = provider.openDatagramChannel(StandardProtocolFamily.INET);
        channel = opened;
        assertThat(opened.socket()).isSameAs(opened.socket());
        assertThat(opened.socket().getChannel()).isSameAs(opened);
        return opened.socket();
    }

    @AfterEach
    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    private static DatagramPacket packet(String text, int port) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(bytes, bytes.length, HERE, port);
    }

    @ParameterizedTest
    @EnumSource
    void itsAddressesAreTheChannels(World world) throws IOException {
        DatagramSocket socket = open(world);
        assertThat(socket.isBound()).isFalse();
        assertThat(socket.getLocalPort()).isZero();
        assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
        assertThat(socket.getLocalSocketAddress()).isNull();
        assertThat(socket.getPort()).isEqualTo(-1);
        assertThat(socket.getInetAddress()).isNull();
        socket.bind(new InetSocketAddress(HERE, 0));
        assertThat(socket.getLocalSocketAddress()).isEqualTo(socket.getChannel().getLocalAddress());
        assertThatThrownBy(() -> socket.bind(null)).isInstanceOf(SocketException.class);
        socket.connect(HERE, 7);
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(new InetSocketAddress(HERE, 7));
        socket.connect(HERE, 8); // a socket may, a channel may not
        assertThat(socket.getPort()).isEqualTo(8);
        socket.disconnect();
        assertThat(socket.isConnected()).isFalse();
        socket.close();
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.getChannel().isOpen()).isFalse();
        assertThat(socket.getLocalPort()).isEqualTo(-1);
        assertThat(socket.getLocalAddress()).isNull();
        assertThatThrownBy(() -> socket.setSoTimeout(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getReuseAddress).isInstanceOf(SocketException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aPacketKeepsItsRoom(World world) throws IOException {
        DatagramSocket socket = open(world);
        socket.bind(new InetSocketAddress(HERE, 0));
        DatagramPacket into = new DatagramPacket(new byte[20], 2, 10);
        for (String text : new String[] {"a", "abcdefgh", "this is too long"}) {
            socket.send(packet(text, socket.getLocalPort()));
            socket.receive(into);
            assertThat(new String(into.getData(), into.getOffset(), into.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo(text.substring(0, Math.min(10, text.length())));
            assertThat(into.getSocketAddress()).isEqualTo(socket.getLocalSocketAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void receivingTakesNoLongerThanItsTimeout(World world) throws IOException {
        DatagramSocket socket = open(world);
        socket.setSoTimeout(20);
        assertThat(socket.getSoTimeout()).isEqualTo(20);
        DatagramPacket into = new DatagramPacket(new byte[1], 1);
        assertThatThrownBy(() -> socket.receive(into)).isInstanceOf(SocketTimeoutException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setSoTimeout(-1));
        socket.getChannel().configureBlocking(false);
        assertThatThrownBy(() -> socket.receive(into)).isInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> socket.send(packet("x", 9))).isInstanceOf(IllegalBlockingModeException.class);
    }

    @ParameterizedTest
    @EnumSource
    void destinationsAreChecked(World world) throws IOException {
        DatagramSocket socket = open(world);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.send(new DatagramPacket(new byte[1], 1)));
        assertThatThrownBy(() -> socket.send(packet("x", 0))).isInstanceOf(SocketException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.connect(null));
        assertThatThrownBy(() -> socket.connect(HERE, 0)).isInstanceOf(UncheckedIOException.class);
        SocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere", 1);
        assertThatThrownBy(() -> socket.connect(unresolved)).isInstanceOf(SocketException.class);
        socket.connect(HERE, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.send(packet("x", 2)));
        DatagramPacket toPeer = new DatagramPacket(new byte[1], 1);
        socket.send(toPeer);
        assertThat(toPeer.getSocketAddress()).isEqualTo(new InetSocketAddress(HERE, 1));
        assertThatThrownBy(() -> socket.receive(toPeer)).isInstanceOf(PortUnreachableException.class);
    }

    @ParameterizedTest
    @EnumSource
    void optionsAreTheChannels(World world) throws IOException {
        DatagramSocket socket = open(world);
        socket.setReuseAddress(true);
        socket.setBroadcast(true);
        socket.setTrafficClass(8);
        socket.setReceiveBufferSize(10_000);
        assertThat(socket.getReuseAddress() && socket.getBroadcast()).isTrue();
        assertThat(socket.getChannel().getOption(StandardSocketOptions.SO_BROADCAST))
                .isTrue();
        assertThat(socket.getTrafficClass()).isEqualTo(8);
        assertThat(socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3)).isSameAs(socket);
        assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(3);
        assertThat(socket.supportedOptions()).isEqualTo(socket.getChannel().supportedOptions());
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setReceiveBufferSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setTrafficClass(256));
        assertThat(socket.getSendBufferSize()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void groupsAreJoinedAndLeft(World world) throws IOException {
        DatagramSocket socket = open(world);
        NetworkInterface lo = NetworkInterface.getByInetAddress(HERE);
        SocketAddress group = new InetSocketAddress("239.1.2.3", 0);
        try {
            socket.joinGroup(group, lo);
        } catch (SocketException e) {
            Assumptions.assumeTrue(world == World.TOWPATH, "the kernel's loopback takes no multicast");
            throw e;
        }
        assertThatThrownBy(() -> socket.joinGroup(group, lo)).isInstanceOf(SocketException.class);
        socket.leaveGroup(group, lo);
        assertThatThrownBy(() -> socket.leaveGroup(group, lo)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.joinGroup(new InetSocketAddress(HERE, 0), lo))
                .isInstanceOf(SocketException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.joinGroup(null, lo));
    }
}
