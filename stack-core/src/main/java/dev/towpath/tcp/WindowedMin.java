package dev.towpath.tcp;

import dev.towpath.time.Timer;

/**
 * The least of what was measured lately: within the window, and for up to half of one longer. What is older is
 * forgotten, for paths change.
 */
final class WindowedMin {
    private final long halfNanos;
    private long previous = Timer.NEVER;
    private long current = Timer.NEVER;
    private long currentSince;

    WindowedMin(long windowNanos) {
        this.halfNanos = windowNanos / 2;
    }

    /** {@code value} was measured now. */
    void add(long value, long now) {
        if (now - currentSince >= halfNanos) {
            previous = now - currentSince < 2 * halfNanos ? current : Timer.NEVER;
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
