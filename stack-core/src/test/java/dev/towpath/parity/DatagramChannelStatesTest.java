package dev.towpath.parity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every method of a DatagramChannel in every state that it can be in; multicast has a test of its own. */
class DatagramChannelStatesTest extends ParityTest {
    private interface Setup {
        DatagramChannel open() throws IOException;
    }

    @Test
    void everyCallInEveryState() throws Exception {
        StateTable table = new StateTable("datagram-channel.txt", world);
        for (Map.Entry<String, Setup> state : states().entrySet()) {
            for (Map.Entry<String, StateTable.Call<DatagramChannel>> call : calls().entrySet()) {
                table.record(state.getKey(), call.getKey(), state.getValue().open(), call.getValue());
            }
        }
        table.check();
    }

    private Map<String, Setup> states() throws IOException {
        InetSocketAddress peer = localOf(farDatagramChannel().bind(far(0)));
        Map<String, Setup> states = new LinkedHashMap<>();
        states.put("unbound", this::datagramChannel);
        states.put("bound", () -> datagramChannel().bind(near()));
        states.put("bound, non-blocking", () -> nonBlocking(datagramChannel().bind(near())));
        states.put("connected", () -> datagramChannel().connect(peer));
        states.put(
                "connected, non-blocking", () -> nonBlocking(datagramChannel().connect(peer)));
        states.put("disconnected", () -> datagramChannel().connect(peer).disconnect());
        states.put("datagram waiting", () -> {
            DatagramChannel channel = datagramChannel().bind(near());
            farDatagramChannel().send(bytes("abc"), channel.getLocalAddress());
            await(channel);
            return channel;
        });
        states.put("closed", () -> {
            DatagramChannel channel = datagramChannel().connect(peer);
            channel.close();
            return channel;
        });
        return states;
    }

    private static DatagramChannel nonBlocking(DatagramChannel channel) throws IOException {
        channel.configureBlocking(false);
        return channel;
    }

    private static void await(DatagramChannel channel) throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(10_000) == 0) {
                throw new AssertionError("not ready in time");
            }
        }
        channel.configureBlocking(true);
    }

    private Map<String, StateTable.Call<DatagramChannel>> calls() throws IOException {
        InetSocketAddress peer = localOf(farDatagramChannel().bind(far(0)));
        Map<String, StateTable.Call<DatagramChannel>> calls = new LinkedHashMap<>();
        putQuestions(calls);
        calls.put("bind(null)", channel -> channel.bind(null));
        calls.put("bind(own)", channel -> channel.bind(near()).getLocalAddress());
        calls.put("bind(unresolved)", channel -> channel.bind(InetSocketAddress.createUnresolved("h", 1)));
        calls.put("bind(other type)", channel -> channel.bind(new OtherAddress()));
        calls.put("connect", channel -> channel.connect(peer).isConnected());
        calls.put("connect(null)", channel -> channel.connect(null));
        calls.put("connect(unresolved)", channel -> channel.connect(InetSocketAddress.createUnresolved("h", 1)));
        calls.put("connect(other type)", channel -> channel.connect(new OtherAddress()));
        calls.put("connect(port 0)", channel -> channel.connect(far(0)));
        calls.put("disconnect", channel -> channel.disconnect().isConnected());
        calls.put("receive", channel -> channel.receive(ByteBuffer.allocate(2)));
        calls.put("receive(null)", channel -> channel.receive(null));
        calls.put(
                "receive(read-only)",
                channel -> channel.receive(ByteBuffer.allocate(2).asReadOnlyBuffer()));
        calls.put("send", channel -> channel.send(bytes("ab"), peer));
        calls.put("send(nothing)", channel -> channel.send(bytes(""), peer));
        calls.put("send(null)", channel -> channel.send(null, peer));
        calls.put("send(x, null)", channel -> channel.send(bytes("ab"), null));
        calls.put("send(unresolved)", channel -> channel.send(bytes("ab"), InetSocketAddress.createUnresolved("h", 1)));
        calls.put("send(other type)", channel -> channel.send(bytes("ab"), new OtherAddress()));
        calls.put("send(port 0)", channel -> channel.send(bytes("ab"), far(0)));
        calls.put("read", channel -> channel.read(ByteBuffer.allocate(2)));
        calls.put("read(no room)", channel -> channel.read(ByteBuffer.allocate(0)));
        calls.put("read(null)", channel -> channel.read((ByteBuffer) null));
        calls.put("read(array)", channel -> channel.read(buffers()));
        calls.put("read(array, 0, 0)", channel -> channel.read(buffers(), 0, 0));
        calls.put("read(array, 1, 2)", channel -> channel.read(buffers(), 1, 2));
        calls.put("write", channel -> channel.write(bytes("ab")));
        calls.put("write(nothing)", channel -> channel.write(bytes("")));
        calls.put("write(null)", channel -> channel.write((ByteBuffer) null));
        calls.put("write(array)", channel -> channel.write(buffers()));
        calls.put("write(array, 0, 0)", channel -> channel.write(buffers(), 0, 0));
        calls.put("configureBlocking", channel -> channel.configureBlocking(true));
        calls.put("register(0)", channel -> register(channel, 0));
        calls.put("register(ACCEPT)", channel -> register(channel, SelectionKey.OP_ACCEPT));
        calls.put("register(valid)", channel -> register(channel, channel.validOps()));
        calls.put("getOption", channel -> channel.getOption(StandardSocketOptions.SO_BROADCAST));
        calls.put("setOption", channel -> channel.setOption(StandardSocketOptions.SO_BROADCAST, true));
        calls.put("close", channel -> {
            channel.close();
            return channel.isOpen();
        });
        return calls;
    }

    private static void putQuestions(Map<String, StateTable.Call<DatagramChannel>> calls) {
        calls.put("isOpen", DatagramChannel::isOpen);
        calls.put("isBlocking", DatagramChannel::isBlocking);
        calls.put("isConnected", DatagramChannel::isConnected);
        calls.put("isRegistered", DatagramChannel::isRegistered);
        calls.put("validOps", DatagramChannel::validOps);
        calls.put("getLocalAddress", DatagramChannel::getLocalAddress);
        calls.put("getRemoteAddress", DatagramChannel::getRemoteAddress);
    }

    private static ByteBuffer[] buffers() {
        return new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
    }

    private static String register(DatagramChannel channel, int operations) throws IOException {
        try (Selector selector = channel.provider().openSelector()) {
            return "key for " + channel.register(selector, operations).interestOps();
        }
    }
}
