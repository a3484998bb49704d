package dev.towpath.agent;

import static dev.towpath.setup.StackProperty.ADDRESS;
import static dev.towpath.setup.StackProperty.CONFIG;
import static dev.towpath.setup.StackProperty.DESTINATIONS;
import static dev.towpath.setup.StackProperty.GATEWAY;
import static dev.towpath.setup.StackProperty.INTERFACE;
import static dev.towpath.setup.StackProperty.MTU;
import static dev.towpath.setup.StackProperty.NAMESERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.setup.SetupException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void noOptions(String text) {
        assertThat(AgentOptions.parse(text)).isEmpty();
    }

    @Test
    void whatComesFirstNeedsNoName() {
        assertThat(AgentOptions.parse("tap:tap0,192.0.2.2/24"))
                .isEqualTo(Map.of(INTERFACE, "tap:tap0", ADDRESS, "192.0.2.2/24"));
        assertThat(AgentOptions.parse("tap:tap0, 192.0.2.2/24, 198.51.100.2/24, mtu=1400"))
                .isEqualTo(Map.of(INTERFACE, "tap:tap0", ADDRESS, "192.0.2.2/24,198.51.100.2/24", MTU, "1400"));
    }

    @Test
    void namesInAnyOrder() {
        assertThat(AgentOptions.parse("gateway=192.0.2.1,address=192.0.2.2/24,interface=tap:tap0"))
                .isEqualTo(Map.of(INTERFACE, "tap:tap0", ADDRESS, "192.0.2.2/24", GATEWAY, "192.0.2.1"));
        assertThat(AgentOptions.parse("config=/etc/towpath.properties"))
                .isEqualTo(Map.of(CONFIG, "/etc/towpath.properties"));
    }

    @Test
    void aListGoesOnUntilTheNextName() {
        assertThat(AgentOptions.parse(
                        "nameservers=192.0.2.53,192.0.2.54:5353,destinations=192.0.2.0/24,198.51.100.0/24"))
                .isEqualTo(Map.of(
                        NAMESERVERS, "192.0.2.53,192.0.2.54:5353", DESTINATIONS, "192.0.2.0/24,198.51.100.0/24"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tap0",
                "192.0.2.2/24",
                "tap:tap0,192.0.2.2",
                "tap:tap0,tap:tap1",
                "mtu=1400,1500",
                "tap:tap0,192.0.2.2/24,",
                "gatewey=192.0.2.1",
                "towpath.gateway=192.0.2.1",
                "mtu=1,mtu=2",
                "tap:tap0,interface=tap:tap0"
            })
    void whatIsNotUnderstoodIsRefused(String text) {
        assertThatThrownBy(() -> AgentOptions.parse(text))
                .isInstanceOf(SetupException.class)
                .hasMessageMatching("the agent does not understand '.*' *\\. .*gateway=.*|.*is given twice");
    }
}
