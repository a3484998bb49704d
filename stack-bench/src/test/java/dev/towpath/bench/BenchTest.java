package dev.towpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is not understood is said to be so, in one line and the usage. */
class BenchTest {
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare --work fly     | there is no work 'fly', only in, out, rr",
                "compare --mode naked   | offload",
                "compare --rounds 0     | turns are at least one",
                "compare --seconds -1   | turns are at least one",
                "compare --warm-up 0    | turns are at least one",
                "soak --minutes 0       | a run takes some minutes",
                "dance                  | dance",
            })
    void whatIsNotUnderstood(String arguments, String complaint) {
        assertThat(run(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).containsIgnoringCase(complaint);
    }

    @Test
    void helpIsThere() {
        assertThat(run("compare --help")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    private int run(String arguments) {
        return Bench.commandLine()
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments.split(" ", -1));
    }
}
