package dev.towpath.bench.tap;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;

/** What tests of the commands that need namespaces have in common. */
final class BenchTests {
    private BenchTests() {}

    /** Skips the test, and says why, where there can be no private namespace with a TAP in it. */
    static void assumeTap() throws InterruptedException {
        try (Network network = new Network()) {
            String obstacle = network.add().tryRun(List.of("ip", "tuntap", "add", "dev", "tap0", "mode", "tap"));
            if (obstacle != null) {
                abort("no TAP device: " + obstacle);
            }
        } catch (IOException e) {
            abort(String.valueOf(e.getMessage()));
        }
    }
}
