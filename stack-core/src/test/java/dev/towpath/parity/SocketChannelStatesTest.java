package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every method of a SocketChannel in every state that it can be in. */
class SocketChannelStatesTest extends ParityTest {
    private interface Setup {
        SocketChannel open() throws IOException;
    }

    @Test
    void everyCallInEveryState() throws Exception {
        StateTable table = new StateTable("socket-channel.txt", world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<SocketChannel>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private Map<String, Setup> states() {
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::socketChannel);
        states.put("bound", () -> socketChannel().bind(near()));
        states.put("connecting", this::connecting);
        states.put("refused", this::refused);
        states.put("connected", () -> connection().near());
        states.put("non-blocking", () -> nonBlockingConnection().near());
        states.put("data waiting", () -> {
            Connection connection = connection();
            connection.far().write(bytes("abc"));
            awaitReadable(connection.near());
            return connection.near();
        });
        states.put("in shut down", () -> connection().near().shutdownInput());
        states.put("out shut down", () -> connection().near().shutdownOutput());
        states.put("both shut down", () -> connection().near().shutdownInput().shutdownOutput());
        states.put("peer shut down", () -> {
            Connection connection = connection();
            connection.far().shutdownOutput();
            awaitReadable(connection.near());
            return connection.near();
        });
        states.put("reset", () -> {
            Connection connection = connection();
            connection.far().setOption(StandardSocketOptions.SO_LINGER, 0).close();
            awaitReadable(connection.near());
            return connection.near();
        });
        states.put("closed", () -> {
            SocketChannel channel = connection().near();
            channel.close();
            return channel;
        });
        return states;
    }

    private SocketChannel connecting() throws IOException {
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(silentPort());
        return channel;
    }

    private SocketChannel refused() throws IOException {
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        try {
            channel.connect(closedPort());
        } catch (IOException refusedAtOnce) {
            throw new AssertionError("a non-blocking connect is refused later", refusedAtOnce);
        }
        await(channel, SelectionKey.OP_CONNECT);
        return channel;
    }

    private static void awaitReadable(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        await(channel, SelectionKey.OP_READ);
        channel.configureBlocking(true);
    }

    private static void await(SocketChannel channel, int operation) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, operation);
            if (selector.select(10_000) == 0) {
                throw new AssertionError("not ready in time");
            }
        }
    }

    private Map<String, StateTable.Call<SocketChannel>> calls() throws IOException {
        InetSocketAddress peer = localOf(farListening());
        Map<String, StateTable.Call<SocketChannel>> calls = new LinkedHashMap<>();
        calls.put("isOpen", SocketChannel::isOpen);
        calls.put("isBlocking", SocketChannel::isBlocking);
        calls.put("isConnected", SocketChannel::isConnected);
        calls.put("isConnectionPending", SocketChannel::isConnectionPending);
        calls.put("isRegistered", SocketChannel::isRegistered);
        calls.put("validOps", SocketChannel::validOps);
        calls.put("getLocalAddress", SocketChannel::getLocalAddress);
        calls.put("getRemoteAddress", SocketChannel::getRemoteAddress);
        calls.put("toString", channel -> Outcome.withoutAddresses(channel.toString()));
        calls.put("bind(null)", channel -> channel.bind(null));
        calls.put("bind(own)", channel -> channel.bind(near()));
        calls.put("connect", channel -> channel.connect(peer));
        calls.put("connect(null)", channel -> channel.connect(null));
        calls.put("connect(unresolved)", channel -> channel.connect(InetSocketAddress.createUnresolved("h", 1)));
        calls.put("connect(other type)", channel -> channel.connect(new OtherAddress()));
        calls.put(
                "finishConnect", channel -> Outcome.of(channel::finishConnect) + (channel.isOpen() ? "" : ", closed"));
        calls.put("read", channel -> channel.read(ByteBuffer.allocate(2)));
        calls.put("read(no room)", channel -> channel.read(ByteBuffer.allocate(0)));
        calls.put("read(null)", channel -> channel.read((ByteBuffer) null));
        calls.put(
                "read(read-only)",
                channel -> channel.read(ByteBuffer.allocate(2).asReadOnlyBuffer()));
        calls.put("read(array)", channel -> channel.read(buffers()));
        calls.put("read(array, 0, 0)", channel -> channel.read(buffers(), 0, 0));
        calls.put("read(array, 1, 2)", channel -> channel.read(buffers(), 1, 2));
        calls.put("write", channel -> channel.write(bytes("ab")));
        calls.put("write(nothing)", channel -> channel.write(ByteBuffer.allocate(0)));
        calls.put("write(null)", channel -> channel.write((ByteBuffer) null));
        calls.put("write(array)", channel -> channel.write(buffers()));
        calls.put("write(array, 0, 0)", channel -> channel.write(buffers(), 0, 0));
        calls.put("write(array, -1, 1)", channel -> channel.write(buffers(), -1, 1));
        calls.put("shutdownInput", SocketChannel::shutdownInput);
        calls.put("shutdownOutput", SocketChannel::shutdownOutput);
        calls.put("configureBlocking", channel -> channel.configureBlocking(true));
        calls.put("register(0)", channel -> register(channel, 0));
        calls.put("register(ACCEPT)", channel -> register(channel, SelectionKey.OP_ACCEPT));
        calls.put("register(valid)", channel -> register(channel, channel.validOps()));
        calls.put("getOption", channel -> channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        calls.put("setOption", channel -> channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true));
        calls.put("getOption(null)", channel -> channel.getOption(null));
        calls.put("close", channel -> {
            channel.close();
            return channel.isOpen();
        });
        return calls;
    }

    private static ByteBuffer[] buffers() {
        return new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
    }

    private static String register(SocketChannel channel, int operations) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            return "key for " + channel.register(selector, operations).interestOps();
        }
    }
}
