package dev.towpath.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say is so: the README's programs compile and run, and the classes that the pages name exist. */
class ReadmeTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS_NAME = Pattern.compile("public class (\\w+)");
    /** A class in a document's code font, such as {@code `tcp/Output`} or {@code `TapWait.await`}. */
    private static final Pattern NAMED_CLASS =
            Pattern.compile("`(?:[a-z0-9]+[/.])*([A-Z]\\w*[a-z]\\w*)(?:\\.[a-z]\\w*)?`");

    @Test
    void thePrograms(@TempDir Path temp) throws Exception {
        List<String> names = compilePrograms(TOP.resolve("README.md"), temp);
        assertThat(names).containsExactly("EchoServer", "Samples", "LossyNetwork");
        assertThat(outputOf("Samples", temp)).isEqualTo("64 datagrams from 192.0.2.1, the last says 3969\n");
        assertThat(outputOf("LossyNetwork", temp)).startsWith("500000 bytes arrived after ");
    }

    @Test
    void theSimulatorsPrograms(@TempDir Path temp) throws Exception {
        List<String> names = compilePrograms(TOP.resolve("docs").resolve("simulator.md"), temp);
        assertThat(names).containsExactly("SplitBrain", "RegisterTest");
        assertThat(outputOf("SplitBrain", temp))
                .isEqualTo("PT1.06S: north answers pong\nPT4S: south is silent\nPT9.06S: south answers pong\n");
    }

    @Test
    void theClassesThatThePagesName() throws Exception {
        List<String> sources;
        try (Stream<Path> files = Files.walk(TOP)) {
            sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
        }
        for (String page : List.of("follow-a-packet.md", "architecture.md", "simulator.md", "drop-in.md")) {
            Matcher named =
                    NAMED_CLASS.matcher(Files.readString(TOP.resolve("docs").resolve(page)));
            List<String> missing = named.results()
                    .map(MatchResult::group)
                    .filter(name -> !isJdk(name))
                    .filter(name -> !sources.contains(NAMED_CLASS.matcher(name).replaceFirst("$1")))
                    .toList();
            assertThat(missing).as(page).isEmpty();
        }
    }

    private static boolean isJdk(String name) {
        String simple = NAMED_CLASS.matcher(name).replaceFirst("$1");
        return name.contains("java.")
                || Stream.of("java.io.", "java.lang.", "java.net.", "java.nio.channels.", "java.nio.channels.spi.")
                        .anyMatch(where -> exists(where + simple));
    }

    private static boolean exists(String className) {
        try {
            Class<?> ignored = Class.forName(className, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static List<String> compilePrograms(Path page, Path into) throws Exception {
        List<String> names = new ArrayList<>();
        List<String> files = new ArrayList<>();
        Matcher programs = PROGRAM.matcher(Files.readString(page));
        for (MatchResult program : programs.results().collect(Collectors.toList())) {
            String source = program.group(1);
            Matcher name = CLASS_NAME.matcher(source);
            assertThat(name.find()).as(source).isTrue();
            Path file = Files.writeString(into.resolve(name.group(1) + ".java"), source);
            names.add(name.group(1));
            files.add(file.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments =
                new ArrayList<>(List.of("-d", into.toString(), "-cp", System.getProperty("java.class.path")));
        arguments.addAll(files);
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        int result = compiler.run(null, complaints, complaints, arguments.toArray(String[]::new));
        assertThat(result).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
        return names;
    }

    private static String outputOf(String program, Path classes) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, ReadmeTest.class.getClassLoader())) {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            loader.loadClass(program).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(console);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
