package dev.towpath.pcap;

import dev.towpath.buffer.Frame;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Frames between the thread that captures and the stack: first in, first out, of limited length. */
final class FrameQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final int limit;
    private @Nullable Frame first;
    private @Nullable Frame last;
    private int length;
    private boolean closed;

    FrameQueue(int limit) {
        this.limit = limit;
    }

    /** Takes ownership of {@code frame}; false if it was dropped because the queue is full or closed. */
    boolean offer(Frame frame) {
        lock.lock();
        try {
            if (!closed && length < limit) {
                if (last == null) {
                    first = frame;
                } else {
                    last.next = frame;
                }
                last = frame;
                length++;
                return true;
            }
        } finally {
            lock.unlock();
        }
        frame.release();
        return false;
    }

    /** The frame that has waited longest, or null; the caller owns it. */
    @Nullable
    Frame poll() {
        lock.lock();
        try {
            Frame frame = first;
            if (frame != null) {
                first = frame.next;
                frame.next = null;
                last = first == null ? null : last;
                length--;
            }
            return frame;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return first == null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and gives back what is in it. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        for (Frame frame = poll(); frame != null; frame = poll()) {
            frame.release();
        }
    }
}
