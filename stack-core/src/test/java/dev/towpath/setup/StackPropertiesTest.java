package dev.towpath.setup;

import static dev.towpath.setup.StackProperty.ADDRESS;
import static dev.towpath.setup.StackProperty.CAPTURE;
import static dev.towpath.setup.StackProperty.CONFIG;
import static dev.towpath.setup.StackProperty.DESTINATIONS;
import static dev.towpath.setup.StackProperty.GATEWAY;
import static dev.towpath.setup.StackProperty.INTERFACE;
import static dev.towpath.setup.StackProperty.LISTEN;
import static dev.towpath.setup.StackProperty.MAC;
import static dev.towpath.setup.StackProperty.MTU;
import static dev.towpath.setup.StackProperty.NAMESERVERS;
import static dev.towpath.setup.StackProperty.OFFLOAD;
import static dev.towpath.setup.StackProperty.SEARCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What properties may say, and how they are told that they may not. */
class StackPropertiesTest {
    @AfterEach
    void forget() {
        for (StackProperty each : StackProperty.values()) {
            System.clearProperty(each.toString());
        }
        System.clearProperty("towpath.gatewey");
    }

    @Test
    void allTogether() {
        StackProperties read = StackProperties.of(Map.of(
                INTERFACE, "tap:tap0",
                ADDRESS, "192.0.2.2/24, 198.51.100.2/24",
                GATEWAY, "198.51.100.1",
                NAMESERVERS, "192.0.2.53,192.0.2.54:5353",
                SEARCH, "example.com,example.org",
                DESTINATIONS, "192.0.2.99/24",
                LISTEN, "kernel"));
        assertThat(read.addresses()).containsExactly(IpPrefix.parse("192.0.2.2/24"), IpPrefix.parse("198.51.100.2/24"));
        assertThat(read.gateway()).isEqualTo(IpAddress.parse("198.51.100.1"));
        assertThat(read.nameservers())
                .containsExactly(
                        new Endpoint(IpAddress.parse("192.0.2.53"), 53),
                        new Endpoint(IpAddress.parse("192.0.2.54"), 5353));
        assertThat(read.search()).containsExactly("example.com", "example.org");
        assertThat(read.destinations()).as("the network's own address").containsExactly(IpPrefix.parse("192.0.2.0/24"));
        assertThat(read.listen()).isEqualTo(StackProperties.Side.KERNEL);
    }

    @Test
    void nothingIsLoopbackAlone() throws IOException {
        try (StackHost host = StackProperties.of(Map.of()).start()) {
            assertThat(host.description()).startsWith("127.0.0.1/8 on lo");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ADDRESS     | 192.0.2.2         | write it like 192.0.2.2/24
            ADDRESS     | 192.0.2.2/24,     | there is no value
            ADDRESS     | 2001:db8::1/64    | the stack speaks IPv4
            GATEWAY     | router            | write four numbers from 0 to 255
            GATEWAY     | 198.51.100.1      | not in the network of
            NAMESERVERS | 192.0.2.1;8       | with a port if that is not 53
            NAMESERVERS | 192.0.2.1:0       | from 1 to 65535
            SEARCH      | a b               | such as example.com
            MAC         | 02:00             | such as 02:00:00:00:00:02
            MTU         | 67                | from 68 to 65521
            MTU         | large             | from 68 to 65521
            OFFLOAD     | on                | auto, off
            HOST_ADDRESS| 192.0.2.1         | such as 192.0.2.1/24
            MEMORY      | 0                 | from 1 to 1048576
            LISTEN      | all               | towpath, kernel
            DESTINATIONS| 192.0.2.0         | such as 192.0.2.0/24
            CONFIG      | no/such/file      | there is no such file
            """)
    void aWrongValueIsNamedWithWhatIsAllowed(StackProperty property, String value, String allowed) {
        Map<StackProperty, String> given = new EnumMap<>(StackProperty.class);
        given.put(INTERFACE, "tap:tap0");
        given.put(ADDRESS, "192.0.2.2/24");
        given.put(property, value);
        assertThatThrownBy(() -> StackProperties.of(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(property + "=")
                .hasMessageContaining(allowed);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> StackProperties.of(Map.of(INTERFACE, "tap:tap0")))
                .hasMessageStartingWith("towpath.address is missing")
                .hasMessageContaining("192.0.2.2/24");
        assertThatThrownBy(() -> StackProperties.of(Map.of(LISTEN, "kernel")))
                .hasMessageStartingWith("towpath.destinations is missing");
    }

    @ParameterizedTest
    @EnumSource(names = {"ADDRESS", "GATEWAY", "MAC", "MTU", "OFFLOAD", "HOST_ADDRESS", "CAPTURE"})
    void whatBelongsToAnInterfaceWantsOne(StackProperty property) {
        Map<StackProperty, String> valid = Map.of(
                ADDRESS,
                "192.0.2.2/24",
                GATEWAY,
                "192.0.2.1",
                MAC,
                "02:00:00:00:00:02",
                MTU,
                "1500",
                OFFLOAD,
                "auto",
                StackProperty.HOST_ADDRESS,
                "192.0.2.1/24",
                CAPTURE,
                "x.pcap");
        assertThatThrownBy(() -> StackProperties.of(Map.of(property, valid.get(property))))
                .hasMessageStartingWith("towpath.interface is missing: " + property);
    }

    @ParameterizedTest
    @CsvSource({"fax:1", "tap0", "tap:", ":x"})
    void anUnknownSchemeIsToldWhichThereAre(String text) {
        StackProperties read = StackProperties.of(Map.of(INTERFACE, text, ADDRESS, "192.0.2.2/24"));
        assertThatThrownBy(read::start)
                .hasMessageStartingWith("towpath.interface=" + text)
                .hasMessageContaining("broken:NAME");
    }

    @Test
    void whatADeviceSaysReachesTheReader() {
        StackProperties read = StackProperties.of(Map.of(INTERFACE, "broken:wire", ADDRESS, "192.0.2.2/24"));
        assertThatThrownBy(read::start)
                .isInstanceOf(SetupException.class)
                .hasMessage("towpath.interface=broken:wire: wire is broken: mend it");
    }

    @Test
    void systemPropertiesWinOverTheFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("towpath.properties");
        Files.writeString(file, "search=one.example\ntowpath.nameservers=192.0.2.53\n");
        System.setProperty("towpath.config", file.toString());
        System.setProperty("towpath.search", "two.example");
        StackProperties read = StackProperties.system();
        assertThat(read.search()).containsExactly("two.example");
        assertThat(read.nameservers()).containsExactly(new Endpoint(IpAddress.parse("192.0.2.53"), 53));
    }

    @Test
    void typingErrorsAreNoticed(@TempDir Path directory) throws IOException {
        System.setProperty("towpath.gatewey", "192.0.2.1");
        assertThatThrownBy(StackProperties::system)
                .hasMessageContaining("towpath.gatewey is unknown (is towpath.gateway meant?)")
                .hasMessageContaining("towpath.nameservers");
        Path file = directory.resolve("towpath.properties");
        for (String line : new String[] {"color=red", "config=other", "mtu=1\ntowpath.mtu=2"}) {
            Files.writeString(file, line);
            assertThatThrownBy(() -> StackProperties.of(Map.of(CONFIG, file.toString())))
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void propertiesOfTestsAreLeftAlone() {
        System.setProperty("towpath.rewrite.test", "true");
        try {
            assertThat(StackProperties.system().text(INTERFACE)).isEmpty();
        } finally {
            System.clearProperty("towpath.rewrite.test");
        }
    }
}
