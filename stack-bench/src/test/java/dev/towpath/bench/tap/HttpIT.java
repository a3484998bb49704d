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

/** The comparison of HTTP servers works. What comes out in so short a time means nothing. */
@Timeout(120)
class HttpIT {
    @BeforeAll
    static void possible() throws InterruptedException {
        BenchTests.assumeTap();
    }

    @Test
    void serverOnTheKernelAndOnTheStack(@TempDir Path temp) throws Exception {
        Path json = temp.resolve("http.json");
        int status = Bench.commandLine()
                .execute("http", "--rounds", "1", "--seconds", "0.2", "--warm-up", "0.1", "--json", json.toString());
        assertThat(status).isZero();
        for (Measurement measurement : Results.read(json, Comparison.class).measurements()) {
            assertThat(measurement.systems()).extracting(SystemRuns::system).containsExactly("kernel", "stack");
            for (SystemRuns system : measurement.systems()) {
                assertThat(system.runs().get(0).error()).as(measurement.work()).isNull();
                assertThat(system.runs().get(0).value()).isPositive();
            }
        }
    }
}
