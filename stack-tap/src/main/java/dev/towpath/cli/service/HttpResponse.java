package dev.towpath.cli.service;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * An answer.
 *
 * @param text the body, unless {@code patternLength} is given
 * @param patternLength bytes of {@link HttpService#PATTERN} that are the body, or -1
 */
record HttpResponse(int status, String contentType, String text, long patternLength) {
    static HttpResponse text(int status, String contentType, String text) {
        return new HttpResponse(status, contentType, text, -1);
    }

    static HttpResponse pattern(long length) {
        return new HttpResponse(200, "application/octet-stream", "", length);
    }

    static HttpResponse error(int status, String message) {
        return text(status, "text/plain", status + " " + reason(status) + ": " + message + "\n");
    }

    /** Status line and headers and, if {@code withBody}, a body that is text. */
    ByteBuffer encode(boolean withBody, boolean keepAlive) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " " + reason(status) + "\r\n"
                + "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n"
                + "Server: towpath\r\n"
                + "Content-Type: " + contentType + (contentType.startsWith("text/") ? "; charset=utf-8" : "") + "\r\n"
                + "Content-Length: " + (patternLength >= 0 ? patternLength : body.length) + "\r\n"
                + (status == 405 ? "Allow: GET, HEAD, POST\r\n" : "")
                + "Connection: " + (keepAlive ? "keep-alive" : "close") + "\r\n\r\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer encoded = ByteBuffer.allocate(headBytes.length + (withBody ? body.length : 0))
                .put(headBytes);
        return (withBody ? encoded.put(body) : encoded).flip();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 414 -> "URI Too Long";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
