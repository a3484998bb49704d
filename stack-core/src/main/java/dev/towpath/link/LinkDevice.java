package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.MacAddress;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * A network card as the stack sees it: Ethernet frames go in and come out. Calls come from one thread at a time (the
 * stack's lock), but for {@link #close()} and the wake-up that {@link #onArrival} installs.
 */
public interface LinkDevice extends Closeable {
    /** Name for people, such as {@code tap0}. */
    String name();

    /** Its Ethernet address. */
    MacAddress mac();

    /** Largest IP packet in bytes (super-segments aside). */
    int mtu();

    /** What it does for the stack. */
    LinkFeatures features();

    /**
     * Frames worth sending in one go before letting the other end drain: the room in the device's queue. Bursts are
     * bounded in packets as well as in bytes.
     */
    default int queueFrames() {
        return 1000;
    }

    /**
     * So many frames wait in the device's queue that data which may as well wait where it is should do so; what is left
     * is for ACKs and the like. False for a device that can't tell.
     */
    default boolean crowded() {
        return false;
    }

    /**
     * It completes checksums, and takes a frame whose data lies elsewhere ({@link Frame#tail}): saves a copy. Not true
     * of a device that keeps frames, or looks into them.
     */
    default boolean gathers() {
        return false;
    }

    /**
     * Sends {@code frame} from {@link Frame#start} to {@link Frame#end}; takes ownership, whatever happens.
     *
     * @return false if it was dropped here because the queue is full or the device closed
     */
    boolean send(Frame frame, long nowNanos);

    /** The next frame that has arrived, which the caller then owns, or null if none is waiting. Never blocks. */
    @Nullable
    Frame receive(long nowNanos);

    /**
     * When {@link #receive} is worth calling again although nobody signals it: {@link Long#MIN_VALUE} if frames are
     * waiting now, a time at which a delayed frame falls due, or {@link Long#MAX_VALUE}.
     */
    default long nextEventNanos() {
        return Long.MAX_VALUE;
    }

    /**
     * Installs what to call, from any thread, when a frame arrives while the stack sleeps. A device with a
     * {@link #deviceWait} may ignore it.
     */
    void onArrival(Runnable wake);

    /**
     * How to sleep until this device has something, for a device with a file descriptor; null for one that signals
     * {@link #onArrival}.
     */
    default @Nullable DeviceWait deviceWait() {
        return null;
    }

    /** Ends it: later sends are dropped, receive returns null. Idempotent. */
    @Override
    void close();
}
