package dev.towpath.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.towpath.stack.FakeMachine.Mailbox;
import dev.towpath.time.SystemClock;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who drives, case by case. Threads meet by latches and by what the device wait tells; nothing depends on how fast
 * anything is.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealTimeDriverTest {
    private static final long SOON = 1_000_000;

    private final FakeMachine machine = new FakeMachine();
    private final SpyWait wait = new SpyWait();
    private final RealTimeDriver driver = new RealTimeDriver("test", machine, wait, SystemClock.INSTANCE, 0);
    private final List<Reader> readers = new ArrayList<>();
    private final FailureLog log = new FailureLog();

    /** A thread that waits for one letter. */
    private final class Reader extends Thread {
        final Mailbox mailbox = new Mailbox(driver.newWaitPoint());
        final CountDownLatch entered = new CountDownLatch(1);
        private final long timeoutNanos;
        boolean got;
        boolean interrupted;
        boolean flagKept;
        boolean wasRunning;

        Reader(long timeoutNanos) {
            this.timeoutNanos = timeoutNanos;
            setDaemon(true);
            readers.add(this);
        }

        @Override
        public void run() {
            waitForLetter();
        }

        void waitForLetter() {
            driver.enter();
            try {
                entered.countDown();
                long deadline = timeoutNanos == Driver.NEVER ? Driver.NEVER : driver.nowNanos() + timeoutNanos;
                while (mailbox.letters == 0 && driver.running() && !interrupted && driver.nowNanos() < deadline) {
                    interrupted = !driver.await(mailbox.point, deadline);
                }
                got = mailbox.letters > 0;
                flagKept = Thread.currentThread().isInterrupted();
                wasRunning = driver.running();
            } finally {
                driver.leave();
            }
        }
    }

    private Reader reader() {
        Reader reader = new Reader(Driver.NEVER);
        reader.start();
        return reader;
    }

    private Reader sleepingReader() throws InterruptedException {
        Reader reader = reader();
        wait.untilAsleep(reader);
        return reader;
    }

    /** Starts a reader behind another one that drives; it is parked as soon as it has let the lock go. */
    private Reader parkedReader() throws InterruptedException {
        Reader reader = reader();
        reader.entered.await();
        driver.enter();
        assertThat(reader.mailbox.point.parked).isEqualTo(1);
        driver.leave();
        return reader;
    }

    private void letter(Reader to) {
        machine.arrive(to.mailbox);
        wait.wake();
    }

    @AfterEach
    void close() throws InterruptedException {
        driver.close(() -> {});
        log.close();
        for (Reader each : readers) {
            each.join();
        }
    }

    @Test
    void whoWaitsAloneDrives() throws InterruptedException {
        driver.start();
        Reader reader = sleepingReader();
        letter(reader);
        reader.join();
        assertThat(reader.got).isTrue();
        assertThat(machine.lastPoller).isSameAs(reader);
    }

    @Test
    void itDrivesEvenBeforeTheBackgroundThreadRuns() throws InterruptedException {
        Reader reader = sleepingReader();
        letter(reader);
        reader.join();
        assertThat(reader.got).isTrue();
    }

    @Test
    void theSecondWaiterParksAndHearsFromTheFirst() throws InterruptedException {
        Reader first = sleepingReader();
        Reader second = parkedReader();
        letter(second);
        second.join();
        assertThat(second.got).isTrue();
        assertThat(wait.everSlept).containsExactly(first);
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void whoLeavesHandsTheTokenOn() throws InterruptedException {
        driver.start();
        Reader first = sleepingReader();
        Reader second = parkedReader();
        letter(first);
        first.join();
        letter(second); // nobody but the background thread is there to take it in
        second.join();
        assertThat(second.got).isTrue();
        assertThat(machine.lastPoller).isNotIn(first, second);
    }

    @Test
    void whoRunsOutOfTimeHandsTheTokenOn() throws InterruptedException {
        driver.start();
        Reader first = new Reader(SOON);
        first.start();
        Reader second = reader();
        first.join();
        letter(second);
        second.join();
        assertThat(first.got).isFalse();
        assertThat(second.got).isTrue();
    }

    @Test
    void theBackgroundThreadTakesOverWhenNobodyWaits() throws InterruptedException {
        driver.start();
        Mailbox mailbox = new Mailbox(driver.newWaitPoint());
        driver.enter();
        machine.alarm(mailbox, SOON);
        driver.leave();
        while (letters(mailbox) == 0) {
            Thread.onSpinWait();
        }
        assertThat(machine.lastPoller).isNotSameAs(Thread.currentThread());
    }

    @Test
    void anArrivingWaiterGetsTheTokenFromTheBackgroundThread() throws InterruptedException {
        driver.start();
        while (wait.everSlept.isEmpty()) {
            Thread.onSpinWait(); // until the background thread has taken over
        }
        Reader reader = sleepingReader();
        letter(reader);
        reader.join();
        assertThat(machine.lastPoller).isSameAs(reader);
    }

    @Test
    void anEarlierTimerWakesTheSleepingDriver() throws InterruptedException {
        Reader reader = sleepingReader();
        driver.enter();
        machine.alarm(reader.mailbox, SOON);
        driver.leave();
        reader.join();
        assertThat(reader.got).isTrue();
    }

    @Test
    void aSignalFromAnotherCallWakesTheSleepingDriver() throws InterruptedException {
        Reader reader = sleepingReader();
        driver.enter();
        reader.mailbox.letters++;
        reader.mailbox.point.signal();
        driver.leave();
        reader.join();
        assertThat(reader.got).isTrue();
    }

    @Test
    void callsThatArmNothingLeaveTheSleeperAlone() throws InterruptedException {
        Reader reader = sleepingReader();
        for (int i = 0; i < 100; i++) {
            driver.enter();
            driver.leave();
        }
        assertThat(wait.wakes).hasValue(0);
        letter(reader);
    }

    @Test
    void interruptEndsTheWaitOfTheDriver() throws InterruptedException {
        Reader reader = sleepingReader();
        reader.interrupt();
        reader.join();
        assertThat(reader.interrupted).isTrue();
        assertThat(reader.flagKept).isTrue();
    }

    @Test
    void interruptEndsTheWaitOfAParkedThread() throws InterruptedException {
        sleepingReader();
        Reader second = parkedReader();
        second.interrupt();
        second.join();
        assertThat(second.interrupted).isTrue();
        assertThat(second.flagKept).isTrue();
    }

    @Test
    void anInterruptedThreadDoesNotBeginToWait() {
        Reader reader = new Reader(Driver.NEVER);
        Thread.currentThread().interrupt();
        reader.waitForLetter();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(reader.interrupted).isTrue();
    }

    @Test
    void closingWakesEverybodyThenClosesTheDevices() throws InterruptedException {
        driver.start();
        Reader first = sleepingReader();
        Reader second = parkedReader();
        driver.close(wait::close);
        first.join();
        second.join();
        assertThat(first.wasRunning).isFalse();
        assertThat(second.wasRunning).isFalse();
        assertThat(machine.shut).isTrue();
        assertThat(wait.closed).isTrue();
        assertThat(driver.failure()).isNull();
    }

    @Test
    void aFailingMachineFailsEverybodyButWedgesNobody() throws InterruptedException {
        driver.start();
        Reader first = sleepingReader();
        Reader second = parkedReader();
        machine.breaksWith = new IllegalStateException("broken on purpose");
        wait.wake();
        first.join();
        second.join();
        assertThat(first.wasRunning).isFalse();
        assertThat(second.wasRunning).isFalse();
        driver.enter();
        assertThat(driver.running()).isFalse();
        assertThat(driver.failure()).hasMessage("broken on purpose");
        assertThat(log.messages()).singleElement().asString().contains("'test'").contains("ENETDOWN");
        driver.leave();
        driver.close(wait::close);
        assertThat(wait.closed).isTrue();
    }

    @Test
    void aFailureOfTheDeviceWaitIsAFailureOfTheStack() throws InterruptedException {
        RealTimeDriver broken = new RealTimeDriver("broken", machine, new BrokenWait(), SystemClock.INSTANCE, 0);
        broken.enter();
        boolean notInterrupted = broken.await(broken.newWaitPoint(), Driver.NEVER);
        assertThat(notInterrupted).isTrue();
        assertThat(broken.running()).isFalse();
        assertThat(broken.failure()).hasMessage("the device is gone");
        broken.leave();
    }

    /** JDK 21 on. */
    @Test
    void aVirtualThreadNeverSleepsInTheDevice() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        driver.start();
        Reader body = new Reader(Driver.NEVER);
        Thread virtual = startVirtual(body::waitForLetter);
        body.entered.await();
        letter(body);
        virtual.join();
        assertThat(body.got).isTrue();
        assertThat(wait.everSlept).doesNotContain(virtual);
    }

    private static Thread startVirtual(Runnable body) throws ReflectiveOperationException {
        try {
            return (Thread)
                    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e);
        }
    }

    private int letters(Mailbox mailbox) {
        driver.enter();
        try {
            return mailbox.letters;
        } finally {
            driver.leave();
        }
    }

    private static final class BrokenWait implements dev.towpath.link.DeviceWait {
        @Override
        public void await(long timeoutNanos) {
            throw new IllegalStateException("the device is gone");
        }

        @Override
        public void wake() {}

        @Override
        public boolean add(dev.towpath.link.LinkDevice device) {
            return false;
        }

        @Override
        public void close() {}
    }
}
