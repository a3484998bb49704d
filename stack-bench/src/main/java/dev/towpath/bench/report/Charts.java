package dev.towpath.bench.report;

import dev.towpath.bench.Statistics;
import dev.towpath.bench.report.BarChart.Bar;
import dev.towpath.bench.report.Svg.Point;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** The page's pictures, by file name. */
final class Charts {
    private static final List<String> SYSTEMS = List.of("kernel", "ceiling", "stack");

    /** The percentiles of a curve; the slowest of all would stretch it. */
    private static final List<String> PERCENTILES =
            List.of("0", "10", "25", "50", "75", "90", "95", "99", "99.9", "99.99");

    /** Marks at the nines: each is as far from the one before as it is rarer. */
    private static final Map<Double, String> NINES = new TreeMap<>(
            Map.of(0.0, "least", nines("50"), "50 %", 1.0, "90 %", 2.0, "99 %", 3.0, "99.9 %", 4.0, "99.99 %"));

    private static final Map<Double, String> COUNTS = new TreeMap<>(
            Map.of(0.0, "1", 1.0, "10", 2.0, "100", 3.0, "1,000", 4.0, "10,000", 5.0, "100,000", 6.0, "1,000,000"));

    private Charts() {}

    /** All that the results are good for. */
    static SortedMap<String, String> of(List<ResultSet> all) {
        SortedMap<String, String> charts = new TreeMap<>();
        LineChart segments = new LineChart(
                "Cost of a segment of 1448 bytes, both ends together", "connections", COUNTS, "ns", false);
        LineChart memory =
                new LineChart("Memory for each end of an idle connection", "connections", COUNTS, "bytes", false);
        boolean anySegments = false;
        boolean anyMemory = false;
        for (ResultSet each : all) {
            if (each.comparison() != null) {
                charts.put(
                        throughputFile(each), throughput(each, each.comparison().measurements()));
                charts.put(latencyFile(each), latency(each, each.comparison().measurements()));
            }
            List<Point> costs = segmentCosts(each);
            segments.add(each.title(), costs);
            anySegments |= !costs.isEmpty();
            if (each.connections() != null) {
                List<ResultSet.Count> counts = each.connections().counts();
                memory.add(each.title() + ": heap and off-heap", points(counts, true));
                memory.add(each.title() + ": heap", points(counts, false));
                anyMemory = true;
            }
        }
        if (anySegments) {
            charts.put("segments.svg", segments.svg());
        }
        if (anyMemory) {
            charts.put("memory.svg", memory.svg());
        }
        return charts;
    }

    static String throughputFile(ResultSet results) {
        return "throughput-" + results.name() + ".svg";
    }

    static String latencyFile(ResultSet results) {
        return "latency-" + results.name() + ".svg";
    }

    /** Median over the runs of the latency at a percentile, in microseconds. */
    static OptionalDouble latency(SystemRuns system, String percentile) {
        List<Double> values = new ArrayList<>();
        for (Run run : system.runs()) {
            if (run.latencyMicros() != null && run.latencyMicros().containsKey(percentile)) {
                values.add(run.latencyMicros().get(percentile));
            }
        }
        return Statistics.median(values);
    }

    /** Nanoseconds by the logarithm of the number of connections. */
    static List<Point> segmentCosts(ResultSet results) {
        return results.jmh("ManyConnectionsBenchmark.segment").stream()
                .map(each -> new Point(Math.log10(Integer.parseInt(each.parameter("connections"))), each.nanos()))
                .toList();
    }

    private static List<Point> points(List<ResultSet.Count> counts, boolean offHeapToo) {
        return counts.stream()
                .map(count -> new Point(
                        Math.log10(count.connections()), offHeapToo ? count.bytesPerEnd() : count.heapBytesPerEnd()))
                .toList();
    }

    private static String throughput(ResultSet results, List<Measurement> measurements) {
        BarChart chart = new BarChart("Throughput, " + results.title(), "Gbit/s", SYSTEMS);
        for (Measurement measurement : measurements) {
            if (measurement.unit().equals("Gbit/s")) {
                List<Bar> bars = SYSTEMS.stream()
                        .map(measurement::system)
                        .map(system -> system == null ? Bar.NONE : bar(Goal.values(system, Run::value)))
                        .toList();
                chart.add(measurement.work(), measurement.offload() ? "offload" : "plain", bars);
            }
        }
        return chart.svg();
    }

    private static Bar bar(List<Double> values) {
        return new Bar(Statistics.median(values).orElse(0), Collections.min(values), Collections.max(values));
    }

    private static String latency(ResultSet results, List<Measurement> measurements) {
        LineChart chart = new LineChart(
                "Latency of one byte there and back, one core, " + results.title(),
                "round trips that were at least so fast",
                NINES,
                "µs",
                true);
        for (Measurement measurement : measurements) {
            if (measurement.work().equals("rr")) {
                for (SystemRuns system : measurement.systems()) {
                    chart.add(system.system() + (measurement.offload() ? ", offload" : ", plain"), curve(system));
                }
            }
        }
        return chart.svg();
    }

    private static List<Point> curve(SystemRuns system) {
        List<Point> points = new ArrayList<>();
        for (String percentile : PERCENTILES) {
            latency(system, percentile).ifPresent(micros -> points.add(new Point(nines(percentile), micros)));
        }
        return points;
    }

    private static double nines(String percentile) {
        return -Math.log10(1 - Double.parseDouble(percentile) / 100);
    }
}
