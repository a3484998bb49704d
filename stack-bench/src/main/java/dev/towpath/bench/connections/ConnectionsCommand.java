package dev.towpath.bench.connections;

import dev.towpath.bench.Results;
import dev.towpath.bench.connections.Connections.Count;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code connections}: memory for each of many, and what they take from those that work. */
@Command(
        name = "connections",
        description = {
            "Opens idle connections between two stacks in this JVM, says what each of their ends costs, and lets some"
                    + " others carry data beside them.",
            "Needs about 2 GB of heap for a million: -Xmx4g."
        },
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand implements Callable<Integer> {
    @Option(
            names = "--counts",
            split = ",",
            paramLabel = "N",
            description = "How many are idle, one run each. Default: 1000,10000,100000,1000000")
    private List<Integer> counts = List.of(1_000, 10_000, 100_000, 1_000_000);

    @Option(names = "--active", paramLabel = "N", description = "How many carry data. Default: ${DEFAULT-VALUE}")
    private int active = 100;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long they carry data each time. Default: ${DEFAULT-VALUE}")
    private double seconds = 3;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With the defaults. */
    public ConnectionsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (active < 2 || !(seconds > 0) || counts.stream().anyMatch(count -> count < 1)) {
            throw new ParameterException(spec.commandLine(), "connections are some, and data flows for some time");
        }
        Connections connections = new Connections(active, seconds);
        PrintWriter out = spec.commandLine().getOut();
        out.println("connections  heap/end  off-heap/end  set-up s  close s  Gbit/s  alone  timers idle/active/after");
        List<Count> found = new ArrayList<>();
        for (int count : counts) {
            Count each = connections.measure(count);
            out.println(line(each));
            out.flush();
            found.add(each);
        }
        if (json != null) {
            Results.write(json, new Connections.Findings(System.getProperty("java.version"), active, found));
        }
        return 0;
    }

    private static String line(Count c) {
        return String.format(
                Locale.ROOT,
                "%11d  %8.1f  %12.1f  %8.2f  %7.2f  %6.2f  %5.2f  %d/%d/%d",
                c.connections(),
                c.heapBytesPerEnd(),
                c.offHeapBytesPerEnd(),
                c.setUpSeconds(),
                c.closeSeconds(),
                c.activeGbps(),
                c.activeAloneGbps(),
                c.timersIdle(),
                c.timersActive(),
                c.timersAfter());
    }
}
