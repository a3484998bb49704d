package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesAreThoseOfTheSortedDurations() {
        Latencies latencies = new Latencies(1000);
        for (int i = 1000; i > 0; i--) {
            latencies.add(i * 1000L);
        }
        Map<String, Double> micros = latencies.micros();
        assertThat(micros)
                .containsEntry("0", 1.0)
                .containsEntry("50", 500.0)
                .containsEntry("99", 990.0)
                .containsEntry("99.9", 999.0)
                .containsEntry("100", 1000.0);
    }

    @Test
    void beyondTheMostNothingIsNoted() {
        Latencies latencies = new Latencies(1);
        latencies.add(1000);
        latencies.add(9000);
        assertThat(latencies.micros()).containsEntry("100", 1.0);
    }

    @Test
    void ofNothingThereAreNone() {
        assertThat(new Latencies(1).micros()).isEmpty();
    }
}
