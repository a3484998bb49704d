package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/** A stretch of sequence numbers, [start, end), that {@link Stretches} keeps in order. */
abstract class Stretch {
    int start;
    int end;

    /** The next one on each of the levels that this one is on. In a pool, the first is the next free one. */
    final @Nullable Stretch[] next;

    Stretch(int levels) {
        next = new Stretch[levels];
    }

    int length() {
        return end - start;
    }
}
