package dev.towpath.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.towpath.agent.programs.Fetch;
import dev.towpath.agent.programs.LastWords;
import dev.towpath.agent.programs.Loopback;
import dev.towpath.agent.programs.NioEcho;
import dev.towpath.agent.programs.PlainEcho;
import dev.towpath.tap.KernelInterface;
import dev.towpath.tap.TapDevice;
import dev.towpath.tap.TapHost;
import dev.towpath.tap.TapTests;
import dev.towpath.wire.IpPrefix;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar as an agent of programs that know nothing of it, with the kernel at the other end. */
@Timeout(180)
class AgentIT {
    private static final String TAP = "tap:tapagent,192.0.2.2/24,hostAddress=192.0.2.1/24";
    private static final String LINE = "towpath: this program has the address 192\\.0\\.2\\.2/24 on tapagent .*";

    @BeforeAll
    static void possible() throws IOException {
        TapTests.assumeTap();
        KernelInterface.loopbackUp();
        assertThat(Child.JAR).exists();
    }

    @ParameterizedTest
    @ValueSource(classes = {PlainEcho.class, NioEcho.class})
    void aServerServesTheKernelsClients(Class<?> program) throws Exception {
        try (Child child = Child.underAgent(TAP, program, "7000")) {
            echoes(child);
            assertThat(child.complaints())
                    .as("one line")
                    .hasSize(1)
                    .first()
                    .asString()
                    .matches(LINE);
        }
    }

    @Test
    void theSameByJavaToolOptions() throws Exception {
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", Child.agent(TAP));
        try (Child child = Child.run(environment, List.of(), PlainEcho.class, "7000")) {
            echoes(child);
        }
    }

