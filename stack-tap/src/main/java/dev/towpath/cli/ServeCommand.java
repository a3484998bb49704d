package dev.towpath.cli;

import dev.towpath.cli.service.ServiceLoop;
import dev.towpath.cli.service.Services;
import dev.towpath.cli.service.WarmUp;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: small services on a TAP until the process is ended. */
@Command(
        name = "serve",
        description =
                "Brings a stack up on a TAP in the current network namespace and offers the standard small services"
                        + " on TCP and UDP, and a web page, until SIGTERM or Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private TapOptions options = new TapOptions();

    @Option(
            names = "--echo",
            paramLabel = "PORT",
            description = "Echo (RFC 862); 0 for none. Default: ${DEFAULT-VALUE}")
    private int echo = Services.STANDARD.echo();

    @Option(names = "--discard", paramLabel = "PORT", description = "Discard (RFC 863). Default: ${DEFAULT-VALUE}")
    private int discard = Services.STANDARD.discard();

    @Option(names = "--daytime", paramLabel = "PORT", description = "Daytime (RFC 867). Default: ${DEFAULT-VALUE}")
    private int daytime = Services.STANDARD.daytime();

    @Option(
            names = "--chargen",
            paramLabel = "PORT",
            description = "Character generator (RFC 864). Default: ${DEFAULT-VALUE}")
    private int chargen = Services.STANDARD.chargen();

    @Option(names = "--http", paramLabel = "PORT", description = "Web server, on TCP. Default: ${DEFAULT-VALUE}")
    private int http = Services.STANDARD.http();

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description =
                    "Have the JVM compile what serves connections before the first comes, with traffic in memory until"
                            + " that is done, there is real traffic, or so much time is over; 0 for not at all. Default: ${DEFAULT-VALUE}")
    private double warmUp = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TapOptions.Host host = options.open();
        ServiceLoop loop = new ServiceLoop(host.stack());
        try (host;
                loop) {
            new Services(echo, discard, daytime, chargen, http).addTo(loop, host.stack());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(loop, host), "towpath-end"));
            loop.start();
            out.println(host.description());
            out.println(ports());
            if (warmUp > 0) {
                new WarmUp((long) (warmUp * 1e9), host.offload(), host::framesReceived).start();
            }
            loop.join();
            return 0;
        }
    }

    private String ports() {
        return "echo " + echo + ", discard " + discard + ", daytime " + daytime + ", chargen " + chargen + ", http "
                + http + "; Ctrl-C ends it";
    }

    /** On SIGTERM or Ctrl-C: first the services, then the stack, then the capture. */
    private void end(ServiceLoop loop, TapOptions.Host host) {
        try (host;
                loop) {
            spec.commandLine().getOut().flush();
        } catch (IOException e) {
            spec.commandLine().getErr().println("towpath serve: " + e.getMessage());
        }
    }
}
