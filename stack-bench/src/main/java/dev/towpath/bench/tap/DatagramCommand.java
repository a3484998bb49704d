package dev.towpath.bench.tap;

import com.google.gson.Gson;
import dev.towpath.bench.Results;
import dev.towpath.bench.Statistics;
import java.io.Closeable;
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

/** {@code datagrams}: what arrives of as many datagrams as can be sent, kernel and stack in turns. */
@Command(
        name = "datagrams",
        description = {
            "Measures how many datagrams a second arrive at the application, in turns, round by round: from the kernel to"
                    + " the kernel over veth, from the kernel to the stack over a TAP, and from the stack to the kernel."
                    + " Each end is a process of its own.",
            "one: a call for each datagram. batch: sendmmsg of up to 64. super: UDP_SEGMENT, up to 64 in one message."
        },
        mixinStandardHelpOptions = true)
public final class DatagramCommand implements Callable<Integer> {
    /** How much longer than the sender the sink works. */
    private static final double LONGER = 0.3;

    /** How datagrams are handed over. */
    enum How {
        ONE,
        BATCH,
        SUPER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--bytes", split = ",", paramLabel = "N", description = "Payload sizes. Default: 64,1400")
    private List<Integer> sizes = List.of(64, 1400);

    @Option(names = "--how", split = ",", paramLabel = "one|batch|super", description = "Default: all")
    private List<How> hows = List.of(How.values());

    @Option(
            names = "--offload",
            paramLabel = "auto|off",
            description = "The TAP's offload. Default: ${DEFAULT-VALUE}",
            defaultValue = "auto")
    private String offload = "auto";

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a turn. Default: ${DEFAULT-VALUE}")
    private double seconds = 1;

    @Option(names = "--java", paramLabel = "PATH", description = "Command of the JVM. Default: the one that runs this")
    private String java = Jvm.current();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A sender and a sink in their namespaces. */
    private static final class Pair implements Closeable {
        final String name;
        private final Child sender;
        private final Child sink;
        private final String address;
        private final List<Double> rates = new ArrayList<>();

        Pair(String name, Child sender, Child sink, String address) {
            this.name = name;
            this.sender = sender;
            this.sink = sink;
            this.address = address;
        }

        /** Datagrams a second that arrive. */
        double run(double seconds, int bytes, How how) throws IOException {
            sink.tell("sink " + (seconds + LONGER));
            sender.ask("send " + address + " " + seconds + " " + bytes + " " + how.word());
            return new Gson().fromJson(sink.readLine(), DatagramEnd.Count.class).rate();
        }

        @Override
        public void close() throws IOException {
            try (sender;
                    sink) {
                // in this order
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || !(seconds > 0)) {
            throw new ParameterException(spec.commandLine(), "turns are at least one, and of some length");
        }
        List<DatagramRates.Measurement> measurements = new ArrayList<>();
        try (Network network = new Network()) {
            List<Pair> pairs = pairs(network);
            try {
                for (int bytes : sizes) {
                    for (How how : hows) {
                        measurements.add(measure(pairs, bytes, how));
                    }
                }
            } finally {
                for (Pair pair : pairs) {
                    pair.close();
                }
            }
        }
        if (json != null) {
            boolean on = !offload.equals("off");
            Results.write(json, new DatagramRates(Machine.describe(), Machine.jdkVersion(java), on, measurements));
        }
        return 0;
    }

    private List<Pair> pairs(Network network) throws IOException, InterruptedException {
        Network.Namespace near = network.add();
        Network.Namespace far = network.add();
        boolean on = !offload.equals("off");
        Contestant.connect(near, far, on);
        Network.Namespace in = network.add();
        Network.Namespace out = network.add();
        List<String> kernel = new Jvm(java, null).command("dev.towpath.bench.tap.DatagramEnd", "kernel");
        List<String> stack =
                new Jvm(java, null).command("dev.towpath.bench.tap.DatagramEnd", "stack", on ? "on" : "off");
        return List.of(
                new Pair(
                        "kernel > kernel",
                        new Child(near.command(kernel)),
                        new Child(far.command(kernel)),
                        Ports.SERVER),
                new Pair("kernel > stack", new Child(in.command(kernel)), new Child(in.command(stack)), Ports.SERVER),
                new Pair(
                        "stack > kernel", new Child(out.command(stack)), new Child(out.command(kernel)), Ports.CLIENT));
    }

    private DatagramRates.Measurement measure(List<Pair> pairs, int bytes, How how) throws IOException {
        for (Pair pair : pairs) {
            pair.rates.clear();
            pair.run(2 * seconds, bytes, how); // not counted: until it is compiled
        }
        for (int round = 0; round < rounds; round++) {
            for (Pair pair : pairs) {
                pair.rates.add(pair.run(seconds, bytes, how));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%d bytes, %s (datagrams/s that arrive, median)%n", bytes, how.word());
        List<Double> reference = pairs.get(0).rates;
        for (Pair pair : pairs) {
            out.printf(
                    Locale.ROOT,
                    "  %-16s %,12.0f  %.2f%n",
                    pair.name,
                    Statistics.median(pair.rates).orElse(0),
                    Statistics.ratio(pair.rates, reference).orElse(0));
        }
        out.flush();
        return new DatagramRates.Measurement(
                bytes,
                how.word(),
                pairs.stream()
                        .map(pair -> new DatagramRates.Pair(pair.name, List.copyOf(pair.rates)))
                        .toList());
    }
}
