package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the differences is the list of the differences. */
class DifferencesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "parity.md");
    private static final Path TESTS = Path.of("src", "test", "java", "dev", "towpath", "parity");
    private static final String COMMAND =
            "mvn -q -pl stack-core test -Dtest=DifferencesPageTest -Dtowpath.rewrite=true";

    private static final String INTRODUCTION = """
        # Where Towpath differs from the JDK on Linux

        Made by `DifferencesPageTest`. One suite ([dev.towpath.parity](%s)) runs over the JDK's channels and
        sockets on the kernel's loopback, over a stack's loopback and over a wire between two stacks, and expects
        the same of all three, on JDK 17 and 25: what each call does in each state (tables that the JDK has written),
        options, exceptions and their messages, readiness, half close and reset, races of close and interrupt. Where
        the two JDKs differ, the stack does what 25 does. These are all the differences that it knows of. To write
        the page anew:

        ```sh
        %s
        ```

        | what is different | why it stays so | tests |
        |---|---|---|
        """.formatted("../stack-core/src/test/java/dev/towpath/parity", COMMAND);

    @Test
    void isAsCheckedIn() throws IOException {
        String now = text();
        if (Boolean.getBoolean("towpath.rewrite")) {
            Files.writeString(PAGE, now);
        }
        assertThat(now)
                .as("docs/parity.md differs; if that is meant, write it anew with: " + COMMAND)
                .isEqualTo(Files.readString(PAGE));
    }

    private static String text() throws IOException {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Difference each : Difference.values()) {
            List<String> tests = testsOf(each);
            assertThat(tests).as("tests that know of " + each.name()).isNotEmpty();
            page.append("| " + each.what() + " | " + each.why() + " | " + String.join(", ", tests) + " |\n");
        }
        return page.toString();
    }

    private static List<String> testsOf(Difference difference) throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .filter(file -> mentions(file, "Difference." + difference.name()))
                    .map(file -> "`" + file.getFileName().toString().replace(".java", "") + "`")
                    .sorted()
                    .toList();
        }
    }

    private static boolean mentions(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
