package dev.towpath.tcp;

import dev.towpath.time.Timer;

/**
 * The least of what was measured lately: within five minutes, as Linux keeps it, and for up to half of that longer. What
 * is older is forgotten, for paths change.
 */
final class WindowedMin {
    private static final long HALF_NANOS = 150_000_000_000L;

    private long previous = Timer.NEVER;
    private long current = Timer.NEVER;
    private long currentSince;

    /** {@code value} was measured now. */
    void add(long value, long now) {
        if (now - currentSince >= HALF_NANOS) {
            previous = now - currentSince < 2 * HALF_NANOS ? current : Timer.NEVER;
            current = value;
            currentSince = now;
        } else {
            current = Math.min(current, value);
        }
    }

    /** The least, or {@link Timer#NEVER} before the first. */
    long value() {
        return Math.min(previous, current);
    }
}
