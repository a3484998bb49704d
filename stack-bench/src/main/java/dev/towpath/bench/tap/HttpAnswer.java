package dev.towpath.bench.tap;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads answers of an HTTP/1.1 server that says how long they are, one after the other, without garbage. */
final class HttpAnswer {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int LOWER_CASE = 0x20;
    private static final int DECIMAL = 10;

    private final ByteBuffer in;
    private long length;
    private long left = -1; // the head is still to come

    HttpAnswer(int bufferBytes) {
        in = ByteBuffer.allocateDirect(bufferBytes);
    }

    /** A request for {@code path}, ready to be written. */
    static ByteBuffer request(String path) {
        byte[] head = String.format(Locale.ROOT, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, Ports.SERVER)
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(head.length).put(head).flip();
    }

    /** Forgets the last answer. */
    void next() {
        in.clear();
        left = -1;
    }

    /** Whether all of it has come. */
    boolean isComplete() {
        return left == 0;
    }

    /** How long its body is. */
    long length() {
        return length;
    }

    /** Takes what has come. */
    void readFrom(SocketChannel channel) throws IOException {
        if (left > 0) {
            in.clear();
        }
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("the server has closed");
        }
        if (left > 0) {
            left -= count;
        } else {
            readHead();
        }
    }

    private void readHead() throws IOException {
        int end = endOfHead();
        if (end < 0) {
            if (!in.hasRemaining()) {
                throw new IOException("a head of more than " + in.capacity() + " bytes");
            }
            return;
        }
        if (in.get(9) != '2') { // HTTP/1.1 200 OK
            throw new IOException(
                    "the server answers with status " + (char) in.get(9) + (char) in.get(10) + (char) in.get(11));
        }
        length = lengthIn(end);
        left = length - (in.position() - end);
    }

    private int endOfHead() {
        for (int i = 0; i + 3 < in.position(); i++) {
            if (in.get(i) == '\r' && in.get(i + 2) == '\r') {
                return i + 4;
            }
        }
        return -1;
    }

    private long lengthIn(int end) throws IOException {
        for (int i = 0; i + LENGTH.length < end; i++) {
            if (in.get(i) == '\n' && namesLength(i + 1)) {
                return number(i + 1 + LENGTH.length);
            }
        }
        throw new IOException("the server doesn't say how long its answer is");
    }

    private boolean namesLength(int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((in.get(at + i) | LOWER_CASE) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private long number(int from) {
        long number = 0;
        for (int i = from; in.get(i) != '\r'; i++) {
            if (in.get(i) != ' ') {
                number = number * DECIMAL + in.get(i) - '0';
            }
        }
        return number;
    }
}
