package dev.towpath.bench.report;

import dev.towpath.bench.Results;
import dev.towpath.bench.tap.Comparison;
import dev.towpath.bench.tap.DatagramRates;
import dev.towpath.bench.tap.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was measured with one JDK: the files of one directory. None of them has to be there.
 *
 * @param name of the directory, such as {@code jdk17}
 */
record ResultSet(
        String name,
        @Nullable Comparison comparison,
        List<JmhResult> jmh,
        @Nullable ConnectionCounts connections,
        @Nullable DatagramRates datagrams,
        @Nullable Soak soak) {
    /** Written by {@code compare}. */
    static final String COMPARISON = "comparison.json";

    /** Written by JMH. */
    static final String JMH = "jmh.json";

    /** Written by {@code connections}. */
    static final String CONNECTIONS = "connections.json";

    /** Written by {@code datagrams}. */
    static final String DATAGRAMS = "datagrams.json";

    /** Written by {@code soak}. */
    static final String SOAK = "soak.json";

    /** What {@code connections} writes. */
    record ConnectionCounts(List<Count> counts) {}

    /** What was found with one number of connections. */
    record Count(
            int connections,
            double heapBytesPerEnd,
            double offHeapBytesPerEnd,
            double bytesPerEnd,
            double setUpSeconds,
            double activeGbps,
            double activeAloneGbps) {}

    /** The directories in {@code results}, in the order of their names. */
    static List<ResultSet> readAll(Path results) throws IOException {
        List<Path> directories;
        try (Stream<Path> children = Files.list(results)) {
            directories = children.filter(Files::isDirectory).sorted().toList();
        }
        List<ResultSet> all = new ArrayList<>();
        for (Path directory : directories) {
            all.add(read(directory));
        }
        return all;
    }

    private static ResultSet read(Path directory) throws IOException {
        JmhResult[] jmh = optional(directory.resolve(JMH), JmhResult[].class);
        return new ResultSet(
                directory.getFileName().toString(),
                optional(directory.resolve(COMPARISON), Comparison.class),
                jmh == null ? List.of() : List.of(jmh),
                optional(directory.resolve(CONNECTIONS), ConnectionCounts.class),
                optional(directory.resolve(DATAGRAMS), DatagramRates.class),
                optional(directory.resolve(SOAK), Soak.class));
    }

    private static <T> @Nullable T optional(Path file, Class<T> type) throws IOException {
        return Files.exists(file) ? Results.read(file, type) : null;
    }

    /** For people: {@code JDK 17}. */
    String title() {
        return name.replaceFirst("^jdk", "JDK ");
    }

    /** The results of a benchmark, {@code Class.method}, with all of its parameters. */
    List<JmhResult> jmh(String benchmark) {
        return jmh.stream().filter(each -> each.name().equals(benchmark)).toList();
    }
}
