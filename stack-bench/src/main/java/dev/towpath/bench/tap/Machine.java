package dev.towpath.bench.tap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What figures depend on. */
final class Machine {
    private Machine() {}

    /** Processors and kernel in one line. */
    static String describe() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
        String model = lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch", "unknown"));
        return Runtime.getRuntime().availableProcessors() + " processors (" + model + "), Linux "
                + System.getProperty("os.version");
    }

    /** Version of the JVM that {@code java} starts. */
    static String jdkVersion(String java) throws IOException {
        Process process = new ProcessBuilder(java, "-XshowSettings:properties", "-version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("java.version ="))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
