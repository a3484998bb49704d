package dev.towpath.testing.rfc;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** The coverage page: a table for each RFC, with the tests that show each requirement. */
final class CoveragePage {
    private static final String SOURCES = "../stack-core/src/test/java/";

    private static final String INTRODUCTION = """
            # What the RFCs want, and the tests that show it

            Made by `RfcCoverageTest` from the `@Covers` annotations of the tests; the build fails if this page is out
            of date, or if a requirement of tier 1 (no release without it), or of tier 2 (a modern stack has it) where
            it is TCP's, has no test. Tier 3 is beyond its peers. To write it anew:

            ```sh
            mvn -q -pl stack-core test -Dtest=RfcCoverageTest -Dtowpath.rewrite=true
            ```
            """;

    private final CoverageMap map;

    CoveragePage(CoverageMap map) {
        this.map = map;
    }

    String text() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Source source : Source.values()) {
            List<Requirement> requirements = of(source);
            if (!requirements.isEmpty()) {
                page.append("\n## ").append(source.heading()).append("\n\n");
                page.append("| section | tier | requirement | tests |\n|---|---|---|---|\n");
                requirements.forEach(requirement -> page.append(row(requirement)));
            }
        }
        return page.toString();
    }

    private static List<Requirement> of(Source source) {
        return Arrays.stream(Requirement.values())
                .filter(requirement -> requirement.source() == source)
                .sorted(Comparator.comparing(CoveragePage::sectionKey))
                .toList();
    }

    /** Section 3.10 comes after 3.9; what is not numbered stays in its order. */
    private static String sectionKey(Requirement requirement) {
        String section = requirement.section();
        return Character.isDigit(section.charAt(0))
                ? Arrays.stream(section.split("\\.", -1))
                        .map(part -> String.format(Locale.ROOT, "%4s", part))
                        .collect(Collectors.joining("."))
                : "";
    }

    private String row(Requirement requirement) {
        Map<String, SortedSet<String>> tests = map.tests(requirement);
        String shown = tests.isEmpty()
                ? "not built yet"
                : tests.entrySet().stream()
                        .map(entry -> link(entry.getKey()) + ": " + String.join(", ", entry.getValue()))
                        .collect(Collectors.joining("<br>"));
        return "| " + requirement.section() + " | " + requirement.tier() + " | " + requirement.sentence() + " | "
                + shown + " |\n";
    }

    private static String link(String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        return "[" + simple + "](" + SOURCES + className.replace('.', '/') + ".java)";
    }
}
