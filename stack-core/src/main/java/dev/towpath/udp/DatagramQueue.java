package dev.towpath.udp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.ByteRing;
import java.nio.ByteBuffer;

/**
 * Datagrams that wait to be received, one behind the other in a ring with the address of their sender in front of each,
 * so that a byte costs a byte and not a frame. Without datagrams it owns no memory.
 *
 * <pre>
 *   | length 4 | port 4 | source 16 | data ... | length | port | source | data ... |
 * </pre>
 */
final class DatagramQueue {
    private static final int LENGTH = 0;
    private static final int PORT = 4;
    private static final int SOURCE_HIGH = 8;
    private static final int SOURCE_LOW = 16;
    private static final int HEADER = 24;

    private final ByteRing ring;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private int used;

    DatagramQueue(BufferPool pool) {
        this.ring = new ByteRing(pool);
    }

    boolean isEmpty() {
        return used == 0;
    }

    /**
     * Adds the {@code length} bytes at {@code from}. At least one datagram finds room, however small the limit.
     *
     * @param limit bytes that may be in the queue, overhead counted
     * @return false if it is over the limit or memory is spent
     */
    boolean add(long sourceHigh, long sourceLow, int sourcePort, ByteBuffer data, int from, int length, int limit) {
        int after = used + HEADER + length;
        if ((used > 0 && after > limit) || !ring.reserve(after)) {
            return false;
        }
        header.putInt(LENGTH, length);
        header.putInt(PORT, sourcePort);
        header.putLong(SOURCE_HIGH, sourceHigh);
        header.putLong(SOURCE_LOW, sourceLow);
        ring.write(used, header, 0, HEADER);
        ring.write(used + HEADER, data, from, length);
        used = after;
        return true;
    }

    /** Looks at the oldest datagram, of which the accessors then tell; there must be one. */
    void look() {
        ring.read(0, header, 0, HEADER);
    }

    int length() {
        return header.getInt(LENGTH);
    }

    int sourcePort() {
        return header.getInt(PORT);
    }

    long sourceHigh() {
        return header.getLong(SOURCE_HIGH);
    }

    long sourceLow() {
        return header.getLong(SOURCE_LOW);
    }

    /** Copies what fits of the datagram that was looked at into {@code into}, whose position moves. */
    void copy(ByteBuffer into) {
        int n = Math.min(length(), into.remaining());
        ring.read(HEADER, into, into.position(), n);
        into.position(into.position() + n);
    }

    /** Drops the datagram that was looked at. */
    void drop() {
        int length = HEADER + length();
        used -= length;
        if (used == 0) {
            ring.release();
        } else {
            ring.advance(length);
        }
    }

    void clear() {
        used = 0;
        ring.release();
    }
}
