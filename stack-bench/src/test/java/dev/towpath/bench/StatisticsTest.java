package dev.towpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Statistics.median(List.of(5.0, 1.0, 100.0))).hasValue(5);
        assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 100.0))).hasValue(3);
        assertThat(Statistics.median(List.of())).isEmpty();
    }

    @Test
    void theRatioIsThatOfPairsNotThatOfMedians() {
        List<Double> stack = List.of(10.0, 30.0, 20.0);
        List<Double> kernel = List.of(10.0, 10.0, 40.0); // pairs 1, 3, 0.5; medians 20 and 10
        assertThat(Statistics.ratio(stack, kernel)).hasValue(1);
    }

    @Test
    void aPairWithAFailureDoesNotCount() {
        assertThat(Statistics.ratio(List.of(10.0, 0.0, 6.0), List.of(5.0, 5.0, 0.0)))
                .hasValue(2);
        assertThat(Statistics.ratio(List.of(0.0), List.of(1.0))).isEmpty();
    }
}
