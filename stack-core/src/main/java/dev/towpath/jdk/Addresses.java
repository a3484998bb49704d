package dev.towpath.jdk;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses of the JDK and ours. The stack speaks IPv4; of IPv6 only what means the same in both is understood,
 * since it is what programs get that ask the JDK for "any" and "this host": {@code ::} and {@code ::1}.
 */
public final class Addresses {
    private Addresses() {}

    /**
     * {@code address} with the checks that channels make.
     *
     * @throws NullPointerException for null
     * @throws UnsupportedAddressTypeException if it is not an Internet address, or IPv6 with no meaning in IPv4
     * @throws UnresolvedAddressException if it is a name that has not been looked up
     */
    public static InetSocketAddress checked(@Nullable SocketAddress address) {
        if (address == null) {
            throw new NullPointerException("the address is null");
        }
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (!isSupported(inet.getAddress())) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    /** True for an address that means something in IPv4. */
    public static boolean isSupported(InetAddress address) {
        return address instanceof Inet4Address || address.isAnyLocalAddress() || address.isLoopbackAddress();
    }

    /** The address of a {@link #checked} socket address. */
    public static IpAddress ip(InetSocketAddress address) {
        return ip(address.getAddress());
    }

    /**
     * The address in the stack's form.
     *
     * @throws UnsupportedAddressTypeException if it is IPv6 with no meaning in IPv4
     */
    public static IpAddress ip(InetAddress address) {
        if (address instanceof Inet4Address) {
            return IpAddress.of(address);
        }
        if (address.isAnyLocalAddress()) {
            return IpAddress.ANY_V4;
        }
        if (address.isLoopbackAddress()) {
            return IpAddress.LOOPBACK_V4;
        }
        throw new UnsupportedAddressTypeException();
    }

    /** The same for the JDK, without a host name; it asks no name service until somebody asks it for one. */
    public static InetSocketAddress socketAddress(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.address().toInetAddress(), endpoint.port());
    }
}
