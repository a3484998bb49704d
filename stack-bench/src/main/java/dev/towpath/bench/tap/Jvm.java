package dev.towpath.bench.tap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to start a JVM with this one's classes.
 *
 * @param java its command
 * @param recording file for a JFR recording, if there shall be one
 */
record Jvm(String java, @Nullable Path recording) {
    /** The options without which JDK 24 and later warn about JNR; they make nothing faster. */
    private static final List<String> OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "-Djffi.unsafe.disabled=true");

    /** The one that runs this. */
    static String current() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The same without a recording. */
    Jvm unrecorded() {
        return new Jvm(java, null);
    }

    /** The command line of {@code main}. */
    List<String> command(String main, String... arguments) {
        return command(List.of(), main, arguments);
    }

    /** The same with further options of the JVM. */
    List<String> command(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(OPTIONS);
        command.addAll(options);
        if (recording != null) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main));
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
