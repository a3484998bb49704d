package dev.towpath.buffer;

import java.nio.ByteBuffer;

/**
 * A byte ring in off-heap memory: a stretch of a byte stream that begins at the head and may have holes. It knows no length: its owner (TCP's send or receive
 * queue) does. Lazy: it owns no memory until the first byte, grows by doubling up to what its owner allows, and gives all back on {@link #release}.
 */
public final class ByteRing {
    /** A ring without memory. */
    public ByteRing(BufferPool pool) {
        throw new UnsupportedOperationException();
    }

    /** Bytes of memory now: 0 or a power of two. */
    public int capacity() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes room for {@code bytes} bytes from the head, keeping what is there.
     *
     * @return false if the pool's budget is spent; the ring is as before
     */
    public boolean reserve(int bytes) {
        throw new UnsupportedOperationException();
    }

    /** Copies {@code length} bytes at {@code from} in {@code source} to {@code offset} bytes behind the head, within the capacity. */
    public void write(int offset, ByteBuffer source, int from, int length) {
        throw new UnsupportedOperationException();
    }

    /** Copies {@code length} bytes from {@code offset} bytes behind the head into {@code target} at {@code to}. */
    public void read(int offset, ByteBuffer target, int to, int length) {
        throw new UnsupportedOperationException();
    }

    /** Moves the head on: {@code length} bytes are done with. */
    public void advance(int length) {
        throw new UnsupportedOperationException();
    }

    /** Gives its memory back. */
    public void release() {
        throw new UnsupportedOperationException();
    }
}
