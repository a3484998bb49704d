package dev.towpath.cli;

import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The runnable jar. */
@Command(
        name = "towpath",
        description = "A TCP/IP stack in user space: a Java program with its own IP address.",
        mixinStandardHelpOptions = true,
        version = "towpath 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DemoCommand.class, ServeCommand.class, PingCommand.class, FetchCommand.class})
public final class Main {
    private Main() {}

    /** Runs a command; the exit status is 0 if it did what it was asked, 1 if not, and 2 if it was not understood. */
    public static void main(String[] arguments) {
        if (System.getProperty("jffi.unsafe.disabled") == null) {
            System.setProperty(
                    "jffi.unsafe.disabled", "true"); // JDK 24+ warns of sun.misc.Unsafe, and JNR does without
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(IpAddress.class, IpAddress::parse)
                .registerConverter(MacAddress.class, MacAddress::parse)
                .registerConverter(IpPrefix.class, IpPrefix::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed);
    }

    /** One line for what the user can do something about; a stack trace for a mistake of ours. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof IOException || e instanceof IllegalArgumentException) {
            command.getErr().println("towpath " + command.getCommandName() + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }
}
