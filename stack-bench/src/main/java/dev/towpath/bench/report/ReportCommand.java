package dev.towpath.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report}: the page of all results. */
@Command(
        name = "report",
        description = {
            "Makes performance.md and its charts of the results in DOCS/performance: a directory for each JDK, such as jdk17,"
                    + " with comparison.json, jmh.json, connections.json and soak.json, as far as they are there; and"
                    + " findings.md, which people write."
        },
        mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {
    private static final String RESULTS = "performance";

    @Option(names = "--docs", paramLabel = "DOCS", description = "The documents' directory. Default: ${DEFAULT-VALUE}")
    private Path docs = Path.of("docs");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        for (Map.Entry<String, String> file : files(docs).entrySet()) {
            Files.writeString(docs.resolve(file.getKey()), file.getValue());
        }
        spec.commandLine().getOut().println(docs.resolve("performance.md"));
        return 0;
    }

    /** What the results in {@code docs} come to: text by file name. */
    static SortedMap<String, String> files(Path docs) throws IOException {
        Path results = docs.resolve(RESULTS);
        if (!Files.isDirectory(results)) {
            throw new IOException("there is no directory " + results + " with results");
        }
        List<ResultSet> all = ResultSet.readAll(results);
        Path findings = results.resolve("findings.md");
        SortedMap<String, String> files = new TreeMap<>();
        files.put(
                "performance.md",
                new PerformancePage(all, Files.exists(findings) ? Files.readString(findings) : "").markdown());
        Charts.of(all).forEach((name, svg) -> files.put(RESULTS + "/" + name, svg));
        return files;
    }
}
