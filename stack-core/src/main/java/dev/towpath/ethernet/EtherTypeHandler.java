package dev.towpath.ethernet;

import dev.towpath.buffer.Frame;

/**
 * A protocol above Ethernet; declared here so that {@link EthernetPort} delivers upwards without knowing who is there.
 */
@FunctionalInterface
public interface EtherTypeHandler {
    /**
     * A frame for this host, lent for the call: {@code network} is where its header begins, {@code linkGroup} and
     * {@code interfaceIndex} are set.
     */
    void receive(Frame frame);
}
