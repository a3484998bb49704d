package dev.towpath.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Does the same random things to a wheel and to a list that is sorted at every poll, and compares what expires. */
final class WheelAgainstModel {
    private static final int TIMERS = 60;

    private record Entry(int id, long deadline, long order) {}

    private final long seed;
    private final Random random;
    private final TimerWheel wheel;
    private final Timer[] timers = new Timer[TIMERS];
    private final List<Entry> model = new ArrayList<>();
    /** What the model still expects of the poll that is going on. */
    private final List<Entry> expected = new ArrayList<>();

    private long now;
    private long armings;

    WheelAgainstModel(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.now = random.nextInt(4) == 0 ? -random.nextInt(1_000_000) : random.nextLong() >> 2;
        this.wheel = new TimerWheel(now);
        for (int i = 0; i < TIMERS; i++) {
            int id = i;
            timers[i] = new Timer(at -> expired(id, at));
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(3) == 0) {
                poll();
            } else {
                armOrCancel();
            }
            check();
        }
    }

    private void poll() {
        now += switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(100);
            case 2 -> random.nextInt(1_000_000);
            default -> distance();
        };
        expected.addAll(model);
        expected.removeIf(entry -> entry.deadline > now);
        expected.sort(Comparator.comparingLong(Entry::deadline).thenComparingLong(Entry::order));
        wheel.poll(now);
        assertThat(expected).as("seed %d: left unexpired at %d", seed, now).isEmpty();
    }

    private void expired(int id, long at) {
        assertThat(at).isEqualTo(now);
        assertThat(expected).as("seed %d: timer %d expired", seed, id).isNotEmpty();
        assertThat(id).as("seed %d", seed).isEqualTo(expected.get(0).id);
        forget(id);
        assertThat(timers[id].armed()).isFalse();
        for (int i = random.nextInt(4); i > 0; i--) {
            armOrCancel();
        }
    }

    private void armOrCancel() {
        int id = random.nextInt(TIMERS);
        forget(id);
        if (random.nextInt(4) == 0) {
            wheel.cancel(timers[id]);
            return;
        }
        long deadline = switch (random.nextInt(6)) {
            case 0 -> now;
            case 1 -> now - random.nextInt(1000);
            case 2 -> now + 1 + random.nextInt(3);
            case 3 -> timers[id].armed() ? timers[id].deadlineNanos() + random.nextInt(10_000) : now + 500;
            default -> now + distance();
        };
        wheel.arm(timers[id], deadline);
        model.add(new Entry(id, deadline, armings++));
    }

    private void forget(int id) {
        model.removeIf(entry -> entry.id == id);
        expected.removeIf(entry -> entry.id == id);
    }

    private void check() {
        assertThat(wheel.armed()).as("seed %d", seed).isEqualTo(model.size());
        long earliest = model.stream().mapToLong(Entry::deadline).min().orElse(Timer.NEVER);
        if (random.nextBoolean()) {
            long next = wheel.nextDeadline();
            assertThat(next).as("seed %d: next deadline", seed).isLessThanOrEqualTo(earliest);
            assertThat(earliest > now && next <= now)
                    .as("seed %d: nothing is due, so the next deadline must lie ahead", seed)
                    .isFalse();
        }
    }

    /** From nanoseconds to hours, each magnitude as likely as the others. */
    private long distance() {
        return random.nextLong() >>> (20 + random.nextInt(44));
    }
}
