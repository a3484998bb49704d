package dev.towpath.stack;

/**
 * The core as its driver sees it: frames, calls and the time go in, the next deadline comes out. Every method under the
 * driver's lock.
 */
interface Machine {
    /** The time from now on, until the next {@code time} or {@link #poll}: what calls into the core go by. */
    void time(long nowNanos);

    /**
     * Takes in what has arrived, up to {@code budget} ordinary frames from each device, fires timers that are due, and
     * sends what follows from both. Never blocks.
     *
     * @return frames taken in; if fewer than {@code budget}, none was left waiting
     */
    int poll(long nowNanos, int budget);

    /** Sends what calls since the last flush or poll have caused. */
    void flush();

    /**
     * When {@link #poll} is next worth calling although no device signals it: {@link Long#MIN_VALUE} for at once,
     * {@link Long#MAX_VALUE} for never.
     */
    long nextDeadline();

    /** Ends every connection, telling the peers; the last call but for {@link #flush}. */
    void shut();
}
