package dev.towpath.testing.script;

/**
 * A segment that the stack sent.
 *
 * @param timeNanos when
 * @param segmentSize payload bytes at which the link cuts it, or 0
 * @param packet what its IP header is to say
 */
public record Emitted(long timeNanos, WireSegment segment, int segmentSize, Packet packet) {
    /**
     * What TCP chooses of the IP header.
     *
     * @param hopLimit TTL, or 0 for the default
     * @param trafficClass the differentiated services field with the ECN bits
     * @param flags of the IP layer
     */
    public record Packet(int hopLimit, int trafficClass, int flags) {}
}
