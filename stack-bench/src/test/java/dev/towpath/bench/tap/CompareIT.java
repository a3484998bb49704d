package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.Bench;
import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The comparison works. What comes out in so short a time means nothing. */
@Timeout(120)
class CompareIT {
    @BeforeAll
    static void possible() throws InterruptedException {
        BenchTests.assumeTap();
    }

    @Test
    void threeSystemsOnOneCore(@TempDir Path temp) throws Exception {
        Measurement measurement = compare("rr", "plain", temp);
        assertThat(measurement.offload()).isFalse();
        assertThat(measurement.systems()).extracting(SystemRuns::system).containsExactly("kernel", "ceiling", "stack");
        for (SystemRuns system : measurement.systems()) {
            Run run = system.runs().get(0);
            assertThat(run.error()).as(system.system()).isNull();
            assertThat(run.value()).isPositive();
            assertThat(run.latencyMicros()).containsKeys("50", "99", "100");
        }
    }

    private Measurement compare(String work, String mode, Path temp) throws Exception {
        Path json = temp.resolve("comparison.json");
        int status = Bench.commandLine()
                .execute(
                        "compare",
                        "--work",
                        work,
                        "--mode",
                        mode,
                        "--rounds",
                        "1",
                        "--seconds",
                        "0.2",
                        "--warm-up",
                        "0.1",
                        "--json",
                        json.toString());
        assertThat(status).isZero();
        Comparison comparison = Results.read(json, Comparison.class);
        assertThat(comparison.measurements()).hasSize(1);
        return comparison.measurements().get(0);
    }
}
