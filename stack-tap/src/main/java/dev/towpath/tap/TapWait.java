package dev.towpath.tap;

import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sleeps in ppoll(2) on TAP devices and on an eventfd(2), which ends the sleep. It closes itself when the last device
 * that it watches does.
 *
 * <p>A wake-up costs a system call only if somebody sleeps:
 *
 * <pre>
 *   IDLE ---await---> SLEEPING ---wake: write the eventfd---> WOKEN
 *   IDLE ---wake----------------------------------------------> WOKEN   (the next await returns at once)
 *   WOKEN, SLEEPING ---await returns---> IDLE
 * </pre>
 */
final class TapWait implements DeviceWait {
    private static final int IDLE = 0;
    private static final int SLEEPING = 1;
    private static final int WOKEN = 2;

    private static final int MOST_DEVICES = 62;
    private static final int POLLFD_SIZE = 8;
    private static final int EVENTS = 4;
    private static final int RETURNED = 6;
    private static final short POLLIN = 1;
    private static final int POLLERR_HUP_NVAL = 0x8 | 0x10 | 0x20;
    private static final int TIMESPEC = (MOST_DEVICES + 1) * POLLFD_SIZE;
    private static final int ONE = TIMESPEC + 16;
    private static final int DRAIN = ONE + 8;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST = 3600 * SECOND;
    private static final long CLOSED_PAUSE = 1_000_000L;

    private final Libc libc;
    private final int eventDescriptor;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final InterruptHook interrupts = new InterruptHook(this::wake);

    /**
     * Held while sleeping, so that whoever holds it may change what is watched; fair, so that the sleeper lets go of
     * it.
     */
    private final ReentrantLock lock = new ReentrantLock(true);

    /** Threads that want {@link #lock}; nobody sleeps while there are any. */
    private final AtomicInteger changing = new AtomicInteger();

    /** Threads that may be writing to the eventfd: it is not closed before they have gone. */
    private final AtomicInteger waking = new AtomicInteger();

    /**
     * A {@code struct pollfd} for the eventfd and one for each device, a {@code struct timespec}, what is written to
     * the eventfd and read from it.
     */
    private final ByteBuffer memory = Native.memory(DRAIN + 8);

    private final long address = Native.address(memory);
    private final List<TapDevice> devices = new ArrayList<>();
    private boolean closed;

    /** A wait that watches {@code device}. */
    TapWait(Libc libc, TapDevice device) throws TapException {
        this.libc = libc;
        this.eventDescriptor = libc.eventfd(0, EFD_CLOEXEC_NONBLOCK);
        if (eventDescriptor < 0) {
            throw new TapException(Native.errno(), "the kernel gave no eventfd: too many open files?");
        }
        memory.putLong(ONE, 1);
        poll(0, eventDescriptor);
        if (!watch(device)) {
            close();
        }
    }

    @Override
    public void await(long timeoutNanos) {
        lock.lock();
        try {
            if (closed) {
                LockSupport.parkNanos(Math.min(timeoutNanos, CLOSED_PAUSE)); // what a stray caller's loop then costs
            } else if (timeoutNanos > 0 && state.compareAndSet(IDLE, SLEEPING)) {
                sleep(Math.min(timeoutNanos, LONGEST));
            }
            if (!closed) {
                state.getAndSet(IDLE); // reads too: what the waker wrote before is visible from here on
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        waking.incrementAndGet();
        try {
            if (state.getAndSet(WOKEN) == SLEEPING) {
                libc.write(eventDescriptor, address + ONE, 8);
            }
        } finally {
            waking.decrementAndGet();
        }
    }

    @Override
    public boolean add(LinkDevice device) {
        return device.deviceWait() instanceof TapWait other
                && other.devices().stream().allMatch(this::watch);
    }

    @Override
    public void close() {
        whileAwake(this::closeNow);
    }

    /** Does not watch {@code device} any more; nobody polls its descriptor when this returns. */
    void forget(TapDevice device) {
        whileAwake(() -> {
            if (devices.remove(device)) {
                for (int i = 0; i < devices.size(); i++) {
                    poll(i + 1, devices.get(i).descriptor());
                }
                if (devices.isEmpty()) {
                    closeNow();
                }
            }
        });
    }

    private void sleep(long timeoutNanos) {
        interrupts.enter();
        try {
            if (changing.get() == 0) {
                memory.putLong(TIMESPEC, timeoutNanos / SECOND);
                memory.putLong(TIMESPEC + 8, timeoutNanos % SECOND);
                if (libc.ppoll(address, devices.size() + 1L, address + TIMESPEC, 0) > 0) {
                    lookAtEvents();
                }
            }
        } finally {
            interrupts.leave();
        }
    }

    private void lookAtEvents() {
        if (memory.getShort(RETURNED) != 0) {
            libc.read(eventDescriptor, address + DRAIN, 8);
        }
        for (int i = 1; i <= devices.size(); i++) {
            if ((memory.getShort(i * POLLFD_SIZE + RETURNED) & POLLERR_HUP_NVAL) != 0) {
                memory.putInt(i * POLLFD_SIZE, -1); // its interface was deleted: poll would return at once for ever
            }
        }
    }

    private boolean watch(TapDevice device) {
        boolean[] watched = {false};
        whileAwake(() -> {
            boolean room = !closed && devices.size() < MOST_DEVICES;
            if (room && !devices.contains(device) && device.watchedBy(this)) {
                devices.add(device);
                poll(devices.size(), device.descriptor());
            }
            watched[0] = devices.contains(device);
        });
        return watched[0];
    }

    private List<TapDevice> devices() {
        List<TapDevice> copy = new ArrayList<>();
        whileAwake(() -> copy.addAll(devices));
        return copy;
    }

    private void poll(int index, int descriptor) {
        memory.putInt(index * POLLFD_SIZE, descriptor);
        memory.putShort(index * POLLFD_SIZE + EVENTS, POLLIN);
    }

    private void whileAwake(Runnable change) {
        changing.incrementAndGet();
        try {
            wake();
            lock.lock();
            try {
                change.run();
            } finally {
                lock.unlock();
            }
        } finally {
            changing.decrementAndGet();
        }
    }

    private void closeNow() {
        if (!closed) {
            closed = true;
            state.set(WOKEN); // for ever, so that nobody writes to the eventfd any more
            while (waking.get() > 0) {
                Thread.onSpinWait();
            }
            libc.close(eventDescriptor);
        }
    }
}
