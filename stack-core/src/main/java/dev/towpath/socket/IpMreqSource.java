package dev.towpath.socket;

import dev.towpath.wire.IpAddress;

/**
 * Which source of which group on which interface: C's {@code struct ip_mreq_source}, the value of
 * IP_ADD_SOURCE_MEMBERSHIP, IP_DROP_SOURCE_MEMBERSHIP, IP_BLOCK_SOURCE and IP_UNBLOCK_SOURCE.
 *
 * @param group the multicast address
 * @param interfaceName the interface as in {@link IpMreq}
 * @param source the sender
 */
public record IpMreqSource(IpAddress group, String interfaceName, IpAddress source) {}
