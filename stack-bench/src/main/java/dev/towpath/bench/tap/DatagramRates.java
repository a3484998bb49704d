package dev.towpath.bench.tap;

import java.util.List;

/**
 * What {@code datagrams} writes.
 *
 * @param machine what it ran on
 * @param jdk version of the JVM
 * @param offload whether the TAP and the veth cut and sum for their ends
 * @param measurements one for each size and way
 */
public record DatagramRates(String machine, String jdk, boolean offload, List<Measurement> measurements) {
    /**
     * A size of datagrams and a way to hand them over.
     *
     * @param bytes of payload
     * @param how one, batch or super
     * @param pairs who sends to whom; the first is the kernel to itself
     */
    public record Measurement(int bytes, String how, List<Pair> pairs) {}

    /**
     * A sender and a sink.
     *
     * @param name of both
     * @param rates datagrams a second that arrived, one for each round
     */
    public record Pair(String name, List<Double> rates) {}
}
