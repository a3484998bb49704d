package dev.towpath.tcp;

/** Which SACK blocks to send, and in which order (RFC 2018 section 4, RFC 2883). */
final class SackReport {
    /** Blocks remembered: as many as ever fit in one segment. */
    private static final int REMEMBERED = 4;

    /**
     * A number in each block reported, the most recent first; ranges grow and join, but a number stays in its range.
     */
    private final int[] recent = new int[REMEMBERED];

    private int count;
    private boolean duplicate;
    private int duplicateStart;
    private int duplicateEnd;

    /** A segment that begins at {@code seq} has come out of order. */
    void arrived(int seq) {
        count = Math.min(count + 1, REMEMBERED);
        System.arraycopy(recent, 0, recent, 1, count - 1);
        recent[0] = seq;
    }

    /** Bytes have come again. Reported once. */
    void duplicate(int start, int end) {
        // One ACK may answer a whole batch: what lies in a row is one block (RFC 2883 section 4, "contiguous").
        duplicateStart = duplicate && start == duplicateEnd ? duplicateStart : start;
        duplicate = true;
        duplicateEnd = end;
    }

    /** A duplicate has not been reported yet. */
    boolean pending() {
        return duplicate;
    }

    void clear() {
        count = 0;
        duplicate = false;
    }

    /** Fills in at most {@code room} blocks of {@code beyond}; returns how many. */
    int blocks(Holes beyond, int rcvNxt, int[] starts, int[] ends, int room) {
        int filled = 0;
        if (duplicate && room > 0) {
            duplicate = false;
            starts[0] = duplicateStart;
            ends[0] = duplicateEnd;
            filled = 1;
        }
        int firstBlock = filled;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            Holes.Range range = SeqNum.lessThan(recent[i], rcvNxt) ? null : beyond.find(recent[i]);
            if (range == null || reported(range.start, starts, firstBlock, filled)) {
                continue;
            }
            recent[kept++] = recent[i];
            if (filled < room) {
                starts[filled] = range.start;
                ends[filled] = range.end;
                filled++;
            }
        }
        count = kept;
        return filled;
    }

    private static boolean reported(int start, int[] starts, int from, int to) {
        for (int i = from; i < to; i++) {
            if (starts[i] == start) {
                return true;
            }
        }
        return false;
    }
}
