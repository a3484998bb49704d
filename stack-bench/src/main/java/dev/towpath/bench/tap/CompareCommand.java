package dev.towpath.bench.tap;

import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.Contestant.SystemName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
            "Measures the stack on a TAP beside the kernel and beside what a TAP allows, in turns, round by round, so"
                    + " that drift hits all alike. Each is a process of its own in a network namespace of its own, and so"
                    + " is its client.",
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
                    "in, out, rr, connect, streams-in, streams-out, udp-in: one stream in, one out, one-byte requests"
                            + " on one core, connections 16 at a time, 64 streams, small datagrams. Default: all")
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
        MeasurementTable table = new MeasurementTable(spec.commandLine().getOut());
        List<Measurement> measurements = new ArrayList<>();
        for (Work work : works) {
            for (Mode mode : modes) {
                Measurement measurement = measure(work, mode);
                table.print(measurement);
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
}
