package dev.towpath.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole grid, computed again and compared with what is checked in. */
class GoodputGridTest {
    private static final Path DOCS = Path.of("..", "docs");

    private static Grid grid = Grid.NONE;

    @BeforeAll
    static void run() {
        grid = Grid.run();
    }

    @ParameterizedTest
    @CsvSource({"grid.md", "grid.csv", "grid.svg"})
    void isAsCheckedIn(String name) throws IOException {
        Path file = DOCS.resolve(name);
        String now = text(name);
        if (Boolean.getBoolean("towpath.rewrite")) {
            Files.writeString(file, now);
        }
        String checkedIn = Files.exists(file) ? Files.readString(file) : "";
        assertThat(now)
                .as("docs/" + name + " differs; if that is meant, write it anew with: " + GridPage.COMMAND)
                .isEqualTo(checkedIn);
    }

    private static String text(String name) {
        return switch (name) {
            case "grid.md" -> new GridPage(grid).markdown();
            case "grid.csv" -> new GridPage(grid).csv();
            default -> new HeatMap(grid).text();
        };
    }
}
