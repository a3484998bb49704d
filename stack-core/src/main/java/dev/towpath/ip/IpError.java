package dev.towpath.ip;

/** What an ICMP error says about a packet, whatever the IP version (RFC 792, RFC 1122 section 3.2.2, RFC 4443). */
public enum IpError {
    /** Destination unreachable: net (codes 0, 6, 11). */
    NETWORK_UNREACHABLE,
    /** Destination unreachable: host (codes 1, 7, 8, 12), or the neighbour does not answer ARP. */
    HOST_UNREACHABLE,
    /** Destination unreachable: protocol (code 2). */
    PROTOCOL_UNREACHABLE,
    /** Destination unreachable: port (code 3). */
    PORT_UNREACHABLE,
    /** Destination unreachable: fragmentation needed and DF set (code 4); comes with the next hop's MTU. */
    PACKET_TOO_BIG,
    /** Destination unreachable: source route failed (code 5). */
    SOURCE_ROUTE_FAILED,
    /** Destination unreachable: administratively prohibited (codes 9, 10, 13 to 15). */
    PROHIBITED,
    /** Time exceeded in transit (code 0). */
    HOP_LIMIT_EXCEEDED,
    /** Time exceeded in reassembly (code 1). */
    REASSEMBLY_TIME_EXCEEDED,
    /** Parameter problem. */
    PARAMETER_PROBLEM
}
