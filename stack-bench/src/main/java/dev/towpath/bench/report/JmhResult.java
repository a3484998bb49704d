package dev.towpath.bench.report;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One entry of JMH's results ({@code -rf json}), as far as it is of interest here. */
record JmhResult(
        String benchmark,
        String jdkVersion,
        @Nullable Map<String, String> params,
        Metric primaryMetric,
        @Nullable Map<String, Metric> secondaryMetrics) {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final double BITS_PER_BYTE = 8;

    /** What one operation of a bulk benchmark moves. */
    private static final int BULK_BYTES = 1 << 16;

    /** A figure. */
    record Metric(double score, double scoreError, String scoreUnit) {}

    /** Class and method. */
    String name() {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    /** The parameters in one line. */
    String parameters() {
        return params == null ? "" : params.toString().replaceAll("[{}]", "").toLowerCase(Locale.ROOT);
    }

    /** A parameter's value, or nothing. */
    String parameter(String name) {
        return params == null ? "" : params.getOrDefault(name, "");
    }

    double nanos() {
        return primaryMetric.score();
    }

    /** What so many nanoseconds for 64 KiB come to. */
    double gigabitsPerSecond() {
        return BULK_BYTES * BITS_PER_BYTE / nanos();
    }

    /** Bytes allocated for each operation, if that was measured. */
    OptionalDouble allocated() {
        if (secondaryMetrics != null) {
            for (Map.Entry<String, Metric> each : secondaryMetrics.entrySet()) {
                if (each.getKey().endsWith(ALLOCATION)) { // JMH puts a dot before it, or does not
                    return OptionalDouble.of(each.getValue().score());
                }
            }
        }
        return OptionalDouble.empty();
    }
}