    @Test
    void theSameByPropertiesAndAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("stack.properties"),
                "interface=tap:wrong\naddress=192.0.2.2/24\nhostAddress=192.0.2.1/24");
        List<String> options = List.of(Child.agent("config=" + file), "-Dtowpath.interface=tap:tapagent");
        try (Child child = Child.run(Map.of(), options, NioEcho.class, "7000")) {
            echoes(child);
        }
    }

    @Test
    void withoutTheAgentTheProviderIsChosenByProperties() throws Exception {
        List<String> options = List.of(
                "-Djava.nio.channels.spi.SelectorProvider=dev.towpath.nio.TowpathSelectorProvider",
                "-Dtowpath.interface=tap:tapagent",
                "-Dtowpath.address=192.0.2.2/24",
                "-Dtowpath.hostAddress=192.0.2.1/24",
                "-cp",
                Child.JAR + File.pathSeparator + Child.classes());
        try (Child child = Child.run(Map.of(), options, NioEcho.class, "7000")) {
            echoes(child);
        }
    }

    /** The kernel's client says something, and hears it again. */
    private static void echoes(Child child) throws Exception {
        assertThat(child.nextLine()).isEqualTo("listening");
        try (Socket socket = new Socket(TapHost.inetAddress(), 7000)) {
            byte[] said = "what is said here is heard there".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(said);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(said);
        }
        assertThat(child.nextLine()).isEqualTo("client 192.0.2.1");
        assertThat(child.end()).isZero();
    }

    @Test
    void clientsReachTheKernelsServers() throws Exception {
        // the interface has to be there before a server can be bound to its address
        try (TapDevice other = TapDevice.named("tapother")
                .hostAddress(IpPrefix.parse("198.51.100.1/24"))
                .open()) {
            HttpServer server = whoIsThere("198.51.100.1");
            try (Child child = Child.underAgent(TAP + ",gateway=192.0.2.1", Fetch.class, url(server))) {
                assertThat(child.nextLine()).as("java.net, seen by the server").isEqualTo("192.0.2.2");
                assertThat(child.nextLine()).as("java.nio, seen by the server").isEqualTo("192.0.2.2");
                assertThat(child.end()).isZero();
            } finally {
                server.stop(0);
            }
            assertThat(other.mtu()).isEqualTo(1500);
        }
    }

    /** The kernel serves at both ends: on the TAP, where it sees the stack's address, and on its own loopback. */
    @Test
    void aPartOfTheWorldIsTheKernels() throws Exception {
        try (TapDevice made = TapDevice.named("tapworld")
                .hostAddress(IpPrefix.parse("198.51.100.1/24"))
                .open()) {
            HttpServer near = whoIsThere("127.0.0.1");
            HttpServer far = whoIsThere("198.51.100.1");
            List<String> options =
                    List.of(Child.agent(TAP + ",gateway=192.0.2.1,destinations=192.0.2.0/24,198.51.100.0/24"));
            try (Child child = Child.run(Map.of(), options, Fetch.class, url(far), url(near), url(far))) {
                for (String seen : List.of("192.0.2.2", "127.0.0.1", "192.0.2.2")) {
                    assertThat(child.nextLine()).as("java.net").isEqualTo(seen);
                    assertThat(child.nextLine()).as("java.nio").isEqualTo(seen);
                }
                assertThat(child.end()).isZero();
            } finally {
                near.stop(0);
                far.stop(0);
            }
            assertThat(made.mtu()).isEqualTo(1500);
        }
    }

    @ParameterizedTest
    @CsvSource({"towpath, 192.0.2.2", "kernel, 127.0.0.1"})
    void whoListensOnAllAddressesListensWhereThePropertySays(String side, String address) throws Exception {
        String options = TAP + ",destinations=192.0.2.0/24,listen=" + side;
        try (Child child = Child.underAgent(options, PlainEcho.class, "7000")) {
            assertThat(child.nextLine()).isEqualTo("listening");
            try (Socket socket = new Socket(address, 7000)) {
                socket.getOutputStream().write(42);
                assertThat(socket.getInputStream().read()).isEqualTo(42);
            }
            assertThat(child.nextLine()).startsWith("client ");
            assertThat(child.end()).isZero();
        }
    }

    /** As with the kernel's sockets: what was sent arrives, and shutdown hooks can still talk. */
    @Test
    void whatWasSentArrivesAlthoughTheProgramHasEnded() throws Exception {
        try (TapDevice made = TapDevice.named("tapend")
                        .hostAddress(IpPrefix.parse("198.51.100.1/24"))
                        .open();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("198.51.100.1"));
                Child child = Child.underAgent(
                        TAP + ",gateway=192.0.2.1",
                        LastWords.class,
                        "198.51.100.1",
                        String.valueOf(server.getLocalPort()));
                Socket client = server.accept()) {
            assertThat(client.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
            assertThat(client.getInputStream().read()).as("the hook's question").isEqualTo('?');
            client.getOutputStream().write('!');
            assertThat(client.getInputStream().read()).as("the answer's echo").isEqualTo('!');
            assertThat(client.getInputStream().read())
                    .as("the end, and no reset")
                    .isEqualTo(-1);
            assertThat(child.end()).isZero();
            assertThat(child.complaints()).hasSize(1);
            assertThat(made.mtu()).isEqualTo(1500);
        }
    }

    /** A server that tells its clients their addresses. */
    private static HttpServer whoIsThere(String address) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.createContext("/", exchange -> {
            byte[] body =
                    exchange.getRemoteAddress().getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        InetSocketAddress at = server.getAddress();
        return "http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/";
    }

    @Test
    void withoutOptionsItIsLoopbackAlone() throws Exception {
        try (Child child = Child.underAgent("", Loopback.class)) {
            assertThat(child.nextLine()).isEqualTo("42");
            assertThat(child.end()).isZero();
            assertThat(child.complaints())
                    .singleElement()
                    .asString()
                    .startsWith("towpath: this program has the address 127.0.0.1/8");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tap:tapagent                           | towpath.address is missing
        tap:tapagent,192.0.2.2                 | does not understand '192.0.2.2'
        tap:tapagent,192.0.2.2/24,gatewey=x    | does not understand 'gatewey=x'
        tap:tapagent,192.0.2.2/33              | the prefix length of 192.0.2.2 is 0 to 32
        fax:0,192.0.2.2/24                     | tap:NAME or pcap:NAME
        tap:lo,192.0.2.2/24                    | exists and is no TAP
        config=/no/such/file                   | there is no such file
        """)
    void aWrongOptionEndsTheProgramInOneLine(String options, String complaint) throws Exception {
        try (Child child = Child.underAgent(options, PlainEcho.class, "7000")) {
            assertThat(child.end()).isEqualTo(2);
            assertThat(child.nextLine()).as("the program has not begun").startsWith("(");
            assertThat(child.complaints())
                    .singleElement()
                    .asString()
                    .startsWith("towpath: ")
                    .contains(complaint);
        }
    }

    /** What the application has in other versions must not be hidden by ours. */
    @Test
    void theJarBringsNoClassesUnderTheirOwnNames() throws IOException {
        try (JarFile jar = new JarFile(Child.JAR.toFile())) {
            assertThat(jar.stream()
                            .map(entry -> entry.getName().replaceFirst("META-INF/versions/[0-9]+/", ""))
                            .filter(name -> name.endsWith(".class") || name.endsWith(".properties"))
                            .filter(name -> !name.startsWith("META-INF/maven/")))
                    .allMatch(name -> name.startsWith("dev/towpath/")
                            || name.startsWith("com/kenai/jffi/") // native code knows it by this name
                            || name.startsWith("com/sun/jna/"));
        }
    }
}
