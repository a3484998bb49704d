package dev.towpath.tcp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.ByteRing;
import dev.towpath.buffer.Frame;
import java.nio.ByteBuffer;

/**
 * The bytes that the application has sent and the peer has not acknowledged, from SND.UNA on.
 *
 * <pre>
 *        SND.UNA             SND.NXT               end
 *           |  in flight        |   not sent yet    |
 * </pre>
 */
final class SendQueue {
    private final ByteRing ring;
    private final BufferPool pool;
    private int length;
    private int capacityHint;

    SendQueue(BufferPool pool) {
        this.ring = new ByteRing(pool);
        this.pool = pool;
    }

    /** Bytes queued, in flight or not. */
    int length() {
        return length;
    }

    /** How much it may hold: {@code wanted}, or what it has or would get of the stack's memory if that is short. */
    int limit(int wanted) {
        return Math.min(wanted, Math.max(ring.capacity(), pool.lendable()));
    }

    /** Takes up to {@code most} bytes of what remains in {@code data}; returns how many. */
    int add(ByteBuffer data, int most) {
        int count = Math.min(data.remaining(), most);
        if (count <= 0) {
            return 0;
        }
        if (!reserve(length + count)) {
            ring.reserveUpTo(length + count);
            count = Math.min(count, ring.capacity() - length);
            if (count <= 0) {
                return 0;
            }
        }
        int from = data.position();
        ring.write(length, data, from, count);
        data.position(from + count);
        length += count;
        return count;
    }

    /** Copies {@code count} bytes from {@code offset} bytes behind SND.UNA into {@code target}. */
    void copy(int offset, ByteBuffer target, int to, int count) {
        ring.read(offset, target, to, count);
    }

    /** The same bytes as the tail of {@code frame}, without a copy. */
    void lend(int offset, Frame frame, int count) {
        ring.lend(offset, count, frame);
    }

    /** SND.UNA has moved by {@code count} bytes. */
    void acknowledged(int count) {
        ring.advance(count);
        length -= count;
        if (length == 0) {
            release();
        }
    }

    /**
     * Forgets all and gives the memory back; remembers how much was in use, so that a bulk sender does not grow from
     * the smallest ring each time.
     */
    void release() {
        capacityHint = ring.capacity();
        length = 0;
        ring.release();
    }

    private boolean reserve(int bytes) {
        return bytes <= ring.capacity()
                || (ring.capacity() == 0 && bytes < capacityHint && ring.reserve(capacityHint))
                || ring.reserve(bytes);
    }
}
