package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * Ranges of sequence numbers that have come beyond RCV.NXT: disjoint, not adjacent, in ascending order; and what is to
 * be reported of them. Lent: most connections at most times have received all in order.
 */
final class Holes {
    /** Ranges that any connection may have. */
    private static final int LEAST = 256;

    /**
     * Beyond them, one for so many bytes of buffer: a peer that sends every other byte must not make us keep more of
     * ranges than of bytes, and one that loses every other segment must not be taken for it.
     */
    private static final int BYTES_EACH = 512;

    final SackReport report = new SackReport();
    private final Stretches<Range> ranges = new Stretches<>();
    private final Pool pool;
    /** The next ones that nobody has. */
    private @Nullable Holes following;

    Holes(Pool pool) {
        this.pool = pool;
    }

    /** What lies between two holes. */
    static final class Range extends Stretch {
        private Range(int levels) {
            super(levels);
        }
    }

    /** Holes and ranges that nobody uses, for the whole stack. */
    static final class Pool {
        private final Stretches.Coin coin;
        private @Nullable Stretch free;
        private @Nullable Holes freeHoles;

        Pool(Stretches.Coin coin) {
            this.coin = coin;
        }

        /** Without any range. */
        Holes lend() {
            Holes lent = freeHoles;
            if (lent == null) {
                return new Holes(this);
            }
            freeHoles = lent.following;
            lent.following = null;
            return lent;
        }

        void giveBack(Holes holes) {
            holes.clear();
            holes.report.clear();
            holes.following = freeHoles;
            freeHoles = holes;
        }

        private Range take(int start, int end) {
            Range range = (Range) free;
            if (range == null) {
                range = new Range(coin.levels());
            } else {
                free = range.next[0];
                range.next[0] = null;
            }
            range.start = start;
            range.end = end;
            return range;
        }

        private void give(Range range) {
            range.next[0] = free;
            free = range;
        }
    }

    /** Ranges held. */
    int count() {
        return ranges.count();
    }

    /** Adds [{@code start}, {@code end}), joining what it touches; false if that were too many for {@code capacity}. */
    boolean add(int start, int end, int capacity) {
        Range range = ranges.find(start - 1);
        if (range != null && SeqNum.atMost(range.start, end)) {
            range.start = SeqNum.min(range.start, start);
            if (SeqNum.lessThan(range.end, end)) {
                range.end = swallow(range, end);
            }
            return true;
        }
        if (ranges.count() >= LEAST + capacity / BYTES_EACH) {
            return false;
        }
        Range added = pool.take(start, end);
        if (range == null) {
            ranges.append(added);
        } else {
            ranges.insert(added);
        }
        return true;
    }

    /** Takes away what begins behind {@code range} and up to {@code end}; returns where the last of it ends. */
    private int swallow(Range range, int end) {
        int reached = end;
        Range next = ranges.after(range);
        while (next != null && SeqNum.atMost(next.start, end)) {
            reached = SeqNum.max(reached, next.end);
            ranges.remove(next);
            pool.give(next);
            next = ranges.after(range);
        }
        return reached;
    }

    /** The range that holds {@code number}, or null. */
    @Nullable
    Range find(int number) {
        Range range = ranges.find(number);
        return range != null && SeqNum.atMost(range.start, number) ? range : null;
    }

    /** All of [{@code start}, {@code end}) has come. */
    boolean contains(int start, int end) {
        Range range = find(start);
        return range != null && SeqNum.atMost(end, range.end);
    }

    /**
     * All before {@code next} is there: returns how far it goes on without a hole, and forgets what lies before that.
     */
    int reach(int next) {
        int reached = next;
        Range first = ranges.first();
        while (first != null && SeqNum.atMost(first.start, reached)) {
            reached = SeqNum.max(reached, first.end);
            ranges.removeFirst(first);
            pool.give(first);
            first = ranges.first();
        }
        return reached;
    }

    void clear() {
        for (Range range = ranges.first(); range != null; range = ranges.first()) {
            ranges.removeFirst(range);
            pool.give(range);
        }
    }
}
