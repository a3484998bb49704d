package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.2/24, 192.0.2.0/24, 192.0.2.255",
        "192.0.2.2/0, 0.0.0.0/0, 255.255.255.255",
        "192.0.2.130/25, 192.0.2.128/25, 192.0.2.255",
        "198.51.100.5/30, 198.51.100.4/30, 198.51.100.7",
        "127.0.0.1/8, 127.0.0.0/8, 127.255.255.255",
    })
    void hasANetworkAndABroadcastAddress(String text, String network, String broadcast) {
        IpPrefix prefix = IpPrefix.parse(text);
        assertThat(prefix).hasToString(text);
        assertThat(prefix.network()).isEqualTo(IpPrefix.parse(network));
        assertThat(prefix.hasBroadcast()).isTrue();
        assertThat(IpAddress.v4(prefix.broadcastV4())).isEqualTo(IpAddress.parse(broadcast));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.2/31", "192.0.2.2/32", "2001:db8::1/64"})
    void pointToPointNetworksAndIpv6HaveNoBroadcastAddress(String text) { // RFC 3021
        assertThat(IpPrefix.parse(text).hasBroadcast()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.2/24, 192.0.2.200, true",
        "192.0.2.2/24, 192.0.3.2, false",
        "192.0.2.2/25, 192.0.2.128, false",
        "192.0.2.2/32, 192.0.2.2, true",
        "192.0.2.2/32, 192.0.2.3, false",
        "192.0.2.2/31, 192.0.2.3, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/64, 2001:db8::ffff:0:0:1, true",
        "2001:db8::/65, 2001:db8::ffff:0:0:1, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::2, false",
        "::/0, 2001:db8::1, true",
    })
    void containsWhatBeginsWithIt(String text, String other, boolean contained) {
        IpAddress address = IpAddress.parse(other);
        assertThat(IpPrefix.parse(text).contains(address)).isEqualTo(contained);
        assertThat(IpPrefix.parse(text).contains(address.high(), address.low())).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.2",
                "192.0.2.2/",
                "/24",
                "192.0.2.2/33",
                "192.0.2.2/-1",
                "192.0.2.2/2 4",
                "192.0.2/24",
                "192.0.2.2/24/24",
                "192.0.2.2/1000",
                "2001:db8::/129"
            })
    void refusesOtherText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse(text));
    }
}
