package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every method of a ServerSocketChannel in every state that it can be in. */
class ServerSocketChannelStatesTest extends ParityTest {
    private interface Setup {
        ServerSocketChannel open() throws IOException;
    }

    @Test
    void everyCallInEveryState() throws Exception {
        StateTable table = new StateTable("server-socket-channel.txt", world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<ServerSocketChannel>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private Map<String, Setup> states() {
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::serverSocketChannel);
        states.put("unbound, non-blocking", () -> nonBlocking(serverSocketChannel()));
        states.put("listening", this::listening);
        states.put("listening, non-blocking", () -> nonBlocking(listening()));
        states.put("connection waiting", () -> {
            ServerSocketChannel listener = listening();
            farSocketChannel().connect(listener.getLocalAddress());
            return listener;
        });
        states.put("closed", () -> {
            ServerSocketChannel listener = listening();
            listener.close();
            return listener;
        });
        return states;
    }

    private static ServerSocketChannel nonBlocking(ServerSocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return channel;
    }

    private Map<String, StateTable.Call<ServerSocketChannel>> calls() {
        Map<String, StateTable.Call<ServerSocketChannel>> calls = new LinkedHashMap<>();
        calls.put("isOpen", ServerSocketChannel::isOpen);
        calls.put("isBlocking", ServerSocketChannel::isBlocking);
        calls.put("isRegistered", ServerSocketChannel::isRegistered);
        calls.put("validOps", ServerSocketChannel::validOps);
        calls.put("getLocalAddress", ServerSocketChannel::getLocalAddress);
        calls.put("bind(null)", channel -> channel.bind(null));
        calls.put("bind(own)", channel -> channel.bind(near()));
        calls.put("bind(any)", channel -> channel.bind(new InetSocketAddress(0)).getLocalAddress());
        calls.put("bind(own, -1)", channel -> channel.bind(near(), -1));
        calls.put("bind(unresolved)", channel -> channel.bind(InetSocketAddress.createUnresolved("h", 1)));
        calls.put("bind(other type)", channel -> channel.bind(new OtherAddress()));
        calls.put("accept", channel -> {
            SocketChannel accepted = channel.accept();
            return accepted == null ? "null" : closing(accepted).isBlocking() + " " + accepted.isConnected();
        });
        calls.put("configureBlocking", channel -> channel.configureBlocking(true));
        calls.put("register(0)", channel -> register(channel, 0));
        calls.put("register(CONNECT)", channel -> register(channel, SelectionKey.OP_CONNECT));
        calls.put("register(valid)", channel -> register(channel, channel.validOps()));
        calls.put("getOption", channel -> channel.getOption(StandardSocketOptions.SO_REUSEADDR));
        calls.put("setOption", channel -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, true));
        calls.put("getOption(other)", channel -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
        calls.put("setOption(null)", channel -> channel.setOption(null, true));
        calls.put("setOption(x, null)", channel -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, null));
        calls.put("close", channel -> {
            channel.close();
            return channel.isOpen();
        });
        return calls;
    }

    private static String register(ServerSocketChannel channel, int operations) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            return "key for " + channel.register(selector, operations).interestOps();
        }
    }
}
