package dev.towpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one operation of every benchmark with each of its parameters, so that none rots. Measures nothing. */
class BenchmarksTest {
    @TestFactory
    Stream<DynamicTest> runs() {
        Set<BenchmarkListEntry> all = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), java.util.List.of());
        assertThat(all).isNotEmpty();
        return all.stream()
                .map(BenchmarkListEntry::getUsername)
                .map(name -> DynamicTest.dynamicTest(name, () -> runOnce(name)));
    }

    private static void runOnce(String benchmark) throws RunnerException {
        var results = new Runner(new OptionsBuilder()
                        .include("^" + benchmark.replace(".", "\\.") + "$")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertThat(results).isNotEmpty();
    }
}
