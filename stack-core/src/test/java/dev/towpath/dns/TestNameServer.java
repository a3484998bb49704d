package dev.towpath.dns;

import static dev.towpath.socket.SocketConstants.MSG_WAITALL;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.towpath.sim.Connection;
import dev.towpath.sim.Host;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A name server that says what a test tells it to: to names it knows, over UDP and TCP; to others, that they do not
 * exist. On a simulated host, or with threads of its own on any stack.
 */
final class TestNameServer implements AutoCloseable {
    /** A question that has arrived. */
    static final class Asked {
        private final byte[] message;
        private final boolean tcp;
        private final String name;
        private final int type;

        private Asked(byte[] message, boolean tcp, String name, int type) {
            this.message = message;
            this.tcp = tcp;
            this.name = name;
            this.type = type;
        }

        boolean tcp() {
            return tcp;
        }

        /** With additional records, which is EDNS. */
        boolean edns() {
            return message[11] != 0;
        }

        String name() {
            return name;
        }

        Reply reply() {
            return Reply.to(message);
        }
    }

    /** What is said to a question. */
    interface Behaviour {
        /** Any number of messages, right or wrong. */
        List<Reply> answer(Asked asked);
    }

    /** One reply. */
    interface Saying extends Behaviour {
        Reply say(Asked asked);

        @Override
        default List<Reply> answer(Asked asked) {
            return List.of(say(asked));
        }
    }

    static final int PORT = 53;

    /** Every question that has come, as "udp www.example.test 1", in lower case. */
    final List<String> log = new CopyOnWriteArrayList<>();

    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private Behaviour otherwise = (Saying) asked -> asked.reply().rcode(3).soa(3600, 60);
    private final List<AutoCloseable> sockets = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    TestNameServer on(String name, Behaviour behaviour) {
        behaviours.put(name, behaviour);
        return this;
    }

    /** Says one thing to questions for this name. */
    TestNameServer say(String name, Saying saying) {
        return on(name, saying);
    }

    TestNameServer otherwise(Behaviour behaviour) {
        otherwise = behaviour;
        return this;
    }

    /** The name has this address, for a minute. */
    TestNameServer a(String name, String address) {
        return say(name, asked -> asked.reply().a(60, address));
    }

    private List<byte[]> answer(byte[] message, boolean tcp) {
        int at = 12;
        StringBuilder name = new StringBuilder();
        for (; message[at] != 0; at += 1 + message[at]) {
            name.append(at == 12 ? "" : ".").append(new String(message, at + 1, message[at], US_ASCII));
        }
        String lower = name.toString().toLowerCase(Locale.ROOT);
        Asked asked = new Asked(message, tcp, name.toString(), message[at + 2]);
        log.add((tcp ? "tcp " : "udp ") + lower + " " + asked.type);
        return behaviours.getOrDefault(lower, otherwise).answer(asked).stream()
                .map(Reply::bytes)
                .toList();
    }

    private List<byte[]> answerFramed(byte[] message) {
        return answer(message, true).stream()
                .map(bytes -> ByteBuffer.allocate(2 + bytes.length)
                        .putShort((short) bytes.length)
                        .put(bytes)
                        .array())
                .toList();
    }

    /** Serves on a simulated host. */
    TestNameServer serve(Host host) {
        host.udp(PORT, (port, from, data) -> {
            byte[] query = new byte[data.remaining()];
            data.get(query);
            answer(query, false).forEach(bytes -> port.send(from, ByteBuffer.wrap(bytes)));
        });
        host.listen(PORT, this::serve);
        return this;
    }

    private void serve(Connection connection) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        connection.onData((from, data) -> {
            byte[] some = new byte[data.remaining()];
            data.get(some);
            received.writeBytes(some);
            ByteBuffer all = ByteBuffer.wrap(received.toByteArray());
            if (all.remaining() > 2 && all.getShort() == all.remaining()) {
                byte[] query = new byte[all.remaining()];
                all.get(query);
                answerFramed(query).forEach(connection::send);
            }
        });
        connection.onEnd(Connection::end);
    }

    /** Serves on any stack at 127.0.0.1, in threads of its own, until it is closed. */
    Endpoint serve(NetworkStack stack) throws ErrnoException {
        UdpSocket udp = UdpSocket.open(stack);
        udp.bind(IpAddress.LOOPBACK_V4, 0);
        TcpSocket tcp = TcpSocket.open(stack);
        tcp.bind(IpAddress.LOOPBACK_V4, udp.localEndpoint().port());
        tcp.listen(SocketConstants.SOMAXCONN);
        sockets.add(udp);
        sockets.add(tcp);
        thread(() -> serveUdp(udp));
        thread(() -> serveTcp(tcp));
        return udp.localEndpoint();
    }

    private interface Body {
        void run() throws IOException;
    }

    private void thread(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException closed) {
                return;
            }
        });
        threads.add(thread);
        thread.start();
    }

    private void serveUdp(UdpSocket udp) throws IOException {
        ByteBuffer query = ByteBuffer.allocate(2000);
        SockAddr from = new SockAddr();
        while (true) {
            int length = udp.recvFrom(query.clear(), 0, from);
            byte[] message = new byte[length];
            query.flip().get(message);
            for (byte[] bytes : answer(message, false)) {
                int ignored = udp.sendTo(ByteBuffer.wrap(bytes), 0, from.address(), from.port());
            }
        }
    }

    private void serveTcp(TcpSocket listening) throws IOException {
        while (true) {
            try (TcpSocket connection = listening.accept()) {
                ByteBuffer length = ByteBuffer.allocate(2);
                if (connection.recv(length, MSG_WAITALL) == 2) {
                    byte[] message = new byte[length.flip().getShort()];
                    int ignored = connection.recv(ByteBuffer.wrap(message), MSG_WAITALL);
                    for (byte[] bytes : answerFramed(message)) {
                        ignored = connection.send(ByteBuffer.wrap(bytes), 0);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable socket : sockets) {
                socket.close();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
