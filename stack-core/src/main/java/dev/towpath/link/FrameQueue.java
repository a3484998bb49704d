package dev.towpath.link;

import dev.towpath.buffer.Frame;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of frames from one stack to another, which may run in different threads under different locks. One
 * thread at a time offers, one at a time polls, any may close. It owns the frames in it.
 *
 * <p>Neither side waits for the other: {@code tail} belongs to the offering side and {@code head} to the polling side,
 * and each only reads the other's; they lie in different cache lines. Two decisions rest on their order. An offer tells
 * its {@code tail} before it looks at {@code head} and whether the queue was closed. A poll that finds nothing has told
 * its {@code head} before it looked at {@code tail} for the last time, so an offer behind it finds the queue empty and
 * wakes. Only then does the order matter, so a poll that finds a frame pays for no fence.
 *
 * <p>A frame is taken out of its slot atomically: by the polling side, or by whoever empties a closed queue.
 */
final class FrameQueue {
    /** Between two numbers that different threads write: two cache lines, since processors fetch them in pairs. */
    private static final int APART = 32;

    private static final int HEAD = APART;
    private static final int TAIL = 2 * APART;

    private final AtomicReferenceArray<@Nullable Frame> slots;
    private final int mask;
    private final int limit;
    private final AtomicIntegerArray ends = new AtomicIntegerArray(3 * APART);
    private volatile @Nullable Runnable wake;
    private volatile boolean closed;

    /** A queue of at most {@code limit} frames. */
    FrameQueue(int limit) {
        if (limit < 1 || limit > 1 << 20) {
            throw new IllegalArgumentException("a queue holds 1 to " + (1 << 20) + " frames, not " + limit);
        }
        this.limit = limit;
        int size = limit == 1 ? 1 : Integer.highestOneBit(limit - 1) << 1;
        this.slots = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
    }

    int limit() {
        return limit;
    }

    /** From now on {@code runnable} is called when a frame comes into the empty queue. */
    void onArrival(Runnable runnable) {
        wake = runnable;
    }

    /** Takes {@code frame}, or releases it and returns false if the queue is full or closed. */
    boolean offer(Frame frame) {
        int at = ends.getPlain(TAIL);
        if (at - ends.getAcquire(HEAD) >= limit || closed) {
            frame.release();
            return false;
        }
        slots.setPlain(at & mask, frame);
        ends.set(TAIL, at + 1);
        Runnable sleeper = wake;
        if (ends.get(HEAD) == at
                && sleeper != null) { // all before it has been taken: the other side may have gone to sleep
            sleeper.run();
        }
        if (closed) {
            releaseAll();
        }
        return true;
    }

    /** The oldest frame, which the caller then owns, or null. */
    @Nullable
    Frame poll() {
        if (isEmpty()) {
            return null;
        }
        int at = ends.getPlain(HEAD);
        Frame frame = slots.getAndSet(at & mask, null);
        ends.setRelease(HEAD, at + 1);
        return frame;
    }

    /** No more than an eighth of it is free. */
    boolean crowded() {
        return ends.get(TAIL) - ends.get(HEAD) >= limit - limit / 8;
    }

    boolean isEmpty() {
        int at = ends.get(HEAD);
        if (at != ends.get(TAIL) && !closed) {
            return false;
        }
        VarHandle.fullFence();
        return at == ends.get(TAIL) || closed;
    }

    /** Releases what is in it; takes nothing from now on. Idempotent. */
    void close() {
        closed = true;
        releaseAll();
    }

    private void releaseAll() {
        for (int i = 0; i <= mask; i++) {
            Frame frame = slots.getAndSet(i, null);
            if (frame != null) {
                frame.release();
            }
        }
    }
}
