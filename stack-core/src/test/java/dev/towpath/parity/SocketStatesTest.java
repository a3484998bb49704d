package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every method of a Socket, a plain one and one of a channel, in every state that it can be in. */
class SocketStatesTest extends ParityTest {
    private enum Kind {
        PLAIN("socket.txt"),
        OF_CHANNEL("socket-of-channel.txt");

        private final String table;

        Kind(String table) {
            this.table = table;
        }
    }

    private interface Setup {
        Socket open() throws IOException;
    }

    private Kind kind = Kind.PLAIN;

    @ParameterizedTest
    @EnumSource
    void everyCallInEveryState(Kind each) throws Exception {
        kind = each;
        StateTable table = new StateTable(kind.table, world);
        table.except(
                Difference.NO_URGENT_DATA, ".*(connected|with|waiting|down|reset).* sendUrgentData", "SocketException");
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<Socket>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private Socket socket() throws IOException {
        return kind == Kind.PLAIN
                ? closing(network().sockets().socket())
                : socketChannel().socket();
    }

    private Map<String, Setup> states() {
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::socket);
        states.put("bound", () -> {
            Socket socket = socket();
            socket.bind(near());
            return socket;
        });
        states.put("connected", () -> connected(far -> {}));
        states.put("with time-out", () -> {
            Socket socket = connected(far -> {});
            socket.setSoTimeout(1);
            return socket;
        });
        states.put("data waiting", () -> connected(far -> far.write(bytes("abc"))));
        states.put("in shut down", () -> {
            Socket socket = connected(far -> {});
            socket.shutdownInput();
            return socket;
        });
        states.put("out shut down", () -> {
            Socket socket = connected(far -> {});
            socket.shutdownOutput();
            return socket;
        });
        states.put("peer shut down", () -> connected(SocketChannel::shutdownOutput));
        states.put(
                "reset",
                () -> connected(
                        far -> far.setOption(StandardSocketOptions.SO_LINGER, 0).close()));
        states.put("closed", () -> {
            Socket socket = connected(far -> {});
            socket.close();
            return socket;
        });
        return states;
    }

    private interface FarEnd {
        void does(SocketChannel channel) throws IOException;
    }

    /** A connected socket whose peer has done something, which has come through. */
    private Socket connected(FarEnd farEnd) throws IOException {
        try (var listener = farListening()) {
            Socket socket = socket();
            socket.connect(listener.getLocalAddress());
            SocketChannel far = closing(listener.accept());
            farEnd.does(far);
            connection(); // what the peer has done arrives before the answer to a later question
            return socket;
        }
    }

    private Map<String, StateTable.Call<Socket>> calls() throws IOException {
        InetSocketAddress peer = localOf(farListening());
        InetSocketAddress silent = silentPort();
        Map<String, StateTable.Call<Socket>> calls = new LinkedHashMap<>();
        putQuestions(calls);
        calls.put("bind(null)", socket -> done(() -> socket.bind(null)));
        calls.put("bind(own)", socket -> done(() -> socket.bind(near())));
        calls.put("bind(unresolved)", socket -> done(() -> socket.bind(InetSocketAddress.createUnresolved("h", 1))));
        calls.put("bind(other type)", socket -> done(() -> socket.bind(new OtherAddress())));
        calls.put("connect", socket -> done(() -> socket.connect(peer)));
        calls.put("connect(null)", socket -> done(() -> socket.connect(null)));
        calls.put("connect(silent, 1)", socket -> done(() -> socket.connect(silent, 1)));
        calls.put("connect(silent)", socket -> done(() -> socket.connect(silent)));
        calls.put("connect(peer, -1)", socket -> done(() -> socket.connect(peer, -1)));
        calls.put(
                "connect(unresolved)",
                socket -> done(() -> socket.connect(InetSocketAddress.createUnresolved("h", 1))));
        calls.put("connect(other type)", socket -> done(() -> socket.connect(new OtherAddress())));
        calls.put("getInputStream", socket -> done(socket::getInputStream));
        calls.put("getOutputStream", socket -> done(socket::getOutputStream));
        calls.put("read", socket -> socket.getInputStream().read());
        calls.put("read(array)", socket -> socket.getInputStream().read(new byte[2]));
        calls.put("read(nothing)", socket -> socket.getInputStream().read(new byte[0]));
        calls.put("read(array, 1, 2)", socket -> socket.getInputStream().read(new byte[2], 1, 2));
        calls.put("close stream", socket -> {
            socket.getInputStream().close();
            return socket.isClosed();
        });
        calls.put("write", socket -> done(() -> socket.getOutputStream().write(1)));
        calls.put(
                "write(nothing)", socket -> done(() -> socket.getOutputStream().write(new byte[0])));
        calls.put(
                "write(array, 1, 2)",
                socket -> done(() -> socket.getOutputStream().write(new byte[2], 1, 2)));
        calls.put("flush", socket -> done(() -> socket.getOutputStream().flush()));
        calls.put("sendUrgentData", socket -> done(() -> socket.sendUrgentData(1)));
        calls.put("shutdownInput", socket -> done(socket::shutdownInput));
        calls.put("shutdownOutput", socket -> done(socket::shutdownOutput));
        calls.put("close", socket -> done(socket::close));
        return calls;
    }

