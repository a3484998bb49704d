package dev.towpath.buffer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Frames of two sizes, kept for reuse: small ones for packets up to an Ethernet MTU and large ones for super-segments.
 * The last frame given back is the first taken, so a stack that runs to completion works in the same warm memory all
 * the time.
 *
 * <p>Safe from many threads: a frame sent over an in-memory wire is given back by the stack that received it.
 *
 * <p>Small frames come in slabs and stay for good; of the large ones only so many are kept, the others are left to the
 * garbage collector.
 */
public final class FramePool {
    /** Capacity of a small frame: headroom and an Ethernet frame of MTU 1500 with room to spare. */
    public static final int SMALL = 2048;

    /** Capacity of a large frame: headroom and 64 KiB of IP packet. */
    public static final int LARGE = 66 * 1024;

    /** Large frames kept for reuse unless the pool is told otherwise: 16.5 MiB. */
    public static final int RETAIN_LARGE = 256;

    private static final int SLAB_FRAMES = 32;

    /** Looks at a lock that another thread holds before the processor is offered to that. */
    private static final int PATIENCE = 100;

    /**
     * Guards the rest. A lock of a few instructions inside, taken and left for each frame: one atomic instruction and
     * not the four of a {@link java.util.concurrent.locks.ReentrantLock}. Nothing is allocated while it is held.
     */
    private final AtomicBoolean busy = new AtomicBoolean();

    private final int retainLarge;
    private @Nullable Frame freeSmall;
    private @Nullable Frame freeLarge;
    private int freeLarges;
    private int taken;

    /** A pool that keeps {@link #RETAIN_LARGE} large frames. */
    public FramePool() {
        this(RETAIN_LARGE);
    }

    /** A pool that keeps at most {@code retainLarge} large frames for reuse. */
    public FramePool(int retainLarge) {
        this.retainLarge = retainLarge;
    }

    /** A frame of at least {@code capacity} bytes with nothing known about it; the caller owns it. */
    public Frame take(int capacity) {
        if (capacity > LARGE) {
            throw new IllegalArgumentException("a frame holds at most " + LARGE + " bytes, not " + capacity);
        }
        boolean small = capacity <= SMALL;
        Frame frame = small ? reuseSmall() : reuseLarge();
        if (frame == null) {
            frame = small ? newSlab() : newLarge();
        }
        frame.taken = true;
        frame.reset();
        return frame;
    }

    /** Frames taken and not yet given back. */
    public int taken() {
        enter();
        int now = taken;
        leave();
        return now;
    }

    /** Large frames kept for reuse now. */
    int freeLarges() {
        return freeLarges;
    }

    void give(Frame frame) {
        boolean small = frame.capacity() == SMALL;
        enter();
        boolean wasTaken = frame.taken;
        if (wasTaken) {
            frame.taken = false;
            taken--;
            if (small) {
                frame.next = freeSmall;
                freeSmall = frame;
            } else if (freeLarges < retainLarge) {
                frame.next = freeLarge;
                freeLarge = frame;
                freeLarges++;
            }
        }
        leave();
        if (!wasTaken) {
            throw new IllegalStateException(
                    "this frame was released before: only its owner may release it, once, and must then forget it");
        }
    }

    private @Nullable Frame reuseSmall() {
        enter();
        Frame frame = freeSmall;
        if (frame != null) {
            freeSmall = frame.next;
            taken++;
        }
        leave();
        return frame;
    }

    private @Nullable Frame reuseLarge() {
        enter();
        Frame frame = freeLarge;
        if (frame != null) {
            freeLarge = frame.next;
            freeLarges--;
            taken++;
        }
        leave();
        return frame;
    }

    private Frame newLarge() {
        Frame frame = new Frame(ByteBuffer.allocateDirect(LARGE), this);
        enter();
        taken++;
        leave();
        return frame;
    }

    /** The first frame of new memory; the others are free from now on. */
    private Frame newSlab() {
        ByteBuffer slab = ByteBuffer.allocateDirect(SMALL * SLAB_FRAMES);
        Frame first = new Frame(slab.slice(0, SMALL), this);
        Frame spares = null;
        Frame last = null;
        for (int i = SLAB_FRAMES - 1; i > 0; i--) {
            Frame spare = new Frame(slab.slice(i * SMALL, SMALL), this);
            spare.next = spares;
            spares = spare;
            last = last == null ? spare : last;
        }
        enter();
        if (last != null) {
            last.next = freeSmall;
            freeSmall = spares;
        }
        taken++;
        leave();
        return first;
    }

    private void enter() {
        for (int tries = 1; !busy.compareAndSet(false, true); tries++) {
            if (tries % PATIENCE == 0) {
                LockSupport.parkNanos(1); // whoever is inside has lost its processor
            }
        }
    }

    private void leave() {
        busy.setRelease(false);
    }
}
