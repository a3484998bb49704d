package dev.towpath.tcp;

import java.util.Arrays;

/**
 * Ranges of sequence numbers that have come beyond RCV.NXT: disjoint, not adjacent, in ascending order. Bounded, for a
 * peer could send every other byte.
 */
final class Holes {
    private static final int MOST = 256;
    private static final int[] NONE = {};

    private int[] starts = NONE;
    private int[] ends = NONE;
    private int count;

    /** Ranges held. */
    int count() {
        return count;
    }

    /** Adds [{@code start}, {@code end}), joining what it touches; false if there are too many ranges. */
    boolean add(int start, int end) {
        int first = 0;
        while (first < count && SeqNum.lessThan(ends[first], start)) {
            first++;
        }
        int behind = first;
        while (behind < count && SeqNum.atMost(starts[behind], end)) {
            behind++;
        }
        if (behind > first) {
            starts[first] = SeqNum.min(starts[first], start);
            ends[first] = SeqNum.max(ends[behind - 1], end);
            remove(first + 1, behind);
            return true;
        }
        if (count == MOST) {
            return false;
        }
        insert(first, start, end);
        return true;
    }

    /** Index of the range that holds {@code number}, or -1. */
    int find(int number) {
        for (int i = 0; i < count; i++) {
            if (SeqNum.inWindow(number, starts[i], ends[i] - starts[i])) {
                return i;
            }
        }
        return -1;
    }

    /** All of [{@code start}, {@code end}) has come. */
    boolean contains(int start, int end) {
        int i = find(start);
        return i >= 0 && SeqNum.atMost(end, ends[i]);
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /**
     * All before {@code next} is there: returns how far it goes on without a hole, and forgets what lies before that.
     */
    int reach(int next) {
        int reached = next;
        int passed = 0;
        while (passed < count && SeqNum.atMost(starts[passed], reached)) {
            reached = SeqNum.max(reached, ends[passed]);
            passed++;
        }
        remove(0, passed);
        return reached;
    }

    /** Nothing before {@code number} is of interest any more. */
    void forgetBefore(int number) {
        int passed = 0;
        while (passed < count && SeqNum.atMost(ends[passed], number)) {
            passed++;
        }
        remove(0, passed);
        if (count > 0) {
            starts[0] = SeqNum.max(starts[0], number);
        }
    }

    void clear() {
        count = 0;
        starts = NONE;
        ends = NONE;
    }

    private void insert(int at, int start, int end) {
        if (count == starts.length) {
            int larger = Math.min(MOST, Math.max(4, 2 * count));
            starts = Arrays.copyOf(starts, larger);
            ends = Arrays.copyOf(ends, larger);
        }
        System.arraycopy(starts, at, starts, at + 1, count - at);
        System.arraycopy(ends, at, ends, at + 1, count - at);
        starts[at] = start;
        ends[at] = end;
        count++;
    }

    private void remove(int from, int to) {
        System.arraycopy(starts, to, starts, from, count - to);
        System.arraycopy(ends, to, ends, from, count - to);
        count -= to - from;
    }
}
