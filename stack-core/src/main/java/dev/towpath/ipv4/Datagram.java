package dev.towpath.ipv4;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A datagram in pieces: its first header, its data as far as it has come, and a bit for each 8 bytes that are there
 * (the table of RFC 791 section 3.2; a list of holes as in RFC 815 is shorter but can be made long by whoever sends
 * every other fragment). {@link Reassembler} owns and reuses it.
 */
final class Datagram {
    /** Longest header, kept before the data in {@link #block}. */
    static final int DATA = 60;

    /** What one costs besides its block. */
    static final int OVERHEAD = 1536;

    private static final int UNKNOWN = -1;

    int source;
    int destination;
    int identification;
    int protocol;
    int interfaceIndex;
    boolean linkGroup;
    boolean destinationGroup;
    /** A fragment carried the mark of congestion (RFC 3168 section 5.3: it must not get lost). */
    boolean congestion;
    /** Overlapped: what is left of it is to be dropped too (RFC 5722 section 4). */
    boolean poisoned;

    long deadlineNanos;

    @Nullable
    ByteBuffer block;

    int headerLength;
    /** Bytes of data in the fragment with offset 0, or 0 before it has come. */
    int firstLength;

    @Nullable
    Datagram older;

    @Nullable
    Datagram younger;

    private final long[] present = new long[65_536 / 8 / Long.SIZE];
    private int received;
    private int highest;
    private int length = UNKNOWN;

    boolean is(int source, int destination, int identification, int protocol) {
        return this.source == source
                && this.identification == identification
                && this.destination == destination
                && this.protocol == protocol;
    }

    /** Bytes of data in all, or the most that are known to be. */
    int extent() {
        return Math.max(length, highest);
    }

    boolean complete() {
        return received == length;
    }

    /**
     * True if a fragment can't be part of the same datagram as those that are there: it ends it elsewhere, or lies
     * behind the end.
     */
    boolean contradicts(int offset, int end, boolean more) {
        if (more) {
            return length != UNKNOWN && end >= length;
        }
        return length == UNKNOWN ? highest > end : length != end;
    }

    /** How many of the 8-byte units from {@code offset} to {@code end} are there. */
    int unitsPresent(int offset, int end) {
        int count = 0;
        for (int unit = offset >>> 3; unit < (end + 7) >>> 3; unit++) {
            count += (int) (present[unit >>> 6] >>> unit & 1);
        }
        return count;
    }

    boolean sameData(ByteBuffer bytes, int at, int offset, int end) {
        ByteBuffer data = block;
        if (data == null) {
            return false;
        }
        for (int i = 0; i < end - offset; i++) {
            if (data.get(DATA + offset + i) != bytes.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    /** Notes that the bytes from {@code offset} to {@code end}, none of which were there, are there now. */
    void arrived(int offset, int end, boolean more) {
        for (int unit = offset >>> 3; unit < (end + 7) >>> 3; unit++) {
            present[unit >>> 6] |= 1L << unit;
        }
        received += end - offset;
        highest = Math.max(highest, end);
        if (!more) {
            length = end;
        }
    }

    /** Blank, for the next one. */
    void clear() {
        Arrays.fill(present, 0);
        received = 0;
        highest = 0;
        length = UNKNOWN;
        headerLength = 0;
        firstLength = 0;
        linkGroup = false;
        destinationGroup = false;
        congestion = false;
        poisoned = false;
        block = null;
    }
}
