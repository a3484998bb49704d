package dev.towpath.nio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.link.MemoryWire;
import dev.towpath.setup.StackProperties.Side;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A stack and the kernel, one selector. The stack's peer is another stack, the kernel's is its loopback. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoutingTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final MemoryWire wire = new MemoryWire();
    private final NetworkStack near = NetworkStack.builder()
            .name("near")
            .device(wire.left(), "192.0.2.2/24")
            .start();
    private final NetworkStack far = NetworkStack.builder()
            .name("far")
            .device(wire.right(), "192.0.2.9/24")
            .start();
    private final SelectorProvider other = new TowpathSelectorProvider(far);
    private final RoutingSelectorProvider routing = routing(Side.TOWPATH);

    private RoutingSelectorProvider routing(Side listen) {
        return new RoutingSelectorProvider(near, List.of(IpPrefix.parse("192.0.2.0/24")), listen);
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
    }

    private ServerSocketChannel server(Side side) throws IOException {
        return side == Side.TOWPATH
                ? other.openServerSocketChannel().bind(new InetSocketAddress("192.0.2.9", 0))
                : ServerSocketChannel.open().bind(LOOPBACK);
    }

    /** A server that answers what it hears, for one connection. */
    private static CompletableFuture<Void> echo(ServerSocketChannel server) {
        return CompletableFuture.runAsync(() -> {
            try (SocketChannel accepted = server.accept()) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
                while (accepted.read(buffer.clear()) >= 0) {
                    accepted.write(buffer.flip());
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String ask(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(text.length());
        while (answer.hasRemaining() && channel.read(answer) >= 0) {}
        return new String(answer.array(), 0, answer.position(), US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionGoesWhereItsDestinationIs(Side side) throws Exception {
        try (ServerSocketChannel server = server(side);
                SocketChannel client = routing.openSocketChannel()) {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            CompletableFuture<Void> answered = echo(server);
            assertThat(client.connect(server.getLocalAddress())).isTrue();
            assertThat(client.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(client.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(local(client)).isEqualTo(side == Side.TOWPATH ? "192.0.2.2" : "127.0.0.1");
            assertThat(ask(client, "hello")).isEqualTo("hello");
            client.shutdownOutput();
            answered.get();
        }
    }

    private static String local(SocketChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress().getHostAddress();
    }

    /** Ten connections to each side, in one thread and one selector, each with its own conversation. */
    @Test
    void oneSelectorOneThread() throws Exception {
        try (Selector selector = routing.openSelector();
                ServerSocketChannel ours = server(Side.TOWPATH);
                ServerSocketChannel kernels = server(Side.KERNEL)) {
            List<CompletableFuture<Void>> servers = new ArrayList<>();
            Map<SocketChannel, Integer> answers = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                ServerSocketChannel server = i % 2 == 0 ? ours : kernels;
                servers.add(echo(server));
                SocketChannel client = routing.openSocketChannel();
                client.configureBlocking(false);
                SelectionKey key = client.register(selector, SelectionKey.OP_CONNECT);
                if (client.connect(server.getLocalAddress())) {
                    key.interestOps(SelectionKey.OP_WRITE);
                }
                answers.put(client, 0);
            }
            while (!answers.isEmpty()) {
                assertThat(selector.select()).isPositive();
                for (SelectionKey key : selector.selectedKeys()) {
                    converse(key, answers);
                }
                selector.selectedKeys().clear();
            }
            for (CompletableFuture<Void> each : servers) {
                each.get();
            }
            assertThat(selector.selectNow()).isZero();
            assertThat(selector.keys()).as("all have been closed").isEmpty();
        }
    }

    private static void converse(SelectionKey key, Map<SocketChannel, Integer> answers) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            assertThat(channel.finishConnect()).isTrue();
            key.interestOps(SelectionKey.OP_WRITE);
        } else if (key.isWritable()) {
            assertThat(channel.write(ByteBuffer.wrap(new byte[] {7}))).isOne();
            key.interestOps(SelectionKey.OP_READ);
        } else if (key.isReadable()) {
            assertThat(channel.read(ByteBuffer.allocate(10))).isOne();
            if (answers.merge(channel, 1, Integer::sum) == 100) {
                answers.remove(channel);
                channel.close();
            } else {
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
    }

    /** A thread waits for the kernel's channel, and the stack's one wakes it; then the other way round. */
    @ParameterizedTest
    @EnumSource
    void whoeverIsReadyWakesTheSelector(Side side) throws Exception {
        try (Selector selector = routing.openSelector();
                ServerSocketChannel ours = server(Side.TOWPATH);
                ServerSocketChannel kernels = server(Side.KERNEL)) {
            Map<Side, SocketChannel> accepted = new HashMap<>();
            for (Side each : Side.values()) {
                ServerSocketChannel server = each == Side.TOWPATH ? ours : kernels;
                SocketChannel client = routing.openSocketChannel();
                client.connect(server.getLocalAddress());
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, each);
                accepted.put(each, server.accept());
            }
            for (int i = 0; i < 200; i++) {
                CompletableFuture<Object> selected = CompletableFuture.supplyAsync(() -> selectedBy(selector));
                Objects.requireNonNull(accepted.get(side)).write(ByteBuffer.wrap(new byte[] {1}));
                assertThat(selected.get()).isEqualTo(side);
            }
            for (SocketChannel each : accepted.values()) {
                each.close();
            }
        }
    }

    private static Object selectedBy(Selector selector) {
        try {
            List<Object> found = new ArrayList<>();
            assertThat(selector.select(key -> {
                        found.add(key.attachment());
                        try {
                            assertThat(((SocketChannel) key.channel()).read(ByteBuffer.allocate(10)))
                                    .isOne();
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .isOne();
            return found.get(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The selection has begun when the channel is still nobody's. */
    @ParameterizedTest
    @EnumSource
    void aChannelIsConnectedWhileAnotherThreadSelects(Side side) throws Exception {
        try (Selector selector = routing.openSelector();
                ServerSocketChannel server = server(side);
                SocketChannel client = routing.openSocketChannel()) {
            client.configureBlocking(false);
            client.register(selector, 0);
            CompletableFuture<Integer> selected = CompletableFuture.supplyAsync(() -> {
                try {
                    return selector.select();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            client.keyFor(selector).interestOps(SelectionKey.OP_CONNECT);
            selector.wakeup();
            int first = selected.get();
            if (!client.connect(server.getLocalAddress())) {
                assertThat(first + selector.select()).isOne();
                assertThat(client.finishConnect()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.2, TOWPATH", "127.0.0.1, KERNEL", "0.0.0.0, TOWPATH"})
    void aListenerBelongsWhereItsAddressIs(String address, Side side) throws Exception {
        try (ServerSocketChannel server = routing.openServerSocketChannel()) {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(address, 0));
            assertThat(server.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
            assertServes(server, side);
        }
    }

    @Test
    void wildcardsBelongToTheKernelOnRequest() throws Exception {
        try (ServerSocketChannel server = routing(Side.KERNEL).openServerSocketChannel()) {
            server.bind(null);
            assertServes(server, Side.KERNEL);
        }
    }

    private void assertServes(ServerSocketChannel server, Side side) throws IOException {
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        SelectorProvider clients = side == Side.TOWPATH ? other : SelectorProvider.provider();
        try (SocketChannel client = clients.openSocketChannel();
                Selector selector = server.provider().openSelector()) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            assertThat(server.accept()).isNull();
            client.connect(new InetSocketAddress(side == Side.TOWPATH ? "192.0.2.2" : "127.0.0.1", port));
            assertThat(selector.select()).isOne();
            try (SocketChannel accepted = server.accept()) {
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ);
                selector.selectedKeys().clear();
                client.write(ByteBuffer.wrap(new byte[3]));
                assertThat(selector.select()).isOne();
                assertThat(accepted.read(ByteBuffer.allocate(10))).isEqualTo(3);
            }
        }
    }

    /** The port that a client has been given is kept when its destination turns out to be the other side's. */
    @Test
    void aClientBoundToNoAddressIsDecidedByItsDestination() throws Exception {
        try (ServerSocketChannel server = server(Side.KERNEL);
                SocketChannel client = routing.openSocketChannel()) {
            client.bind(new InetSocketAddress(0));
            int port = ((InetSocketAddress) client.getLocalAddress()).getPort();
            client.connect(server.getLocalAddress());
            try (SocketChannel accepted = server.accept()) {
                assertThat(((InetSocketAddress) accepted.getRemoteAddress()).getPort())
                        .isEqualTo(port);
            }
        }
    }

    /** A socket of datagrams on {@code side} that has been sent one from the routing channel or its adaptor. */
    @ParameterizedTest
    @CsvSource({"TOWPATH, false", "TOWPATH, true", "KERNEL, false", "KERNEL, true"})
    void datagramsGoWhereTheirDestinationIs(Side side, boolean byAdaptor) throws Exception {
        SelectorProvider peers = side == Side.TOWPATH ? other : SelectorProvider.provider();
        try (Selector selector = routing.openSelector();
                DatagramChannel peer = peers.openDatagramChannel();
                DatagramChannel channel = routing.openDatagramChannel()) {
            peer.bind(side == Side.TOWPATH ? new InetSocketAddress("192.0.2.9", 0) : LOOPBACK);
            channel.bind(new InetSocketAddress(0));
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (byAdaptor) {
                DatagramPacket packet = new DatagramPacket(new byte[] {1, 2}, 2, peer.getLocalAddress());
                channel.socket().send(packet);
            } else {
                assertThat(channel.send(ByteBuffer.wrap(new byte[] {1, 2}), peer.getLocalAddress()))
                        .isEqualTo(2);
            }
            SocketAddress from = peer.receive(ByteBuffer.allocate(10));
            assertThat(from)
                    .as("the port that it was bound to before it was known where")
                    .isEqualTo(new InetSocketAddress(side == Side.TOWPATH ? "192.0.2.2" : "127.0.0.1", port));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            peer.send(ByteBuffer.wrap(new byte[3]), from);
            assertThat(selector.select()).isOne();
            ByteBuffer answer = ByteBuffer.allocate(10);
            assertThat(channel.receive(answer)).isEqualTo(peer.getLocalAddress());
            assertThat(answer.position()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoReceivesReceivesWhereItIsBoundOrWildcardsBelong(Side side) throws Exception {
        SelectorProvider peers = side == Side.TOWPATH ? other : SelectorProvider.provider();
        try (DatagramChannel peer = peers.openDatagramChannel();
                DatagramChannel channel = routing(side).openDatagramChannel()) {
            DatagramSocket socket = channel.socket();
            socket.bind(new InetSocketAddress(0));
            socket.setSoTimeout(20_000);
            InetSocketAddress at =
                    new InetSocketAddress(side == Side.TOWPATH ? "192.0.2.2" : "127.0.0.1", socket.getLocalPort());
            peer.send(ByteBuffer.wrap(new byte[5]), at);
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(5);
            socket.connect(packet.getSocketAddress());
            assertThat(channel.isConnected()).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // to close early is the point
    void unixDomainChannelsAndPipesTakePart(@TempDir Path directory) throws Exception {
        SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (Selector selector = routing.openSelector();
                ServerSocketChannel server = routing.openServerSocketChannel(StandardProtocolFamily.UNIX);
                SocketChannel client = routing.openSocketChannel(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            client.connect(address);
            try (SocketChannel accepted = server.accept()) {
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
                accepted.write(ByteBuffer.wrap(new byte[1]));
                assertThat(selector.select(key -> assertThat(key.channel()).isSameAs(client)))
                        .isOne();
            }
            client.close();
            Pipe pipe = routing.openPipe();
            pipe.source().configureBlocking(false);
            pipe.source().register(selector, SelectionKey.OP_READ);
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            assertThat(selector.select(key -> assertThat(key.channel()).isSameAs(pipe.source())))
                    .isOne();
            pipe.source().close();
            pipe.sink().close();
        }
    }

    @Test
    void channelsOfOthersAreRefused() throws Exception {
        try (Selector selector = routing.openSelector();
                SocketChannel kernels = SocketChannel.open()) {
            kernels.configureBlocking(false);
            assertThatThrownBy(() -> kernels.register(selector, SelectionKey.OP_READ))
                    .isInstanceOf(IllegalSelectorException.class);
        }
    }

    @Test
    void aRefusedConnectionClosesTheChannel() throws Exception {
        SocketAddress nobody;
        try (ServerSocketChannel server = server(Side.KERNEL)) {
            nobody = server.getLocalAddress();
        }
        try (SocketChannel client = routing.openSocketChannel()) {
            assertThatThrownBy(() -> client.connect(nobody)).isInstanceOf(ConnectException.class);
            assertThat(client.isOpen()).isFalse();
        }
    }
}
