package dev.towpath.programs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** What each HTTP client does with a server: it greets, moves a lot of bytes both ways, and keeps a connection. */
public final class Visit {
    private static final int REQUESTS = 300;

    private Visit() {}

    /** Visits each of the servers in turn, and tells so. */
    public static void payAll(Client client, long bytes, String... servers) throws IOException {
        for (String server : servers) {
            pay(client, bytes, server);
            System.out.println(server + " ok");
        }
    }

    /**
     * Visits a server.
     *
     * @param bytes to download and then to upload
     * @param server the beginning of its URLs
     * @throws IOException also if it answers something else than a {@link Site} does
     */
    public static void pay(Client client, long bytes, String server) throws IOException {
        expect("hello", text(client, server + "/hello"));
        try (InputStream body = client.get(server + "/bytes/" + bytes)) {
            expect(Body.hashOf(bytes), Body.hash(body));
        }
        expect(Body.hashOf(bytes), client.post(server + "/hash", bytes));
        Set<String> ports = new TreeSet<>();
        for (int i = 0; i < REQUESTS; i++) {
            ports.add(text(client, server + "/peer"));
        }
        expect("one connection", ports.size() == 1 ? "one connection" : "connections from the ports " + ports);
    }

    /** The answer as text. */
    public static String text(Client client, String url) throws IOException {
        try (InputStream body = client.get(url)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void expect(String expected, String actual) throws IOException {
        if (!actual.equals(expected)) {
            throw new IOException("expected " + expected + ", but got " + actual);
        }
    }
}
