package dev.towpath.bench.report;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a JMH benchmark shall show.
 *
 * @param what in words
 * @param benchmark class and method
 * @param parameters that it must have been run with
 * @param bound at most so many nanoseconds, or at least so many Gbit/s
 * @param rate whether it is Gbit/s
 */
record MemoryGoal(String what, String benchmark, Map<String, String> parameters, double bound, boolean rate) {
    /** All of them, in the order of the page. */
    static final List<MemoryGoal> ALL = List.of(
            nanos(
                    "a full-size segment received and delivered",
                    "SegmentBenchmark.in",
                    Map.of("link", "PLAIN", "batch", "16"),
                    200),
            nanos("a full-size segment sent", "SegmentBenchmark.out", Map.of("link", "PLAIN", "batch", "16"), 200),
            nanos("a pure ACK", "AckBenchmark.ack", Map.of("link", "PLAIN", "batch", "16", "from", "TCP"), 80),
            nanos("demux among 1,024", "DemuxBenchmark.hit", Map.of("connections", "1024"), 25),
            nanos("demux among 1,048,576", "DemuxBenchmark.hit", Map.of("connections", "1048576"), 200),
            nanos(
                    "handshake and close, both ends",
                    "HandshakeBenchmark.connectAndClose",
                    Map.of("link", "PLAIN"),
                    3000),
            gigabits("stack to stack at MTU 1500", Map.of("driver", "SIMULATED", "link", "PLAIN"), 20),
            gigabits("stack to stack with super-segments", Map.of("driver", "SIMULATED", "link", "OFFLOAD"), 60));

    private static MemoryGoal nanos(String what, String benchmark, Map<String, String> parameters, double most) {
        return new MemoryGoal(what, benchmark, parameters, most, false);
    }

    private static MemoryGoal gigabits(String what, Map<String, String> parameters, double least) {
        return new MemoryGoal(what, "BulkBenchmark.send64KiB", parameters, least, true);
    }

    /** In words. */
    String boundWords() {
        return rate ? "≥ " + (int) bound + " Gbit/s" : "≤ " + (int) bound + " ns";
    }

    /** What was measured, in nanoseconds or Gbit/s. */
    List<Double> figures(ResultSet results) {
        ToDoubleFunction<JmhResult> figure = rate ? JmhResult::gigabitsPerSecond : JmhResult::nanos;
        return results.jmh(benchmark).stream()
                .filter(each -> parameters.entrySet().stream()
                        .allMatch(wanted -> each.parameter(wanted.getKey()).equals(wanted.getValue())))
                .map(figure::applyAsDouble)
                .toList();
    }

    boolean reached(double figure) {
        return rate ? figure >= bound : figure <= bound;
    }
}
