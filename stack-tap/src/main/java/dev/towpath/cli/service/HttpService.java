package dev.towpath.cli.service;

import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.stack.InterfaceInfo;
import dev.towpath.stack.NetworkStack;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A small web server: what the stack is and has counted ({@code /}, {@code /counters}), bytes to download
 * ({@code /bytes/N}), and the length and hash of whatever is posted to it.
 */
final class HttpService implements TcpService {
    /** The body of {@code /bytes/N}: byte number i is i modulo a prime, so that no power of two is a period of it. */
    static final Pattern PATTERN = new Pattern(251, i -> i);

    private static final Set<String> OTHER_METHODS = Set.of("PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final NetworkStack stack;

    HttpService(NetworkStack stack) {
        this.stack = stack;
    }

    @Override
    public Session open(TcpSocket connection) {
        return new HttpSession(connection, this::respond);
    }

    private HttpResponse respond(HttpRequestReader request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> get(request.path());
            case "POST" ->
                HttpResponse.text(
                        200,
                        "text/plain",
                        "sha256 " + HexFormat.of().formatHex(request.bodyHash()) + "\nlength " + request.bodyLength()
                                + "\n");
            default ->
                HttpResponse.error(OTHER_METHODS.contains(request.method()) ? 405 : 501, "try GET, HEAD or POST");
        };
    }

    private HttpResponse get(String path) {
        if (path.equals("/")) {
            return HttpResponse.text(200, "text/html", page());
        }
        if (path.equals("/counters")) {
            return HttpResponse.text(200, "text/plain", counters());
        }
        if (path.matches("/bytes/[0-9]{1,15}")) {
            return HttpResponse.pattern(Long.parseLong(path.substring("/bytes/".length())));
        }
        return HttpResponse.error(404, "try /, /counters or /bytes/1000000");
    }

    private String counters() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Long> counter : stack.counters().entrySet()) {
            text.append(counter.getKey()).append(' ').append(counter.getValue()).append('\n');
        }
        return text.toString();
    }

    private String page() {
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en"><head><title>Towpath</title><style>
                body { font-family: sans-serif; margin: 2em } td { padding: 0 1em 0 0 } .figure { text-align: right }
                </style></head><body>
                <h1>Towpath</h1>
                <p>This page comes from a TCP/IP stack in a Java program. See also <a href="/counters">the counters as text</a>
                and <a href="/bytes/1000000">a million bytes</a>; what is posted here is answered by its length and SHA-256.</p>
                """);
        page.append("<h2>Interfaces</h2>\n<table>\n");
        for (InterfaceInfo each : stack.interfaces()) {
            row(page, each.name(), String.join(", ", each.prefixes()) + ", " + each.mac() + ", MTU " + each.mtu());
        }
        page.append("</table>\n<h2>Sockets</h2>\n<table>\n");
        connectionsByState().forEach((state, count) -> row(page, state, Integer.toString(count)));
        page.append("</table>\n<h2>Counters</h2>\n<table>\n");
        stack.counters().forEach((name, value) -> {
            if (value != 0) {
                row(page, name, Long.toString(value));
            }
        });
        return page.append("</table>\n</body></html>\n").toString();
    }

    private Map<String, Integer> connectionsByState() {
        Map<String, Integer> byState = new TreeMap<>();
        for (ConnectionInfo each : stack.connections()) {
            byState.merge(each.protocol() + " " + each.state(), 1, Integer::sum);
        }
        return byState;
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><td>")
                .append(escape(name))
                .append("</td><td class=\"figure\">")
                .append(escape(value));
        page.append("</td></tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
