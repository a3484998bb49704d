package dev.towpath.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void marksAreRoundAndReachBeyondTheMost() {
        assertThat(Axis.linear(43).marks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0);
        assertThat(Axis.linear(50).marks()).hasSize(6).endsWith(50.0);
        assertThat(Axis.linear(0).share(0)).isZero();
    }

    @Test
    void logarithmicMarksArePowersOfTen() {
        Axis axis = Axis.logarithmic(12, 900);
        assertThat(axis.marks()).containsExactly(10.0, 100.0, 1000.0);
        assertThat(axis.share(100)).isEqualTo(0.5);
        assertThat(axis.share(1)).as("below the axis").isZero();
    }

    @Test
    void wordsAreShort() {
        assertThat(Axis.word(0.1 + 0.2)).isEqualTo("0.3");
        assertThat(Axis.word(20)).isEqualTo("20");
        assertThat(Axis.word(50_000)).isEqualTo("50 k");
        assertThat(Axis.word(3_000_000)).isEqualTo("3 M");
        assertThat(Axis.word(0)).isEqualTo("0");
    }
}
