package dev.towpath.bench.report;

import dev.towpath.bench.Statistics;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the stack shall reach beside another system.
 *
 * @param work the word of the work
 * @param offload whether with offload
 * @param figure what is compared
 * @param other the system that it is compared with, or itself with one stream
 * @param bound at least this ratio, or at most where less is better
 */
record Goal(String work, boolean offload, Figure figure, String other, double bound) {
    /** What is compared. */
    enum Figure {
        /** The value in the unit of the work. */
        VALUE("", false),
        /** CPU time for what was moved. */
        CPU("CPU seconds per GB, ", true),
        /** The slowest of 64 streams, with the share of each if all were equal. */
        SLOWEST("the slowest, ", false);

        final String words;
        final boolean lessIsBetter;

        Figure(String words, boolean lessIsBetter) {
            this.words = words;
            this.lessIsBetter = lessIsBetter;
        }
    }

    private static final double STREAMS = 64;

    /** All of them, in the order of the page. */
    static final List<Goal> ALL = List.of(
            new Goal("in", true, Figure.VALUE, "kernel", 1.0),
            new Goal("in", true, Figure.VALUE, "ceiling", 0.8),
            new Goal("in", false, Figure.VALUE, "ceiling", 0.85),
            new Goal("out", true, Figure.VALUE, "kernel", 1.0),
            new Goal("out", true, Figure.VALUE, "ceiling", 0.8),
            new Goal("out", false, Figure.VALUE, "ceiling", 0.95),
            new Goal("rr", true, Figure.VALUE, "kernel", 1.15),
            new Goal("rr", true, Figure.VALUE, "ceiling", 0.85),
            new Goal("rr", false, Figure.VALUE, "kernel", 1.15),
            new Goal("rr", false, Figure.VALUE, "ceiling", 0.85),
            new Goal("connect", true, Figure.VALUE, "kernel", 1.2),
            new Goal("connect", false, Figure.VALUE, "kernel", 1.2),
            new Goal("in", true, Figure.CPU, "ceiling", 1.5),
            new Goal("in", false, Figure.CPU, "ceiling", 1.3),
            new Goal("out", true, Figure.CPU, "ceiling", 1.5),
            new Goal("out", false, Figure.CPU, "ceiling", 1.3),
            new Goal("streams-in", true, Figure.VALUE, "in", 1.0),
            new Goal("streams-in", false, Figure.VALUE, "in", 1.0),
            new Goal("streams-out", true, Figure.VALUE, "out", 1.0),
            new Goal("streams-out", false, Figure.VALUE, "out", 1.0),
            new Goal("streams-in", true, Figure.SLOWEST, "share", 0.5),
            new Goal("streams-in", false, Figure.SLOWEST, "share", 0.5),
            new Goal("streams-out", true, Figure.SLOWEST, "share", 0.5),
            new Goal("streams-out", false, Figure.SLOWEST, "share", 0.5),
            new Goal("udp-in", true, Figure.VALUE, "kernel", 1.0),
            new Goal("udp-in", false, Figure.VALUE, "kernel", 1.0));

    /** In words: {@code at least 1.15 x kernel}. */
    String words() {
        String than = switch (other) {
            case "in", "out" -> "that of one stream";
            case "share" -> "an equal share";
            default -> other;
        };
        return String.format(
                Locale.ROOT,
                "%s%s %s × %s",
                figure.words,
                figure.lessIsBetter ? "≤" : "≥",
                Double.toString(bound).replaceAll("\\.0$", ""),
                than);
    }

    /** The ratio that was measured; nothing if it was not. */
    OptionalDouble ratio(List<Measurement> measurements) {
        List<Double> stack = values(measurements, work, "stack", figure);
        return switch (other) {
            case "in", "out" -> medians(stack, values(measurements, other, "stack", figure));
            case "share" -> share(stack, values(measurements, work, "stack", Figure.VALUE));
            default -> Statistics.ratio(stack, values(measurements, work, other, figure));
        };
    }

    /** Whether {@code ratio} is good enough. */
    boolean reached(double ratio) {
        return figure.lessIsBetter ? ratio <= bound : ratio >= bound;
    }

    /** Figures of different works are no pairs. */
    private static OptionalDouble medians(List<Double> values, List<Double> others) {
        OptionalDouble value = Statistics.median(values);
        OptionalDouble other = Statistics.median(others);
        return value.isPresent() && other.isPresent()
                ? OptionalDouble.of(value.getAsDouble() / other.getAsDouble())
                : OptionalDouble.empty();
    }

    private static OptionalDouble share(List<Double> slowest, List<Double> sums) {
        return Statistics.ratio(slowest, sums.stream().map(sum -> sum / STREAMS).toList());
    }

    private List<Double> values(List<Measurement> measurements, String which, String system, Figure what) {
        for (Measurement each : measurements) {
            SystemRuns runs = each.system(system);
            if (each.work().equals(which) && each.offload() == offload && runs != null) {
                return values(runs, figure(what));
            }
        }
        return List.of();
    }

    private static Function<Run, @Nullable Double> figure(Figure what) {
        return switch (what) {
            case VALUE -> Run::value;
            case CPU -> Run::cpuSecondsPerGigabyte;
            case SLOWEST -> Run::slowest;
        };
    }

    /** A figure of every run; 0 where there is none, so that pairs stay pairs. */
    static List<Double> values(SystemRuns system, Function<Run, @Nullable Double> figure) {
        List<Double> values = new ArrayList<>();
        for (Run run : system.runs()) {
            Double value = figure.apply(run);
            values.add(run.error() != null || value == null ? 0.0 : value);
        }
        return values;
    }
}
