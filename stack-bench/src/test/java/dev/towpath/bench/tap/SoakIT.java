package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.Bench;
import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Soak.Direction;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The long run works; a second of it shows nothing about memory. */
@Timeout(120)
class SoakIT {
    @Test
    void aSecondInBothDirections(@TempDir Path temp) throws Exception {
        BenchTests.assumeTap();
        Path json = temp.resolve("soak.json");
        Bench.commandLine().execute("soak", "--minutes", "0.02", "--json", json.toString());
        Soak soak = Results.read(json, Soak.class);
        assertThat(soak.directions()).hasSize(2);
        for (Direction each : soak.directions()) {
            assertThat(each.receivedBytes()).as(each.name()).isPositive().isEqualTo(each.sentBytes());
            assertThat(each.receivedHash()).as(each.name()).isEqualTo(each.sentHash());
        }
        assertThat(soak.samples()).hasSize(60);
    }
}
