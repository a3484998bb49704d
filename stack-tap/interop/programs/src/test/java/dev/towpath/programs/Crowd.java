package dev.towpath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many clients of one HTTP server, which speak HTTP/1.1 as plainly as can be on the kernel's own sockets. */
final class Crowd implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int BUFFER = 8192;

    private final List<Socket> sockets = new ArrayList<>();

    /** Clients which are connected, one after the other. */
    Crowd(String address, int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
        }
    }

    /** All ask before the first one reads. */
    void ask(String path) throws IOException {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: site\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (Socket socket : sockets) {
            socket.getOutputStream().write(request);
        }
    }

    /** All read what they are answered; it must have a length, and be that. */
    void expect(String hash) throws IOException {
        for (Socket socket : sockets) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            long length = length(in);
            assertThat(Body.hash(new Limited(in, length))).isEqualTo(hash);
        }
    }

    /** Skips the head of a response; returns the length that it names. */
    private static long length(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("after " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString()
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .map(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no length in " + head));
    }

    /** So many of the bytes of another stream. */
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int now = in.read(bytes, offset, (int) Math.min(left, count));
            left -= Math.max(now, 0);
            return now;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
