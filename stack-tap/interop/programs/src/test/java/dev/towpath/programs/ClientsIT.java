package dev.towpath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP clients that others wrote run on Towpath; the servers are the kernel's, at the other end of the TAP. */
@Timeout(180)
class ClientsIT {
    private static final World PROPERTIES = World.PROPERTIES.orAsAsked();
    private static final World AGENT = World.AGENT.orAsAsked();
    private static final long LARGE = 32 << 20;
    private static final int MANY = 1000;
    private static final int JDK = 0;
    private static final int NETTY = 1;
    private static final int JETTY = 2;
    private static final int TOMCAT = 3;

    private static final List<Closeable> SERVERS = new ArrayList<>();
    private static final List<Integer> PLAIN = new ArrayList<>();
    private static final List<Integer> TLS = new ArrayList<>();

    @BeforeAll
    static void startServers() throws Exception {
        Programs.assumePossible();
        for (boolean tls : new boolean[] {false, true}) {
            for (int i = 0; i < 4; i++) {
                int port = Programs.port();
                (tls ? TLS : PLAIN).add(port);
                SERVERS.add(start(i, port, tls));
            }
        }
    }

    @AfterAll
    static void stopServers() throws IOException {
        for (Closeable server : SERVERS) {
            server.close();
        }
    }

    @Test
    void jdkClient() throws Exception {
        run(PROPERTIES, List.of(), JdkClient.class, "HTTP_1_1", LARGE, plain(PROPERTIES), tls(PROPERTIES));
    }

    @Test
    void jdkClientSpeaksHttp2() throws Exception {
        List<String> jetty =
                List.of(plain(PROPERTIES).get(JETTY), tls(PROPERTIES).get(JETTY));
        run(PROPERTIES, List.of(), JdkClient.class, "HTTP_2", LARGE, jetty);
    }

    @Test
    void jdkClientHasAThousandConnections() throws Exception {
        String url = plain(PROPERTIES).get(NETTY) + "/meet/" + MANY;
        assertThat(run(PROPERTIES, List.of(), JdkClient.class, "HTTP_1_1", LARGE, List.of(url)))
                .contains(MANY + " met");
    }

    @Test
    void okHttpWithASocketFactory() throws Exception {
        List<String> factory = PROPERTIES == World.KERNEL
                ? List.of()
                : List.of("-DsocketFactory=dev.towpath.net.TowpathSocketFactory");
        run(PROPERTIES, factory, OkHttpProgram.class, LARGE, plain(PROPERTIES), tls(PROPERTIES));
    }

    @Test
    void okHttpWithTheAgent() throws Exception {
        run(AGENT, List.of(), OkHttpProgram.class, LARGE, plain(AGENT), tls(AGENT));
    }

    @Test
    void urlConnectionsWithTheAgent() throws Exception {
        run(AGENT, List.of(), UrlConnectionClient.class, LARGE, plain(AGENT), tls(AGENT));
    }

    private static String run(World world, List<String> options, Class<?> client, Object... arguments)
            throws Exception {
        List<Object> flat = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof List<?> list) {
                flat.addAll(list);
            } else {
                flat.add(argument);
            }
        }
        try (Program program = Program.start(world, options, client, flat.toArray())) {
            return program.awaitEnd();
        }
    }

    private static List<String> plain(World world) {
        return PLAIN.stream()
                .map(port -> "http://" + world.testAddress() + ":" + port)
                .toList();
    }

    private static List<String> tls(World world) {
        return TLS.stream()
                .map(port -> "https://" + world.testAddress() + ":" + port)
                .toList();
    }

    private static Closeable start(int which, int port, boolean tls) throws Exception {
        return switch (which) {
            case JDK -> JdkServer.start(port, tls);
            case NETTY -> NettyServer.start(port, tls);
            case JETTY -> JettyServer.start(port, tls);
            case TOMCAT -> TomcatServer.start(port, tls);
            default -> throw new AssertionError(which);
        };
    }
}
