package dev.towpath.bench.tap;

import dev.towpath.bench.Statistics;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Measurements for who looks on. */
final class MeasurementTable {
    private final PrintWriter out;

    MeasurementTable(PrintWriter out) {
        this.out = out;
    }

    /** Writes one: a line for each system, and what the stack is beside the others. */
    void print(Measurement measurement) {
        out.printf(
                "%-14s (%s, %s)%n",
                measurement.work(), measurement.offload() ? "offload" : "plain", measurement.unit());
        for (SystemRuns system : measurement.systems()) {
            List<Double> values = values(system, Run::value);
            List<String> errors = system.runs().stream()
                    .map(Run::error)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            out.printf(
                    Locale.ROOT,
                    "  %-8s %,12.2f  [%,.2f - %,.2f]%s%s%n",
                    system.system(),
                    Statistics.median(values).orElse(0),
                    values.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                    values.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                    extras(system),
                    errors.isEmpty() ? "" : "  " + String.join("; ", errors));
        }
        out.println("  " + ratio(measurement, "kernel") + ratio(measurement, "ceiling"));
        out.flush();
    }

    private static String extras(SystemRuns system) {
        StringBuilder text = new StringBuilder();
        Statistics.median(values(system, Run::cpuSecondsPerGigabyte))
                .ifPresent(cpu -> text.append(String.format(Locale.ROOT, "  CPU s/GB %.3f", cpu)));
        Statistics.median(values(system, Run::slowest))
                .ifPresent(slowest -> text.append(String.format(Locale.ROOT, "  slowest %.3f", slowest)));
        for (String percentile : List.of("50", "99")) {
            Statistics.median(values(
                            system,
                            run -> run.latencyMicros() == null
                                    ? null
                                    : run.latencyMicros().get(percentile)))
                    .ifPresent(micros -> text.append(String.format(Locale.ROOT, "  p%s %.1f us", percentile, micros)));
        }
        long resent = system.runs().stream()
                .mapToLong(run -> run.clientRetransmissions() + run.serverRetransmissions())
                .sum();
        return resent == 0 ? text.toString() : text + "  retransmissions " + resent;
    }

    private static String ratio(Measurement measurement, String other) {
        SystemRuns stack = measurement.system("stack");
        SystemRuns reference = measurement.system(other);
        if (stack == null || reference == null) {
            return "";
        }
        OptionalDouble ratio = Statistics.ratio(values(stack, Run::value), values(reference, Run::value));
        return ratio.isPresent() ? String.format(Locale.ROOT, "stack/%s %.2f   ", other, ratio.getAsDouble()) : "";
    }

    private static List<Double> values(SystemRuns system, Function<Run, @Nullable Double> figure) {
        List<Double> values = new ArrayList<>();
        for (Run run : system.runs()) {
            Double value = figure.apply(run);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }
}
