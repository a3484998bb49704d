package dev.towpath.stack;

import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sleeps for devices in memory, which have no file descriptor: they call {@link #wake} when a frame arrives. */
final class ParkingWait implements DeviceWait {
    /**
     * Set by wake, cleared by the sleep that it ends. Written before {@link #sleeper} is read there, and read after it
     * is written here: one of the two sees the other.
     */
    private volatile boolean woken;

    private volatile @Nullable Thread sleeper;

    @Override
    public void await(long timeoutNanos) {
        if (timeoutNanos > 0 && !woken) {
            sleeper = Thread.currentThread();
            if (!woken) {
                LockSupport.parkNanos(this, timeoutNanos);
            }
            sleeper = null;
        }
        woken = false;
    }

    @Override
    public void wake() {
        if (woken) {
            return; // whoever has set it wakes the sleeper, too
        }
        woken = true;
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** A device without a wait of its own signals arrivals; one with a file descriptor can't be watched from here. */
    @Override
    public boolean add(LinkDevice device) {
        return device.deviceWait() == null;
    }

    @Override
    public void close() {
        wake();
    }
}
