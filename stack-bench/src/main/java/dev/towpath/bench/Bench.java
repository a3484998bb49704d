package dev.towpath.bench;

import dev.towpath.bench.connections.ConnectionsCommand;
import dev.towpath.bench.report.ProfileCommand;
import dev.towpath.bench.report.ReportCommand;
import dev.towpath.bench.tap.CompareCommand;
import dev.towpath.bench.tap.DatagramCommand;
import dev.towpath.bench.tap.HttpCommand;
import dev.towpath.bench.tap.SoakCommand;
import dev.towpath.bench.tap.Work;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The measurements that are no JMH benchmarks, and the report that is made of all. */
@Command(
        name = "bench",
        description = "Measures the stack on a TAP, and makes docs/performance.md of what all measurements found.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CompareCommand.class,
            ConnectionsCommand.class,
            DatagramCommand.class,
            HttpCommand.class,
            SoakCommand.class,
            ProfileCommand.class,
            ReportCommand.class
        })
public final class Bench {
    private Bench() {}

    /** Runs a command; the exit status is 0 if all went well, 1 if not, and 2 if it was not understood. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands. */
    public static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .registerConverter(Work.class, Work::of)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Bench::failed);
    }

    /** One line for what the user can do something about; a stack trace for a mistake of ours. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof IOException) {
            command.getErr().println("bench " + command.getCommandName() + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }
}
