package dev.towpath.link;

/** What an {@link ImpairedPath} does to a frame; several at once are possible. */
public enum Fate {
    /** Lost on its way. */
    LOST,
    /** Found no room in the queue. */
    OVERFLOWED,
    /** Arrives twice. */
    DUPLICATED,
    /** Held back. */
    REORDERED,
    /** Arrives with a flipped bit. */
    CORRUPTED,
    /** Marked for congestion (CE). */
    MARKED
}
