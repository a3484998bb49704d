package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test that expects the same in every world. {@code near} is the host that it is about, {@code far} its peer; in
 * some worlds they are one. What a test opens through this class is closed after it.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(World.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ParityTest {
    @Parameter
    World world = World.JDK;

    private Network network = World.JDK.open();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeEach
    final void openNetwork() {
        network = world.open();
    }

    @AfterEach
    final void closeNetwork() throws Exception {
        boolean interrupted = Thread.interrupted();
        closeOpened();
        network.close();
        if (interrupted) {
            throw new AssertionError("the test has left its thread interrupted");
        }
    }

    /** What is closed after a test; a test of many rounds may do it after each. */
    final void closeOpened() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    final Network network() {
        return network;
    }

    /** Has it closed after the test, last opened first. */
    final <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** {@code jdk} in the JDK's world, {@code ours} in ours, for a reason. */
    final <T> T expected(Difference difference, T jdk, T ours) {
        return difference.in(world) ? ours : jdk;
    }

    final SocketChannel socketChannel() throws IOException {
        return closing(network.near().openSocketChannel(StandardProtocolFamily.INET));
    }

    final SocketChannel farSocketChannel() throws IOException {
        return closing(network.far().openSocketChannel(StandardProtocolFamily.INET));
    }

    final ServerSocketChannel serverSocketChannel() throws IOException {
        return closing(network.near().openServerSocketChannel(StandardProtocolFamily.INET));
    }

    final DatagramChannel datagramChannel() throws IOException {
        return closing(network.near().openDatagramChannel(StandardProtocolFamily.INET));
    }

    final DatagramChannel farDatagramChannel() throws IOException {
        return closing(network.far().openDatagramChannel(StandardProtocolFamily.INET));
    }

    final Selector selector() throws IOException {
        return closing(network.near().openSelector());
    }

    /** Any port of the near host. */
    final InetSocketAddress near() {
        return near(0);
    }

    final InetSocketAddress near(int port) {
        return new InetSocketAddress(network.nearAddress(), port);
    }

    final InetSocketAddress far(int port) {
        return new InetSocketAddress(network.farAddress(), port);
    }

    /** A listener of the near host's. */
    final ServerSocketChannel listening() throws IOException {
        return serverSocketChannel().bind(near());
    }

    /** A listener of the far host's. */
    final ServerSocketChannel farListening(int backlog) throws IOException {
        return closing(network.far().openServerSocketChannel(StandardProtocolFamily.INET))
                .bind(far(0), backlog);
    }

    final ServerSocketChannel farListening() throws IOException {
        return farListening(50);
    }

    /** A port of the far host's where nobody listens. */
    final InetSocketAddress closedPort() throws IOException {
        try (ServerSocketChannel listener = farListening()) {
            return (InetSocketAddress) listener.getLocalAddress();
        }
    }

    /** A port of the far host's that answers no SYN, for its accept queue is full. */
    final InetSocketAddress silentPort() throws IOException {
        ServerSocketChannel listener = farListening(1);
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        for (int i = 0; i < expected(Difference.BACKLOG_IS_EXACT, 2, 1); i++) {
            SocketChannel filler = farSocketChannel();
            filler.configureBlocking(false);
            filler.connect(address);
            finish(filler);
        }
        return address;
    }

    private static void finish(SocketChannel channel) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, java.nio.channels.SelectionKey.OP_CONNECT);
            selector.select(10_000);
            channel.finishConnect();
        }
    }

    /** Both ends of a connection. */
    record Connection(SocketChannel near, SocketChannel far) {}

    /** A connection that the near host opened. */
    final Connection connection() throws IOException {
        try (ServerSocketChannel listener = farListening()) {
            SocketChannel channel = socketChannel();
            channel.connect(listener.getLocalAddress());
            return new Connection(channel, closing(listener.accept()));
        }
    }

    /** The same with the near end non-blocking. */
    final Connection nonBlockingConnection() throws IOException {
        Connection connection = connection();
        connection.near.configureBlocking(false);
        return connection;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What is between the start of {@code buffer} and its position. */
    static String text(ByteBuffer buffer) {
        ByteBuffer from = buffer.duplicate().flip();
        return StandardCharsets.US_ASCII.decode(from).toString();
    }

    /** The next {@code count} bytes. */
    static String read(SocketChannel channel, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining() && channel.read(into) >= 0) {}
        return text(into);
    }

    static InetSocketAddress localOf(java.nio.channels.NetworkChannel channel) throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }
}
