package dev.towpath.tcp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Super-segments that have come in order and stay in the frames that they came in until the application takes them, so
 * that they are copied once and not twice. The stack's memory budget is charged with the whole frames.
 */
final class KeptFrames {
    private final BufferPool pool;
    private @Nullable Frame first;
    private @Nullable Frame last;
    private int bytes;

    KeptFrames(BufferPool pool) {
        this.pool = pool;
    }

    /** A frame that is mostly data is worth more than a copy; a small one would cost more memory than it holds. */
    static boolean worthKeeping(Segment segment) {
        return segment.dataLength > segment.frame.capacity() / 2 && segment.dataLength >= BufferPool.SMALLEST;
    }

    /** Bytes of data here. */
    int bytes() {
        return bytes;
    }

    /** Takes the frame of {@code segment}; false if its lender wants it back, or the budget does not allow it. */
    boolean add(Segment segment) {
        Frame frame = segment.frame;
        if (!pool.charge(frame.capacity())) {
            return false;
        }
        if (!frame.keep()) {
            pool.refund(frame.capacity());
            return false;
        }
        frame.payload = segment.dataOffset;
        frame.end = segment.dataOffset + segment.dataLength;
        frame.next = null;
        if (last == null) {
            first = frame;
        } else {
            last.next = frame;
        }
        last = frame;
        bytes += segment.dataLength;
        return true;
    }

    /** Copies the first {@code count} bytes into {@code into} at {@code at}. */
    void read(ByteBuffer into, int at, int count) {
        int done = 0;
        for (Frame frame = first; frame != null && done < count; frame = frame.next) {
            int part = Math.min(count - done, frame.end - frame.payload);
            into.put(at + done, frame.bytes(), frame.payload, part);
            done += part;
        }
    }

    /** The first {@code count} bytes are done with. */
    void advance(int count) {
        int left = count;
        while (first != null && left >= first.end - first.payload) {
            left -= first.end - first.payload;
            drop(first);
        }
        if (first != null) {
            first.payload += left;
        }
        bytes -= count;
    }

    /** Gives all frames back. */
    void clear() {
        while (first != null) {
            drop(first);
        }
        bytes = 0;
    }

    private void drop(Frame frame) {
        first = frame.next;
        if (first == null) {
            last = null;
        }
        frame.next = null;
        pool.refund(frame.capacity());
        frame.release();
    }
}
