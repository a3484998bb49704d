package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
    @ParameterizedTest
    @CsvSource({
        "02:00:00:00:00:01, 020000000001, false",
        "fe-DC-ba-98-76-54, fedcba987654, false",
        "01:00:5e:00:00:01, 01005e000001, true",
        "ff:ff:ff:ff:ff:ff, ffffffffffff, true",
        "00:00:00:00:00:00, 0, false",
    })
    void readsAndWritesText(String text, String bits, boolean group) {
        MacAddress address = MacAddress.parse(text);
        assertThat(address.bits()).isEqualTo(Long.parseLong(bits, 16));
        assertThat(address.isGroup()).isEqualTo(group);
        assertThat(MacAddress.isGroup(address.bits())).isEqualTo(group);
        assertThat(address).hasToString(text.replace('-', ':').toLowerCase(java.util.Locale.ROOT));
        assertThat(MacAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "02:00:00:00:00", "02:00:00:00:00:01:02", "2:0:0:0:0:1", "02:00:00:00:00:0g", "020000000001"
            })
    void refusesOtherText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacAddress.parse(text))
                .withMessageContaining("is not an Ethernet address");
    }

    @Test
    void hasFortyEightBits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MacAddress(1L << 48))
                .withMessageContaining("48 bits");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 0x0300_0000_0000L, Long.MIN_VALUE})
    void aMadeUpAddressIsLocalAndUnicast(long seed) {
        MacAddress address = MacAddress.local(seed);
        assertThat(address.isGroup()).isFalse();
        assertThat(address.bits() >>> 40 & 3).isEqualTo(2);
        assertThat(address.bits() & 0xff_ffff_ffffL).isEqualTo(seed & 0xff_ffff_ffffL);
    }
}
