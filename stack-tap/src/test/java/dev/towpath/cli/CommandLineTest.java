package dev.towpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyCommandHasHelp() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("Usage: towpath " + command);
        }
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve", "ping", "fetch");
    }

    @Test
    void helpNamesTheDefaults() {
        run("serve", "--help");
        assertThat(out.toString()).contains("tap0", "192.0.2.2/24", "1500", "--echo=PORT");
    }

    @Test
    void nonsenseIsRefusedInOneLine() {
        assertThat(run("serve", "--address", "192.0.2.2")).isEqualTo(2);
        assertThat(err.toString()).contains("'192.0.2.2' is not an address with prefix length");
    }

    @Test
    void whatCannotBeDoneIsSaidInOneLine() {
        assertThat(run("serve", "--tap", "a name that is too long")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("towpath serve: ")
                .contains("1 to 15 letters")
                .hasLineCount(1);
    }

    @Test
    void aBudgetThatIsTooSmallIsRefusedBeforeAnythingIsOpened() {
        assertThat(run("serve", "--memory", "0")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("towpath serve: ")
                .contains("memory budget of at least 1 MiB")
                .hasLineCount(1);
    }

    @Test
    void fetchTakesHttpOnly() {
        assertThat(run("fetch", "https://192.0.2.1/")).isEqualTo(1);
        assertThat(err.toString()).contains("http://192.0.2.1:8080/");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
