package dev.towpath.link;

import java.io.Closeable;

/**
 * Sleeps until a device is readable, a time has come, or somebody calls {@link #wake()}. One thread at a time sleeps.
 */
public interface DeviceWait extends Closeable {
    /**
     * Sleeps at most {@code timeoutNanos} (0: only looks). Returns early, at once, for a frame that waits or a
     * {@link #wake()} that came since the last return, for an interrupt of the thread, and for no reason at all.
     */
    void await(long timeoutNanos);

    /** Ends the sleep of now, or else the next one. From any thread; cheap when nobody sleeps. */
    void wake();

    /** Watches {@code device} too; false if this wait can't. */
    boolean add(LinkDevice device);

    @Override
    void close();
}