    private static String done(Outcome.Action action) throws Exception {
        action.run();
        return "done";
    }

    private static void putQuestions(Map<String, StateTable.Call<Socket>> calls) {
        calls.put("isBound", Socket::isBound);
        calls.put("isConnected", Socket::isConnected);
        calls.put("isClosed", Socket::isClosed);
        calls.put("isInputShutdown", Socket::isInputShutdown);
        calls.put("isOutputShutdown", Socket::isOutputShutdown);
        calls.put("getInetAddress", socket -> socket.getInetAddress() != null);
        calls.put("getPort", socket -> socket.getPort() > 0);
        calls.put("getLocalAddress", socket -> socket.getLocalAddress().isAnyLocalAddress());
        calls.put("getLocalPort", socket -> Math.min(1, socket.getLocalPort()));
        calls.put("getRemoteSocketAddress", Socket::getRemoteSocketAddress);
        calls.put("getLocalSocketAddress", Socket::getLocalSocketAddress);
        calls.put("getChannel", socket -> socket.getChannel() != null);
        calls.put(
                "toString",
                socket -> socket.toString()
                        .replaceAll("/[0-9.]+", "/address")
                        .replaceAll("port=[1-9][0-9]*", "port=some"));
        calls.put("getSoTimeout", Socket::getSoTimeout);
        calls.put("setSoTimeout(-1)", socket -> done(() -> socket.setSoTimeout(-1)));
        calls.put("getTcpNoDelay", Socket::getTcpNoDelay);
        calls.put("setTcpNoDelay", socket -> done(() -> socket.setTcpNoDelay(true)));
        calls.put("getSoLinger", Socket::getSoLinger);
        calls.put("setSoLinger(true, -1)", socket -> done(() -> socket.setSoLinger(true, -1)));
        calls.put("setSoLinger(true, 70000)", socket -> {
            socket.setSoLinger(true, 70_000);
            return socket.getSoLinger();
        });
        calls.put("getOOBInline", Socket::getOOBInline);
        calls.put("setOOBInline", socket -> done(() -> socket.setOOBInline(true)));
        calls.put("getKeepAlive", Socket::getKeepAlive);
        calls.put("setKeepAlive", socket -> done(() -> socket.setKeepAlive(true)));
        calls.put("getReuseAddress", Socket::getReuseAddress);
        calls.put("setReuseAddress", socket -> done(() -> socket.setReuseAddress(true)));
        calls.put("getTrafficClass", Socket::getTrafficClass);
        calls.put("setTrafficClass(256)", socket -> done(() -> socket.setTrafficClass(256)));
        calls.put("setReceiveBufferSize(0)", socket -> done(() -> socket.setReceiveBufferSize(0)));
        calls.put("setSendBufferSize", socket -> done(() -> socket.setSendBufferSize(10_000)));
        calls.put("getReceiveBufferSize", socket -> socket.getReceiveBufferSize() > 0);
        calls.put("setPerformancePreferences", socket -> done(() -> socket.setPerformancePreferences(1, 1, 1)));
        calls.put("getOption", socket -> socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        calls.put("getOption(null)", socket -> socket.getOption(null));
        calls.put(
                "setOption(other)",
                socket -> socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true) == socket);
    }
}
