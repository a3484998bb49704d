package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0",
        "192.0.2.2, c0000202",
        "198.51.100.255, c63364ff",
        "127.0.0.1, 7f000001",
        "255.255.255.255, ffffffff",
        "001.02.3.004, 1020304",
    })
    void readsDottedNumbers(String text, String hex) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.isV4()).isTrue();
        assertThat(address.v4()).isEqualTo(Integer.parseUnsignedInt(hex, 16));
        assertThat(address).isEqualTo(IpAddress.v4(Integer.parseUnsignedInt(hex, 16)));
        assertThat(address.low()).isEqualTo(IpAddress.lowOfV4(address.v4()));
        assertThat(address.high()).isZero();
        assertThat(address.toBytes()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "...",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.0.0.1",
                "1.2.3.-4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.0004",
                "1.2.3.a",
                "1.2.3.4/24",
                "localhost",
                "0x7f.0.0.1",
                "١.2.3.4",
                "1:2",
                ":::",
                "gg::1",
                "::1%eth0",
                "12345::1"
            })
    void refusesWhatIsNoAddressWithoutAskingAnybody(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessageContaining("'" + text + "' is not an IP address");
    }

    @ParameterizedTest
    @CsvSource({
        "::, 0, 0",
        "::1, 0, 1",
        "2001:db8::1, 20010db800000000, 1",
        "fe80::0123:4567:89ab:cdef, fe80000000000000, 0123456789abcdef",
        "ff02::1, ff02000000000000, 1",
        "::ffff:192.0.2.2, 0, ffffc0000202",
    })
    void readsIpv6(String text, String high, String low) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.high()).isEqualTo(Long.parseUnsignedLong(high, 16));
        assertThat(address.low()).isEqualTo(Long.parseUnsignedLong(low, 16));
        assertThat(address).isEqualTo(IpAddress.ofBits(address.high(), address.low()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "192.0.2.2", "255.255.255.255", "127.0.0.1", "2001:db8:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"
            })
    void textAndInetAddressComeBack(String text) throws UnknownHostException {
        IpAddress address = IpAddress.parse(text);
        assertThat(address).hasToString(text);
        assertThat(address.toInetAddress()).isEqualTo(InetAddress.getByName(text));
        assertThat(IpAddress.of(InetAddress.getByName(text))).isEqualTo(address).hasSameHashCodeAs(address);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, true, false, false",
        "::, true, false, false",
        "0.0.0.1, false, false, false",
        "127.0.0.1, false, false, true",
        "127.255.255.255, false, false, true",
        "128.0.0.1, false, false, false",
        "::1, false, false, true",
        "223.255.255.255, false, false, false",
        "224.0.0.1, false, true, false",
        "239.255.255.255, false, true, false",
        "240.0.0.1, false, false, false",
        "255.255.255.255, false, false, false",
        "ff02::1, false, true, false",
        "fe80::1, false, false, false",
    })
    void knowsSpecialAddresses(String text, boolean any, boolean multicast, boolean loopback) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.isAny()).isEqualTo(any);
        assertThat(address.isMulticast()).isEqualTo(multicast);
        assertThat(address.isLoopback()).isEqualTo(loopback);
    }

    @Test
    void anIpv4AddressAndItsLookalikesDiffer() {
        assertThat(IpAddress.parse("192.0.2.2"))
                .isNotEqualTo(IpAddress.parse("192.0.2.3"))
                .isNotEqualTo(IpAddress.parse("::c000:202"))
                .isNotEqualTo("192.0.2.2");
        assertThat(IpAddress.isV4(0, 0xc0000202L)).isFalse();
        assertThat(IpAddress.isV4(1, IpAddress.lowOfV4(1))).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void anyBitsComeBackFromText(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            IpAddress v4 = IpAddress.v4(random.nextInt());
            assertThat(IpAddress.parse(v4.toString())).as("seed %d", seed).isEqualTo(v4);
            IpAddress v6 = IpAddress.ofBits(random.nextLong(), random.nextLong());
            assertThat(IpAddress.parse(v6.toString())).as("seed %d", seed).isEqualTo(v6);
        }
    }
}
