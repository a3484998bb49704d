package dev.towpath.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.testing.Allocations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long YEAR = 365 * 86_400 * SECOND;

    private final List<String> expired = new ArrayList<>();

    private Timer named(String name) {
        return new Timer(now -> expired.add(name));
    }

    @ParameterizedTest(name = "from {0} in {1} ns")
    @CsvSource({
        "0, 1",
        "0, 63",
        "0, 64",
        "0, 65",
        "0, 4095",
        "0, 4096",
        "63, 1",
        "4095, 1",
        "1000, 200000000",
        "123456789, 7200000000000",
        "123456789, 31536000000000000",
        "0, 9223372036854775806",
        "-1, 1",
        "-64, 64",
        "-5000000000, 10000000000",
        "-9223372036854775808, 1",
        "-9223372036854775808, 9223372036854775807",
        "-9223372036854775807, 9223372036854775806",
    })
    void expiresAtItsDeadlineAndNotANanosecondEarlier(long start, long delay) {
        TimerWheel wheel = new TimerWheel(start);
        Timer timer = named("it");
        long deadline = start + delay;
        wheel.arm(timer, deadline);

        assertThat(wheel.nextDeadline()).isEqualTo(deadline);
        assertThat(wheel.poll(deadline - 1)).isZero();
        assertThat(timer.armed()).isTrue();
        assertThat(timer.deadlineNanos()).isEqualTo(deadline);
        assertThat(wheel.nextDeadline()).isEqualTo(deadline);
        assertThat(wheel.poll(deadline)).isEqualTo(1);
        assertThat(expired).containsExactly("it");
        assertThat(timer.armed()).isFalse();
        assertThat(timer.deadlineNanos()).isEqualTo(Timer.NEVER);
        assertThat(wheel.nextDeadline()).isEqualTo(Timer.NEVER);
        assertThat(wheel.armed()).isZero();
    }

    @Test
    void oneLatePollExpiresAllInTheOrderOfTheirDeadlines() {
        TimerWheel wheel = new TimerWheel(0);
        long[] deadlines = {YEAR, 5, 64, 63, 4096, SECOND, 7200 * SECOND, 6};
        for (long deadline : deadlines) {
            wheel.arm(named(Long.toString(deadline)), deadline);
        }

        assertThat(wheel.poll(YEAR)).isEqualTo(deadlines.length);
        assertThat(expired).containsExactly("5", "6", "63", "64", "4096", "" + SECOND, "" + 7200 * SECOND, "" + YEAR);
    }

    @Test
    void equalDeadlinesExpireInTheOrderOfArming() {
        TimerWheel wheel = new TimerWheel(0);
        Timer first = named("first");
        Timer second = named("second");
        Timer third = named("third");
        wheel.arm(third, 100); // sits at 100, and is armed again below
        wheel.arm(first, 5000);
        wheel.poll(4999); // places "first" anew, close to its deadline
        expired.clear();
        wheel.arm(second, 5000);
        wheel.arm(third, 5000);

        wheel.poll(5000);
        assertThat(expired).containsExactly("first", "second", "third");
    }

    @Test
    void armingAgainCountsAsTheLaterArmingEvenIfTheNodeHasNotMoved() {
        TimerWheel wheel = new TimerWheel(0);
        Timer a = named("a");
        Timer b = named("b");
        wheel.arm(a, 10);
        wheel.arm(b, 10);
        wheel.arm(a, 10);

        wheel.poll(10);
        assertThat(expired).containsExactly("b", "a");
    }

    @Test
    void deadlinesInThePastExpireAtTheNextPollInOrder() {
        TimerWheel wheel = new TimerWheel(1000);
        wheel.arm(named("now"), 1000);
        wheel.arm(named("long ago"), -5);
        wheel.arm(named("a while ago"), 990);

        assertThat(wheel.nextDeadline()).isEqualTo(-5);
        assertThat(wheel.poll(1000)).isEqualTo(3);
        assertThat(expired).containsExactly("long ago", "a while ago", "now");
    }

    @Test
    void anArmedTimerMovedLaterExpiresOnlyThen() {
        TimerWheel wheel = new TimerWheel(0);
        Timer timer = named("it");
        wheel.arm(timer, 100);
        for (long deadline = 200; deadline <= 10 * SECOND; deadline += SECOND / 100) {
            wheel.arm(timer, deadline);
        }
        long last = timer.deadlineNanos();

        assertThat(wheel.nextDeadline()).isEqualTo(last);
        assertThat(wheel.poll(last - 1)).isZero();
        assertThat(wheel.poll(last)).isEqualTo(1);
    }

    @Test
    void anArmedTimerMovedEarlierExpiresThen() {
        TimerWheel wheel = new TimerWheel(0);
        Timer timer = named("it");
        wheel.arm(timer, YEAR);
        wheel.arm(timer, 2 * YEAR);
        wheel.arm(timer, 77);

        assertThat(wheel.armed()).isEqualTo(1);
        assertThat(wheel.nextDeadline()).isEqualTo(77);
        assertThat(wheel.poll(77)).isEqualTo(1);
        assertThat(wheel.poll(3 * YEAR)).isZero();
    }

    @Test
    void aPastTimerMovedToTheFutureWaits() {
        TimerWheel wheel = new TimerWheel(50);
        Timer timer = named("it");
        wheel.arm(timer, 40);
        wheel.arm(timer, 60);

        assertThat(wheel.nextDeadline()).isEqualTo(60);
        assertThat(wheel.poll(59)).isZero();
        assertThat(wheel.poll(60)).isEqualTo(1);
    }

    @Test
    void aCancelledTimerNeverExpires() {
        TimerWheel wheel = new TimerWheel(0);
        Timer timer = named("it");
        wheel.cancel(timer);
        wheel.arm(timer, 100);
        wheel.cancel(timer);
        wheel.cancel(timer);

        assertThat(timer.armed()).isFalse();
        assertThat(wheel.armed()).isZero();
        assertThat(wheel.nextDeadline()).isEqualTo(Timer.NEVER);
        assertThat(wheel.poll(1000)).isZero();
    }

    @Test
    void armingForNeverDisarms() {
        TimerWheel wheel = new TimerWheel(0);
        Timer timer = named("it");
        wheel.arm(timer, 100);
        wheel.arm(timer, Timer.NEVER);

        assertThat(timer.armed()).isFalse();
        assertThat(wheel.armed()).isZero();
        assertThat(wheel.poll(Long.MAX_VALUE)).isZero();
    }

    @Test
    void aTaskThatArmsItselfForNowExpiresOncePerPoll() {
        TimerWheel wheel = new TimerWheel(0);
        Timer[] self = new Timer[1];
        self[0] = new Timer(now -> {
            expired.add("at " + now);
            wheel.arm(self[0], now);
        });
        wheel.arm(self[0], 10);

        assertThat(wheel.poll(10)).isEqualTo(1);
        assertThat(wheel.nextDeadline()).isEqualTo(10);
        assertThat(wheel.poll(10)).isEqualTo(1);
        assertThat(expired).containsExactly("at 10", "at 10");
    }

    @Test
    void aTaskMayCancelAndMoveThoseBehindIt() {
        TimerWheel wheel = new TimerWheel(0);
        Timer cancelled = named("cancelled");
        Timer moved = named("moved");
        Timer again = named("armed again, still due");
        Timer first = new Timer(now -> {
            wheel.cancel(cancelled);
            wheel.arm(moved, 500);
            wheel.arm(again, 9);
        });
        wheel.arm(cancelled, 12);
        wheel.arm(moved, 13);
        wheel.arm(again, 14);
        wheel.arm(named("last"), 15);
        wheel.arm(first, 11);

        assertThat(wheel.poll(20)).isEqualTo(2);
        assertThat(expired).containsExactly("last");
        assertThat(wheel.poll(20)).isEqualTo(1);
        assertThat(expired).containsExactly("last", "armed again, still due");
        assertThat(wheel.nextDeadline()).isEqualTo(500);
        assertThat(wheel.poll(500)).isEqualTo(1);
        assertThat(wheel.armed()).isZero();
    }

    @Test
    void aTaskMayAskForTheNextDeadline() {
        TimerWheel wheel = new TimerWheel(0);
        List<Long> seen = new ArrayList<>();
        Timer moved = named("moved");
        wheel.arm(moved, 5);
        wheel.arm(moved, 12);
        wheel.arm(new Timer(now -> seen.add(wheel.nextDeadline())), 11);
        wheel.arm(named("later"), 100);

        assertThat(wheel.poll(20)).isEqualTo(2);
        assertThat(seen).containsExactly(12L);
        assertThat(expired).containsExactly("moved");
    }

    @Test
    void whatAThrowingTaskLeftBehindExpiresAtTheNextPoll() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.arm(
                new Timer(now -> {
                    throw new IllegalStateException("thrown on purpose");
                }),
                5);
        wheel.arm(named("behind it"), 6);

        assertThatThrownBy(() -> wheel.poll(10)).hasMessage("thrown on purpose");
        assertThat(wheel.armed()).isEqualTo(1);
        assertThat(wheel.nextDeadline()).isEqualTo(6);
        assertThat(wheel.poll(10)).isEqualTo(1);
        assertThat(expired).containsExactly("behind it");
    }

    @Test
    void manyTimersInOneSlotGiveAnEarlyNextDeadlineThatMakesProgress() {
        TimerWheel wheel = new TimerWheel(0);
        long base = 3 * SECOND;
        for (int i = 0; i < 1000; i++) {
            wheel.arm(named("" + i), base + i);
        }
        int polls = 0;
        for (long next = wheel.nextDeadline(); expired.isEmpty(); next = wheel.nextDeadline()) {
            assertThat(next).isLessThanOrEqualTo(base);
            wheel.poll(next);
            polls++;
        }
        assertThat(polls).isLessThanOrEqualTo(11);
        assertThat(expired).containsExactly("0");
    }

    @Test
    void aMillionTimersExpireInOrder() {
        int count = 1_000_000;
        Random random = new Random(4711);
        TimerWheel wheel = new TimerWheel(0);
        long[] last = {Long.MIN_VALUE, 0};
        for (int i = 0; i < count; i++) {
            long deadline = 1 + random.nextLong(100 * SECOND);
            wheel.arm(
                    new Timer(now -> {
                        if (deadline < last[0] || deadline > now) {
                            throw new AssertionError(deadline + " at " + now + " after " + last[0]);
                        }
                        last[0] = deadline;
                        last[1]++;
                    }),
                    deadline);
        }
        assertThat(wheel.armed()).isEqualTo(count);
        for (long now = 0; now <= 100 * SECOND; now += 1_000_003) {
            wheel.poll(now);
        }
        wheel.poll(101 * SECOND);
        assertThat(last[1]).isEqualTo(count);
        assertThat(wheel.armed()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void agreesWithASortedListWhateverIsDone(long seed) {
        new WheelAgainstModel(seed).run(5_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void nextDeadlineLeadsThroughAllDeadlinesInFewSteps(long seed) {
        Random random = new Random(seed);
        int count = 500;
        long now = -YEAR;
        TimerWheel wheel = new TimerWheel(now);
        for (int i = 0; i < count; i++) {
            wheel.arm(named("t"), now + 1 + (random.nextLong() >>> (2 + random.nextInt(61))));
        }
        int steps = 0;
        while (wheel.armed() > 0) {
            long next = wheel.nextDeadline();
            assertThat(next).as("seed %d, step %d", seed, steps).isGreaterThan(now);
            now = next;
            wheel.poll(now);
            steps++;
        }
        assertThat(expired).hasSize(count);
        assertThat(steps).as("seed %d", seed).isLessThan(3 * count);
    }

    @Test
    void armingMovingPollingAndCancellingAllocateNothing() {
        TimerWheel wheel = new TimerWheel(0);
        int[] count = new int[1];
        Timer[] timers = new Timer[100];
        for (int i = 0; i < timers.length; i++) {
            timers[i] = new Timer(now -> count[0]++);
        }
        long[] now = new long[1];
        Allocations.assertNone(() -> {
            for (int i = 0; i < timers.length; i++) {
                wheel.arm(timers[i], now[0] + 200_000_000L + i * 1_000_000L);
            }
            wheel.cancel(timers[50]);
            now[0] = Math.max(now[0] + 1_000_000, Math.min(wheel.nextDeadline(), now[0] + 250_000_000L));
            wheel.poll(now[0]);
        });
        assertThat(count[0]).isPositive();
    }
}
