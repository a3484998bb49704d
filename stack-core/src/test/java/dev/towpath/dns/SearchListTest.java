package dev.towpath.dns;

import static dev.towpath.sim.Units.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.sim.Host;
import dev.towpath.sim.Network;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What names people write and what is asked for: resolv.conf's search and ndots; hosts files; what is refused. */
class SearchListTest {
    private final Network net = Network.withSeed(7);
    private final Host client = net.host("client");
    private final Host serverHost = net.host("server").address("192.0.2.53/24");
    private final TestNameServer server = new TestNameServer();

    SearchListTest() {
        net.connect(client, serverHost);
        server.serve(serverHost);
    }

    @AfterEach
    void close() {
        net.close();
    }

    private StubResolver.Builder described() {
        return StubResolver.builder(client.stack()).nameserver("192.0.2.53").seed(1);
    }

    private List<String> askedFor(StubResolver names, String host) {
        server.log.clear();
        assertThatThrownBy(() -> names.lookup(host)).isInstanceOf(UnknownHostException.class);
        return server.log.stream().map(line -> line.split(" ", -1)[1]).toList();
    }

    @ParameterizedTest(name = "{0}, ndots {1}")
    @CsvSource({
        "www, 1, www.one.test www.two.test www",
        "www.sub, 1, www.sub www.sub.one.test www.sub.two.test",
        "www.sub, 2, www.sub.one.test www.sub.two.test www.sub",
        "www, 0, www www.one.test www.two.test",
        "www., 1, www",
        "www.sub., 2, www.sub",
    })
    void aNameIsCompletedInThisOrder(String host, int ndots, String expected) {
        StubResolver names =
                described().search("one.test", "two.test.").ndots(ndots).build();
        assertThat(askedFor(names, host)).isEqualTo(Arrays.asList(expected.split(" ", -1)));
    }

    @Test
    void theFirstCandidateWithAddressesIsTaken() throws Exception {
        server.say("www.one.test", asked -> asked.reply().soa(60, 60)); // it exists, without address
        server.a("www.two.test", "192.0.2.80");
        server.a("www", "192.0.2.81");
        StubResolver names = described().search("one.test", "two.test").build();
        assertThat(names.lookup("www")).hasToString("[192.0.2.80]");
    }

    @Test
    void aFailureInOneDomainDoesNotHideTheOthers() throws Exception {
        server.say("www.one.test", asked -> asked.reply().rcode(2));
        StubResolver names = described().search("one.test", "two.test").build();
        assertThatThrownBy(() -> names.lookup("www")).hasMessageContaining("SERVFAIL");
        server.a("www.two.test", "192.0.2.80");
        names.clearCache();
        assertThat(names.lookup("www")).hasToString("[192.0.2.80]");
    }

    @Test
    void silenceEndsTheSearch() { // each further candidate would take as long again
        server.otherwise(asked -> List.of());
        StubResolver names = described().search("one.test", "two.test").build();
        assertThat(askedFor(names, "www")).containsExactly("www.one.test", "www.one.test");
        assertThat(net.now()).isBetween(seconds(10), seconds(11));
    }

    @Test
    void aDomainThatMakesTheNameTooLongIsLeftOut() {
        StubResolver names = described().search("a.".repeat(120) + "test").build();
        assertThat(askedFor(names, "some-long-name")).containsExactly("some-long-name");
    }

    // The hosts file:

    @Test
    void theHostsFileComesBeforeTheServers(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("hosts"),
                "# all of us\n192.0.2.7\tWww.example.test www # the web\n\n192.0.2.8 www\nfe80::1 six\nnonsense www\n");
        StubResolver names = described().hosts(file).search("example.test").build();
        assertThat(names.lookup("www.EXAMPLE.test.")).hasToString("[192.0.2.7]");
        assertThat(names.lookup("www")).hasToString("[192.0.2.7, 192.0.2.8]");
        assertThat(names.reverse(names.lookup("www").get(1))).isEqualTo("www");
        assertThat(names.reverse(names.lookup("www").get(0))).isEqualTo("Www.example.test");
        assertThat(server.log).isEmpty();
        assertThat(askedFor(names, "six")).isNotEmpty();
        assertThat(askedFor(names, "all")).isNotEmpty();

        Files.writeString(file, "192.0.2.9 www\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        assertThat(names.lookup("www")).hasToString("[192.0.2.9]");
        Files.delete(file);
        assertThat(names.lookup("www")).hasToString("[192.0.2.9]");
    }

    // What is refused at once:

    @Test
    void aHostsFileThatIsNotThereIsRefused(@TempDir Path directory) {
        assertThatThrownBy(() -> described().hosts(directory.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("can't read the hosts file")
                .hasMessageContaining("192.0.2.7 www.example.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ns.example.test",
                "192.0.2",
                "192.0.2.53:",
                "192.0.2.53:0",
                "192.0.2.53:65536",
                "fe80::1",
                "[fe80::1]:53",
                "224.0.0.1"
            })
    void whatIsNoServerIsRefused(String text) {
        assertThatThrownBy(() -> described().nameserver(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a name server; write an IPv4 address");
    }

    @Test
    void serversMayHaveAPort() {
        assertThat(described().nameserver("192.0.2.54:5353").build().nameservers())
                .hasToString("[192.0.2.53:53, 192.0.2.54:5353]");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> described().ndots(-1)).hasMessageContaining("ndots is at least 0, not -1");
        assertThatThrownBy(() -> described().attempts(0)).hasMessageContaining("attempts is at least 1, not 0");
        assertThatThrownBy(() -> described().cache(-1)).hasMessageContaining("cache is at least 0");
        assertThatThrownBy(() -> described().timeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> described().maxTtl(Duration.ofSeconds(-1))).hasMessageContaining("maxTtl");
        assertThatThrownBy(() -> described().maxNegativeTtl(Duration.ofSeconds(-1)))
                .hasMessageContaining("maxNegativeTtl");
        assertThatThrownBy(() -> described().search("a..b")).hasMessageContaining("is not a domain name");
    }
}
