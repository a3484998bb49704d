package dev.towpath.bench.report;

/** The commands that repeat the figures, as the page gives them. */
final class Commands {
    static final String BUILD = "mvn -q package -DskipTests";

    private static final String JAR = "stack-bench/target/benchmarks.jar";
    private static final String BENCH = "java -cp " + JAR + " dev.towpath.bench.Bench ";

    static final String REPORT = BENCH + "report";
    static final String PROFILE = BENCH + "profile";

    /** The benchmarks that have a goal or a chart. */
    static final String BENCHMARKS =
            "'SegmentBenchmark|AckBenchmark|HandshakeBenchmark|DemuxBenchmark.hit|TimerBenchmark.rearmLaterAndPoll|BulkBenchmark|EchoBenchmark"
                    + "|ManyConnectionsBenchmark'";

    private Commands() {}

    static String compare(String resultSet) {
        return BENCH + "compare --json " + file(resultSet, ResultSet.COMPARISON);
    }

    static String jmh(String resultSet) {
        return "java -jar " + JAR + " " + BENCHMARKS + " -wi 2 -i 3 -prof gc -rf json -rff "
                + file(resultSet, ResultSet.JMH);
    }

    static String connections(String resultSet) {
        return "java -Xmx6g -cp " + JAR + " dev.towpath.bench.Bench connections --json "
                + file(resultSet, ResultSet.CONNECTIONS);
    }

    static String datagrams(String resultSet) {
        return BENCH + "datagrams --rounds 3 --json " + file(resultSet, ResultSet.DATAGRAMS);
    }

    static String soak(String resultSet) {
        return BENCH + "soak --minutes 10 --json " + file(resultSet, ResultSet.SOAK);
    }

    /** Some of the works of {@code compare}. */
    static String works(String words) {
        return BENCH + "compare --work " + words;
    }

    /** One of the benchmarks. */
    static String benchmark(String pattern) {
        return "java -jar " + JAR + " " + pattern + " -prof gc";
    }

    private static String file(String resultSet, String name) {
        return "docs/performance/" + resultSet + "/" + name;
    }
}
