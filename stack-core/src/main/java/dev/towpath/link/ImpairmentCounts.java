package dev.towpath.link;

/**
 * What one direction of a link has done so far.
 *
 * @param frames frames that came to it
 * @param lost of these, lost
 * @param duplicated of these, delivered twice
 * @param reordered of these, held back
 * @param corrupted of these, delivered with a flipped bit
 * @param overflowed of these, dropped because the queue before the link was full
 * @param marked of these, marked for congestion
 */
public record ImpairmentCounts(
        long frames, long lost, long duplicated, long reordered, long corrupted, long overflowed, long marked) {}
