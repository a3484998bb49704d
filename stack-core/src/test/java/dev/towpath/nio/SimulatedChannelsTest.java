package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels of simulated hosts, on a wire of 5 ms: a call that waits lets virtual time pass. */
class SimulatedChannelsTest {
    private static final Duration DELAY = Duration.ofMillis(5);

    private final Simulation net = new Simulation(1);
    private final MemoryWire wire = new MemoryWire();
    private final Impairment slow = Impairment.NONE.withDelay(DELAY);
    private final NetworkStack client = net.host("client")
            .device(new ImpairedDevice(wire.left(), slow, slow, net.seed("wire"), new FramePool()), "192.0.2.1/24")
            .start();
    private final NetworkStack server =
            net.host("server").device(wire.right(), "192.0.2.2/24").start();
    private final TowpathSelectorProvider clients = new TowpathSelectorProvider(client);
    private final TowpathSelectorProvider servers = new TowpathSelectorProvider(server);

    @AfterEach
    void close() {
        net.close();
    }

    private static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 2}), port);
    }

    @Test
    void blockingCallsLetTimePass() throws IOException {
        ServerSocketChannel listening = servers.openServerSocketChannel().bind(address(7));
        SocketChannel channel = clients.openSocketChannel();
        Duration before = net.now();
        assertThat(channel.connect(address(7))).isTrue();
        assertThat(net.now().minus(before)).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        SocketChannel accepted = listening.accept();
        channel.write(OneStack.bytes(1, 2));
        assertThat(accepted.read(ByteBuffer.allocate(9))).isEqualTo(2);
        channel.close();
        assertThat(accepted.read(ByteBuffer.allocate(9))).isEqualTo(-1);
    }

    @Test
    void selectionsLetTimePass() throws IOException {
        Selector selector = servers.openSelector();
        ServerSocketChannel listening = servers.openServerSocketChannel().bind(address(7));
        listening.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        Duration before = net.now();
        assertThat(selector.select(30)).isZero();
        assertThat(net.now().minus(before)).isEqualTo(Duration.ofMillis(30));
        SocketChannel channel = clients.openSocketChannel();
        channel.configureBlocking(false);
        channel.connect(address(7));
        assertThat(selector.select()).isEqualTo(1);
        SocketChannel accepted = listening.accept();
        accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        assertThat(channel.finishConnect()).isTrue();
        channel.write(OneStack.bytes(1));
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(accepted.read(ByteBuffer.allocate(9))).isEqualTo(1);
    }

    @Test
    void timeOutsAreVirtual() throws IOException {
        ServerSocketChannel listening = servers.openServerSocketChannel().bind(address(7));
        TcpChannel channel = (TcpChannel) clients.openSocketChannel();
        channel.connect(address(7));
        Duration before = net.now();
        assertThatThrownBy(() -> channel.readWithin(
                        ByteBuffer.allocate(1), Duration.ofHours(1).toNanos()))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(net.now().minus(before)).isEqualTo(Duration.ofHours(1));
        listening.close();
    }

    /** Nobody is there who could end it: the simulation says so instead of waiting for ever. */
    @Test
    void waitingForNothingIsAnError() throws IOException {
        ServerSocketChannel listening = servers.openServerSocketChannel().bind(address(7));
        assertThatThrownBy(listening::accept)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at rest");
        assertThat(listening.isOpen()).isTrue();
    }
}
