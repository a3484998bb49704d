package dev.towpath.bench.tap;

import java.util.List;

/**
 * What {@code soak} writes.
 *
 * @param machine what it ran on
 * @param jdk version of the JVM under the stack
 * @param seconds for which data went in both directions
 * @param offload whether checksums and segmentation were left to the link
 * @param directions two of them
 * @param stackRetransmissions segments that the stack has sent again
 * @param kernelRetransmissions segments that the kernel has sent again
 * @param needless of the kernel's, those that the stack already had, as its ACKs say (RFC 2883): probes of a sender that
 *     had to wait, not repairs
 * @param samples of the stack's process, over the time
 * @param faults what should not have been; empty if all is well
 */
public record Soak(
        String machine,
        String jdk,
        double seconds,
        boolean offload,
        List<Direction> directions,
        long stackRetransmissions,
        long kernelRetransmissions,
        long needless,
        List<Sample> samples,
        List<String> faults) {
    /**
     * One of the streams.
     *
     * @param name who sends to whom
     * @param sentBytes that its sender's socket took
     * @param receivedBytes that its receiver read until the end
     * @param sentHash CRC-32C of what was sent
     * @param receivedHash CRC-32C of what was received
     */
    public record Direction(String name, long sentBytes, long receivedBytes, long sentHash, long receivedHash) {}

    /**
     * The stack's process at one moment.
     *
     * @param seconds since the streams began
     * @param heapBytes in use after a collection
     * @param directBytes off-heap, in direct buffers: frames, rings and all
     * @param residentBytes of the whole process
     */
    public record Sample(double seconds, long heapBytes, long directBytes, long residentBytes) {}
}
