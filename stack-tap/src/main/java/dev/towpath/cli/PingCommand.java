package dev.towpath.cli;

import dev.towpath.stack.EchoReply;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ping}: ICMP echo from a stack on a TAP. */
@Command(
        name = "ping",
        description =
                "Brings a stack up on a TAP in the current network namespace and sends ICMP echo requests from it.",
        mixinStandardHelpOptions = true)
final class PingCommand implements Callable<Integer> {
    @Mixin
    private TapOptions options = new TapOptions();

    @Parameters(paramLabel = "ADDRESS", description = "Whom to ping")
    private IpAddress destination = IpAddress.ANY_V4;

    @Option(names = "--count", paramLabel = "N", description = "Requests to send. Default: ${DEFAULT-VALUE}")
    private int count = 4;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "Time from one request to the next. Default: ${DEFAULT-VALUE}")
    private double interval = 1;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for each reply. Default: ${DEFAULT-VALUE}")
    private double timeout = 2;

    @Option(names = "--size", paramLabel = "BYTES", description = "Data in each request. Default: ${DEFAULT-VALUE}")
    private int size = 56;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (TapOptions.Host host = options.open()) {
            out.println(host.description());
            int answered = 0;
            long next = System.nanoTime();
            for (int sequence = 1; sequence <= count; sequence++) {
                Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
                next += seconds(interval).toNanos();
                Optional<EchoReply> reply = host.stack().ping(destination, size, seconds(timeout));
                answered += reply.isPresent() ? 1 : 0;
                out.println(sequence + ": " + reply.map(PingCommand::describe).orElse("no answer"));
            }
            out.println(count + " sent, " + answered + " answered");
            return answered > 0 ? 0 : 1;
        }
    }

    private static String describe(EchoReply reply) {
        return String.format(
                Locale.ROOT, "%d bytes from %s in %.3f ms", reply.bytes(), reply.from(), reply.roundTripNanos() / 1e6);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
