package dev.towpath.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.Bench;
import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Comparison;
import dev.towpath.bench.tap.Comparison.Measurement;
import dev.towpath.bench.tap.Comparison.SystemRuns;
import dev.towpath.bench.tap.Run;
import dev.towpath.bench.tap.Soak;
import dev.towpath.bench.tap.Soak.Direction;
import dev.towpath.bench.tap.Soak.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of made-up results, and that of the project's own, which must be what they come to. */
class ReportTest {
    private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();

    private static final String JMH = """
            [{"benchmark": "dev.towpath.bench.SegmentBenchmark.in", "jdkVersion": "17",
              "params": {"link": "PLAIN", "batch": "16"},
              "primaryMetric": {"score": 150.4, "scoreError": "NaN", "scoreUnit": "ns/op"},
              "secondaryMetrics": {"·gc.alloc.rate.norm": {"score": 0.0, "scoreError": 0.0, "scoreUnit": "B/op"}}},
             {"benchmark": "dev.towpath.bench.BulkBenchmark.send64KiB", "jdkVersion": "17",
              "params": {"driver": "SIMULATED", "link": "PLAIN"},
              "primaryMetric": {"score": 52428.8, "scoreError": 1.0, "scoreUnit": "ns/op"}},
             {"benchmark": "dev.towpath.bench.ManyConnectionsBenchmark.segment", "jdkVersion": "17",
              "params": {"connections": "1000"},
              "primaryMetric": {"score": 900, "scoreError": 1.0, "scoreUnit": "ns/op"}}]
            """;

    private static final String CONNECTIONS = """
            {"java": "17", "active": 100, "counts": [
              {"connections": 1000, "heapBytesPerEnd": 700, "offHeapBytesPerEnd": 2, "bytesPerEnd": 702,
               "setUpSeconds": 0.1, "activeGbps": 10, "activeAloneGbps": 11},
              {"connections": 1000000, "heapBytesPerEnd": 1100, "offHeapBytesPerEnd": 0, "bytesPerEnd": 1100,
               "setUpSeconds": 9, "activeGbps": 10, "activeAloneGbps": 11}]}
            """;

    private static final String DATAGRAMS = """
            {"machine": "a machine", "jdk": "17", "offload": true, "measurements": [
              {"bytes": 64, "how": "batch", "pairs": [
                {"name": "kernel > kernel", "rates": [100000, 200000]},
                {"name": "kernel > stack", "rates": [200000, 400000]},
                {"name": "stack > kernel", "rates": [50000, 100000]}]}]}
            """;

    @TempDir
    private Path docs = Path.of("");

    @BeforeEach
    void results() throws IOException {
        Path results = Files.createDirectories(docs.resolve("performance").resolve("jdk17"));
        Files.writeString(results.resolve("jmh.json"), JMH);
        Files.writeString(results.resolve("connections.json"), CONNECTIONS);
        Files.writeString(results.resolve("datagrams.json"), DATAGRAMS);
        Files.writeString(docs.resolve("performance").resolve("findings.md"), "## Findings\n\nWords of ours.\n");
        Results.write(
                results.resolve("comparison.json"),
                new Comparison(
                        "a machine",
                        "17.0.1",
                        3,
                        1,
                        List.of(
                                measurement("in", "Gbit/s", runs("kernel", 10, 20, 40), runs("stack", 20, 30, 20)),
                                measurement("rr", "round trips/s", runs("kernel", 10), runs("stack", 12)))));
        Results.write(
                results.resolve("soak.json"),
                new Soak(
                        "a machine",
                        "17.0.1",
                        600,
                        true,
                        List.of(new Direction("kernel to stack", 75_000_000_000L, 75_000_000_000L, 0xabcL, 0xabcL)),
                        0,
                        3,
                        1,
                        List.of(new Sample(1, 1 << 20, 2 << 20, 3 << 20)),
                        List.of("the kernel has sent 3 segments again")));
    }

