package dev.towpath.bench.tap;

import dev.towpath.bench.Statistics;
import java.util.List;

/** Whether memory has grown, from samples over time. */
final class Growth {
    /** Fewer samples tell nothing. */
    static final int LEAST_SAMPLES = 10;

    /** Of a figure that is as it was. */
    private static final double TOLERANCE = 1.05;

    private Growth() {}

    /**
     * True if the last third lies above the middle one; the first is warming up.
     *
     * @param slack bytes that may come and go
     */
    static boolean grows(List<Double> samples, double slack) {
        int third = samples.size() / 3;
        if (samples.size() < LEAST_SAMPLES) {
            return false;
        }
        double before = Statistics.median(samples.subList(third, 2 * third)).orElseThrow();
        double after = Statistics.median(samples.subList(samples.size() - third, samples.size()))
                .orElseThrow();
        return after > before * TOLERANCE + slack;
    }
}
