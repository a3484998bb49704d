package dev.towpath.sim;

import static dev.towpath.sim.Units.minutes;
import static dev.towpath.sim.Units.ms;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is kept of a network's packets, and that one seed gives one capture. */
class RecordingTest {
    private static Recording recording(long seed, long mostBytes) {
        try (Network net = Network.withSeed(seed)) {
            Host a = net.host("a");
            Host b = net.host("b");
            Router router = net.router("router");
            net.connect(a, router, link -> link.delay(ms(5)).loss(0.05).jitter(ms(1)));
            net.connect(router, b, link -> link.duplication(0.02).corruption(0.01));
            net.keepLast(mostBytes);
            Transfer transfer = Transfer.start(a, b, 80, 60_000);
            assertThat(net.runUntil(transfer::isDone, minutes(5))).isTrue();
            return Objects.requireNonNull(net.recording());
        }
    }

    @Test
    void theSameSeedGivesTheSameCapture() {
        byte[] capture = recording(1, Long.MAX_VALUE).toBytes();
        assertThat(capture)
                .hasSizeGreaterThan(120_000)
                .isEqualTo(recording(1, Long.MAX_VALUE).toBytes())
                .isNotEqualTo(recording(2, Long.MAX_VALUE).toBytes());
    }

    @Test
    void onlyTheLastIsKept() {
        Recording all = recording(1, Long.MAX_VALUE);
        Recording last = recording(1, 10_000);
        assertThat(all.forgotten()).isZero();
        assertThat(last.size() + last.forgotten()).isEqualTo(all.size());
        assertThat(last.size()).isBetween(5, 150);
        assertThat(last.lastLines(5)).isEqualTo(all.lastLines(5)).hasSize(5);
        assertThat(all.lastLines(Integer.MAX_VALUE)).hasSize(all.size());
    }

    @Test
    void whatBecomesOfAFrameIsSaid() {
        assertThat(recording(1, Long.MAX_VALUE).lastLines(Integer.MAX_VALUE))
                .anyMatch(line -> line.contains("  a > router: ") && line.endsWith("  [lost]"))
                .anyMatch(line -> line.contains("  router > b: ") && line.endsWith("  [duplicated]"));
    }
}
