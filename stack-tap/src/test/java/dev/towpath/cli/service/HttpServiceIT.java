package dev.towpath.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.tap.Offload;
import dev.towpath.tap.TapHost;
import dev.towpath.tap.TapTests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The web page, with the JDK's client on the kernel, and with requests that no good client sends. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // what BeforeAll sets up
class HttpServiceIT {
    private static TapHost host;
    private static ServiceLoop loop;
    private static HttpClient client;

    @BeforeAll
    static void serve() throws IOException {
        TapTests.assumeTap();
        host = TapHost.open(Offload.CHECKSUM_TCP_UDP);
        loop = new ServiceLoop(host.stack());
        new Services(0, 0, 0, 0, 80).addTo(loop, host.stack());
        loop.start();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void end() {
        if (host != null) {
            loop.close();
            host.close();
        }
    }

    @Test
    void pageAndCountersAreShown() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body())
                .contains("tap0", "192.0.2.2/24", "TcpPassiveOpens")
                .endsWith("</html>\n");
        assertThat(get("/counters").body()).containsPattern("(?m)^IpInReceives [1-9][0-9]*$");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void bytesAreWhatTheySay() throws Exception {
        byte[] body = client.send(request("/bytes/5000000").build(), BodyHandlers.ofByteArray())
                .body();
        assertThat(body).hasSize(5_000_000);
        for (int i = 0; i < body.length; i++) {
            if (body[i] != (byte) (i % 251)) {
                throw new AssertionError("byte " + i + " is " + body[i]);
            }
        }
        assertThat(get("/bytes/0").body()).isEmpty();
    }

    @Test
    void headHasHeadersOnly() throws Exception {
        HttpResponse<String> head = client.send(
                request("/bytes/123456").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.headers().firstValue("Content-Length")).hasValue("123456");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void postIsAnsweredByLengthAndHash() throws Exception {
        byte[] data = new byte[3_000_000];
        new Random(1).nextBytes(data);
        String expected = "sha256 "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data)) + "\nlength 3000000\n";
        assertThat(post(BodyPublishers.ofByteArray(data), false)).isEqualTo(expected);
        assertThat(post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(data)), false))
                .as("in chunks")
                .isEqualTo(expected);
        assertThat(post(BodyPublishers.ofByteArray(data), true))
                .as("after 100 Continue")
                .isEqualTo(expected);
    }

    @Test
    void connectionIsKept() throws Exception {
        HttpClient own = HttpClient.newHttpClient();
        own.send(request("/").build(), BodyHandlers.ofString());
        long before = host.counter("TcpPassiveOpens");
        for (int i = 0; i < 20; i++) {
            own.send(request("/bytes/" + i * 1000).build(), BodyHandlers.ofString());
        }
        assertThat(host.counter("TcpPassiveOpens")).isEqualTo(before);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            requests.append("GET /bytes/").append(i * 10_000).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        String answers = raw(requests + "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        int from = 0;
        for (int i = 1; i <= 50; i++) {
            from = answers.indexOf("Content-Length: " + i * 10_000 + "\r\n", from);
            assertThat(from).as("answer " + i).isPositive();
        }
        assertThat(answers.indexOf("404 Not Found", from)).isPositive();
    }

    @Test
    void nonsenseIsAnsweredAndTheConnectionClosed() throws Exception {
        assertThat(raw("hello\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request").contains("Connection: close");
        assertThat(raw("PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET");
        assertThat(raw("BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 501 ");
        assertThat(raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK").endsWith("</html>\n");
    }

    private static String raw(String requests) throws IOException {
        try (Socket socket = new Socket(TapHost.inetAddress(), 80)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private static String post(BodyPublisher body, boolean expectContinue) throws IOException, InterruptedException {
        HttpRequest request =
                request("/").POST(body).expectContinue(expectContinue).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + TapHost.STACK + path))
                .version(HttpClient.Version.HTTP_1_1);
    }
}
