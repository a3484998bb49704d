package dev.towpath.udp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.ByteRing;
import java.nio.ByteBuffer;

/**
 * Datagrams that wait to be received, one behind the other in a ring with the address of their sender in front of each,
 * so that a byte costs a byte and not a frame. Without datagrams it owns no memory.
 *
 * <pre>
 *   | length 4 | port 2 | segment 2 | source 16 | data ... | length | port | segment | source | data ...
 * </pre>
 *
 * <p>A super-datagram lies there as it came, several datagrams of {@code segment} bytes behind one header. They are
 * taken out one by one or all at once, as the reader likes.
 */
final class DatagramQueue {
    private static final int LENGTH = 0;
    private static final int PORT = 4;
    private static final int SEGMENT = 6;
    private static final int SOURCE_HIGH = 8;
    private static final int SOURCE_LOW = 16;
    private static final int HEADER = 24;

    private final ByteRing ring;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private int used;
    /** The most that was ever in it since it was last empty, and what it had reached then. */
    private int peak;

    private int lastPeak;

    /** What {@link #header} tells of is the oldest entry. */
    private boolean looked;
    /** Bytes of the oldest entry's data that have been taken out. */
    private int taken;

    private int length;

    DatagramQueue(BufferPool pool) {
        this.ring = new ByteRing(pool);
    }

    boolean isEmpty() {
        return used == 0;
    }

    /**
     * Adds the {@code length} bytes at {@code from}: one datagram, or with a {@code segment} several of that size, of
     * which the last may be shorter. At least one finds room, however small the limit.
     *
     * @param limit bytes that may be in the queue, overhead counted
     * @return bytes added, fewer than {@code length} if only some of several found room; negative if nothing did
     */
    int add(
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            int segment,
            ByteBuffer data,
            int from,
            int length,
            int limit) {
        int fits = fitting(segment, length, limit - used - HEADER);
        int after = used + HEADER + fits;
        if (fits < 0 || !makeRoom(after)) {
            return -1;
        }
        looked = false; // the header is about to tell of another
        header.putInt(LENGTH, fits);
        header.putShort(PORT, (short) sourcePort);
        header.putShort(SEGMENT, (short) segment);
        header.putLong(SOURCE_HIGH, sourceHigh);
        header.putLong(SOURCE_LOW, sourceLow);
        ring.write(used, header, 0, HEADER);
        ring.write(used + HEADER, data, from, fits);
        used = after;
        peak = Math.max(peak, used);
        return fits;
    }

    private int fitting(int segment, int length, int room) {
        if (length <= room) {
            return length;
        }
        int least = segment == 0 ? length : Math.min(segment, length);
        if (used == 0 && room < least) {
            return least;
        }
        return segment == 0 || room < segment ? -1 : room / segment * segment;
    }

    /** A queue that has just been emptied will soon be as full again, and a ring that grows step by step copies. */
    private boolean makeRoom(int bytes) {
        return (used == 0 && bytes < lastPeak && ring.reserve(lastPeak)) || ring.reserve(bytes);
    }

    /**
     * Looks at the oldest datagram, of which the accessors then tell; there must be one.
     *
     * @param whole all that is left of a super-datagram counts as one
     */
    void look(boolean whole) {
        if (!looked) {
            ring.read(0, header, 0, HEADER);
            looked = true;
        }
        int left = header.getInt(LENGTH) - taken;
        int segment = segment();
        length = whole || segment == 0 ? left : Math.min(segment, left);
    }

    int length() {
        return length;
    }

    /** Length of each of several datagrams that are looked at as one, but perhaps the last; 0 if it is one. */
    int segmentSize() {
        int segment = segment();
        return segment < length ? segment : 0;
    }

    int sourcePort() {
        return header.getShort(PORT) & 0xffff;
    }

    long sourceHigh() {
        return header.getLong(SOURCE_HIGH);
    }

    long sourceLow() {
        return header.getLong(SOURCE_LOW);
    }

    /** Copies what fits of the datagram that was looked at into {@code into}, whose position moves. */
    void copy(ByteBuffer into) {
        int n = Math.min(length, into.remaining());
        ring.read(HEADER + taken, into, into.position(), n);
        into.position(into.position() + n);
    }

    /** Drops the datagram that was looked at. */
    void drop() {
        int entry = header.getInt(LENGTH);
        taken += length;
        if (taken < entry) {
            return;
        }
        taken = 0;
        looked = false;
        used -= HEADER + entry;
        if (used == 0) {
            empty();
        } else {
            ring.advance(HEADER + entry);
        }
    }

    void clear() {
        used = 0;
        taken = 0;
        looked = false;
        empty();
    }

    private void empty() {
        ring.release();
        lastPeak = Math.max(peak, lastPeak / 2); // a burst is remembered for a while
        peak = 0;
    }

    private int segment() {
        return header.getShort(SEGMENT) & 0xffff;
    }
}
