package dev.towpath.setup;

import dev.towpath.setup.StackProperties.Side;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose an address is, where a stack and the kernel share the world. */
public final class Routes {
    private final List<IpPrefix> destinations;
    private final List<IpAddress> own;
    private final Side listen;

    /**
     * Sends to {@code stack} what goes to {@code destinations} and to its own addresses, 127.0.0.0/8 excepted.
     *
     * @param listen where sockets that are bound to no address belong
     */
    public Routes(NetworkStack stack, List<IpPrefix> destinations, Side listen) {
        this.destinations = List.copyOf(destinations);
        this.own = stack.addresses().stream().filter(each -> !each.isLoopback()).toList();
        this.listen = listen;
    }

    /** Where sockets that are bound to no address belong. */
    public Side listen() {
        return listen;
    }

    /** False for what a channel will refuse whosever it is. */
    public static boolean isUsable(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved();
    }

    /** Whose {@code address} is; null if it is that of no host, so that another address will decide. */
    public @Nullable Side of(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return null;
        }
        InetAddress host = inet.getAddress();
        return host.isAnyLocalAddress() ? null : of(IpAddress.of(host));
    }

    private Side of(IpAddress host) {
        return own.contains(host) || destinations.stream().anyMatch(each -> each.contains(host))
                ? Side.TOWPATH
                : Side.KERNEL;
    }
}
