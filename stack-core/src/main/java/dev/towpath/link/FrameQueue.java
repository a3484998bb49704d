package dev.towpath.link;

import dev.towpath.buffer.Frame;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of frames from one stack to another, which may run in different threads under different locks. One
 * thread at a time offers, one at a time polls, any may close. It owns the frames in it.
 *
 * <p>Neither side waits for the other: {@code tail} belongs to the offering side and {@code head} to the polling side,
 * and each only reads the other's. Both are volatile in the full sense, because two decisions rest on it: a poll that
 * finds nothing has told its {@code head} before it looked at {@code tail}, so an offer behind it finds the queue empty
 * and wakes; and an offer tells its {@code tail} before it looks whether the queue was closed.
 */
final class FrameQueue {
    private final @Nullable Frame[] slots;
    private final int limit;
    private final AtomicInteger head = new AtomicInteger();
    private final AtomicInteger tail = new AtomicInteger();
    /**
     * Held to take frames out: by the polling side, where nobody contends for it, and by whoever empties a closed
     * queue.
     */
    private final ReentrantLock taking = new ReentrantLock();

    private volatile @Nullable Runnable wake;
    private volatile boolean closed;

    /** A queue of at most {@code limit} frames. */
    FrameQueue(int limit) {
        if (limit < 1 || limit > 1 << 20) {
            throw new IllegalArgumentException("a queue holds 1 to " + (1 << 20) + " frames, not " + limit);
        }
        this.limit = limit;
        this.slots = new @Nullable Frame[limit == 1 ? 1 : Integer.highestOneBit(limit - 1) << 1];
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
        int at = tail.get();
        int waiting = at - head.get();
        if (waiting >= limit || closed) {
            frame.release();
            return false;
        }
        slots[at & slots.length - 1] = frame;
        tail.set(at + 1);
        Runnable sleeper = wake;
        if (head.get() == at
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
        taking.lock();
        try {
            return closed ? null : take();
        } finally {
            taking.unlock();
        }
    }

    /** No more than an eighth of it is free. */
    boolean crowded() {
        return tail.get() - head.get() >= limit - limit / 8;
    }

    boolean isEmpty() {
        return head.get() == tail.get();
    }

    /** Releases what is in it; takes nothing from now on. Idempotent. */
    void close() {
        closed = true;
        releaseAll();
    }

    private void releaseAll() {
        taking.lock();
        try {
            for (Frame frame = take(); frame != null; frame = take()) {
                frame.release();
            }
        } finally {
            taking.unlock();
        }
    }

    private @Nullable Frame take() {
        int at = head.get();
        if (at == tail.get()) {
            return null;
        }
        Frame frame = slots[at & slots.length - 1];
        slots[at & slots.length - 1] = null;
        head.set(at + 1);
        return frame;
    }
}
