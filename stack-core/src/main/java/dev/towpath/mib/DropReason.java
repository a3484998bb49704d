package dev.towpath.mib;

/** Why a packet was dropped. Every packet that is neither delivered nor answered is counted under one of these. */
public enum DropReason {
    /** Shorter than an Ethernet header. */
    ETHERNET_TOO_SHORT,
    /** Sent to another host's Ethernet address. */
    ETHERNET_OTHER_HOST,
    /** A group address as Ethernet source. */
    ETHERNET_BAD_SOURCE,
    /** An EtherType that nobody here speaks. */
    ETHERNET_UNKNOWN_TYPE,
    /** The device took no more frames. */
    DEVICE_QUEUE_FULL,
    /** Not Ethernet and IPv4, or shorter than its fields. */
    ARP_MALFORMED,
    /** Sender address is a group address, or claims ours. */
    ARP_BAD_SENDER,
    /** Asks for or announces somebody else: nothing to learn, nothing to answer. */
    ARP_NOT_FOR_US,
    /** The neighbour did not answer. */
    ARP_UNRESOLVED,
    /** More packets wait for the neighbour than may. */
    ARP_QUEUE_FULL,
    /** Shorter than an IP header, or than the header says. */
    IP_TOO_SHORT,
    /** Not version 4. */
    IP_BAD_VERSION,
    /** Header length below 20 or beyond the packet. */
    IP_BAD_HEADER_LENGTH,
    /** Header checksum is wrong. */
    IP_BAD_CHECKSUM,
    /** Total length below the header or beyond the frame. */
    IP_BAD_TOTAL_LENGTH,
    /** Options that do not parse. */
    IP_BAD_OPTIONS,
    /** Broadcast, multicast, loopback from outside, or our own address as source. */
    IP_BAD_SOURCE,
    /** For another host: this one does not forward. */
    IP_NOT_FOR_US,
    /** To a group that nobody here is in, or from a source that none of its members wants. */
    IP_OTHER_GROUP,
    /** A unicast packet in a link-layer broadcast (RFC 1122 section 3.3.6). */
    IP_UNICAST_IN_BROADCAST,
    /** A protocol that nobody here speaks. */
    IP_UNKNOWN_PROTOCOL,
    /** No route to the destination. */
    IP_NO_ROUTE,
    /** Larger than the MTU and not to be fragmented. */
    IP_TOO_BIG,
    /** A fragment that contradicts itself: length no multiple of 8, beyond 65,535. */
    FRAGMENT_MALFORMED,
    /** A fragment that overlaps another; the whole datagram is dropped (RFC 5722 section 4). */
    FRAGMENT_OVERLAP,
    /** A fragment that is there already; only the copy is dropped. */
    FRAGMENT_DUPLICATE,
    /** Reassembly took too long. */
    FRAGMENT_TIMEOUT,
    /** Reassembly memory is spent. */
    FRAGMENT_MEMORY,
    /** Shorter than its header. */
    ICMP_TOO_SHORT,
    /** Checksum is wrong. */
    ICMP_BAD_CHECKSUM,
    /** A type that is ignored. */
    ICMP_IGNORED,
    /** An error that quotes too little, or a packet that is not ours. */
    ICMP_BAD_QUOTE,
    /** A claim to carry less than any network must, or no less than is sent. */
    ICMP_BAD_MTU,
    /** A reply that nobody waits for. */
    ICMP_UNEXPECTED_REPLY,
    /** An error that was not sent because the rate limit is spent. */
    ICMP_RATE_LIMITED,
    /** Shorter than its header, or than its fields say. */
    IGMP_TOO_SHORT,
    /** Checksum is wrong. */
    IGMP_BAD_CHECKSUM,
    /** A query of a length that no version has. */
    IGMP_BAD_LENGTH,
    /** A query about what is no multicast address. */
    IGMP_BAD_GROUP,
    /** A type that is not for hosts, or a report where reports of others mean nothing. */
    IGMP_IGNORED,
    /** Length field below 8 or beyond the datagram. */
    UDP_BAD_LENGTH,
    /** Checksum is wrong. */
    UDP_BAD_CHECKSUM,
    /** No socket. */
    UDP_NO_PORT,
    /** The socket's receive buffer is full. */
    UDP_BUFFER_FULL,
    /** Not from the address the socket is connected to. */
    UDP_OTHER_PEER,
    /** To a group that no socket on the port has joined, or from a source that none of them wants. */
    UDP_OTHER_GROUP,
    /** Shorter than its header. */
    TCP_TOO_SHORT,
    /** Data offset below 5 or beyond the segment. */
    TCP_BAD_OFFSET,
    /** Checksum is wrong. */
    TCP_BAD_CHECKSUM,
    /** A broadcast or multicast address (RFC 9293 section 3.9.2.3, MUST-57). */
    TCP_GROUP_ADDRESS,
    /** Flags that no rule allows in the state, such as SYN with FIN to a listener. */
    TCP_BAD_FLAGS,
    /** A segment that no connection takes; answered with a reset unless it is one. */
    TCP_NO_SOCKET,
    /** Outside the receive window. */
    TCP_OUT_OF_WINDOW,
    /** Acknowledges what was never sent, or is far too old. */
    TCP_BAD_ACK,
    /** Neither ACK, RST nor SYN. */
    TCP_NO_ACK,
    /** A reset that does not hit RCV.NXT exactly (RFC 5961 section 3). */
    TCP_BAD_RESET,
    /** A SYN on a synchronised connection (RFC 5961 section 4). */
    TCP_UNEXPECTED_SYN,
    /** Data after the peer's FIN, or after the application closed. */
    TCP_AFTER_CLOSE,
    /** Wholly old data. */
    TCP_DUPLICATE,
    /** The SYN queue is full. */
    TCP_SYN_QUEUE_FULL,
    /** The accept queue is full. */
    TCP_ACCEPT_QUEUE_FULL,
    /** A bare ACK to a listener that waits for data too (TCP_DEFER_ACCEPT). */
    TCP_ACCEPT_DEFERRED,
    /** Timestamp older than the last (RFC 7323 section 5, PAWS). */
    TCP_PAWS,
    /** Buffer memory is spent. */
    TCP_NO_MEMORY
}
