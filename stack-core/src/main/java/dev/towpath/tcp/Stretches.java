package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * Disjoint stretches in the order of their numbers: a skip list (Pugh, "Skip Lists: A Probabilistic Alternative to
 * Balanced Trees", CACM 33(6), 1990). Every stretch is on level 0, a quarter of them on level 1 too, and so on; a
 * search runs along the highest level and goes down where the next one would be too far.
 *
 * <pre>
 *   level 2   first ----------------------> D ------------------> last
 *   level 1   first -----> B -------------> D -----> E ---------> last
 *   level 0   first -> A -> B -> C -------> D -----> E --> F ---> last
 * </pre>
 *
 * <p>Appending and taking the first away cost the same however many there are; searching, inserting and removing grow
 * with their logarithm.
 */
final class Stretches<S extends Stretch> {
    /** Enough for 4^8 stretches; beyond, searches get longer, not wrong. */
    private static final int LEVELS = 8;

    private static final @Nullable Stretch[] NONE = {};

    private @Nullable Stretch[] first = NONE;
    private @Nullable Stretch[] last = NONE;
    /** On each level the last one before what was sought, or null for the beginning. */
    private @Nullable Stretch[] before = NONE;

    private int count;
    private long followed;

    /** Draws how many levels a stretch is on: one more with each two heads in a row. */
    static final class Coin {
        private long state;

        Coin(long seed) {
            state = seed == 0 ? 1 : seed;
        }

        /** Marsaglia's xorshift; a peer that could foresee it could make us keep only stretches on level 0. */
        int levels() {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            return Math.min(LEVELS, 1 + Long.numberOfTrailingZeros(state) / 2);
        }
    }

    int count() {
        return count;
    }

    /** Links followed so far by searches and callers: what that costs, whatever the machine. */
    long followed() {
        return followed;
    }

    @Nullable
    S first() {
        return count == 0 ? null : cast(first[0]);
    }

    @Nullable
    S last() {
        return count == 0 ? null : cast(last[0]);
    }

    @Nullable
    S after(S stretch) {
        followed++;
        return cast(stretch.next[0]);
    }

    /** The first that ends behind {@code number}, or null. */
    @Nullable
    S find(int number) {
        if (count == 0) {
            return null;
        }
        seek(number);
        return cast(after(before[0], 0));
    }

    /** Adds {@code stretch}, which lies behind all others. */
    void append(S stretch) {
        prepare();
        for (int level = 0; level < stretch.next.length; level++) {
            link(last[level], stretch, level);
        }
        count++;
    }

    /** Adds {@code stretch} in its place. */
    void insert(S stretch) {
        prepare();
        seek(stretch.start);
        for (int level = 0; level < stretch.next.length; level++) {
            link(before[level], stretch, level);
        }
        count++;
    }

    /** Takes {@code stretch}, which is the first, away. */
    void removeFirst(S stretch) {
        for (int level = 0; level < stretch.next.length; level++) {
            unlink(null, stretch, level);
        }
        count--;
    }

    /** Takes {@code stretch} away. */
    void remove(S stretch) {
        seek(stretch.start);
        for (int level = 0; level < stretch.next.length; level++) {
            unlink(before[level], stretch, level);
        }
        count--;
    }

    /** Finds on each level the last one that ends at {@code number} or before. */
    private void seek(int number) {
        Stretch at = null;
        for (int level = LEVELS - 1; level >= 0; level--) {
            Stretch next = after(at, level);
            while (next != null && SeqNum.atMost(next.end, number)) {
                at = next;
                next = next.next[level];
                followed++;
            }
            before[level] = at;
        }
    }

    private @Nullable Stretch after(@Nullable Stretch stretch, int level) {
        return stretch == null ? first[level] : stretch.next[level];
    }

    private void link(@Nullable Stretch front, Stretch stretch, int level) {
        Stretch back = after(front, level);
        stretch.next[level] = back;
        if (front == null) {
            first[level] = stretch;
        } else {
            front.next[level] = stretch;
        }
        if (back == null) {
            last[level] = stretch;
        }
    }

    private void unlink(@Nullable Stretch front, Stretch stretch, int level) {
        Stretch back = stretch.next[level];
        stretch.next[level] = null;
        if (front == null) {
            first[level] = back;
        } else {
            front.next[level] = back;
        }
        if (back == null) {
            last[level] = front;
        }
    }

    /** A connection that has nothing in flight, and nothing out of order, has never needed memory for it. */
    private void prepare() {
        if (first.length == 0) {
            first = new Stretch[LEVELS];
            last = new Stretch[LEVELS];
            before = new Stretch[LEVELS];
        }
    }

    /** Only what {@link #append} and {@link #insert} were given is in here. */
    @SuppressWarnings("unchecked")
    private @Nullable S cast(@Nullable Stretch stretch) {
        return (S) stretch;
    }
}
