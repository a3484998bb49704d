package dev.towpath.bench.connections;

import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Poller;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Two stacks in real time on a wire in memory, and as many connections between them as are asked for: both ends of each
 * are sockets of this JVM. One thread connects, another accepts.
 */
final class Crowd implements AutoCloseable {
    /** A client has no more than 16,384 ephemeral ports towards one of the server's: half of them are found quickly. */
    private static final int CONNECTIONS_PER_PORT = 8_192;

    private static final int FIRST_PORT = 1_000;
    private static final int BACKLOG = 4_096;

    /** Connections that are being opened at a time. */
    private static final int AT_ONCE = 128;

    private static final long LOOK_NANOS = 10_000;

    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

    private final NetworkStack clientStack;
    private final NetworkStack serverStack;
    private int ports;

    Crowd() {
        MemoryWire wire = new MemoryWire(MemoryLink.DEFAULT);
        clientStack = NetworkStack.builder()
                .name("client")
                .device(wire.left(), "192.0.2.1/24")
                .start();
        serverStack = NetworkStack.builder()
                .name("server")
                .device(wire.right(), SERVER + "/24")
                .start();
    }

    /** Both ends of some connections, pair by pair. */
    static final class Pairs {
        final TcpSocket[] clients;
        final TcpSocket[] servers;

        private Pairs(int count) {
            clients = new TcpSocket[count];
            servers = new TcpSocket[count];
        }

        int count() {
            return clients.length;
        }
    }

    NetworkStack clientStack() {
        return clientStack;
    }

    NetworkStack serverStack() {
        return serverStack;
    }

    /** Room for {@code count} pairs: made before the memory is measured that {@link #open} fills. */
    static Pairs room(int count) {
        return new Pairs(count);
    }

    /** Opens as many connections as there is room for. */
    void open(Pairs pairs) throws ErrnoException {
        for (int from = 0; from < pairs.count(); from += CONNECTIONS_PER_PORT) {
            int to = Math.min(pairs.count(), from + CONNECTIONS_PER_PORT);
            open(pairs, from, to);
        }
    }

    private void open(Pairs pairs, int from, int to) throws ErrnoException {
        int port = FIRST_PORT + ports++;
        try (TcpSocket listener = TcpSocket.open(serverStack)) {
            listener.bind(SERVER, port);
            listener.listen(BACKLOG);
            CompletableFuture<Void> accepting = start(() -> accept(listener, pairs.servers, from, to));
            for (int at = from; at < to; at += AT_ONCE) {
                connect(pairs.clients, at, Math.min(to, at + AT_ONCE), port);
            }
            accepting.join();
        }
    }

    /** Runs {@code task} in a thread of its own: the common pool may have one, and two tasks wait for each other. */
    static CompletableFuture<Void> start(Runnable task) {
        return CompletableFuture.runAsync(task, body -> {
            Thread thread = new Thread(body, "host");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void accept(TcpSocket listener, TcpSocket[] into, int from, int to) {
        try {
            for (int i = from; i < to; i++) {
                into[i] = listener.accept();
            }
        } catch (ErrnoException e) {
            throw new CompletionException(e);
        }
    }

    /** As an event loop does it: none of the sockets ever waits. */
    private void connect(TcpSocket[] into, int from, int to, int port) throws ErrnoException {
        try (Poller poller = Poller.open(clientStack)) {
            for (int i = from; i < to; i++) {
                TcpSocket socket = TcpSocket.open(clientStack);
                socket.nonBlocking(true);
                begin(socket, port);
                poller.add(socket, POLLOUT, null);
                into[i] = socket;
            }
            List<ErrnoException> failures = new ArrayList<>();
            for (int left = to - from; left > 0; ) {
                left -= poller.poll(
                        (socket, ready, attachment) -> {
                            poller.remove(socket);
                            try {
                                socket.connect(SERVER, port);
                            } catch (ErrnoException e) {
                                failures.add(e);
                            }
                        },
                        -1);
            }
            if (!failures.isEmpty()) {
                throw failures.get(0);
            }
        }
    }

    private static void begin(TcpSocket socket, int port) throws ErrnoException {
        try {
            socket.connect(SERVER, port);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINPROGRESS) {
                throw e;
            }
        }
    }

    /** Closes both ends of all, each host in a thread of its own. */
    void close(Pairs pairs) {
        CompletableFuture<Void> client = start(() -> close(clientStack, pairs.clients));
        CompletableFuture<Void> server = start(() -> close(serverStack, pairs.servers));
        client.join();
        server.join();
    }

    private static void close(NetworkStack stack, TcpSocket[] sockets) {
        try (Poller poller = Poller.open(stack)) {
            int before = timers(stack);
            for (int i = 0; i < sockets.length; i++) {
                sockets[i].close();
                // As many again once the other end has closed these: its queue is no longer than any link's.
                while (i % AT_ONCE == 0 && timers(stack) > before + AT_ONCE / 2) {
                    poller.poll((socket, ready, attachment) -> {}, LOOK_NANOS);
                }
            }
        } catch (ErrnoException e) {
            throw new CompletionException(e);
        }
    }

    /** Timers armed in both stacks now. */
    int timers() {
        return timers(clientStack) + timers(serverStack);
    }

    private static int timers(NetworkStack stack) {
        stack.driver().enter();
        try {
            return stack.core().timers();
        } finally {
            stack.driver().leave();
        }
    }

    @Override
    public void close() {
        clientStack.close();
        serverStack.close();
    }
}
