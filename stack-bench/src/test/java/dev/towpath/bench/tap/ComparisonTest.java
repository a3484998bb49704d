package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.tap.Comparison.Measurement;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void newMeasurementsTakeThePlaceOfTheOldOnesOfTheSameKind() {
        Measurement in = measurement("in", true, "new");
        Measurement out = measurement("out", true, "new");
        Measurement oldIn = measurement("in", true, "old");
        Measurement oldPlain = measurement("in", false, "old");
        assertThat(Comparison.merge(List.of(oldPlain, oldIn), List.of(out, in))).containsExactly(in, oldPlain, out);
    }

    private static Measurement measurement(String work, boolean offload, String unit) {
        return new Measurement(work, offload, unit, List.of());
    }
}
