package dev.towpath.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.towpath.tap.KernelInterface;
import dev.towpath.tap.TapTests;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/drop-in.md says can't be is so: under the agent, on loopback alone, this remains the kernel's. */
@Timeout(120)
class LimitsIT {
    private static final Path JAR = Path.of("target", "towpath.jar");

    @BeforeAll
    static void possible() throws IOException {
        TapTests.assumeTap();
        KernelInterface.loopbackUp(); // where the kernel's client below looks for the program
    }

    private static Process start(List<String> options, String... what) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", "target/test-classes", LimitsProgram.class.getName()));
        command.addAll(List.of(what));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The first line that a program says under the agent; {@code further} sees to its end. */
    private static String said(String what, Consumer<String> further) throws Exception {
        Process program = start(List.of("-javaagent:" + JAR), what);
        try (BufferedReader lines = program.inputReader()) {
            String line = String.valueOf(lines.readLine());
            further.accept(line);
            assertThat(program.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
            return line;
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void asynchronousChannelsAreTheKernels() throws Exception {
        assertThat(said("asynchronous", port -> connect(Integer.parseInt(port))))
                .matches("\\d+");
    }

    private static void connect(int port) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(client.isConnected()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void networkInterfacesAreTheKernels() throws Exception {
        List<String> kernels = NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .sorted()
                .toList();
        assertThat(said("interfaces", line -> {})).isEqualTo(kernels.toString());
    }

    @Test
    void nothingIsInherited() throws Exception {
        assertThat(said("inherited", line -> {})).isEqualTo("null");
    }

    @Test
    void asAModuleItLeavesNamesToTheJdk() throws Exception {
        Path core = Path.of("..", "stack-core", "target", "stack-core-0.1.0-SNAPSHOT.jar");
        assumeTrue(core.toFile().exists(), "stack-core's jar is made by mvn package");
        Process program = start(
                List.of(
                        "-Dtowpath.nameservers=127.0.0.1:5353",
                        "-p",
                        core.toString(),
                        "--add-modules",
                        "dev.towpath.core"),
                "module");
        try (BufferedReader lines = program.inputReader()) {
            assertThat(lines.readLine())
                    .startsWith("www.example.test: ") // Towpath would put it in quotes, and say which server did what
                    .doesNotContain("5353");
        } finally {
            program.destroyForcibly();
        }
    }
}
