package dev.towpath.ipv4;

import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The paths that were asked for last, so that connections between the same two hosts share one. A few slots are enough:
 * a path that is missed is made anew, and costs a connection some bytes.
 */
final class SharedPaths {
    private static final int SLOT_BITS = 8;

    /** 2^32 divided by the golden ratio: spreads neighbouring addresses over the slots. */
    private static final int SPREAD = 0x9e37_79b9;

    private final RouteTable routes;
    private final @Nullable Ipv4Path[] slots = new @Nullable Ipv4Path[1 << SLOT_BITS];

    SharedPaths(RouteTable routes) {
        this.routes = routes;
    }

    /** A path to a single host, itself a neighbour or behind {@code gateway}: as routes are now, they lead this way. */
    Ipv4Path unicast(NetworkInterface via, IpAddress source, IpAddress destination, @Nullable IpAddress gateway) {
        int slot = (((source.v4() * SPREAD) ^ destination.v4()) * SPREAD) >>> (Integer.SIZE - SLOT_BITS);
        Ipv4Path known = slots[slot];
        if (known != null && known.current() && known.source == source.v4() && known.destination == destination.v4()) {
            return known;
        }
        Ipv4Path made = Ipv4Path.unicast(routes, via, source, destination, gateway);
        slots[slot] = made;
        return made;
    }
}
