package dev.towpath.bench.tap;

import com.google.gson.Gson;
import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Soak.Direction;
import dev.towpath.bench.tap.Soak.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code soak}: much data in both directions for a long time. */
@Command(
        name = "soak",
        description =
                "Moves data between the kernel and the stack through a TAP, in both directions at once, with a hash at"
                        + " either end of each. Exit status 0 only if hashes are equal, memory has not grown, and nothing was"
                        + " lost.",
        mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double BITS_PER_BYTE = 8;
    private static final double GIGA = 1e9;
    private static final double MIB = 1 << 20;
    private static final int SAMPLES = 60;
    private static final double LEAST_SECONDS = 50;

    /** Until what was in flight has arrived. */
    private static final int REST_MILLIS = 20;

    /** What may come and go: classes and profiles on the heap, frames and rings beside it, all of that and malloc's. */
    private static final double HEAP_SLACK = 4 * MIB;

    private static final double DIRECT_SLACK = 4 * MIB;
    private static final double RESIDENT_SLACK = 16 * MIB;

    private static final Gson GSON = new Gson();

    @Option(names = "--minutes", paramLabel = "M", description = "How long. Default: ${DEFAULT-VALUE}")
    private double minutes = 10;

    @Option(names = "--plain", description = "Without the link's checksums and segmentation")
    private boolean plain;

    @Option(names = "--java", paramLabel = "PATH", description = "Command of the JVM. Default: the one that runs this")
    private String java = Jvm.current();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the results")
    private @Nullable Path json;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Where to write a JFR recording of the stack's process")
    private @Nullable Path recording;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0)) {
            throw new ParameterException(spec.commandLine(), "a run takes some minutes, or a part of one");
        }
        Jvm jvm = new Jvm(java, recording == null ? null : recording.toAbsolutePath());
        Soak soak;
        try (Network network = new Network()) {
            Network.Namespace namespace = network.add();
            List<String> stackEnd = jvm.command(SoakEnd.class.getName(), "stack", plain ? "off" : "on");
            List<String> kernelEnd = jvm.unrecorded().command(SoakEnd.class.getName(), "kernel");
            try (Child stack = new Child(namespace.command(stackEnd))) {
                stack.await("listening");
                try (Child kernel = new Child(namespace.command(kernelEnd))) {
                    kernel.await("connected");
                    soak = run(stack, kernel);
                }
            }
        }
        print(soak);
        if (json != null) {
            Results.write(json, soak);
        }
        return soak.faults().isEmpty() ? 0 : 1;
    }

    private Soak run(Child stack, Child kernel) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        double goal = minutes * SECONDS_PER_MINUTE;
        stack.ask("start");
        kernel.ask("start");
        long begin = System.nanoTime();
        double elapsed = 0;
        for (int i = 1; i <= SAMPLES; i++) {
            Thread.sleep((long) Math.max((goal * i / SAMPLES - elapsed) * 1e3, 0));
            SoakEnd.State state = stateAtRest(stack, kernel);
            elapsed = (System.nanoTime() - begin) / GIGA;
            samples.add(
                    new Sample(elapsed, state.heapBytes(), state.directBytes(), ProcFiles.residentBytes(stack.pid())));
        }
        stack.tell("finish");
        SoakStream.Totals atKernel = GSON.fromJson(kernel.ask("finish"), SoakStream.Totals.class);
        SoakStream.Totals atStack = GSON.fromJson(stack.readLine(), SoakStream.Totals.class);
        List<Direction> directions = List.of(
                direction("kernel to stack", atKernel, atStack), direction("stack to kernel", atStack, atKernel));
        long stackResent =
                GSON.fromJson(stack.ask("state"), SoakEnd.State.class).retransmissions();
        long kernelResent = ProcFiles.counter(kernel.pid(), "Tcp", "RetransSegs");
        long needless = ProcFiles.counter(kernel.pid(), "TcpExt", "TCPDSACKRecv");
        return new Soak(
                Machine.describe(),
                Machine.jdkVersion(java),
                elapsed,
                !plain,
                directions,
                stackResent,
                kernelResent,
                needless,
                samples,
                faults(directions, stackResent, kernelResent - needless, samples));
    }

    /** A collection stops the JVM for milliseconds, which to a peer that sends looks like a loss: so nobody sends then. */
    private static SoakEnd.State stateAtRest(Child stack, Child kernel) throws IOException, InterruptedException {
        stack.ask("rest");
        kernel.ask("rest");
        Thread.sleep(REST_MILLIS);
        SoakEnd.State state = GSON.fromJson(stack.ask("state"), SoakEnd.State.class);
        stack.ask("go on");
        kernel.ask("go on");
        return state;
    }

    private static Direction direction(String name, SoakStream.Totals from, SoakStream.Totals to) {
        return new Direction(name, from.sent(), to.received(), from.sentHash(), to.receivedHash());
    }

    static List<String> faults(List<Direction> directions, long stackResent, long kernelResent, List<Sample> samples) {
        List<String> faults = new ArrayList<>();
        for (Direction each : directions) {
            if (each.sentBytes() != each.receivedBytes() || each.sentHash() != each.receivedHash()) {
                faults.add(each.name() + ": what was received is not what was sent");
            } else if (each.sentBytes() == 0) {
                faults.add(each.name() + ": nothing was sent");
            }
        }
        if (stackResent > 0) {
            faults.add("the stack has sent " + stackResent + " segments again");
        }
        if (kernelResent > 0) {
            faults.add("the kernel has had to send " + kernelResent + " segments again");
        }
        growth(faults, "the heap", samples, Sample::heapBytes, HEAP_SLACK);
        growth(faults, "memory in direct buffers", samples, Sample::directBytes, DIRECT_SLACK);
        growth(faults, "the process", samples, Sample::residentBytes, RESIDENT_SLACK);
        return faults;
    }

    /** A short run is all warming up, and tells nothing. */
    private static void growth(
            List<String> faults, String what, List<Sample> samples, ToLongFunction<Sample> bytes, double slack) {
        List<Double> values = samples.stream()
                .map(sample -> (double) bytes.applyAsLong(sample))
                .toList();
        double seconds = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).seconds();
        if (seconds >= LEAST_SECONDS && Growth.grows(values, slack)) {
            faults.add(what + " grows");
        }
    }

    private void print(Soak soak) {
        PrintWriter out = spec.commandLine().getOut();
        for (Direction each : soak.directions()) {
            out.printf(
                    Locale.ROOT,
                    "%-16s %,.1f GB, %.2f Gbit/s, CRC-32C %08x sent, %08x received%n",
                    each.name(),
                    each.receivedBytes() / GIGA,
                    each.receivedBytes() * BITS_PER_BYTE / GIGA / soak.seconds(),
                    each.sentHash(),
                    each.receivedHash());
        }
        out.printf(
                "retransmissions: %d of the stack's, %d of the kernel's, of which %d were needless%n",
                soak.stackRetransmissions(), soak.kernelRetransmissions(), soak.needless());
        for (int i : new int[] {0, SAMPLES / 3, SAMPLES - 1}) {
            Sample sample = soak.samples().get(i);
            out.printf(
                    Locale.ROOT,
                    "after %,.0f s: heap %.1f MiB, direct %.1f MiB, resident %.1f MiB%n",
                    sample.seconds(),
                    sample.heapBytes() / MIB,
                    sample.directBytes() / MIB,
                    sample.residentBytes() / MIB);
        }
        out.println(soak.faults().isEmpty() ? "all is well" : "FAULTS: " + String.join("; ", soak.faults()));
        out.flush();
    }
}
