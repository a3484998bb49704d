package dev.towpath.testing.script;

import dev.towpath.time.Clock;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Virtual time: stands still until a script advances it, and then fires every timer on the way at its own moment. */
public final class ScriptClock implements Clock {
    /** Below zero, because a clock's origin is arbitrary and {@code System.nanoTime()} may be negative. */
    static final long START_NANOS = -1_500_000_000L;

    private final LongConsumer runUntil;
    private long nowNanos = START_NANOS;

    ScriptClock(LongConsumer runUntil) {
        this.runUntil = runUntil;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    /** Lets time pass. */
    public void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** Lets time pass. */
    public void advanceSeconds(long seconds) {
        advance(Duration.ofSeconds(seconds));
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        runUntil.accept(nowNanos + duration.toNanos());
    }

    /** Nanoseconds since the script began. */
    public long elapsedNanos() {
        return nowNanos - START_NANOS;
    }

    void set(long nanos) {
        if (nanos < nowNanos) {
            throw new IllegalArgumentException("time does not go back");
        }
        nowNanos = nanos;
    }
}
