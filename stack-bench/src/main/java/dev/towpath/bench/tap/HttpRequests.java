package dev.towpath.bench.tap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** A small page, again and again on connections that are kept: on each, the next request follows the last answer. */
final class HttpRequests {
    private static final int BUFFER = 4096;
    private static final int MOST_REQUESTS = 4_000_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final InetSocketAddress server;
    private final int connections;

    HttpRequests(InetSocketAddress server, int connections) {
        this.server = server;
        this.connections = connections;
    }

    /** Asks for so long; what is under way at the end doesn't count. */
    Outcome run(long nanos) throws IOException {
        Latencies latencies = new Latencies(MOST_REQUESTS);
        long bytes = 0;
        int count = 0;
        try (Selector selector = Selector.open()) {
            try {
                for (int i = 0; i < connections; i++) {
                    new Connection(server).register(selector);
                }
                long begin = System.nanoTime();
                long now = begin;
                while (now - begin < nanos) {
                    if (selector.select(PATIENCE_MILLIS) == 0) {
                        return Outcome.failed("no answer");
                    }
                    for (SelectionKey key : selector.selectedKeys()) {
                        Connection connection = (Connection) key.attachment();
                        if (connection.readAll()) {
                            now = System.nanoTime();
                            latencies.add(now - connection.askedAt);
                            bytes += connection.answer.length();
                            count++;
                            connection.ask();
                        }
                    }
                    selector.selectedKeys().clear();
                }
                double rate = count * NANOS_PER_SECOND / (now - begin);
                return new Outcome(rate, bytes, null, latencies.micros(), null);
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer request = HttpAnswer.request("/");
        private final HttpAnswer answer = new HttpAnswer(BUFFER);
        private long askedAt;

        Connection(InetSocketAddress server) throws IOException {
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        }

        void register(Selector selector) throws IOException {
            channel.register(selector, SelectionKey.OP_READ, this);
            ask();
        }

        /** A request this short fits the socket's empty buffer. */
        void ask() throws IOException {
            answer.next();
            askedAt = System.nanoTime();
            channel.write(request.rewind());
        }

        boolean readAll() throws IOException {
            answer.readFrom(channel);
            return answer.isComplete();
        }
    }
}
