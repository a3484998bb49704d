package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
    private static ByteBuffer words(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * RFC 1071 as it is written down: one big-endian word after the other, and an odd byte as the high half of the
     * last.
     */
    private static int slow(byte[] bytes, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[offset + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0000",
        "00, 0000",
        "01, 0100",
        "0001, 0001",
        "0001f203f4f5f6f7, ddf2", // the example of RFC 1071 section 3
        "ffff, ffff",
        "ffffffff, ffff",
        "ffff0001, 0001",
        "000100, 0001",
        "00010203040506070809, 1419",
    })
    void sumsBigEndianWords(String hex, String sum) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        int folded = Checksum.fold(Checksum.sum(words(bytes), 0, bytes.length));
        assertThat(folded).isEqualTo(Integer.parseInt(sum, 16)).isEqualTo(slow(bytes, 0, bytes.length));
        assertThat(Checksum.finish(Checksum.sum(words(bytes), 0, bytes.length))).isEqualTo(~folded & 0xffff);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Covers(Requirement.CHECKSUM_ODD)
    void agreesWithTheSlowSumAtEveryOffsetAndLength(long seed) {
        byte[] bytes = new byte[600];
        new Random(seed).nextBytes(bytes);
        ByteBuffer words = words(bytes);
        for (int offset = 0; offset < 9; offset++) {
            for (int length = 0; length <= bytes.length - offset; length++) {
                assertThat(Checksum.fold(Checksum.sum(words, offset, length)))
                        .as("seed %d: %d bytes at %d", seed, length, offset)
                        .isEqualTo(slow(bytes, offset, length));
            }
        }
    }

    @Test
    void theLargestPacketOfOnesDoesNotOverflow() {
        byte[] bytes = new byte[65_535];
        Arrays.fill(bytes, (byte) 0xff);
        assertThat(Checksum.fold(Checksum.sum(words(bytes), 0, bytes.length))).isEqualTo(slow(bytes, 0, bytes.length));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {6, 7, 8, 9, 10})
    @Covers(Requirement.CHECKSUM_ODD)
    void rangesAddUpWhereverTheyAreCut(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[1501];
        random.nextBytes(bytes);
        ByteBuffer words = words(bytes);
        int whole = slow(bytes, 0, bytes.length);
        for (int round = 0; round < 1000; round++) {
            int first = random.nextInt(bytes.length);
            int second = first + random.nextInt(bytes.length - first);
            long sum = Checksum.sum(words, 0, first)
                    + at(first, Checksum.sum(words, first, second - first))
                    + at(second, Checksum.sum(words, second, bytes.length - second));
            assertThat(Checksum.fold(sum))
                    .as("seed %d: cut at %d and %d", seed, first, second)
                    .isEqualTo(whole);
        }
    }

    private static long at(int distance, long sum) {
        return distance % 2 == 0 ? sum : Checksum.atOddDistance(sum);
    }

    /** The values of RFC 1624 section 4, where equation 2 gave the wrong zero. */
    @Test
    @Covers(Requirement.CHECKSUM_UPDATE)
    void anUpdateNeverGivesTheWrongZero() {
        assertThat(Checksum.updated(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15})
    @Covers(Requirement.CHECKSUM_UPDATE)
    void anUpdateEqualsAFullComputation(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[20];
        random.nextBytes(bytes);
        bytes[0] = 0x45; // a header is never all zeros
        ByteBuffer network = ByteBuffer.wrap(bytes);
        int checksum = Checksum.finish(Checksum.sum(words(bytes), 0, bytes.length));
        for (int round = 0; round < 10_000; round++) {
            int word = 2 + 2 * random.nextInt(9);
            int before = network.getShort(word) & 0xffff;
            int after = random.nextInt(4) == 0 ? random.nextInt(2) * 0xffff : random.nextInt(0x10000);
            network.putShort(word, (short) after);
            checksum = Checksum.updated(checksum, before, after);
            assertThat(checksum)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Checksum.finish(Checksum.sum(words(bytes), 0, bytes.length)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65535, 65535", "65536, 1", "131070, 65535", "4294967295, 65535", "9223372036854775807, 32767"})
    void foldsWithEndAroundCarry(long sum, int folded) {
        assertThat(Checksum.fold(sum)).isEqualTo(folded);
    }
}
