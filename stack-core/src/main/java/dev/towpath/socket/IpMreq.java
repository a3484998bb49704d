package dev.towpath.socket;

import dev.towpath.wire.IpAddress;

/**
 * Which group on which interface: C's {@code struct ip_mreqn}, the value of IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP.
 *
 * @param group the multicast address
 * @param interfaceName the interface by its name, such as {@code tap0} or {@code lo}, or by an address that it has;
 *     empty for the one by which datagrams to the group would leave
 */
public record IpMreq(IpAddress group, String interfaceName) {
    /** The group on the interface by which datagrams to it would leave. */
    public IpMreq(IpAddress group) {
        this(group, "");
    }
}
