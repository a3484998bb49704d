package dev.towpath.sim.junit;

import static dev.towpath.sim.Units.minutes;
import static dev.towpath.sim.Units.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.towpath.sim.Host;
import dev.towpath.sim.Network;
import dev.towpath.sim.Transfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests as a user writes them, most of which fail, and reads what they say. */
class NetworkExtensionTest {
    private static final List<Long> SEEDS_SEEN = new ArrayList<>();

    /** As short as a test can be. */
    static class AllArrives {
        @NetworkTest(seeds = 5)
        void allArrives(Network net) {
            SEEDS_SEEN.add(net.seed());
            Host a = net.host("a");
            Host b = net.host("b");
            net.connect(a, b, link -> link.delay(ms(20)).loss(0.05));
            Transfer transfer = Transfer.start(a, b, 80, 20_000);
            assertTrue(net.runUntil(transfer::isDone, minutes(5)));
        }
    }

    /** The first segment of data is lost, which it takes for a failure. */
    static class NothingIsLost {
        @NetworkTest
        void nothingIsLost(Network net) {
            Host a = net.host("a");
            Host b = net.host("b");
            net.connect(a, b, link -> link.delay(ms(20))).from(a).drop(5);
            Transfer transfer = Transfer.start(a, b, 80, 20_000);
            net.runUntil(transfer::isDone, minutes(5));
            assertEquals(0, a.count("TcpRetransSegs"), "resent");
        }
    }

    static class GivesUp {
        @NetworkTest
        void givesUp(Network net) {
            Assumptions.abort("on " + net);
        }
    }

    static class FailsBeforeTheStart {
        @NetworkTest
        void fails(Network net) {
            net.address("nobody");
        }
    }

    private record Outcome(String test, TestExecutionResult result) {
        String message() {
            return result.getThrowable().map(Throwable::getMessage).orElse("");
        }
    }

    private static List<Outcome> run(Class<?> tests) {
        List<Outcome> outcomes = new ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
                if (identifier.isTest()) {
                    outcomes.add(new Outcome(identifier.getDisplayName(), result));
                }
            }
        });
        return outcomes;
    }

    /** As if {@code -Dname=value} had been said; null: as if nothing had. */
    private static void with(String name, @Nullable String value, Runnable action) {
        String before = System.getProperty(name);
        set(name, value);
        try {
            action.run();
        } finally {
            set(name, before);
        }
    }

    private static void set(String name, @Nullable String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    @Test
    void aTestRunsForEachSeed() {
        SEEDS_SEEN.clear();
        with(
                "towpath.seed",
                null,
                () -> with("towpath.seeds", null, () -> {
                    List<Outcome> outcomes = run(AllArrives.class);
                    assertThat(outcomes)
                            .hasSize(5)
                            .allMatch(each -> each.result().getStatus() == Status.SUCCESSFUL);
                    assertThat(outcomes).last().extracting(Outcome::test).isEqualTo("seed 5");
                    assertThat(SEEDS_SEEN).containsExactly(1L, 2L, 3L, 4L, 5L);
                }));
    }

    @Test
    void oneSeedIsReplayed() {
        SEEDS_SEEN.clear();
        with("towpath.seed", "4711", () -> assertThat(run(AllArrives.class)).hasSize(1));
        assertThat(SEEDS_SEEN).containsExactly(4711L);
    }

    @Test
    void aFailureTellsItsSeedHowToReplayItAndWhatWentOn(@TempDir Path captures) throws Exception {
        String first = failure(captures);
        assertThat(first)
                .startsWith("resent ==> expected: <0> but was: <1>")
                .contains("seed 9, after PT0.", "replay it with -Dtowpath.seed=9\n", "the last packets:\n")
                .containsPattern("a > b: 192\\.0\\.2\\.1:\\d+ > 192\\.0\\.2\\.2:80 TCP .* \\[lost]\n");
        Path capture = captures.resolve("NothingIsLost.nothingIsLost-seed-9.pcapng");
        assertThat(first).contains("all packets, for Wireshark: " + capture.toAbsolutePath());
        byte[] packets = Files.readAllBytes(capture);
        assertThat(packets).startsWith(0x0a, 0x0d, 0x0d, 0x0a).hasSizeGreaterThan(20_000);
        assertThat(failure(captures)).isEqualTo(first); // to the nanosecond
        assertThat(Files.readAllBytes(capture)).isEqualTo(packets);
    }

    private static String failure(Path captures) {
        List<Outcome> outcomes = new ArrayList<>();
        with(
                "towpath.captures",
                captures.toString(),
                () -> with("towpath.seed", "9", () -> outcomes.addAll(run(NothingIsLost.class))));
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).result().getStatus()).isEqualTo(Status.FAILED);
        return outcomes.get(0).message();
    }

    @Test
    void aTestThatIsGivenUpIsNoFailure() {
        assertThat(run(GivesUp.class)).allMatch(each -> each.result().getStatus() == Status.ABORTED);
    }

    @Test
    void aNetworkThatNeverStartedHasNoPackets() {
        assertThat(run(FailsBeforeTheStart.class).get(0).message())
                .contains("no host 'nobody'", "the network had not started");
    }
}
