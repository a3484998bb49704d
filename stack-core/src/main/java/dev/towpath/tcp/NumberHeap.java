package dev.towpath.tcp;

import java.util.Arrays;

/** Sequence numbers of which the smallest is always at hand: a binary heap. */
final class NumberHeap {
    private static final int[] NONE = {};

    private int[] numbers = NONE;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** The smallest; there is one. */
    int smallest() {
        return numbers[0];
    }

    void add(int number) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(8, 2 * count));
        }
        int at = count++;
        while (at > 0 && SeqNum.lessThan(number, numbers[(at - 1) / 2])) {
            numbers[at] = numbers[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        numbers[at] = number;
    }

    /** Takes the smallest away; there is one. */
    void removeSmallest() {
        int number = numbers[--count];
        int at = 0;
        for (int child = 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && SeqNum.lessThan(numbers[child + 1], numbers[child])) {
                child++;
            }
            if (SeqNum.atMost(number, numbers[child])) {
                break;
            }
            numbers[at] = numbers[child];
            at = child;
        }
        numbers[at] = number;
    }

    void clear() {
        count = 0;
    }
}
