package dev.towpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.towpath.tap.KernelInterface;
import dev.towpath.tap.TapDevice;
import dev.towpath.tap.TapHost;
import dev.towpath.tap.TapTests;
import dev.towpath.wire.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands as people type them. */
@Timeout(120)
class CommandsIT {
    private static final String HOST = "192.0.2.1/24";
    private static final int SIGTERM_STATUS = 128 + 15;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void possible() throws IOException {
        TapTests.assumeTap();
        KernelInterface.loopbackUp();
    }

    @Test
    void serveServesUntilItIsTerminated(@TempDir Path directory) throws Exception {
        Path capture = directory.resolve("serve.pcap");
        Process serve = start("serve", "--tap", "tapserve", "--host-address", HOST, "--capture", capture.toString());
        try (BufferedReader said = serve.inputReader()) {
            assertThat(said.readLine()).contains("stack 192.0.2.2/24", "tapserve", "MTU 1500");
            assertThat(said.readLine()).contains("echo 7");
            try (Socket socket = new Socket(TapHost.inetAddress(), 7)) {
                socket.getOutputStream().write(42);
                assertThat(socket.getInputStream().read()).isEqualTo(42);
                serve.toHandle().destroy(); // SIGTERM; Process.destroy would close our end of its output, too
                assertThat(serve.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(serve.exitValue()).isEqualTo(SIGTERM_STATUS);
            assertThat(said.readLine()).as("nothing else is said").isNull();
        } finally {
            serve.destroyForcibly();
        }
        assertThat(packets(capture)).isGreaterThan(5);
    }

    @Test
    void portInUseEndsServe() throws Exception {
        assertThat(run("serve", "--tap", "tapports", "--echo", "80", "--http", "80"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("EADDRINUSE");
    }

    @Test
    void tapInUseEndsServe() throws Exception {
        try (TapDevice taken = TapDevice.named("taptaken").open()) {
            assertThat(run("serve", "--tap", taken.name())).isEqualTo(1);
            assertThat(err.toString()).contains("taptaken is in use").hasLineCount(1);
        }
    }

    @Test
    void pingTellsTheTime() {
        int status = run("ping", "--host-address", HOST, "--count", "3", "--interval", "0.01", "192.0.2.1");
        assertThat(status).isZero();
        assertThat(out.toString()).contains("1: 56 bytes from 192.0.2.1 in ", "3 sent, 3 answered");
    }

    @Test
    void pingTellsThatNobodyAnswers() {
        int status = run("ping", "--host-address", HOST, "--count", "1", "--timeout", "0.1", "192.0.2.77");
        assertThat(status).isEqualTo(1);
    }

    @Test
    void fetchFetchesFromTheKernel(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("page");
        // the interface has to be there before a server can be bound to its address
        try (TapDevice other = TapDevice.named("tapother")
                .hostAddress(IpPrefix.parse("198.51.100.1/24"))
                .open()) {
            HttpServer server = HttpServer.create(new InetSocketAddress("198.51.100.1", 0), 0);
            server.createContext("/known", exchange -> {
                byte[] body = "of known length".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.createContext("/chunked", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 1000; i++) {
                    exchange.getResponseBody().write("piece\n".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                }
                exchange.close();
            });
            server.start();
            try {
                assertThat(other.mtu()).isEqualTo(1500);
                String url = "http://198.51.100.1:" + server.getAddress().getPort();
                assertThat(fetch(file, url + "/known")).isZero();
                assertThat(file).hasContent("of known length");
                assertThat(fetch(file, url + "/chunked")).isZero();
                assertThat(file).hasContent("piece\n".repeat(1000));
                assertThat(fetch(file, url + "/missing")).isEqualTo(1);
                assertThat(err.toString()).contains("404");
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    void demoChecksAllAgainstTheKernel() throws Exception {
        Process demo = start("demo", "--bytes", "5000000");
        String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(demo.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("the kernel fetches a web page  ok", "1,000 connections at once", "TcpRetransSegs")
                .doesNotContain("FAILED", "in memory");
    }

    /** The kernel routes its answers by way of the TAP, whose network the stack's address is in. */
    private int fetch(Path file, String url) {
        return run("fetch", "--host-address", HOST, "--gateway", "192.0.2.1", "--output", file.toString(), url);
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Packets in a capture file; fails if it is damaged or cut off. */
    private static int packets(Path capture) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(file.getInt()).isEqualTo(0xa1b23c4d);
        file.position(24);
        int packets = 0;
        while (file.hasRemaining()) {
            int length = file.getInt(file.position() + 8);
            file.position(file.position() + 16 + length);
            packets++;
        }
        return packets;
    }
}
