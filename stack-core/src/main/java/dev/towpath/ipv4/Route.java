package dev.towpath.ipv4;

import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import org.jspecify.annotations.Nullable;

/**
 * Where packets to a network go.
 *
 * @param destination the network, bits behind its prefix 0
 * @param gateway the router to send them to, or null if the destination is on the link
 * @param via the interface to send by
 */
public record Route(IpPrefix destination, @Nullable IpAddress gateway, NetworkInterface via) {
    /** Checks that all is of IPv4. */
    public Route {
        if (!destination.address().isV4() || (gateway != null && !gateway.isV4())) {
            throw new IllegalArgumentException("route to " + destination + " via " + gateway
                    + ": write IPv4 addresses, this layer knows no others");
        }
        destination = destination.network();
    }

    /** A route to a network whose hosts are neighbours on the link. */
    public static Route onLink(IpPrefix destination, NetworkInterface via) {
        return new Route(destination, null, via);
    }

    /** A route through a router. */
    public static Route gateway(IpPrefix destination, IpAddress gateway, NetworkInterface via) {
        return new Route(destination, gateway, via);
    }

    @Override
    public String toString() {
        return destination + (gateway == null ? " on link" : " via " + gateway) + " dev " + via.name();
    }
}
