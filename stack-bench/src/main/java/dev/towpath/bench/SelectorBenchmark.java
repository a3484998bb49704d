package dev.towpath.bench;

import dev.towpath.nio.TowpathSelectorProvider;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Selecting the one ready channel among many connections that are registered: it should cost the same among any number. */
public class SelectorBenchmark extends SteadyState {
    /** Fewer than there are ephemeral ports towards one listener. */
    private static final int PER_LISTENER = 10_000;

    /** Of the first listener; the connections take all the ephemeral ones. */
    private static final int FIRST_PORT = 1000;

    /** Connections registered with the selector. */
    @Param({"100", "10000", "100000"})
    public int registered;

    private final NetworkStack stack =
            NetworkStack.builder().name("selector").spinNanos(0).start();
    private final TowpathSelectorProvider provider = new TowpathSelectorProvider(stack);
    private Selector selector;
    private SelectionKey idle;

    /** Connects and registers them all; a byte makes the last of them ready for good. */
    @Setup
    public void register() throws IOException {
        selector = provider.openSelector();
        List<SelectionKey> keys = new ArrayList<>(registered);
        int port = FIRST_PORT;
        for (int left = registered; left > 0; left -= PER_LISTENER) {
            register(Math.min(left, PER_LISTENER), port++, keys);
        }
        idle = keys.get(registered - 2);
        selector.select();
    }

    private void register(int connections, int port, List<SelectionKey> keys) throws IOException {
        try (ServerSocketChannel listener = provider.openServerSocketChannel()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            for (int i = 0; i < connections; i++) {
                SocketChannel client = provider.openSocketChannel();
                client.connect(listener.getLocalAddress());
                SocketChannel accepted = listener.accept();
                accepted.configureBlocking(false);
                keys.add(accepted.register(selector, SelectionKey.OP_READ));
                if (keys.size() == registered) {
                    client.write(ByteBuffer.allocate(1));
                }
            }
        }
    }

    /** Ends the connections with their stack. */
    @TearDown
    public void close() throws IOException {
        selector.close();
        stack.close();
    }

    /** A selection that finds it. */
    @Benchmark
    public int select() throws IOException {
        selector.selectedKeys().clear();
        return selector.select();
    }

    /** The same, and another channel's interest has changed before. */
    @Benchmark
    public int changeAndSelect() throws IOException {
        idle.interestOps(idle.interestOps() ^ SelectionKey.OP_READ);
        return select();
    }
}
