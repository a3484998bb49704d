package dev.towpath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Programs that nobody here wrote, started from the jars that were published, with nothing but Towpath's options. Their
 * clients are the kernel's.
 */
@Timeout(180)
class PublishedIT {
    private static final World PROPERTIES = World.PROPERTIES.orAsAsked();
    private static final World AGENT = World.AGENT.orAsAsked();
    private static final int LARGE = 8 << 20;
    private static final int MANY = 1000;
    private static final int REQUESTS = 300;
    private static final int ROWS = 5000;
    private static final int MOST_STATUS = 299;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void possible() throws IOException {
        Programs.assumePossible();
    }

    /** Jetty inside: NIO. */
    @Test
    void wireMock() throws Exception {
        int port = Programs.port();
        try (Program program = Program.startPublished(
                        PROPERTIES, "wiremock-standalone.jar", "--port", port, "--use-chunked-encoding", "never")
                .await("port:")) {
            String site = "http://" + program.address() + ":" + port;
            String mapping = "{\"request\": {\"urlPath\": \"/%s\"}, \"response\": {\"body\": \"%s\"}}";
            String large = "towpath.".repeat(LARGE / 8);
            send("POST", site + "/__admin/mappings", String.format(mapping, "small", "hello"));
            send("POST", site + "/__admin/mappings", String.format(mapping, "large", large));
            visit(program, port, site, large);
        }
    }

    /** Netty inside. */
    @Test
    void mockServer() throws Exception {
        int port = Programs.port();
        try (Program program = Program.startPublished(
                        AGENT, "mockserver-netty-no-dependencies.jar", "-serverPort", port, "-logLevel", "INFO")
                .await("started on port")) {
            String site = "http://" + program.address() + ":" + port;
            String expectation = "{\"httpRequest\": {\"path\": \"/%s\"}, \"httpResponse\": {\"body\": \"%s\"}}";
            String large = "towpath.".repeat(LARGE / 8);
            send("PUT", site + "/mockserver/expectation", String.format(expectation, "small", "hello"));
            send("PUT", site + "/mockserver/expectation", String.format(expectation, "large", large));
            visit(program, port, site, large);
        }
    }

    /** {@code java.net.ServerSocket} inside, three of them: its own protocol, PostgreSQL's, and HTTP. */
    @Test
    void h2() throws Exception {
        int own = Programs.port();
        int postgres = Programs.port();
        int web = Programs.port();
        Object[] arguments = {
            "-tcp",
            "-tcpAllowOthers",
            "-tcpPort",
            own,
            "-pg",
            "-pgAllowOthers",
            "-pgPort",
            postgres,
            "-web",
            "-webAllowOthers",
            "-webPort",
            web,
            "-webExternalNames",
            AGENT.programAddress(),
            "-ifNotExists"
        };
        try (Program program = Program.startPublishedClass(AGENT, "h2.jar", "org.h2.tools.Server", arguments)
                .await(":" + web)) {
            String host = program.address();
            JdbcProgram.ask("jdbc:h2:tcp://" + host + ":" + own + "/mem:freight;USER=sa;PASSWORD=towpath", ROWS);
            JdbcProgram.ask(
                    "jdbc:postgresql://" + host + ":" + postgres + "/mem:freight?user=sa&password=towpath", ROWS);
            assertThat(get("http://" + host + ":" + web + "/")).contains("H2 Console");
        }
    }

    private void visit(Program program, int port, String site, String large) throws Exception {
        assertThat(get(site + "/large").equals(large))
                .as("the large body as it was sent")
                .isTrue();
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(get(site + "/small")).isEqualTo("hello");
        }
        String hello = Body.hash(new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)));
        try (Crowd many = new Crowd(program.address(), port, MANY)) {
            many.ask("/small");
            many.expect(hello);
        }
    }

    private String get(String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private void send(String method, String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, BodyPublishers.ofString(body))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isLessThanOrEqualTo(MOST_STATUS);
    }
}
