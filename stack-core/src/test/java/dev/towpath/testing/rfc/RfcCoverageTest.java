package dev.towpath.testing.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every requirement has its test, and {@code docs/rfc-coverage.md} says which. */
class RfcCoverageTest {
    private static final Path PAGE = Path.of("..", "docs", "rfc-coverage.md");

    private static final String REWRITE =
            "docs/rfc-coverage.md is out of date; write it anew with: mvn -q -pl stack-core test"
                    + " -Dtest=RfcCoverageTest -Dtowpath.rewrite=true";

    private final CoverageMap map = CoverageMap.read();

    @Test
    void thePageIsUpToDate() throws IOException {
        String page = new CoveragePage(map).text();
        if (Boolean.getBoolean("towpath.rewrite")) {
            Files.writeString(PAGE, page, StandardCharsets.UTF_8);
        }
        String checkedIn = Files.exists(PAGE) ? Files.readString(PAGE, StandardCharsets.UTF_8) : "";
        assertThat(checkedIn.equals(page)).as(REWRITE).isTrue();
    }

    @Test
    void everyMandatoryRequirementHasATest() {
        Set<Requirement> missing = EnumSet.noneOf(Requirement.class);
        Arrays.stream(Requirement.values())
                .filter(requirement ->
                        requirement.mandatory() && map.tests(requirement).isEmpty())
                .forEach(missing::add);
        assertThat(missing).as("requirements without a test that @Covers them").isEmpty();
    }

    @Test
    void onlyTestsThatRunCoverAnything() {
        assertThat(map.misplaced())
                .as("@Covers on what is no test or is disabled")
                .isEmpty();
    }
}