    @Test
    void figuresAreMediansAndRatiosThoseOfPairs() throws IOException {
        // pairs 2, 1.5 and 0.5
        assertThat(page())
                .contains("| in | offload | Gbit/s | 20.0 | – | 20.0 | 1.50 | – |")
                .contains("| in | offload | ≥ 1 × kernel | 1.50 |");
    }

    @Test
    void whatMissesItsGoalIsBold() throws IOException {
        assertThat(page())
                .contains("| rr | offload | ≥ 1.15 × kernel | 1.20 |")
                .contains("| in | offload | ≥ 0.8 × ceiling | – |")
                .contains("`SegmentBenchmark.in` | ≤ 200 ns | 150 |")
                .contains("`BulkBenchmark.send64KiB` | ≥ 20 Gbit/s | **10.0** |")
                .contains("| 1,000 | 700 | 2.00 | 702 |")
                .contains("| 1,000,000 | 1,100 | 0 | **1,100** |");
    }

    @Test
    void datagramsStandBesideThoseFromKernelToKernel() throws IOException {
        assertThat(page()).contains("| 64 | batch | 17 | 150,000 (1.00) | 300,000 (2.00) | **75,000 (0.50)** |");
    }

    @Test
    void longRunAndWordsArePartOfIt() throws IOException {
        assertThat(page())
                .contains("| kernel to stack | 75.0 | 1.00 | 00000abc | 00000abc | 3 |")
                .contains("**the kernel has sent 3 segments again**")
                .contains("## Findings\n\nWords of ours.\n");
    }

    @Test
    void chartsAreXmlAndThePageShowsThem() throws Exception {
        SortedMap<String, String> files = ReportCommand.files(docs);
        assertThat(files.keySet())
                .containsExactly(
                        "performance.md",
                        "performance/latency-jdk17.svg",
                        "performance/memory.svg",
                        "performance/segments.svg",
                        "performance/throughput-jdk17.svg");
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (file.getKey().endsWith(".svg")) {
                assertThat(page()).contains("](" + file.getKey() + ")");
                var parsed = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new org.xml.sax.InputSource(new java.io.StringReader(file.getValue())));
                assertThat(parsed.getDocumentElement().getTagName()).isEqualTo("svg");
                assertThat(file.getValue()).doesNotContain("NaN").doesNotContain("Infinity");
            }
        }
    }

    @Test
    void theCommandWritesThem() throws IOException {
        assertThat(report(docs)).isEmpty();
        assertThat(docs.resolve("performance.md")).hasContent(page());
        assertThat(docs.resolve("performance").resolve("memory.svg")).exists();
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(report(docs.resolve("elsewhere"))).contains("there is no directory");
    }

    @Test
    void aFileOfSomethingElseIsSaidToBe() throws IOException {
        Files.writeString(docs.resolve("performance").resolve("jdk17").resolve("jmh.json"), "{\"a\": 1}");
        assertThat(report(docs)).contains("jmh.json is not what was expected");
    }

    @Test
    void theProjectsPageIsWhatItsResultsComeTo() throws IOException {
        for (Map.Entry<String, String> file : ReportCommand.files(DOCS).entrySet()) {
            assertThat(DOCS.resolve(file.getKey()))
                    .as("made anew by: " + Commands.REPORT)
                    .hasContent(file.getValue());
        }
    }

    private String page() throws IOException {
        return String.valueOf(ReportCommand.files(docs).get("performance.md"));
    }

    /** Runs the command; what it complains about. */
    private static String report(Path docs) {
        StringWriter err = new StringWriter();
        int status = Bench.commandLine()
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute("report", "--docs", docs.toString());
        assertThat(status).isEqualTo(err.toString().isEmpty() ? 0 : 1);
        return err.toString();
    }

    private static Measurement measurement(String work, String unit, SystemRuns... systems) {
        return new Measurement(work, true, unit, List.of(systems));
    }

    private static SystemRuns runs(String system, double... values) {
        return new SystemRuns(
                system,
                Arrays.stream(values)
                        .mapToObj(value -> new Run(value, null, null, 0, 0, Map.of("50", 10.0, "99", 40.0), null))
                        .toList());
    }
}
