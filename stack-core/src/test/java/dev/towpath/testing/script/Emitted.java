package dev.towpath.testing.script;

/**
 * A segment that the stack sent.
 *
 * @param timeNanos when
 * @param segmentSize payload bytes at which the link cuts it, or 0
 */
public record Emitted(long timeNanos, WireSegment segment, int segmentSize) {}
