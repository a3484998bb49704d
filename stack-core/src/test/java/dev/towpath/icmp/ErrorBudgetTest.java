package dev.towpath.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest(name = "time begins at {0}")
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000_000_000L})
    @Covers(Requirement.ICMP_QUOTE)
    void oneDestinationGetsItsBurstAndThenItsRate(long start) {
        ErrorBudget budget = new ErrorBudget(new IcmpConfig(1000, 1000, 10, 6), new Random(1)::nextLong, start);
        assertThat(spent(budget, 1, start, 50)).isEqualTo(6);
        assertThat(spent(budget, 1, start + SECOND / 10, 50)).isEqualTo(1);
        assertThat(spent(budget, 1, start + SECOND / 10 - 1 + SECOND / 10, 50)).isZero();
        assertThat(spent(budget, 1, start + 60 * SECOND, 50)).isEqualTo(6);
        assertThat(spent(budget, 2, start + 60 * SECOND, 50)).isEqualTo(6);
    }

    @Test
    @Covers(Requirement.ICMP_QUOTE)
    void allDestinationsTogetherGetTheCommonRate() {
        ErrorBudget budget = new ErrorBudget(new IcmpConfig(1000, 50, 1000, 1000), new Random(1)::nextLong, 0);
        int sent = 0;
        for (int ms = 0; ms < 10_000; ms++) {
            for (int i = 0; i < 10; i++) {
                sent += spent(budget, ms * 10 + i, ms * SECOND / 1000, 1);
            }
        }
        assertThat(sent).isBetween(9_500, 10_600);
    }

    @Test
    void whatIsLeftOfTheCommonBudgetTellsNobodyHowMuchOthersGot() { // CVE-2020-25705
        Set<Integer> left = new HashSet<>();
        for (int seed = 0; seed < 30; seed++) {
            ErrorBudget budget = new ErrorBudget(new IcmpConfig(1000, 50, 1000, 1000), new Random(seed)::nextLong, 0);
            assertThat(spent(budget, 1, 0, 10)).isEqualTo(10);
            left.add(spent(budget, 2, 0, 1000));
        }
        assertThat(left).hasSizeGreaterThan(5);
    }

    private static int spent(ErrorBudget budget, int destination, long nowNanos, int tries) {
        int spent = 0;
        for (int i = 0; i < tries; i++) {
            spent += budget.spend(destination, nowNanos) ? 1 : 0;
        }
        return spent;
    }
}
