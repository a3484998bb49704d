package dev.towpath.ipv4;

import dev.towpath.arp.ArpConfig;

/**
 * Settings of IPv4.
 *
 * @param hopLimit TTL of packets for which the transport asks none (RFC 1122 section 3.2.1.7; 64 as RFC 1700 assigned
 *     it)
 * @param reassemblyNanos how long a datagram may take to come together: RFC 1122 section 3.3.2 wants 60 to 120 s
 * @param reassemblyBytes memory for datagrams in pieces, overhead counted
 * @param reassemblyDatagrams datagrams in pieces at most; one source gets a quarter of them
 * @param arp settings of each interface's ARP
 */
public record Ipv4Config(
        int hopLimit, long reassemblyNanos, int reassemblyBytes, int reassemblyDatagrams, ArpConfig arp) {
    /** What a stack has unless it is told otherwise. */
    public static final Ipv4Config DEFAULT = new Ipv4Config(64, 60_000_000_000L, 4 << 20, 256, ArpConfig.DEFAULT);
}
