package dev.towpath.bench.report;

import dev.towpath.bench.Statistics;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.DatagramRates;
import dev.towpath.bench.tap.Run;
import dev.towpath.bench.tap.Soak;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The page, in Markdown: tables and charts of the results, and the words of whoever has looked into them. */
final class PerformancePage {
    private static final List<String> SYSTEMS = List.of("kernel", "ceiling", "stack");
    private static final List<String> PERCENTILES = List.of("50", "90", "99", "99.9", "99.99", "100");
    private static final double MIB = 1 << 20;
    private static final double GIGA = 1e9;
    private static final double BITS_PER_BYTE = 8;
    private static final double SECONDS_PER_MINUTE = 60;

    private final List<ResultSet> all;
    private final String findings;
    private final StringBuilder text = new StringBuilder();

    /** @param findings the part that people write, in Markdown */
    PerformancePage(List<ResultSet> all, String findings) {
        this.all = all;
        this.findings = findings;
    }

    String markdown() {
        introduction();
        goals();
        throughput();
        latency();
        datagrams();
        inMemory();
        segments();
        connections();
        soak();
        text.append(findings.strip()).append("\n\n");
        repeat();
        return text.toString().stripTrailing() + "\n";
    }

    private void introduction() {
        text.append("""
                # Performance

                What the stack does on a Linux TAP beside the kernel and beside what a TAP allows, and what it costs in memory.
                Every figure is repeated by the command that stands with it, after

                    %s

                On a TAP, three systems take turns, round by round, so that drift hits all alike:

                - **kernel**: the kernel at both ends of a veth pair.
                - **ceiling**: `Responder` on a TAP, which answers the kernel and is no TCP: no retransmission, no timers, no
                  congestion control, no sockets. What a stack can come near to, in Java as in C.
                - **stack**: `towpath serve`, as it is shipped.

                Each is a process of its own in a network namespace of its own. The client is always the kernel, through system
                calls from Java at C's price; congestion control is CUBIC at both ends. A figure is the median of the rounds, a
                ratio is the median of each round's pair, and so it may differ from the ratio of the medians. Offload means that
                checksums and segmentation are left to the link, plain that the stack does them and each frame is one segment.
                Values are good for ratios and for no more: another machine has others.

                """.formatted(Commands.BUILD));
        Set<String> machines = new LinkedHashSet<>();
        for (ResultSet each : all) {
            if (each.comparison() != null) {
                machines.add(each.title() + " (" + each.comparison().jdk() + "): "
                        + each.comparison().machine() + "; " + each.comparison().rounds() + " rounds of "
                        + Table.figure(each.comparison().seconds()) + " s.");
            }
        }
        machines.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append('\n');
    }

