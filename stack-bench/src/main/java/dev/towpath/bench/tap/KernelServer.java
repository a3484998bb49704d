package dev.towpath.bench.tap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the stack is compared with: echo, discard and a source without end on the kernel's own sockets, written as the
 * kernel likes it best: bulk by a blocking thread for each connection, echo by epoll on one thread.
 */
final class KernelServer {
    private static final int SCRATCH = 65_536;

    private KernelServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException {
        serveEach(KernelSocket.listening(Ports.DISCARD, true), KernelServer::discard);
        serveEach(KernelSocket.listening(Ports.SOURCE, true), KernelServer::source);
        KernelSocket datagrams = KernelSocket.udp();
        datagrams.bind(Ports.DISCARD);
        datagrams.receiveBuffer(Datagrams.BUFFER);
        daemon(() -> new Datagrams(Datagrams.MOST).discard(datagrams));
        echo(KernelSocket.listening(Ports.ECHO, false));
    }

    /** What is done with a connection. */
    private interface Service {
        void serve(KernelSocket connection);
    }

    private static void serveEach(KernelSocket listener, Service service) {
        daemon(() -> {
            try {
                while (true) {
                    KernelSocket connection = Objects.requireNonNull(listener.accept(true));
                    daemon(() -> {
                        try (connection) {
                            service.serve(connection);
                        }
                    });
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static void discard(KernelSocket connection) {
        ByteBuffer buffer = KernelMemory.allocate(Load.CHUNK);
        long at = KernelMemory.address(buffer);
        long count = 1;
        while (count > 0) {
            count = connection.receive(at, buffer.capacity());
        }
    }

    private static void source(KernelSocket connection) {
        ByteBuffer buffer = KernelMemory.allocate(Load.CHUNK);
        long at = KernelMemory.address(buffer);
        long count = 1;
        while (count > 0) {
            count = connection.send(at, buffer.capacity());
        }
    }

    private static void echo(KernelSocket listener) throws IOException {
        Epoll epoll = new Epoll();
        Map<Integer, KernelSocket> connections = new HashMap<>();
        ByteBuffer buffer = KernelMemory.allocate(SCRATCH);
        long at = KernelMemory.address(buffer);
        epoll.add(listener, Epoll.IN, listener.descriptor());
        while (true) {
            int ready = epoll.await(-1);
            for (int i = 0; i < ready; i++) {
                KernelSocket connection = connections.get(epoll.number(i));
                if (connection == null) {
                    acceptAll(listener, epoll, connections);
                } else if (!echo(connection, at)) {
                    connections.remove(connection.descriptor());
                    connection.close();
                }
            }
        }
    }

    private static void acceptAll(KernelSocket listener, Epoll epoll, Map<Integer, KernelSocket> connections)
            throws IOException {
        for (@Nullable KernelSocket next = listener.accept(false); next != null; next = listener.accept(false)) {
            connections.put(next.descriptor(), next);
            epoll.add(next, Epoll.IN, next.descriptor());
        }
    }

    /** Answers what has come; false at the end. */
    private static boolean echo(KernelSocket connection, long at) {
        long count = connection.receive(at, SCRATCH);
        if (count > 0) {
            connection.send(at, (int) count);
            return true;
        }
        return count < 0 && KernelMemory.errno() == KernelSocket.EAGAIN;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "service");
        thread.setDaemon(true);
        thread.start();
    }
}
