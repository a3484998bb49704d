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

/** {@code http}: the same HTTP server on the kernel and on the stack, in turns. */
@Command(
        name = "http",
        description = {
            "Measures an HTTP server that knows nothing of the stack, on the stack over a TAP and on the kernel over"
                    + " veth, in turns, round by round. Each is a process of its own in a network namespace of its own;"
                    + " the client is the kernel's, and the same for both."
        },
        mixinStandardHelpOptions = true)
public final class HttpCommand implements Callable<Integer> {
    /** Whose server it is. */
    enum Server {
        JDK(JdkHttpEnd.class),
        NETTY(NettyHttpEnd.class);

        private final Class<?> main;

        Server(Class<?> main) {
            this.main = main;
        }
    }

    private static final List<SystemName> SYSTEMS = List.of(SystemName.KERNEL, SystemName.STACK);

    @Option(names = "--server", split = ",", paramLabel = "jdk|netty", description = "Default: both")
    private List<Server> servers = List.of(Server.values());

    @Option(
            names = "--work",
            split = ",",
            paramLabel = "WORK",
            description =
                    "${COMPLETION-CANDIDATES}: a small page on so many connections that are kept, or a gigabyte on"
                            + " one. Default: all")
    private List<HttpWork> works = List.of(HttpWork.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds = 2;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "Length of the turn before the first, which does not count. Default: ${DEFAULT-VALUE}")
    private double warmUp = 5;

    @Option(names = "--java", paramLabel = "PATH", description = "Command of the JVM. Default: the one that runs this")
    private String java = Jvm.current();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results")
    private @Nullable Path json;

    @Option(
            names = "--jfr",
            paramLabel = "DIRECTORY",
            description = "Where to write a JFR recording of the stack's process for each server")
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
        for (Server server : servers) {
            measurements.addAll(measure(server));
        }
        if (json != null) {
            Results.write(
                    json, new Comparison(Machine.describe(), Machine.jdkVersion(java), rounds, seconds, measurements));
        }
        return measurements.stream()
                        .flatMap(each -> each.systems().stream())
                        .flatMap(each -> each.runs().stream())
                        .allMatch(run -> run.error() == null)
                ? 0
                : 1;
    }

    private List<Measurement> measure(Server server) throws IOException, InterruptedException {
        MeasurementTable table = new MeasurementTable(spec.commandLine().getOut());
        String word = server.name().toLowerCase(Locale.ROOT);
        Path recording = recordings == null ? null : recordings.toAbsolutePath().resolve("http-" + word + ".jfr");
        List<HttpContestant> contestants = new ArrayList<>();
        List<Measurement> measurements = new ArrayList<>();
        try {
            for (SystemName system : SYSTEMS) {
                contestants.add(HttpContestant.start(system, server.main, new Jvm(java, recording)));
            }
            for (HttpWork work : works) {
                List<SystemRuns> runs = measure(work, contestants);
                measurements.add(new Measurement(word + "-" + work.word(), true, work.unit(), runs));
                table.print(measurements.get(measurements.size() - 1));
            }
        } finally {
            for (HttpContestant contestant : contestants) {
                contestant.close();
            }
        }
        return measurements;
    }

    private List<SystemRuns> measure(HttpWork work, List<HttpContestant> contestants) throws IOException {
        List<SystemRuns> results = new ArrayList<>();
        for (int i = 0; i < contestants.size(); i++) {
            contestants.get(i).run(work, warmUp);
            results.add(new SystemRuns(SYSTEMS.get(i).word(), new ArrayList<>()));
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contestants.size(); i++) {
                results.get(i).runs().add(contestants.get(i).run(work, seconds));
            }
        }
        return results;
    }
}
