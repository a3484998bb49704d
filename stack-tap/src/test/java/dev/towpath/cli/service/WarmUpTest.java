package dev.towpath.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The warm-up runs, and steps aside. */
class WarmUpTest {
    private static final long FOR_EVER = Long.MAX_VALUE / 2;

    @Test
    void endsWhenThereIsRealTraffic() {
        AtomicLong frames = new AtomicLong();
        new WarmUp(FOR_EVER, true, () -> frames.addAndGet(40)).run();
        assertThat(frames.get())
                .as("looked before and after at least one round")
                .isGreaterThanOrEqualTo(80);
    }

    @Test
    void aStrayFrameIsNoRealTraffic() {
        AtomicLong looks = new AtomicLong();
        // one frame at each look, and a real flow after the twentieth
        new WarmUp(FOR_EVER, false, () -> looks.incrementAndGet() * (looks.get() > 20 ? 1000 : 1)).run();
        assertThat(looks.get()).isGreaterThan(20);
    }

    @Test
    void doesNothingWithoutTime() {
        AtomicLong looks = new AtomicLong();
        new WarmUp(0, true, looks::incrementAndGet).run();
        assertThat(looks.get()).isEqualTo(1);
    }
}
