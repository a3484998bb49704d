package dev.towpath.bench.tap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The JDK's HTTP server, on whichever stack its JVM was given: {@code /} is small, {@code /bytes/N} is not. */
final class JdkHttpEnd {
    private static final byte[] SMALL = "Hello, world!".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PIECE = new byte[64 * 1024];
    private static final int BACKLOG = 256;
    private static final int THREADS = 16;
    private static final int OK = 200;

    private JdkHttpEnd() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException {
        // head and body are two segments: without it, the second one waits for the client's delayed ACK of the first
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(Ports.HTTP), BACKLOG);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", JdkHttpEnd::small);
        server.createContext("/bytes/", JdkHttpEnd::large);
        server.start();
    }

    private static void small(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(OK, SMALL.length);
            exchange.getResponseBody().write(SMALL);
        }
    }

    private static void large(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            long left = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
            exchange.sendResponseHeaders(OK, left);
            OutputStream out = exchange.getResponseBody();
            while (left > 0) {
                int now = (int) Math.min(left, PIECE.length);
                out.write(PIECE, 0, now);
                left -= now;
            }
        }
    }
}
