package dev.towpath.parity;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every method of a DatagramSocket, a plain one and one of a channel, in every state that it can be in. */
class DatagramSocketStatesTest extends ParityTest {
    private enum Kind {
        PLAIN("datagram-socket.txt"),
        OF_CHANNEL("datagram-socket-of-channel.txt");

        private final String table;

        Kind(String table) {
            this.table = table;
        }
    }

    private interface Setup {
        DatagramSocket open() throws IOException;
    }

    private Kind kind = Kind.PLAIN;

    @ParameterizedTest
    @EnumSource
    void everyCallInEveryState(Kind each) throws Exception {
        kind = each;
        StateTable table = new StateTable(kind.table, world);
        if (kind == Kind.PLAIN) {
            exceptOldImpls(table);
        }
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<DatagramSocket>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private static void exceptOldImpls(StateTable table) {
        Difference wrapper = Difference.DATAGRAM_SOCKETS_ARE_WRAPPED;
        table.except(wrapper, ".* \\| (bind|connect)\\(other type\\)", "IllegalArgumentException");
        table.except(wrapper, "(?!unbound).* \\| bind\\(other type\\)", "SocketException");
        table.except(wrapper, "closed \\| setTrafficClass\\(256\\)", "IllegalArgumentException");
        table.except(wrapper, "closed \\| getOption(\\(other\\))?", "SocketException");
    }

    private DatagramSocket socket() throws IOException {
        return kind == Kind.PLAIN
                ? closing(network().sockets().datagramSocket())
                : datagramChannel().socket();
    }

    private DatagramSocket bound() throws IOException {
        DatagramSocket socket = socket();
        socket.bind(near());
        return socket;
    }

    private Map<String, Setup> states() throws IOException {
        InetSocketAddress peer = localOf(farDatagramChannel().bind(far(0)));
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::socket);
        states.put("bound", this::bound);
        states.put("with time-out", () -> {
            DatagramSocket socket = bound();
            socket.setSoTimeout(1);
            return socket;
        });
        states.put("connected", () -> {
            DatagramSocket socket = bound();
            socket.connect(peer);
            return socket;
        });
        states.put("disconnected", () -> {
            DatagramSocket socket = bound();
            socket.connect(peer);
            socket.disconnect();
            return socket;
        });
        states.put("datagram waiting", () -> {
            DatagramSocket socket = bound();
            farDatagramChannel().send(bytes("abc"), socket.getLocalSocketAddress());
            return socket;
        });
        states.put("closed", () -> {
            DatagramSocket socket = bound();
            socket.close();
            return socket;
        });
        return states;
    }

    private Map<String, StateTable.Call<DatagramSocket>> calls() throws IOException {
        InetSocketAddress peer = localOf(farDatagramChannel().bind(far(0)));
        Map<String, StateTable.Call<DatagramSocket>> calls = new LinkedHashMap<>();
        putQuestions(calls);
        calls.put("bind(own)", socket -> done(() -> socket.bind(near())));
        calls.put("bind(unresolved)", socket -> done(() -> socket.bind(InetSocketAddress.createUnresolved("h", 1))));
        calls.put("bind(other type)", socket -> done(() -> socket.bind(new OtherAddress())));
        calls.put("connect", socket -> {
            socket.connect(peer);
            return socket.isConnected() + " " + socket.isBound();
        });
        calls.put("connect(null)", socket -> done(() -> socket.connect(null)));
        calls.put("connect(null, 1)", socket -> done(() -> socket.connect((InetAddress) null, 1)));
        calls.put("connect(peer, -1)", socket -> done(() -> socket.connect(peer.getAddress(), -1)));
        calls.put(
                "connect(unresolved)",
                socket -> done(() -> socket.connect(InetSocketAddress.createUnresolved("h", 1))));
        calls.put("connect(other type)", socket -> done(() -> socket.connect(new OtherAddress())));
        calls.put("disconnect", socket -> {
            socket.disconnect();
            return socket.isConnected() + " " + socket.isBound();
        });
        calls.put("send", socket -> done(() -> socket.send(new DatagramPacket(new byte[2], 2, peer))));
        calls.put("send(without address)", socket -> done(() -> socket.send(new DatagramPacket(new byte[2], 2))));
        calls.put("send(null)", socket -> done(() -> socket.send(null)));
        calls.put(
                "send(too much)",
                socket -> done(() -> socket.send(new DatagramPacket(new byte[70_000], 70_000, peer))));
        calls.put("receive", socket -> {
            DatagramPacket packet = new DatagramPacket(new byte[2], 2);
            socket.receive(packet);
            return packet.getLength() + " "
                    + packet.getAddress().equals(network().farAddress());
        });
        calls.put("receive(null)", socket -> done(() -> socket.receive(null)));
        calls.put("close", socket -> done(socket::close));
        return calls;
    }

    private static String done(Outcome.Action action) throws Exception {
        action.run();
        return "done";
    }

    private static void putQuestions(Map<String, StateTable.Call<DatagramSocket>> calls) {
        calls.put("isBound", DatagramSocket::isBound);
        calls.put("isConnected", DatagramSocket::isConnected);
        calls.put("isClosed", DatagramSocket::isClosed);
        calls.put("getInetAddress", socket -> socket.getInetAddress() != null);
        calls.put("getPort", socket -> Math.min(1, socket.getPort()));
        calls.put("getLocalPort", socket -> Math.min(1, socket.getLocalPort()));
        calls.put("getLocalAddress", socket -> {
            InetAddress address = socket.getLocalAddress();
            return address == null ? "null" : address.isAnyLocalAddress();
        });
        calls.put("getRemoteSocketAddress", socket -> socket.getRemoteSocketAddress() != null);
        calls.put("getLocalSocketAddress", socket -> socket.getLocalSocketAddress() != null);
        calls.put("getChannel", socket -> socket.getChannel() != null);
        calls.put("getSoTimeout", DatagramSocket::getSoTimeout);
        calls.put("setSoTimeout(-1)", socket -> done(() -> socket.setSoTimeout(-1)));
        calls.put("getBroadcast", DatagramSocket::getBroadcast);
        calls.put("setBroadcast", socket -> {
            socket.setBroadcast(false);
            return socket.getBroadcast();
        });
        calls.put("getReuseAddress", DatagramSocket::getReuseAddress);
        calls.put("setReuseAddress", socket -> done(() -> socket.setReuseAddress(true)));
        calls.put("getTrafficClass", DatagramSocket::getTrafficClass);
        calls.put("setTrafficClass(256)", socket -> done(() -> socket.setTrafficClass(256)));
        calls.put("getReceiveBufferSize", socket -> socket.getReceiveBufferSize() > 0);
        calls.put("setReceiveBufferSize(0)", socket -> done(() -> socket.setReceiveBufferSize(0)));
        calls.put("setSendBufferSize(0)", socket -> done(() -> socket.setSendBufferSize(0)));
        calls.put("getOption", socket -> socket.getOption(StandardSocketOptions.SO_BROADCAST));
        calls.put("getOption(other)", socket -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
        calls.put("getOption(null)", socket -> socket.getOption(null));
    }
}
