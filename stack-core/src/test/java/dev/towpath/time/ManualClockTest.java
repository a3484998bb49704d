package dev.towpath.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void movesOnlyWhenTold() {
        ManualClock clock = new ManualClock(5);
        assertThat(clock.nanoTime()).isEqualTo(5);
        clock.advance(10);
        assertThat(clock.nanoTime()).isEqualTo(15);
        clock.advanceTo(15);
        clock.advanceTo(100);
        assertThat(clock.nanoTime()).isEqualTo(100);
    }

    @Test
    void neverGoesBack() {
        ManualClock clock = new ManualClock(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advanceTo(4))
                .withMessageContaining("can't go back");
        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(-1));
    }

    @Test
    void theSystemClockDoesNotGoBack() {
        long before = SystemClock.INSTANCE.nanoTime();
        assertThat(SystemClock.INSTANCE.nanoTime() - before).isNotNegative();
    }
}
