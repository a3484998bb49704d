package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeededStreamTest {
    private static long[] first(SeededStream stream) {
        return LongStream.generate(stream::nextLong).limit(100).toArray();
    }

    @Test
    void seedAndPurposeDetermineIt() {
        long[] numbers = first(new SeededStream(7, "loss"));
        assertThat(first(new SeededStream(7, "loss"))).isEqualTo(numbers);
        assertThat(first(new SeededStream(8, "loss"))).doesNotContain(numbers);
        assertThat(first(new SeededStream(7, "delay"))).doesNotContain(numbers);
        assertThat(first(new SeededStream(7, ""))).doesNotContain(numbers);
        assertThat(numbers).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "probability {0}")
    @CsvSource({"0, 0, 0", "1, 100000, 100000", "0.01, 850, 1150", "0.5, 49200, 50800"})
    void chanceIsAsGiven(double probability, int least, int most) {
        SeededStream stream = new SeededStream(42, "chance");
        int hits = 0;
        for (int i = 0; i < 100_000; i++) {
            hits += stream.chance(probability) ? 1 : 0;
        }
        assertThat(hits).isBetween(least, most);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 10, 1_000_000_000_000L})
    void staysBelowItsBound(long bound) {
        SeededStream stream = new SeededStream(42, "bound");
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            long number = stream.nextBelow(bound);
            assertThat(number).isBetween(0L, bound - 1);
            sum += number;
        }
        assertThat(sum / 100_000).isBetween(0.49 * (bound - 1), 0.51 * (bound - 1));
    }
}