    private void goals() {
        List<String> headings = new ArrayList<>(List.of("work", "link", "goal"));
        all.forEach(each -> headings.add(each.title()));
        Table table = new Table(3, headings);
        for (Goal goal : Goal.ALL) {
            List<String> row = new ArrayList<>(List.of(goal.work(), link(goal.offload()), goal.words()));
            for (ResultSet each : all) {
                OptionalDouble ratio = goal.ratio(measurements(each));
                row.add(
                        ratio.isPresent()
                                ? Table.judged(
                                        String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()),
                                        goal.reached(ratio.getAsDouble()))
                                : "–");
            }
            table.row(row);
        }
        text.append("""
                ## Against the goals

                Ratios of the stack's figure to the other one. What misses its goal is in bold; why, and what was tried, is said
                [below](#findings). in and out: one stream to the stack and from it. rr: one byte there and back with both ends on
                one core. connect: connections set up and closed, 16 at a time. streams: 64 at once. udp: datagrams of 64 bytes.

                """).append(table);
    }

    private void throughput() {
        text.append("## Throughput\n\n");
        for (ResultSet each : all) {
            if (each.comparison() == null) {
                continue;
            }
            text.append("### ").append(each.title()).append("\n\n");
            text.append("![Throughput with ").append(each.title()).append("](performance/");
            text.append(Charts.throughputFile(each)).append(")\n\n");
            command(Commands.compare(each.name()));
            Table table = new Table(
                    3,
                    List.of(
                            "work",
                            "link",
                            "unit",
                            "kernel",
                            "ceiling",
                            "stack",
                            "stack/kernel",
                            "stack/ceiling",
                            "CPU s/GB",
                            "of ceiling",
                            "resent in",
                            "out"));
            measurements(each).forEach(measurement -> row(table, measurement));
            text.append(table);
        }
        text.append("""
                CPU seconds per GB are those of the stack's process, its share of the kernel's work included. Resent are segments
                that the kernel has sent to the stack again (in) and the stack to the kernel (out), in all rounds. One work alone:

                """);
        command(Commands.works("in,out"));
    }

    private void row(Table table, Measurement measurement) {
        List<String> row =
                new ArrayList<>(List.of(measurement.work(), link(measurement.offload()), measurement.unit()));
        for (String system : SYSTEMS) {
            row.add(median(measurement.system(system)));
        }
        row.add(figure(ratio(measurement, "kernel")));
        row.add(figure(ratio(measurement, "ceiling")));
        row.add(cpu(measurement.system("stack")));
        row.add(cpu(measurement.system("ceiling")));
        SystemRuns stack = measurement.system("stack");
        List<Run> runs = stack == null ? List.of() : stack.runs();
        row.add(count(runs.stream().mapToLong(Run::clientRetransmissions).sum()));
        row.add(count(runs.stream().mapToLong(Run::serverRetransmissions).sum()));
        table.row(row);
    }

    private void latency() {
        List<String> headings = new ArrayList<>(List.of("link", "JDK", "system"));
        PERCENTILES.forEach(each -> headings.add(each.equals("100") ? "most" : each + " %"));
        Table table = new Table(3, headings);
        text.append(
                "## Latency\n\nOne byte there and one back, with client and system on one core, in microseconds.\n\n");
        for (ResultSet each : all) {
            for (Measurement measurement : measurements(each)) {
                if (measurement.work().equals("rr")) {
                    measurement.systems().forEach(system -> latencies(table, each, measurement, system));
                }
            }
            if (each.comparison() != null) {
                text.append("![Latency with ").append(each.title()).append("](performance/");
                text.append(Charts.latencyFile(each)).append(")\n\n");
            }
        }
        command(Commands.works("rr"));
        text.append(table);
    }

    private static void latencies(Table table, ResultSet results, Measurement measurement, SystemRuns system) {
        List<String> row = new ArrayList<>(
                List.of(link(measurement.offload()), results.title().replace("JDK ", ""), system.system()));
        PERCENTILES.forEach(each -> row.add(figure(Charts.latency(system, each))));
        table.row(row);
    }

    private void datagrams() {
        Table table = new Table(
                3, List.of("bytes", "handed over", "JDK", "kernel to kernel", "kernel to stack", "stack to kernel"));
        for (ResultSet each : all) {
            if (each.datagrams() != null) {
                for (DatagramRates.Measurement measurement : each.datagrams().measurements()) {
                    List<String> row = new ArrayList<>(List.of(
                            Integer.toString(measurement.bytes()),
                            measurement.how(),
                            each.title().replace("JDK ", "")));
                    List<Double> reference = measurement.pairs().get(0).rates();
                    for (DatagramRates.Pair pair : measurement.pairs()) {
                        double ratio = Statistics.ratio(pair.rates(), reference).orElse(0);
                        row.add(Table.judged(
                                figure(Statistics.median(pair.rates())) + String.format(Locale.ROOT, " (%.2f)", ratio),
                                ratio >= 1));
                    }
                    table.row(row);
                }
            }
        }
        if (table.isEmpty()) {
            return;
        }
        text.append("""
                ## Datagrams

                Datagrams a second that arrive at the application, and in brackets the ratio to those from kernel to kernel, which
                shall be 1. One: a call for each. Batch: `sendmmsg` and `recvmmsg` of up to 64. Super: `UDP_SEGMENT`, up to 64 in a
                message.

                """);
        command(Commands.datagrams(all.get(0).name()));
        text.append(table);
    }

    private void inMemory() {
        text.append("## In memory\n\nThe core alone, without a device; a benchmark each.\n\n");
        List<String> headings = new ArrayList<>(List.of("what", "benchmark", "goal"));
        all.forEach(each -> headings.add(each.title()));
        Table goals = new Table(3, headings);
        for (MemoryGoal goal : MemoryGoal.ALL) {
            List<String> row = new ArrayList<>(List.of(goal.what(), "`" + goal.benchmark() + "`", goal.boundWords()));
            for (ResultSet each : all) {
                List<Double> figures = goal.figures(each);
                row.add(
                        figures.isEmpty()
                                ? "–"
                                : Table.judged(Table.figure(figures.get(0)), goal.reached(figures.get(0))));
            }
            goals.row(row);
        }
        text.append(goals);
        for (ResultSet each : all) {
            if (!each.jmh().isEmpty()) {
                text.append("### ").append(each.title()).append("\n\n");
                command(Commands.jmh(each.name()));
                Table table = new Table(2, List.of("benchmark", "with", "ns", "±", "bytes allocated"));
                for (JmhResult result : each.jmh()) {
                    table.row(List.of(
                            result.name(),
                            result.parameters(),
                            Table.figure(result.nanos()),
                            Table.figure(result.primaryMetric().scoreError()),
                            figure(result.allocated())));
                }
                text.append(table);
            }
        }
    }

    private void segments() {
        if (all.stream().noneMatch(each -> !Charts.segmentCosts(each).isEmpty())) {
            return;
        }
        text.append("""
                ## A segment among many connections

                A segment of 1448 bytes is written on one of many connections, travels, arrives and is read, each time on another
                one, at random; both stacks run on one core. What grows are the misses in the processor's caches: the work is the
                same.

                ![Cost of a segment against the number of connections](performance/segments.svg)

                """);
        command(Commands.benchmark("ManyConnectionsBenchmark -p connections=1,1000,10000,100000,1000000"));
    }

    private void connections() {
        Table table = new Table(
                0,
                List.of(
                        "JDK",
                        "connections",
                        "heap",
                        "off-heap",
                        "bytes for an end",
                        "set up in s",
                        "Gbit/s of 100 among them",
                        "alone"));
        for (ResultSet each : all) {
            if (each.connections() != null) {
                for (ResultSet.Count count : each.connections().counts()) {
                    table.row(List.of(
                            each.title().replace("JDK ", ""),
                            String.format(Locale.ROOT, "%,d", count.connections()),
                            Table.figure(count.heapBytesPerEnd()),
                            Table.figure(count.offHeapBytesPerEnd()),
                            Table.judged(Table.figure(count.bytesPerEnd()), count.bytesPerEnd() <= 1024),
                            Table.figure(count.setUpSeconds()),
                            Table.figure(count.activeGbps()),
                            Table.figure(count.activeAloneGbps())));
                }
            }
        }
        if (table.isEmpty()) {
            return;
        }
        text.append("""
                ## Memory for a connection

                Idle connections between two stacks of one JVM, heap and direct buffers for each end of one; and what 100 others
                carry beside them.

                ![Memory for each end of a connection against their number](performance/memory.svg)

                """);
        command(Commands.connections(all.get(0).name()));
        text.append(table);
    }

    private void soak() {
        List<ResultSet> with = all.stream().filter(each -> each.soak() != null).toList();
        if (with.isEmpty()) {
            return;
        }
        text.append(
                "## A long run\n\nBoth directions at once, as fast as they go, with CRC-32C at either end of each.\n\n");
        command(Commands.soak(with.get(0).name()));
        Table table = new Table(
                3,
                List.of(
                        "JDK",
                        "minutes",
                        "direction",
                        "GB",
                        "Gbit/s",
                        "sent",
                        "received",
                        "resent",
                        "heap MiB",
                        "direct MiB",
                        "resident MiB"));
        for (ResultSet each : with) {
            Soak soak = each.soak();
            if (soak != null) {
                soak.directions().forEach(direction -> row(table, each, soak, direction));
            }
        }
        text.append(table);
        for (ResultSet each : with) {
            Soak soak = each.soak();
            if (soak != null && !soak.faults().isEmpty()) {
                text.append(each.title())
                        .append(": **")
                        .append(String.join("; ", soak.faults()))
                        .append("**.\n\n");
            }
        }
        for (ResultSet each : with) {
            Soak soak = each.soak();
            if (soak != null && soak.needless() > 0) {
                text.append(each.title()).append(": ").append(soak.needless());
                text.append(" of the kernel's were needless, tail loss probes for what had arrived.\n\n");
            }
        }
        text.append("Memory: in the middle of the run, and at its end.\n\n");
    }

    private static void row(Table table, ResultSet results, Soak soak, Soak.Direction direction) {
        Soak.Sample middle = soak.samples().get(soak.samples().size() / 2);
        Soak.Sample end = soak.samples().get(soak.samples().size() - 1);
        table.row(List.of(
                results.title().replace("JDK ", ""),
                Table.figure(soak.seconds() / SECONDS_PER_MINUTE),
                direction.name(),
                Table.figure(direction.receivedBytes() / GIGA),
                Table.figure(direction.receivedBytes() * BITS_PER_BYTE / GIGA / soak.seconds()),
                String.format(Locale.ROOT, "%08x", direction.sentHash()),
                String.format(Locale.ROOT, "%08x", direction.receivedHash()),
                Long.toString(
                        direction.name().startsWith("stack")
                                ? soak.stackRetransmissions()
                                : soak.kernelRetransmissions()),
                over(middle.heapBytes(), end.heapBytes()),
                over(middle.directBytes(), end.directBytes()),
                over(middle.residentBytes(), end.residentBytes())));
    }

    private static String over(long middle, long end) {
        return Table.figure(middle / MIB) + ", " + Table.figure(end / MIB);
    }

    private void repeat() {
        text.append(
                "## All of it anew\n\n`java` is that of the JDK in question, 17 or 25; the directory says which.\n\n");
        List<String> lines = new ArrayList<>(List.of(Commands.BUILD));
        for (ResultSet each : all) {
            lines.add(Commands.compare(each.name()));
            lines.add(Commands.datagrams(each.name()));
            lines.add(Commands.jmh(each.name()));
            lines.add(Commands.connections(each.name()));
            lines.add(Commands.soak(each.name()));
        }
        lines.add(Commands.REPORT);
        lines.forEach(line -> text.append("    ").append(line).append('\n'));
        text.append("""

                To see where the time goes, let the stack's process record it, and read the recording off:

                    %s --jfr target/jfr
                    %s target/jfr/in-offload.jfr
                """.formatted(Commands.works("in"), Commands.PROFILE));
    }

    private void command(String line) {
        text.append("    ").append(line).append("\n\n");
    }

    private static List<Measurement> measurements(ResultSet results) {
        return results.comparison() == null ? List.of() : results.comparison().measurements();
    }

    private static String link(boolean offload) {
        return offload ? "offload" : "plain";
    }

    private static OptionalDouble ratio(Measurement measurement, String other) {
        SystemRuns stack = measurement.system("stack");
        SystemRuns reference = measurement.system(other);
        return stack == null || reference == null
                ? OptionalDouble.empty()
                : Statistics.ratio(Goal.values(stack, Run::value), Goal.values(reference, Run::value));
    }

    private static String median(@Nullable SystemRuns system) {
        return system == null ? "–" : figure(Statistics.median(Goal.values(system, Run::value)));
    }

    private static String cpu(@Nullable SystemRuns system) {
        if (system == null) {
            return "–";
        }
        List<Double> values = Goal.values(system, Run::cpuSecondsPerGigabyte);
        values.removeIf(value -> value == 0);
        return figure(Statistics.median(values));
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String figure(OptionalDouble figure) {
        return figure.isPresent() ? Table.figure(figure.getAsDouble()) : "–";
    }
}
