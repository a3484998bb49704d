package dev.towpath.bench.tap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations, noted without garbage, and their percentiles. */
final class Latencies {
    /** From the fastest to the slowest; strings because they name what they are. */
    private static final String[] PERCENTILES = {
        "0", "1", "5", "10", "25", "50", "75", "90", "95", "99", "99.9", "99.99", "100"
    };

    private static final double NANOS_PER_MICRO = 1e3;

    private final int[] nanos;
    private int count;

    Latencies(int most) {
        nanos = new int[most];
    }

    /** Notes one; beyond the most it is not noted. */
    void add(long duration) {
        if (count < nanos.length) {
            nanos[count++] = (int) Math.min(duration, Integer.MAX_VALUE);
        }
    }

    /** Microseconds by percentile: the least duration that so many percent of all do not exceed. */
    Map<String, Double> micros() {
        int[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        Map<String, Double> micros = new LinkedHashMap<>();
        for (String percentile : PERCENTILES) {
            if (count > 0) {
                int rank = (int) Math.ceil(Double.parseDouble(percentile) * count / 100);
                micros.put(percentile, sorted[Math.max(rank - 1, 0)] / NANOS_PER_MICRO);
            }
        }
        return micros;
    }
}
