package dev.towpath.programs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What each of the HTTP servers serves: {@code GET /hello}; {@code GET /bytes/N}, a {@link Body}; {@code POST /hash},
 * which tells the hash of what was sent; and {@code GET /peer}, which tells the port that the client has.
 */
public final class Site {
    private static final String BYTES = "/bytes/";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private Site() {}

    /** What is answered. */
    public record Answer(int status, long length, InputStream body) {}

    /** Answers a request for {@code path} with that body from a client with that port. */
    public static Answer answer(String path, InputStream request, int port) throws IOException {
        if (path.startsWith(BYTES)) {
            long length = Long.parseLong(path.substring(BYTES.length()));
            return new Answer(OK, length, Body.of(length));
        }
        return switch (path) {
            case "/hello" -> text(OK, "hello");
            case "/peer" -> text(OK, Integer.toString(port));
            case "/hash" -> text(OK, Body.hash(request));
            default -> text(NOT_FOUND, "there is no " + path);
        };
    }

    private static Answer text(int status, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Answer(status, bytes.length, new ByteArrayInputStream(bytes));
    }
}
