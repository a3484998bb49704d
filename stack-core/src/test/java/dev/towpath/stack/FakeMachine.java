package dev.towpath.stack;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A machine with nothing inside: what arrives is a letter for a mailbox, a timer puts a letter into one. It checks that
 * one thread at a time is in it.
 */
final class FakeMachine implements Machine {
    /** What a test waits for. */
    static final class Mailbox {
        final WaitPoint point;
        /** Guarded by the driver's lock. */
        int letters;

        Mailbox(WaitPoint point) {
            this.point = point;
        }

        private void put() {
            letters++;
            point.signal();
        }
    }

    private record Alarm(long atNanos, Mailbox mailbox) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }

    private final Queue<Mailbox> arrived = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    volatile @Nullable RuntimeException breaksWith;
    volatile @Nullable Thread lastPoller;
    volatile boolean shut;
    private long now;

    /** From outside, like a frame on a wire; the caller then wakes the device's sleeper. */
    void arrive(Mailbox mailbox) {
        arrived.add(mailbox);
    }

    /** Under the lock. */
    void alarm(Mailbox mailbox, long delayNanos) {
        alarms.add(new Alarm(now + delayNanos, mailbox));
    }

    @Override
    public void time(long nowNanos) {
        alone(() -> now = nowNanos);
    }

    @Override
    public int poll(long nowNanos, int budget) {
        int[] taken = {0};
        alone(() -> {
            lastPoller = Thread.currentThread();
            RuntimeException failure = breaksWith;
            if (failure != null) {
                throw failure;
            }
            now = nowNanos;
            Mailbox mailbox;
            while (taken[0] < budget && (mailbox = arrived.poll()) != null) {
                mailbox.put();
                taken[0]++;
            }
            for (Alarm alarm = alarms.peek(); alarm != null && alarm.atNanos <= now; alarm = alarms.peek()) {
                alarms.remove().mailbox.put();
            }
        });
        return taken[0];
    }

    @Override
    public void flush() {
        alone(() -> {});
    }

    @Override
    public long nextDeadline() {
        Alarm next = alarms.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos;
    }

    @Override
    public void shut() {
        shut = true;
    }

    private void alone(Runnable work) {
        if (inside.getAndIncrement() != 0) {
            throw new AssertionError("two threads in the machine at once");
        }
        try {
            work.run();
        } finally {
            inside.decrementAndGet();
        }
    }
}
