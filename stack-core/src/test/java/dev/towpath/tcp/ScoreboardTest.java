package dev.towpath.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scoreboard against a model that knows what became of each byte; and that it does not get slower as it fills. */
class ScoreboardTest {
    private static final int MSS = 1000;

    private final Scoreboard board = new Scoreboard(new Sent.Pool(new Stretches.Coin(9)));

    static List<Long> seeds() {
        return Seeds.some(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itKnowsWhatBecameOfEachByte(long seed) {
        Model model = new Model(board, new Random(seed));
        for (int step = 0; step < 300; step++) {
            model.step();
            model.check();
        }
    }

    /** Does the same random things to a scoreboard and to an array of bytes. */
    private static final class Model {
        private static final int MOST = 6000;

        private enum Fate {
            UNSENT,
            IN_FLIGHT,
            SACKED,
            LOST,
            ACKNOWLEDGED
        }

        private final Scoreboard board;
        private final Random random;
        private final int iss;
        private final Fate[] bytes = new Fate[MOST];
        private int una;
        private int nxt;
        private long now;
        private int delivered;
        private int told;

        Model(Scoreboard board, Random random) {
            this.board = board;
            this.random = random;
            this.iss = random.nextInt(4) == 0 ? -random.nextInt(MOST) : random.nextInt();
            Arrays.fill(bytes, Fate.UNSENT);
        }

        void step() {
            now += random.nextInt(3) == 0 ? 0 : random.nextInt(2_000_000);
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> send();
                case 4 -> acknowledge();
                case 5, 6, 7, 8 -> sack();
                case 9, 10 -> loseOrResend();
                default -> loseAll();
            }
        }

        private void send() {
            int end = Math.min(MOST, nxt + 1 + random.nextInt(200));
            if (end > nxt) {
                board.sent(iss + nxt, iss + end, now);
                Arrays.fill(bytes, nxt, end, Fate.IN_FLIGHT);
                nxt = end;
            }
        }

        private void acknowledge() {
            int end = una + random.nextInt(nxt - una + 1) / 2;
            board.acknowledged(iss + end, sent -> told += sent.length());
            deliver(una, end, Fate.ACKNOWLEDGED);
            una = end;
        }

        private void sack() {
            if (nxt == una) {
                return;
            }
            int start = una + random.nextInt(nxt - una);
            int end = start + 1 + random.nextInt(nxt - start);
            int before = delivered;
            boolean news = board.sacked(iss + start, iss + end, sent -> told += sent.length());
            deliver(start, end, Fate.SACKED);
            assertThat(news).isEqualTo(delivered > before);
        }

        private void deliver(int start, int end, Fate how) {
            for (int i = start; i < end; i++) {
                delivered += bytes[i] == Fate.SACKED ? 0 : 1;
                bytes[i] = how;
            }
        }

        private void loseOrResend() {
            Sent lost = board.firstLost();
            Sent overdue = board.first();
            if (lost != null && random.nextBoolean()) {
                int count = 1 + random.nextInt(lost.length());
                Arrays.fill(bytes, lost.start - iss, lost.start - iss + count, Fate.IN_FLIGHT);
                board.resent(lost, count, now);
            } else if (overdue != null) {
                Arrays.fill(bytes, overdue.start - iss, overdue.end - iss, Fate.LOST);
                board.lose(overdue);
            }
        }

        private void loseAll() {
            if (random.nextInt(10) == 0) {
                board.loseAll();
                Arrays.fill(bytes, una, nxt, Fate.LOST);
            }
        }

        void check() {
            assertThat(board.sackedBytes()).isEqualTo(count(Fate.SACKED));
            assertThat(board.lostBytes()).isEqualTo(count(Fate.LOST));
            assertThat(board.deliveredBytes()).isEqualTo(delivered).isEqualTo(told);
            Sent lost = board.firstLost();
            assertThat(lost == null ? -1 : lost.start - iss)
                    .isEqualTo(Arrays.asList(bytes).indexOf(Fate.LOST));
            int inFlight = 0;
            long since = Long.MIN_VALUE;
            for (Sent sent = board.first(); sent != null; sent = sent.later) {
                assertThat(sent.sentNanos).as("in the order of sending").isGreaterThanOrEqualTo(since);
                since = sent.sentNanos;
                assertThat(bytes[sent.start - iss]).isEqualTo(Fate.IN_FLIGHT);
                assertThat(bytes[sent.end - 1 - iss]).isEqualTo(Fate.IN_FLIGHT);
                inFlight += sent.length();
            }
            assertThat(inFlight).isEqualTo(count(Fate.IN_FLIGHT));
        }

        private int count(Fate what) {
            int count = 0;
            for (Fate fate : bytes) {
                count += fate == what ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void aPeerThatReportsEveryOtherByteCostsNoMoreMemoryThanTheBytes() { // CVE-2019-11478
        board.sent(0, 64_000, 0);
        for (int at = 1; at < 64_000; at += 2) {
            board.sacked(at, at + 1, sent -> {});
        }
        assertThat(board.sackedBytes()).isBetween(100, 1000);
        board.sacked(1, 64_000, sent -> {});
        assertThat(board.sackedBytes())
                .as("whole stretches are marked all the same")
                .isGreaterThan(30_000);
        board.acknowledged(64_000, sent -> {});
        assertThat(board.deliveredBytes()).isEqualTo(64_000);
    }

    /** Every other one of {@code segments} is lost, sent again, lost again, and arrives at last; returns links followed. */
    private double followedPerSegment(int segments) {
        Scoreboard.Deliveries nobody = sent -> {};
        for (int i = 0; i < segments; i++) {
            board.sent(i * MSS, (i + 1) * MSS, i * 10_000_000L);
        }
        long before = board.followed();
        for (int i = 1; i < segments; i += 2) {
            board.sacked(i * MSS, (i + 1) * MSS, nobody);
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < segments; i += 2) {
                board.lose(Objects.requireNonNull(board.first()));
            }
            for (Sent lost = board.firstLost(); lost != null; lost = board.firstLost()) {
                board.resent(lost, lost.length(), (segments + round) * 10_000_000L);
            }
        }
        for (int i = segments - 2; i >= 0; i -= 2) {
            board.sacked(i * MSS, segments * MSS, nobody);
        }
        board.acknowledged(segments * MSS, nobody);
        return (double) (board.followed() - before) / segments;
    }

    @Test
    void aThousandTimesTheSegmentsAreOnlySomeMoreStepsEach() { // the logarithm: 3 times it
        double ofTen = followedPerSegment(10);
        double ofTenThousand = followedPerSegment(10_000);
        assertThat(ofTenThousand).isLessThan(6 * ofTen + 60);
    }
}
