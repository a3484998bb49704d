package dev.towpath.buffer;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A byte ring in off-heap memory: a stretch of a byte stream that begins at the head and may have holes. It knows no
 * length: its owner (TCP's send or receive queue) does. Lazy: it owns no memory until the first byte, grows by doubling
 * up to what its owner allows, and gives all back on {@link #release}.
 *
 * <pre>
 *              head                           offsets count from the head and wrap
 *   | 5 6 7 ... | 0 1 2 3 4 ...           |
 *   0                                     capacity
 * </pre>
 *
 * <p>Sources and targets may be direct or on the heap; they are accessed by index up to their limit, and their position
 * does not matter or move.
 */
public final class ByteRing {
    private final BufferPool pool;
    private @Nullable ByteBuffer memory;
    private int head;

    /** A ring without memory. */
    public ByteRing(BufferPool pool) {
        this.pool = pool;
    }

    /** Bytes of memory now: 0 or a power of two. */
    public int capacity() {
        return memory == null ? 0 : memory.capacity();
    }

    /**
     * Makes room for {@code bytes} bytes from the head, keeping what is there.
     *
     * @return false if the pool's budget does not allow it; the ring is as before
     */
    public boolean reserve(int bytes) {
        if (bytes <= capacity()) {
            return true;
        }
        ByteBuffer larger = pool.takeFairly(bytes);
        if (larger == null) {
            return false;
        }
        ByteBuffer old = memory;
        if (old != null) {
            read(0, larger, 0, old.capacity());
            pool.give(old);
        }
        memory = larger;
        head = 0;
        return true;
    }

    /** Makes room for {@code bytes} bytes, or as many as the pool's budget allows. */
    public void reserveUpTo(int bytes) {
        int size = BufferPool.blockSize(bytes);
        while (size > capacity() && !reserve(size)) {
            size /= 2;
        }
    }

    /**
     * Copies {@code length} bytes at {@code from} in {@code source} to {@code offset} bytes behind the head, within the
     * capacity.
     */
    public void write(int offset, ByteBuffer source, int from, int length) {
        ByteBuffer ring = checked(offset, length);
        if (ring == null) {
            return;
        }
        int at = head + offset & ring.capacity() - 1;
        int first = Math.min(length, ring.capacity() - at);
        ring.put(at, source, from, first);
        if (first < length) {
            ring.put(0, source, from + first, length - first);
        }
    }

    /** Copies {@code length} bytes from {@code offset} bytes behind the head into {@code target} at {@code to}. */
    public void read(int offset, ByteBuffer target, int to, int length) {
        ByteBuffer ring = checked(offset, length);
        if (ring == null) {
            return;
        }
        int at = head + offset & ring.capacity() - 1;
        int first = Math.min(length, ring.capacity() - at);
        target.put(to, ring, at, first);
        if (first < length) {
            target.put(to + first, ring, 0, length - first);
        }
    }

    /**
     * Makes {@code length} bytes from {@code offset} bytes behind the head the tail of {@code frame}, without a copy:
     * they must stay as they are until the frame has been sent.
     */
    public void lend(int offset, int length, Frame frame) {
        ByteBuffer ring = checked(offset, length);
        if (ring != null) {
            frame.tail = ring;
            frame.tailAt = head + offset & ring.capacity() - 1;
            frame.tailLength = length;
        }
    }

    /** Moves the head on: {@code length} bytes are done with. */
    public void advance(int length) {
        if (memory != null) {
            head = head + length & memory.capacity() - 1;
        }
    }

    /** Gives its memory back. */
    public void release() {
        if (memory != null) {
            pool.give(memory);
            memory = null;
            head = 0;
        }
    }

    private @Nullable ByteBuffer checked(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, capacity());
        return memory;
    }
}
