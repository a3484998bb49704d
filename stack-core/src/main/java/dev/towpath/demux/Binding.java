package dev.towpath.demux;

import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A claim on a local address and port by a socket that has called {@code bind}, {@code listen}, or (UDP) sends
 * unconnected.
 */
public final class Binding {
    final int protocol;
    final IpAddress address;
    final int port;
    final boolean reuseAddress;
    final boolean reusePort;

    /**
     * Who receives what arrives for it: a TCP listener or an unconnected UDP endpoint; null while the port is only
     * reserved.
     */
    @Nullable
    Object receiver;

    /** The next one in the same chain of {@link PortTable}. */
    @Nullable
    Binding next;

    Binding(int protocol, IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        this.protocol = protocol;
        this.address = address;
        this.port = port;
        this.reuseAddress = reuseAddress;
        this.reusePort = reusePort;
    }

    /** True if a packet to this address and port may be meant for it. */
    boolean takes(int protocol, long localHigh, long localLow, int localPort) {
        return port == localPort
                && this.protocol == protocol
                && ((address.low() == localLow && address.high() == localHigh) || takesAny(localHigh, localLow));
    }

    /** Bound to the "any" address of that address's version. */
    private boolean takesAny(long localHigh, long localLow) {
        return address.isAny() && address.isV4() == IpAddress.isV4(localHigh, localLow);
    }

    /** True if both claims cover some address: they are equal, or one is "any". */
    boolean overlaps(IpAddress other) {
        return address.equals(other) || address.isAny() || other.isAny();
    }

    /** The local address, or any. */
    public IpAddress address() {
        return address;
    }

    /** The local port. */
    public int port() {
        return port;
    }

    /** See {@link #receiver(Object)}. */
    public @Nullable Object receiver() {
        return receiver;
    }

    /** From now on {@link PortTable#find} finds {@code receiver} here; null to only hold the port. */
    public void receiver(@Nullable Object receiver) {
        this.receiver = receiver;
    }
}
