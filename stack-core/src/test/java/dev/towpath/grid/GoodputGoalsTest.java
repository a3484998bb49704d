package dev.towpath.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.sim.Link;
import dev.towpath.sim.Packet;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold in the grid and around it, whatever the numbers in its table are. */
class GoodputGoalsTest {
    private static final long SEED = 1;
    private static final long HUNDRED_MEGABYTES = 100_000_000;
    private static final Duration LIMIT = Duration.ofHours(2);

    // ---- random loss ----

    @ParameterizedTest
    @CsvSource({
        "1, 1", "1, 20", "1, 100", "1, 300",
        "10, 1", "10, 20", "10, 100", "10, 300",
        "100, 1", "100, 20", "100, 100", "100, 300"
    })
    @Covers(Requirement.RACK_LOST_RETRANSMISSION)
    void randomLossOfUpToOnePercentCausesNoTimeOut(int lossPerMyriad, int rttMillis) {
        Cell cell = new Cell(lossPerMyriad, rttMillis, Grid.QUEUE, Buffers.AUTOTUNED, "cubic");
        Result result = cell.run(SEED, HUNDRED_MEGABYTES);
        assertThat(result.count(Counter.TCP_RETRANS_SEGS)).isPositive();
        assertThat(result.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    /** Any longer and its lower rate leaves it without an ACK for longer than the RTO, if one is lost as well. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100})
    void norDoesItWithReno(int rttMillis) {
        Cell cell = new Cell(100, rttMillis, Grid.QUEUE, Buffers.AUTOTUNED, "reno");
        assertThat(cell.run(SEED, HUNDRED_MEGABYTES).count(Counter.TCP_EXT_TCP_TIMEOUTS))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Covers(Requirement.CUBIC_RESPONSE_FUNCTION)
    void atOneHundredMillisecondsAndOnePercentCubicGetsWhatItsResponseFunctionSays(long seed) {
        Cell cell = new Cell(100, 100, Grid.QUEUE, Buffers.AUTOTUNED, "cubic");
        assertThat(cell.run(seed, HUNDRED_MEGABYTES).megabitsPerSecond())
                .isGreaterThanOrEqualTo(ResponseFunction.cubic(0.01, 0.1));
    }

    // ---- chosen losses ----

    private static Link longPath(Link link) {
        return link.rate(Cell.BITS_PER_SECOND).queueBytes(1_000_000).delay(Duration.ofMillis(50));
    }

    /** Sends so many segments over a path of 100 ms and returns how long it took. */
    private static Duration time(int segments, Predicate<Packet> lost) {
        try (Bottleneck net = new Bottleneck(SEED, 1, GoodputGoalsTest::longPath)) {
            net.flow(0, "cubic", Buffers.AUTOTUNED, 1448L * segments);
            net.forward().dropIf(lost);
            Duration begin = net.now();
            assertThat(net.runUntilDone(LIMIT)).isTrue();
            assertThat(net.sender(0).count(Counter.TCP_EXT_TCP_TIMEOUTS.mibName()))
                    .isZero();
            return net.now().minus(begin);
        }
    }

    /** Loses the first so many copies of {@code count} segments, beginning with number {@code first}. */
    private static Predicate<Packet> copiesOf(int first, int count, int copies) {
        Map<Integer, Integer> sent = new HashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        return packet -> {
            if (packet.payload() == 0) {
                return false;
            }
            int number = numbers.computeIfAbsent(packet.sequence(), sequence -> numbers.size());
            return number >= first && number < first + count && sent.merge(number, 1, Integer::sum) <= copies;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 10, 20, 50})
    @Covers(Requirement.TLP_PROBES_TAIL)
    void aLostTailIsRepairedWithoutATimeOut(int tail) {
        int segments = 100;
        Duration without = time(segments, packet -> false);
        Duration with = time(segments, copiesOf(segments - tail, tail, 1));
        assertThat(with.minus(without)).isBetween(Duration.ofMillis(100), Duration.ofSeconds(1));
    }

    /** Each of ten segments is lost twice, or three times, while others follow. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    @Covers(Requirement.RACK_LOST_RETRANSMISSION)
    void lostRetransmissionsAreRepairedWithoutATimeOut(int copies) {
        int segments = 2000;
        Duration without = time(segments, packet -> false);
        Duration with = time(segments, copiesOf(150, 10, copies));
        assertThat(with.minus(without)).isLessThan(Duration.ofSeconds(2));
    }

    // ---- two flows ----

    /** Without a little jitter packets of both meet at the queue in step, and it is always the same that are dropped. */
    private static Link sharedPath(Link link) {
        return link.rate(10_000_000)
                .queueBytes(50_000)
                .delay(Duration.ofMillis(20))
                .jitter(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @CsvSource({"cubic, 0", "cubic, 1", "cubic, 10", "reno, 0", "reno, 10"})
    @Covers(Requirement.CUBIC_FAIRNESS)
    void twoFlowsShareABottleneckEvenly(String congestion, int secondsLater) {
        try (Bottleneck net = new Bottleneck(SEED, 2, GoodputGoalsTest::sharedPath)) {
            Flow first = net.flow(0, congestion, Buffers.AUTOTUNED, Flow.ENDLESS);
            net.run(Duration.ofSeconds(secondsLater));
            Flow second = net.flow(1, congestion, Buffers.AUTOTUNED, Flow.ENDLESS);
            net.run(Duration.ofSeconds(40)); // until they have found each other
            long firstBefore = first.received();
            long secondBefore = second.received();
            net.run(Duration.ofMinutes(2));
            double firstRate = (first.received() - firstBefore) * 8 / 120e6;
            double secondRate = (second.received() - secondBefore) * 8 / 120e6;
            assertThat(firstRate + secondRate).as("together, of 9.56").isGreaterThan(9.3);
            assertThat(firstRate / (firstRate + secondRate))
                    .as("share of the first")
                    .isBetween(0.45, 0.55);
        }
    }

    // ---- pacing ----

    /** Goodput over a path that holds 1.25 MB, with a queue of 25 kB before it. */
    private static double overAShortQueue(boolean pacing) {
        Cell cell = new Cell(0, 100, 25, Buffers.AUTOTUNED, "cubic");
        try (Bottleneck net = new Bottleneck(SEED, 1, cell::path)) {
            net.sender(0).tcp(TcpConfig.builder().pacing(pacing).build());
            net.flow(0, cell.congestion(), cell.buffers(), Cell.BYTES);
            Duration begin = net.now();
            assertThat(net.runUntilDone(LIMIT)).isTrue();
            return Cell.BYTES * 8 / 1e6 / (net.now().minus(begin).toNanos() / 1e9);
        }
    }

    @Test
    @Covers(Requirement.PACING)
    void pacingFillsAPathWhoseQueueWouldOverflowWithBursts() {
        assertThat(overAShortQueue(true)).isGreaterThan(3 * overAShortQueue(false));
    }

    // ---- reordering ----

    private static Result reordered(double probability, Duration extra) {
        Cell cell = new Cell(0, 20, 1000, Buffers.AUTOTUNED, "cubic");
        try (Bottleneck net = new Bottleneck(SEED, 1, cell::path)) {
            net.forward().reordering(probability, extra);
            net.flow(0, cell.congestion(), cell.buffers(), HUNDRED_MEGABYTES);
            Duration begin = net.now();
            assertThat(net.runUntilDone(LIMIT)).isTrue();
            long nanos = net.now().minus(begin).toNanos();
            return new Result(
                    cell, HUNDRED_MEGABYTES, nanos, net.sender(0).stack().counters());
        }
    }

    @Test
    @Covers({Requirement.MISTAKE_REORDERING_HALVES, Requirement.RACK_REORDERING})
    void mildReorderingHalvesNothing() { // later than dozens behind it, but within a quarter of the round trip
        Result inOrder = reordered(0, Duration.ZERO);
        Result mixed = reordered(0.01, Duration.ofMillis(4));
        assertThat(mixed.megabitsPerSecond()).isGreaterThan(0.95 * inOrder.megabitsPerSecond());
        assertThat(mixed.count(Counter.TCP_RETRANS_SEGS) - inOrder.count(Counter.TCP_RETRANS_SEGS))
                .as("needless retransmissions of 69,061 segments")
                .isLessThan(10);
    }
}
