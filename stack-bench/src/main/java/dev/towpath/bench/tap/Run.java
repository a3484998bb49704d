package dev.towpath.bench.tap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One system's figure in one round.
 *
 * @param value in the unit of the work
 * @param cpuSecondsPerGigabyte of the system's process, its share of the kernel's work included; in bulk only
 * @param slowest of several streams
 * @param clientRetransmissions segments that the kernel's client has sent again
 * @param serverRetransmissions segments that the system has sent again
 * @param latencyMicros by percentile, where the work has one
 * @param error why there is no figure
 */
public record Run(
        double value,
        @Nullable Double cpuSecondsPerGigabyte,
        @Nullable Double slowest,
        long clientRetransmissions,
        long serverRetransmissions,
        @Nullable Map<String, Double> latencyMicros,
        @Nullable String error) {
    static Run failed(String error) {
        return new Run(0, null, null, 0, 0, null, error);
    }
}
