package dev.towpath.ipv4;

import java.util.function.LongSupplier;

/**
 * Identifications of datagrams that may be fragmented: unique per source and destination as long as possible (RFC 6864
 * section 4.3), and not to be predicted by others (RFC 7739 tells what they could do), so each pair counts on its own
 * from a random start. A small table remembers the pairs lately in use; one that was pushed out starts anew at random.
 */
final class Identifications {
    private static final int PAIRS = 256;

    private final LongSupplier random;
    private final long[] pairs = new long[PAIRS];
    private final short[] next = new short[PAIRS];

    Identifications(LongSupplier random) {
        this.random = random;
    }

    /** The first of {@code count} identifications in a row, one for each datagram that a super-segment is cut into. */
    int next(int source, int destination, int count) {
        long pair = (long) source << 32 | (destination & 0xffff_ffffL);
        int slot = (int) ((pair * 0x9e37_79b9_7f4a_7c15L) >>> 56);
        if (pairs[slot] != pair) {
            pairs[slot] = pair;
            next[slot] = (short) random.getAsLong();
        }
        int first = next[slot] & 0xffff;
        next[slot] += (short) count;
        return first;
    }
}
