package dev.towpath.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.agent.programs.PlainEcho;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM with the packaged jar, in the network namespace of the tests. */
final class Child implements AutoCloseable {
    static final Path JAR = Path.of("target", "towpath.jar").toAbsolutePath();

    private static final Path CLASSES = copied();

    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private Child(Process process, Path errors) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.errors = errors;
    }

    /** Runs {@code program}; the test's classes are on its class path, and neither Towpath nor any library. */
    static Child run(Map<String, String> environment, List<String> options, Class<?> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classes()));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        return new Child(builder.start(), errors);
    }

    static Child underAgent(String agentOptions, Class<?> program, String... arguments) throws IOException {
        return run(Map.of(), List.of(agent(agentOptions)), program, arguments);
    }

    static String agent(String options) {
        return "-javaagent:" + JAR + (options.isEmpty() ? "" : "=" + options);
    }

    /** The class path of the programs: they alone, for neither the test's classes nor Towpath's are theirs. */
    static String classes() {
        return CLASSES.toString();
    }

    private static Path copied() {
        String folder = PlainEcho.class.getPackageName().replace('.', '/');
        try {
            URL location = PlainEcho.class.getProtectionDomain().getCodeSource().getLocation();
            Path from = Path.of(location.toURI()).resolve(folder);
            Path top = Files.createTempDirectory("programs");
            Files.createDirectories(top.resolve(folder));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
                for (Path file : files) {
                    Files.copy(file, top.resolve(folder).resolve(file.getFileName()));
                }
            }
            return top;
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    String nextLine() throws IOException {
        String line = out.readLine();
        return line == null ? "(the program has ended; it complained: " + complaints() + ")" : line;
    }

    /** Waits for its end, and returns its exit status. */
    int end() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it has ended").isTrue();
        return process.exitValue();
    }

    /** What it has said on the standard error stream. */
    List<String> complaints() throws IOException {
        return Files.readAllLines(errors);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
