package dev.towpath.grid;

import dev.towpath.mib.Counter;
import java.util.SortedMap;

/**
 * What became of a transfer.
 *
 * @param nanos from the first byte written to the last byte read
 * @param counters the sender's, by their MIB names
 */
record Result(Cell cell, long bytes, long nanos, SortedMap<String, Long> counters) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEGA = 1e6;

    /** Goodput: payload that the application has got, over the time it took. */
    double megabitsPerSecond() {
        return bytes * 8 / seconds() / MEGA;
    }

    double seconds() {
        return nanos / NANOS_PER_SECOND;
    }

    long count(Counter counter) {
        return counters.getOrDefault(counter.mibName(), 0L);
    }
}
