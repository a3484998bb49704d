package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.stack.FakeMachine.Mailbox;
import dev.towpath.time.SystemClock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads wait, give up, are interrupted and arm timers while letters arrive, as the seed has it. Every letter
 * must be seen by its reader: a lost wake-up shows as a test that does not end.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealTimeDriverStressTest {
    private static final int LETTERS = 1_000;

    private final FakeMachine machine = new FakeMachine();
    private final ParkingWait wait = new ParkingWait();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyLetterIsSeen(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        long spinNanos = seed % 3 == 0 ? 5_000 : 0;
        RealTimeDriver driver = new RealTimeDriver("stress-" + seed, machine, wait, SystemClock.INSTANCE, spinNanos);
        driver.start();
        AtomicInteger toBeRead = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        List<Thread> writers = new ArrayList<>();
        int pairs = 1 + random.nextInt(6);
        for (int i = 0; i < pairs; i++) {
            Mailbox mailbox = new Mailbox(driver.newWaitPoint());
            Thread reader = thread(random.split(), dice -> read(driver, mailbox, dice, toBeRead));
            readers.add(reader);
            writers.add(thread(random.split(), dice -> write(driver, mailbox, reader, dice)));
        }
        toBeRead.set(pairs * LETTERS);
        readers.forEach(Thread::start);
        writers.forEach(Thread::start);
        for (Thread each : readers) {
            each.join();
        }
        for (Thread each : writers) {
            each.join();
        }
        driver.close(wait::close);
        assertThat(failures).isEmpty();
        assertThat(toBeRead).hasValue(0);
    }

    /** Half of the readers close in on the end: the stack is closed under them, and they must notice. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void closingOrFailingWakesAllWhateverTheyDo(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        FailureLog log = new FailureLog();
        for (int round = 0; round < 50; round++) {
            FakeMachine fresh = new FakeMachine();
            ParkingWait sleep = new ParkingWait();
            RealTimeDriver driver = new RealTimeDriver("closing-" + seed, fresh, sleep, SystemClock.INSTANCE, 0);
            driver.start();
            List<Thread> readers = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                Thread reader = thread(random.split(), dice -> readUntilTheEnd(driver));
                readers.add(reader);
                reader.start();
            }
            spin(random.nextInt(20_000)); // any moment will do
            if (random.nextBoolean()) {
                fresh.breaksWith = new IllegalStateException("broken on purpose");
                sleep.wake();
            } else {
                driver.close(sleep::close);
            }
            for (Thread each : readers) {
                each.join();
            }
            driver.close(sleep::close);
        }
        log.close();
        assertThat(failures).isEmpty();
    }

    private void read(RealTimeDriver driver, Mailbox mailbox, SplittableRandom dice, AtomicInteger toBeRead) {
        int read = 0;
        while (read < LETTERS) {
            driver.enter();
            try {
                long timeout = dice.nextInt(4) == 0 ? dice.nextInt(50_000) : Driver.NEVER / 2;
                long deadline = driver.nowNanos() + timeout;
                while (mailbox.letters == 0 && driver.nowNanos() < deadline) {
                    if (!driver.await(mailbox.point, deadline)) {
                        boolean cleared = Thread.interrupted();
                        assertThat(cleared).isTrue();
                        break;
                    }
                }
                assertThat(driver.running()).isTrue();
                read += mailbox.letters;
                toBeRead.addAndGet(-mailbox.letters);
                mailbox.letters = 0;
            } finally {
                driver.leave();
            }
            pause(dice);
        }
    }

    private static void readUntilTheEnd(RealTimeDriver driver) {
        driver.enter();
        try {
            WaitPoint point = driver.newWaitPoint();
            while (driver.running()) {
                boolean notInterrupted = driver.await(point, Driver.NEVER);
                assertThat(notInterrupted).isTrue();
            }
        } finally {
            driver.leave();
        }
    }

    private void write(RealTimeDriver driver, Mailbox mailbox, Thread reader, SplittableRandom dice) {
        for (int i = 0; i < LETTERS; i++) {
            switch (dice.nextInt(8)) {
                case 0 -> {
                    driver.enter();
                    machine.alarm(mailbox, dice.nextInt(100_000));
                    driver.leave();
                }
                case 1 -> {
                    reader.interrupt();
                    machine.arrive(mailbox);
                    wait.wake();
                }
                default -> {
                    machine.arrive(mailbox);
                    wait.wake();
                }
            }
            pause(dice);
        }
    }

    /** Most go on at once; some let others pass. */
    private static void pause(SplittableRandom dice) {
        if (dice.nextInt(8) == 0) {
            spin(dice.nextInt(1_000));
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private interface Body {
        void run(SplittableRandom dice);
    }

    private Thread thread(SplittableRandom dice, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run(dice);
            } catch (Throwable e) {
                failures.add(e);
            }
        });
        thread.setDaemon(true);
        return thread;
    }
}
