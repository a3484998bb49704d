package dev.towpath.tap;

import static dev.towpath.setup.StackProperty.ADDRESS;
import static dev.towpath.setup.StackProperty.HOST_ADDRESS;
import static dev.towpath.setup.StackProperty.INTERFACE;
import static dev.towpath.setup.StackProperty.MTU;
import static dev.towpath.setup.StackProperty.OFFLOAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.setup.StackHost;
import dev.towpath.setup.StackProperties;
import dev.towpath.setup.StackProperty;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices named in properties. */
@Timeout(60)
class LinkProvidersIT {
    @BeforeAll
    static void possible() {
        TapTests.assumeTap();
    }

    private static StackProperties on(String device, StackProperty property, String value) {
        return StackProperties.of(
                Map.of(INTERFACE, device, ADDRESS, "192.0.2.2/24", HOST_ADDRESS, "192.0.2.1/24", property, value));
    }

    @Test
    void aStackOnATap() throws IOException {
        try (StackHost host = on("tap:tapprop", MTU, "1400").start()) {
            assertThat(host.description())
                    .startsWith("192.0.2.2/24 on tapprop (")
                    .endsWith("MTU 1400)");
            assertThat(host.stack().ping(IpAddress.parse("192.0.2.1"), 56, Duration.ofSeconds(10)))
                    .isPresent();
        }
    }

    @Test
    void offloadIsLeftOutOnRequest() throws IOException {
        try (StackHost host = on("tap:tapplain", OFFLOAD, "off").start()) {
            assertThat(host.stack().interfaces().get(1).features().checksumOffload())
                    .isFalse();
        }
    }

    @Test
    void whatIsWrongWithTheTapIsSaid() throws IOException {
        try (TapDevice taken = TapDevice.named("taptwice").open()) {
            assertThatThrownBy(on("tap:" + taken.name(), OFFLOAD, "auto")::start)
                    .hasMessageStartingWith("towpath.interface=tap:taptwice: ")
                    .hasMessageContaining("is in use");
        }
        assertThatThrownBy(on("tap:no name", OFFLOAD, "auto")::start)
                .hasMessageContaining("is no name for an interface");
        assertThatThrownBy(on("pcap:lo", OFFLOAD, "auto")::start).hasMessageContaining("the kernel gave it");
        assertThatThrownBy(on("tun:tun0", OFFLOAD, "auto")::start).hasMessageContaining("tap:NAME or pcap:NAME");
    }
}
