package dev.towpath.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's own name service in programs that have towpath.jar on the class path: on the stack, or left alone. */
@Timeout(120)
class NamesIT {
    private static final String NAMESERVERS = "-Dtowpath.nameservers=127.0.0.1:5353";

    private final Path directory;

    NamesIT(@TempDir Path directory) {
        this.directory = directory;
    }

    private List<String> output(List<String> options, String... what) throws Exception {
        Path out = directory.resolve("out");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", "target/towpath.jar:target/test-classes", NamesProgram.class.getName()));
        command.addAll(List.of(what));
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(program.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        List<String> said = Files.readAllLines(out, StandardCharsets.UTF_8);
        assertThat(program.exitValue()).as(String.join("\n", said)).isZero();
        return said;
    }

    private static void assumeProviders() {
        assumeTrue(
                Runtime.version().feature() >= 18,
                "before JDK 18 nobody can provide the JVM's name service but an agent (JEP 418)");
    }

    @Test
    void inetAddressAsksTheNameServersOfTheStack() throws Exception {
        assumeProviders();
        assertThat(output(
                        List.of(NAMESERVERS),
                        "name=early.example.test",
                        "serve",
                        "name=www.example.test",
                        "name=gone.example.test",
                        "name=localhost",
                        "name=192.0.2.7",
                        "address=192.0.2.80",
                        "own"))
                .satisfiesExactly(
                        early -> assertThat(early)
                                .startsWith("name=early.example.test: java.net.UnknownHostException")
                                .contains("127.0.0.1:5353 (nobody listens there)"),
                        www -> assertThat(www)
                                .isEqualTo("name=www.example.test: "
                                        + "[www.example.test/192.0.2.80, www.example.test/192.0.2.81]"),
                        gone -> assertThat(gone)
                                .startsWith("name=gone.example.test: java.net.UnknownHostException")
                                .endsWith("no such name (NXDOMAIN)"),
                        local -> assertThat(local).isEqualTo("name=localhost: [localhost/127.0.0.1]"),
                        literal -> assertThat(literal).isEqualTo("name=192.0.2.7: [/192.0.2.7]"),
                        name -> assertThat(name).isEqualTo("address=192.0.2.80: www.example.test"),
                        own -> assertThat(own).isEqualTo("own: 127.0.0.1"));
    }

    @Test
    void withTheAgentItDoesSoOnEveryJdk() throws Exception {
        List<String> said = output(
                List.of("-javaagent:target/towpath.jar=nameservers=127.0.0.1:5353,search=example.test"),
                "serve",
                "name=www.example.test",
                "name=www",
                "name=gone.example.test",
                "address=192.0.2.80",
                "own");
        assertThat(said.get(0)).as("the agent's line").startsWith("towpath: this program has the address 127.0.0.1/8");
        assertThat(said.subList(1, said.size()))
                .containsExactly(
                        "name=www.example.test: [www.example.test/192.0.2.80, www.example.test/192.0.2.81]",
                        "name=www: [www/192.0.2.80, www/192.0.2.81]",
                        "name=gone.example.test: java.net.UnknownHostException:"
                                + " 'gone.example.test': no such name (NXDOMAIN)",
                        "address=192.0.2.80: www.example.test",
                        "own: 127.0.0.1");
    }

    @Test
    void namesAreCompletedByTheSearchListOfAFile() throws Exception {
        assumeProviders();
        Path config = Files.writeString(
                directory.resolve("towpath.properties"), "nameservers=127.0.0.1:5353\nsearch=test,example.test\n");
        assertThat(output(List.of("-Dtowpath.config=" + config), "serve", "name=www", "active"))
                .containsExactly("name=www: [www/192.0.2.80, www/192.0.2.81]", "active: true");
    }

    @Test
    void anAgentMayAskTheSame() throws Exception {
        assertThat(output(
                        List.of(NAMESERVERS),
                        "active",
                        "serve",
                        "agents-name=www.example.test",
                        "agents-name=gone.example.test",
                        "agents-address=192.0.2.80"))
                .containsExactly(
                        "active: true",
                        "agents-name=www.example.test: [www.example.test/192.0.2.80, www.example.test/192.0.2.81]",
                        "agents-name=gone.example.test: java.net.UnknownHostException:"
                                + " 'gone.example.test': no such name (NXDOMAIN)",
                        "agents-address=192.0.2.80: www.example.test");
    }

    @Test
    void withoutNameServersTheJdkResolvesAndNoStackIsMade() throws Exception {
        List<String> said = output(List.of(), "name=localhost", "active", "stack", "own");
        assertThat(said.get(0)).contains("localhost/127.0.0.1");
        assertThat(said.subList(1, 3)).containsExactly("active: false", "stack: false");
        assertThat(said).hasSize(4);
    }

    @Test
    void aWrongPropertyIsNamed() throws Exception {
        assertThat(output(List.of("-Dtowpath.nameservers=ns.example.test"), "agents-name=www.example.test"))
                .singleElement()
                .asString()
                .contains("UnknownHostException: towpath.nameservers=ns.example.test: ")
                .contains("It takes addresses");
    }
}
