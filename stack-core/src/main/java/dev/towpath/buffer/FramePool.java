package dev.towpath.buffer;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
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

    private final ReentrantLock lock = new ReentrantLock();
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
        Frame frame;
        lock.lock();
        try {
            frame = capacity <= SMALL ? takeSmall() : takeLarge();
            frame.taken = true;
            taken++;
        } finally {
            lock.unlock();
        }
        frame.reset();
        return frame;
    }

    /** Frames taken and not yet given back. */
    public int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Large frames kept for reuse now. */
    int freeLarges() {
        return freeLarges;
    }

    void give(Frame frame) {
        lock.lock();
        try {
            if (!frame.taken) {
                throw new IllegalStateException(
                        "this frame was released before: only its owner may release it, once, and must then forget it");
            }
            frame.taken = false;
            taken--;
            if (frame.capacity() == SMALL) {
                frame.next = freeSmall;
                freeSmall = frame;
            } else if (freeLarges < retainLarge) {
                frame.next = freeLarge;
                freeLarge = frame;
                freeLarges++;
            }
        } finally {
            lock.unlock();
        }
    }

    private Frame takeSmall() {
        Frame frame = freeSmall;
        if (frame == null) {
            ByteBuffer slab = ByteBuffer.allocateDirect(SMALL * SLAB_FRAMES);
            for (int i = SLAB_FRAMES - 1; i > 0; i--) {
                Frame spare = new Frame(slab.slice(i * SMALL, SMALL), this);
                spare.next = freeSmall;
                freeSmall = spare;
            }
            return new Frame(slab.slice(0, SMALL), this);
        }
        freeSmall = frame.next;
        return frame;
    }

    private Frame takeLarge() {
        Frame frame = freeLarge;
        if (frame == null) {
            return new Frame(ByteBuffer.allocateDirect(LARGE), this);
        }
        freeLarge = frame.next;
        freeLarges--;
        return frame;
    }
}
