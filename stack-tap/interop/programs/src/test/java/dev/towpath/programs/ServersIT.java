package dev.towpath.programs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP servers that others wrote run on Towpath; their clients are the kernel's, at the other end of the TAP. */
@Timeout(180)
class ServersIT {
    private static final World WORLD = World.PROPERTIES.orAsAsked();
    private static final long LARGE = 64 << 20;
    private static final long LARGE_ENCRYPTED = 16 << 20;
    private static final long SLOWLY_READ = 16 << 20; // more than all buffers on its way have room for
    private static final int MANY = 1000;

    @BeforeAll
    static void possible() throws IOException {
        Programs.assumePossible();
    }

    @ParameterizedTest
    @ValueSource(classes = {JdkServer.class, NettyServer.class, JettyServer.class, TomcatServer.class})
    void serves(Class<?> server) throws Exception {
        int port = Programs.port();
        try (Program program = Program.start(WORLD, server, port).await("ready")) {
            String site = "http://" + program.address() + ":" + port;
            Visit.pay(new JdkClient(HttpClient.Version.HTTP_1_1), LARGE, site);
            slowReadersHoldUpNobody(program, port, site);
            manyKeepTheirConnections(program, port);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {JdkServer.class, NettyServer.class, JettyServer.class, TomcatServer.class})
    void servesOverTls(Class<?> server) throws Exception {
        int port = Programs.port();
        try (Program program = Program.start(WORLD, server, port, "tls").await("ready")) {
            String site = "https://" + program.address() + ":" + port;
            Visit.pay(new JdkClient(HttpClient.Version.HTTP_1_1), LARGE_ENCRYPTED, site);
        }
    }

    @Test
    void servesHttp2() throws Exception {
        int port = Programs.port();
        try (Program program = Program.start(WORLD, JettyServer.class, port).await("ready")) {
            String site = "http://" + program.address() + ":" + port;
            Visit.pay(new JdkClient(HttpClient.Version.HTTP_2), LARGE, site);
        }
    }

    @Test
    void servesHttp2OverTls() throws Exception {
        int port = Programs.port();
        try (Program program =
                Program.start(WORLD, JettyServer.class, port, "tls").await("ready")) {
            String site = "https://" + program.address() + ":" + port;
            Visit.pay(new JdkClient(HttpClient.Version.HTTP_2), LARGE_ENCRYPTED, site);
        }
    }

    @Test
    void aThousandRequestsWaitForEachOther() throws Exception {
        int port = Programs.port();
        try (Program program = Program.start(WORLD, NettyServer.class, port).await("ready")) {
            new JdkClient(HttpClient.Version.HTTP_1_1)
                    .meet("http://" + program.address() + ":" + port + "/meet/" + MANY);
        }
    }

    private static void slowReadersHoldUpNobody(Program program, int port, String site) throws IOException {
        try (Crowd slow = new Crowd(program.address(), port, 4)) {
            slow.ask("/bytes/" + SLOWLY_READ);
            Visit.pay(new JdkClient(HttpClient.Version.HTTP_1_1), 1 << 20, site);
            slow.expect(Body.hashOf(SLOWLY_READ));
        }
    }

    private static void manyKeepTheirConnections(Program program, int port) throws IOException {
        String hello = Body.hash(new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)));
        try (Crowd many = new Crowd(program.address(), port, MANY)) {
            for (int i = 0; i < 3; i++) {
                many.ask("/hello");
                many.expect(hello);
            }
        }
    }
}
