package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.Bench;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The measurement of datagrams works, for every pair of ends. What comes out in so short a time means nothing. */
@Timeout(120)
class DatagramsIT {
    @BeforeAll
    static void possible() throws InterruptedException {
        BenchTests.assumeTap();
    }

    @ParameterizedTest
    @CsvSource({"batch, auto", "super, off"})
    void somethingArrivesEverywhere(String how, String offload) {
        StringWriter text = new StringWriter();
        CommandLine bench = Bench.commandLine().setOut(new PrintWriter(text));
        int status = bench.execute(
                "datagrams", "--how", how, "--offload", offload, "--bytes", "64", "--rounds", "1", "--seconds", "0.1");
        assertThat(status).isZero();
        assertThat(text.toString().lines().skip(1))
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line).matches("  (kernel|stack) > (kernel|stack) +[1-9][0-9,]* +[0-9.]+"));
    }
}
