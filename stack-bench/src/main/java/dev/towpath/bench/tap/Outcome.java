package dev.towpath.bench.tap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the client has measured.
 *
 * @param value in the unit of the {@link Work}
 * @param bytes moved in all, the beginning that is not measured included
 * @param slowest of several streams, in the unit of {@code value}
 * @param latencyMicros by percentile
 * @param error what went wrong; nothing else counts then
 */
record Outcome(
        double value,
        long bytes,
        @Nullable Double slowest,
        @Nullable Map<String, Double> latencyMicros,
        @Nullable String error) {
    static Outcome rate(double value, long bytes) {
        return new Outcome(value, bytes, null, null, null);
    }

    static Outcome failed(String error) {
        return new Outcome(0, 0, null, null, error);
    }
}
