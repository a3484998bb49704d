package dev.towpath.bench.tap;

import dev.towpath.bench.Results;
import dev.towpath.bench.Statistics;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.Contestant.SystemName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code compare}: the kernel, what a TAP allows, and the stack, in turns. */
@Command(
        name = "compare",
        description = {
            "Measures the stack on a TAP beside the kernel and beside what a TAP allows, in turns, round by round, so that"
                    + " drift hits all alike. Each is a process of its own in a network namespace of its own, and so is"
                    + " its client.",
            "kernel: kernel to kernel over veth. ceiling: a responder on a TAP that is no TCP. stack: towpath serve."
        },
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    /** What the link does. */
    enum Mode {
        OFFLOAD,
        PLAIN
    }

    @Option(
            names = "--work",
            split = ",",
            paramLabel = "WORK",
            description =
                    "in, out, rr, connect, streams-in, streams-out, udp-in: one stream in, one out, one-byte requests on one"
                            + " core, connections 16 at a time, 64 streams, small datagrams. Default: all")
    private List<Work> works = List.of(Work.values());

    @Option(
            names = "--mode",
            split = ",",
            paramLabel = "offload|plain",
            description = "With the link's checksums and segmentation, or without. Default: both")
    private List<Mode> modes = List.of(Mode.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds = 1.5;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "Length of the turn before the first, which does not count. Default: ${DEFAULT-VALUE}")
    private double warmUp = 5;

    @Option(names = "--java", paramLabel = "PATH", description = "Command of the JVM. Default: the one that runs this")
    private String java = Jvm.current();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results")
    private @Nullable Path json;

    @Option(names = "--add", description = "Keep what that file has of other works, measured before")
    private boolean add;

    @Option(
            names = "--jfr",
            paramLabel = "DIRECTORY",
            description = "Where to write a JFR recording of the stack's process for each work")
    private @Nullable Path recordings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || !(seconds > 0) || !(warmUp > 0)) {
            throw new ParameterException(spec.commandLine(), "turns are at least one, and of some length");
        }
        if (recordings != null) {
            Files.createDirectories(recordings);
        }
        List<Measurement> measurements = new ArrayList<>();
        for (Work work : works) {
            for (Mode mode : modes) {
                Measurement measurement = measure(work, mode);
                print(measurement);
                measurements.add(measurement);
            }
        }
        if (json != null) {
            List<Measurement> before = add && Files.exists(json)
                    ? Results.read(json, Comparison.class).measurements()
                    : List.of();
            Results.write(
                    json,
                    new Comparison(
                            Machine.describe(),
                            Machine.jdkVersion(java),
                            rounds,
                            seconds,
                            Comparison.merge(before, measurements)));
        }
        return measurements.stream()
                        .flatMap(each -> each.systems().stream())
                        .flatMap(each -> each.runs().stream())
                        .allMatch(run -> run.error() == null)
                ? 0
                : 1;
    }

    private Measurement measure(Work work, Mode mode) throws IOException, InterruptedException {
        boolean offload = mode == Mode.OFFLOAD;
        String word = mode.name().toLowerCase(Locale.ROOT);
        Path recording =
                recordings == null ? null : recordings.toAbsolutePath().resolve(work.word() + "-" + word + ".jfr");
        List<Contestant> contestants = new ArrayList<>();
        List<SystemRuns> results = new ArrayList<>();
        try {
            for (SystemName name : SystemName.values()) {
                if (name != SystemName.CEILING || work.hasCeiling()) {
                    contestants.add(Contestant.start(name, work, offload, new Jvm(java, recording)));
                    results.add(new SystemRuns(name.word(), new ArrayList<>()));
                }
            }
            for (Contestant contestant : contestants) {
                contestant.run(warmUp);
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < contestants.size(); i++) {
                    results.get(i).runs().add(contestants.get(i).run(seconds));
                }
            }
        } finally {
            for (Contestant contestant : contestants) {
                contestant.close();
            }
        }
        return new Measurement(work.word(), offload, work.unit(), results);
    }

    private void print(Measurement measurement) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-11s (%s, %s)%n",
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
