package dev.towpath.time;

/** Virtual time: it stands still until somebody moves it. A simulation and its stacks share one. */
public final class ManualClock implements Clock {
    private volatile long nowNanos;

    /** A clock that shows {@code startNanos}. */
    public ManualClock(long startNanos) {
        this.nowNanos = startNanos;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    /** Moves it on by {@code nanos}; only one thread may do so. */
    public void advance(long nanos) {
        advanceTo(nowNanos + nanos);
    }

    /**
     * Moves it on to {@code thenNanos}; only one thread may do so.
     *
     * @throws IllegalArgumentException if that lies in its past: no clock goes back
     */
    public void advanceTo(long thenNanos) {
        if (thenNanos < nowNanos) {
            throw new IllegalArgumentException(
                    "the clock shows " + nowNanos + " ns and can't go back to " + thenNanos + " ns");
        }
        nowNanos = thenNanos;
    }
}
