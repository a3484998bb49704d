package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every method of a ServerSocket, a plain one and one of a channel, in every state that it can be in. */
class ServerSocketStatesTest extends ParityTest {
    private enum Kind {
        PLAIN("server-socket.txt"),
        OF_CHANNEL("server-socket-of-channel.txt");

        private final String table;

        Kind(String table) {
            this.table = table;
        }
    }

    private interface Setup {
        ServerSocket open() throws IOException;
    }

    private Kind kind = Kind.PLAIN;

    @ParameterizedTest
    @EnumSource
    void everyCallInEveryState(Kind each) throws Exception {
        kind = each;
        StateTable table = new StateTable(kind.table, world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<ServerSocket>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private ServerSocket socket() throws IOException {
        return kind == Kind.PLAIN
                ? closing(network().sockets().serverSocket())
                : serverSocketChannel().socket();
    }

    private ServerSocket bound() throws IOException {
        ServerSocket socket = socket();
        socket.bind(near());
        return socket;
    }

    private Map<String, Setup> states() {
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::socket);
        states.put("listening", this::bound);
        states.put("with time-out", () -> {
            ServerSocket socket = bound();
            socket.setSoTimeout(1);
            return socket;
        });
        states.put("connection waiting", () -> {
            ServerSocket socket = bound();
            farSocketChannel().connect(socket.getLocalSocketAddress());
            return socket;
        });
        states.put("closed", () -> {
            ServerSocket socket = bound();
            socket.close();
            return socket;
        });
        return states;
    }

    private Map<String, StateTable.Call<ServerSocket>> calls() {
        Map<String, StateTable.Call<ServerSocket>> calls = new LinkedHashMap<>();
        calls.put("isBound", ServerSocket::isBound);
        calls.put("isClosed", ServerSocket::isClosed);
        calls.put("getInetAddress", socket -> socket.getInetAddress() != null);
        calls.put("getLocalPort", socket -> Math.min(1, socket.getLocalPort()));
        calls.put("getLocalSocketAddress", ServerSocket::getLocalSocketAddress);
        calls.put("getChannel", socket -> socket.getChannel() != null);
        calls.put("getSoTimeout", ServerSocket::getSoTimeout);
        calls.put("setSoTimeout(-1)", socket -> done(() -> socket.setSoTimeout(-1)));
        calls.put("getReuseAddress", ServerSocket::getReuseAddress);
        calls.put("setReuseAddress", socket -> done(() -> socket.setReuseAddress(false)));
        calls.put("getReceiveBufferSize", socket -> socket.getReceiveBufferSize() > 0);
        calls.put("setReceiveBufferSize(0)", socket -> done(() -> socket.setReceiveBufferSize(0)));
        calls.put("setPerformancePreferences", socket -> done(() -> socket.setPerformancePreferences(1, 1, 1)));
        calls.put("getOption", socket -> socket.getOption(StandardSocketOptions.SO_REUSEADDR));
        calls.put("getOption(other)", socket -> socket.getOption(StandardSocketOptions.SO_BROADCAST));
        calls.put("getOption(null)", socket -> socket.getOption(null));
        calls.put("bind(null)", socket -> done(() -> socket.bind(null)));
        calls.put("bind(own)", socket -> done(() -> socket.bind(near())));
        calls.put("bind(own, -1)", socket -> done(() -> socket.bind(near(), -1)));
        calls.put("bind(unresolved)", socket -> done(() -> socket.bind(InetSocketAddress.createUnresolved("h", 1))));
        calls.put("bind(other type)", socket -> done(() -> socket.bind(new OtherAddress())));
        calls.put("accept", socket -> {
            Socket accepted = closing(socket.accept());
            return accepted.isConnected() + " " + accepted.isBound() + " " + accepted.getSoTimeout();
        });
        calls.put("close", socket -> done(socket::close));
        return calls;
    }

    private static String done(Outcome.Action action) throws Exception {
        action.run();
        return "done";
    }
}
