package dev.towpath.cli.client;

import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * One HTTP/1.1 GET over a stack: reads an answer of given length, in chunks, or up to the end of the connection (RFC
 * 9112 section 6.3).
 */
public final class HttpFetch {
    private static final int MAX_LINE = 16 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI url;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024).limit(0);

    /** The answer's status line, and the length of the body that was written. */
    public record Result(String statusLine, int status, long bytes) {}

    /** What the headers say about the body: -1 for a length that is not given. */
    private record Body(long length, boolean chunked) {}

    /**
     * A request for {@code url}.
     *
     * @throws IllegalArgumentException if that is not a http URL with a host
     */
    public HttpFetch(URI url) {
        if (!"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + url + "' is not what this can fetch; write it like http://192.0.2.1:8080/");
        }
        this.url = url;
    }

    /** Connects, asks, and writes the body to {@code out}. */
    public Result run(NetworkStack stack, OutputStream out) throws IOException {
        IpAddress address = IpAddress.of(InetAddress.getByName(url.getHost()));
        try (TcpSocket socket = TcpSocket.open(stack)) {
            socket.option(SockOpt.SO_RCVTIMEO, PATIENCE);
            socket.option(SockOpt.SO_SNDTIMEO, PATIENCE);
            socket.connect(address, url.getPort() < 0 ? 80 : url.getPort());
            socket.send(ByteBuffer.wrap(request().getBytes(StandardCharsets.US_ASCII)), 0);
            String statusLine = readLine(socket);
            int status = status(statusLine);
            Body body = readHeaders(socket);
            while (status >= 100 && status < 200) { // an interim answer: the real one follows
                statusLine = readLine(socket);
                status = status(statusLine);
                body = readHeaders(socket);
            }
            return new Result(statusLine, status, readBody(socket, status, body, out));
        }
    }

    private String request() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return "GET " + path + query + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                + "\r\nUser-Agent: towpath\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    private static int status(String line) throws ProtocolException {
        if (!line.matches("HTTP/1\\.[0-9] [1-5][0-9][0-9]( .*)?")) {
            throw new ProtocolException("not an HTTP/1 answer: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Body readHeaders(TcpSocket socket) throws IOException {
        long length = -1;
        boolean chunked = false;
        for (String line = readLine(socket); !line.isEmpty(); line = readLine(socket)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-length")) {
                length = number(value, 10);
            } else if (name.equals("transfer-encoding")) {
                chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
            }
        }
        return new Body(length, chunked);
    }

    private long readBody(TcpSocket socket, int status, Body body, OutputStream out) throws IOException {
        if (status == 204 || status == 304) {
            return 0;
        }
        if (!body.chunked()) {
            return copy(socket, body.length() < 0 ? Long.MAX_VALUE : body.length(), body.length() >= 0, out);
        }
        long sum = 0;
        for (long chunk = chunkSize(socket); chunk > 0; chunk = chunkSize(socket)) {
            sum += copy(socket, chunk, true, out);
            readLine(socket);
        }
        readHeaders(socket); // trailers
        return sum;
    }

    private long chunkSize(TcpSocket socket) throws IOException {
        return number(readLine(socket).split(";", 2)[0].strip(), 16);
    }

    private long copy(TcpSocket socket, long length, boolean exactly, OutputStream out) throws IOException {
        byte[] piece = new byte[buffer.capacity()];
        long copied = 0;
        while (copied < length) {
            if (!buffer.hasRemaining() && !fill(socket)) {
                if (exactly) {
                    throw new EOFException("the server closed after " + copied + " of " + length + " bytes");
                }
                break;
            }
            int count = (int) Math.min(buffer.remaining(), length - copied);
            buffer.get(piece, 0, count);
            out.write(piece, 0, count);
            copied += count;
        }
        return copied;
    }

    private String readLine(TcpSocket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (!buffer.hasRemaining() && !fill(socket)) {
                throw new EOFException("the server closed in the middle of its answer");
            }
            char next = (char) (buffer.get() & 0xff);
            if (next == '\n') {
                int end = line.length() - 1;
                return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
            }
            if (line.append(next).length() > MAX_LINE) {
                throw new ProtocolException("a line of the answer is longer than " + MAX_LINE + " bytes");
            }
        }
    }

    private boolean fill(TcpSocket socket) throws IOException {
        buffer.clear();
        int received = socket.recv(buffer, 0);
        buffer.flip();
        return received > 0;
    }

    private static long number(String text, int radix) throws ProtocolException {
        try {
            return Long.parseUnsignedLong(text, radix);
        } catch (NumberFormatException e) {
            throw new ProtocolException("the answer has '" + text + "' where a number should be");
        }
    }
}
