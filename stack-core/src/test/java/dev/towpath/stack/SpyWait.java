package dev.towpath.stack;

import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A parking wait that knows who sleeps in it, so that a test can wait for that. */
final class SpyWait implements DeviceWait {
    private final ParkingWait parking = new ParkingWait();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger sleepers = new AtomicInteger();
    private @Nullable Thread asleep;
    final Set<Thread> everSlept = ConcurrentHashMap.newKeySet();
    final AtomicInteger wakes = new AtomicInteger();
    volatile boolean closed;

    @Override
    public void await(long timeoutNanos) {
        if (sleepers.getAndIncrement() != 0) {
            throw new AssertionError("two threads sleep in the device at once");
        }
        everSlept.add(Thread.currentThread());
        asleep(Thread.currentThread());
        try {
            parking.await(timeoutNanos);
        } finally {
            asleep(null);
            sleepers.decrementAndGet();
        }
    }

    private void asleep(@Nullable Thread thread) {
        lock.lock();
        try {
            asleep = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once {@code thread} is asleep in the device (or about to be: a wake-up is sticky). */
    void untilAsleep(Thread thread) throws InterruptedException {
        lock.lock();
        try {
            while (asleep != thread) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        wakes.incrementAndGet();
        parking.wake();
    }

    @Override
    public boolean add(LinkDevice device) {
        return true;
    }

    @Override
    public void close() {
        closed = true;
        parking.close();
    }
}
