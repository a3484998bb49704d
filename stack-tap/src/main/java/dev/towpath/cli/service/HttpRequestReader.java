package dev.towpath.cli.service;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 requests (RFC 9112) out of whatever pieces they arrive in. Of a body it keeps the length and the hash
 * only.
 *
 * <p>Call {@link #read} until it says that a request is complete, look at it, then {@link #next}.
 */
final class HttpRequestReader {
    private static final int MAX_LINE = 8192;
    private static final int MAX_HEADERS = 100;

    private enum Part {
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        COMPLETE
    }

    private final byte[] line = new byte[MAX_LINE];
    private final MessageDigest digest = sha256();
    private int lineLength;
    private Part part = Part.REQUEST_LINE;
    private int headers;
    private String method = "";
    private String target = "";
    private boolean http11;
    private boolean hostGiven;
    private boolean close;
    private boolean keepAliveAsked;
    private boolean chunked;
    private boolean continueExpected;
    private long contentLength = -1;
    private long left;
    private long bodyLength;

    /** Takes bytes from {@code in}; true once a request is complete. What comes after it stays in {@code in}. */
    boolean read(ByteBuffer in) throws HttpError {
        while (part != Part.COMPLETE && in.hasRemaining()) {
            if (part == Part.BODY || part == Part.CHUNK_DATA) {
                readData(in);
            } else {
                String text = readLine(in);
                if (text != null) {
                    handleLine(text);
                }
            }
        }
        return part == Part.COMPLETE;
    }

    /** Forgets the request; the next one begins. */
    void next() {
        part = Part.REQUEST_LINE;
        headers = 0;
        http11 = hostGiven = close = keepAliveAsked = chunked = continueExpected = false;
        contentLength = -1;
        left = bodyLength = 0;
        digest.reset();
    }

    String method() {
        return method;
    }

    /** The path, without host and query. */
    String path() {
        String path = target;
        int authority = path.indexOf("://");
        if (authority >= 0) { // absolute-form, RFC 9112 section 3.2.2
            int slash = path.indexOf('/', authority + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** The client expects the connection to live on, RFC 9112 section 9.3. */
    boolean keepAlive() {
        return !close && (http11 || keepAliveAsked);
    }

    /** The client waits for {@code 100 Continue} before it sends the body; true once for a request. */
    boolean takeExpectation() {
        boolean expected = continueExpected && part != Part.HEADERS && part != Part.COMPLETE;
        if (expected) {
            continueExpected = false;
        }
        return expected;
    }

    long bodyLength() {
        return bodyLength;
    }

    /** SHA-256 of the body; once for a request. */
    byte[] bodyHash() {
        return digest.digest();
    }

    private @Nullable String readLine(ByteBuffer in) throws HttpError {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                int end = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
                lineLength = 0;
                return new String(line, 0, end, StandardCharsets.ISO_8859_1);
            }
            if (lineLength == MAX_LINE) {
                throw new HttpError(
                        part == Part.REQUEST_LINE ? 414 : 431, "a line is longer than " + MAX_LINE + " bytes");
            }
            line[lineLength++] = next;
        }
        return null;
    }

    private void handleLine(String text) throws HttpError {
        switch (part) {
            case REQUEST_LINE -> requestLine(text);
            case HEADERS -> {
                if (text.isEmpty()) {
                    beginBody();
                } else {
                    header(text);
                }
            }
            case CHUNK_SIZE -> chunkSize(text);
            case CHUNK_END -> {
                require(text.isEmpty(), "a chunk is longer than it says");
                part = Part.CHUNK_SIZE;
            }
            case TRAILERS -> {
                countHeader();
                part = text.isEmpty() ? Part.COMPLETE : Part.TRAILERS;
            }
            default -> throw new AssertionError(part);
        }
    }

    private void requestLine(String text) throws HttpError {
        if (text.isEmpty()) {
            return; // RFC 9112 section 2.2: an empty line before a request is passed over
        }
        String[] words = text.split(" ", -1);
        require(words.length == 3 && !words[0].isEmpty() && !words[1].isEmpty(), "this is no request line");
        if (!words[2].matches("HTTP/1\\.[0-9]")) {
            throw new HttpError(words[2].startsWith("HTTP/") ? 505 : 400, "this server speaks HTTP/1.1");
        }
        method = words[0];
        target = words[1];
        http11 = !words[2].endsWith(".0");
        part = Part.HEADERS;
    }

    private void header(String text) throws HttpError {
        countHeader();
        int colon = text.indexOf(':');
        // RFC 9112 sections 5.1 and 5.2: no space before the colon, no folded lines
        require(colon > 0 && text.substring(0, colon).matches("[!-9;-~]+"), "this is no header: " + text);
        String value = text.substring(colon + 1).strip();
        switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "host" -> {
                require(!hostGiven, "two Host headers");
                hostGiven = true;
            }
            case "connection" -> connection(value);
            case "content-length" -> contentLength(value);
            case "transfer-encoding" -> transferEncoding(value);
            case "expect" -> continueExpected = value.equalsIgnoreCase("100-continue");
            default -> {}
        }
    }

    private void countHeader() throws HttpError {
        if (++headers > MAX_HEADERS) {
            throw new HttpError(431, "more than " + MAX_HEADERS + " headers");
        }
    }

    private void connection(String value) {
        for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
            close |= option.strip().equals("close");
            keepAliveAsked |= option.strip().equals("keep-alive");
        }
    }

    private void contentLength(String value) throws HttpError {
        require(value.matches("[0-9]{1,18}"), "this is no Content-Length: " + value);
        long length = Long.parseLong(value);
        require(contentLength < 0 || contentLength == length, "two Content-Lengths");
        contentLength = length;
    }

    private void transferEncoding(String value) throws HttpError {
        if (chunked || !value.equalsIgnoreCase("chunked")) {
            throw new HttpError(501, "the only transfer coding here is chunked");
        }
        chunked = true;
    }

    private void beginBody() throws HttpError {
        require(hostGiven || !http11, "no Host header");
        // RFC 9112 section 6.3: both together is how requests are smuggled
        require(!chunked || contentLength < 0, "both Content-Length and Transfer-Encoding");
        left = Math.max(0, contentLength);
        part = chunked ? Part.CHUNK_SIZE : left > 0 ? Part.BODY : Part.COMPLETE;
    }

    private void chunkSize(String text) throws HttpError {
        int extension = text.indexOf(';');
        String size = (extension < 0 ? text : text.substring(0, extension)).strip();
        require(size.matches("[0-9a-fA-F]{1,15}"), "this is no chunk size: " + size);
        left = Long.parseLong(size, 16);
        part = left > 0 ? Part.CHUNK_DATA : Part.TRAILERS;
    }

    private void readData(ByteBuffer in) {
        int length = (int) Math.min(left, in.remaining());
        int end = in.position() + length;
        digest.update(in.duplicate().limit(end));
        in.position(end);
        bodyLength += length;
        left -= length;
        if (left == 0) {
            part = part == Part.BODY ? Part.COMPLETE : Part.CHUNK_END;
        }
    }

    private static void require(boolean condition, String otherwise) throws HttpError {
        if (!condition) {
            throw new HttpError(400, otherwise);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
