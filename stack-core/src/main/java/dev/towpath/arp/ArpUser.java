package dev.towpath.arp;

import dev.towpath.buffer.Frame;

/** IPv4 as ARP sees it; declared here so that ARP knows nobody above it. */
public interface ArpUser {
    /** True for an address of this interface: ARP answers for it. */
    boolean owns(int address);

    /**
     * True if a single host other than this one may have the address: it is neither any, broadcast, multicast nor
     * loopback.
     */
    boolean mayBeNeighbour(int address);

    /** The address of this interface to ask for {@code target} with. */
    int sourceTowards(int target);

    /**
     * {@code packet} (lent; {@code start} to {@code end} is the IPv4 packet) can't be sent: the neighbour does not
     * answer. Called from a timer.
     */
    void unresolved(Frame packet);
}
