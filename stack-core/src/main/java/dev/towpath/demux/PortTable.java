package dev.towpath.demux;

import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Local ports in use: who has bound what, and which receiver gets a packet that no {@link Flow} takes (most specific local address first;
 * among SO_REUSEPORT receivers, by keyed hash of the remote end).
 */
public final class PortTable {
    /** First ephemeral port (RFC 6335 section 6). */
    public static final int FIRST_EPHEMERAL = 49_152;

    /** Ports are looked up together with {@code flows}, which tells whether a port without binding is still in use. */
    public PortTable(FlowTable flows, java.util.function.LongSupplier random) {
        throw new UnsupportedOperationException();
    }

    /**
     * Claims {@code port} ({@code bind}'s rules: equal or overlapping address conflicts unless both allow it by SO_REUSEADDR (and none listens) or SO_REUSEPORT;
     * live flows on the port conflict unless {@code reuseAddress}).
     *
     * @param port 1 to 65535, or 0 for an ephemeral port chosen at random (RFC 6056)
     * @return null if it is in use, or no ephemeral port is left
     */
    public @Nullable Binding bind(int protocol, IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        throw new UnsupportedOperationException();
    }

    /** May {@code binding} begin to listen? False if another listener has the same address and port without SO_REUSEPORT on both. */
    public boolean mayListen(Binding binding) {
        throw new UnsupportedOperationException();
    }

    /** Gives the claim up. Idempotent. */
    public void release(Binding binding) {
        throw new UnsupportedOperationException();
    }

    /** The receiver for a packet to this local address and port, or null. Allocates nothing. */
    public @Nullable Object find(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        throw new UnsupportedOperationException();
    }

    /**
     * An ephemeral port (49152 to 65535) for a connection to this remote end, chosen by RFC 6056 section 3.3.3 so that it can't be predicted, and such that
     * the 5-tuple is free; the same port may serve different remote ends.
     *
     * @return 0 if none is left
     */
    public int ephemeralPort(int protocol, IpAddress local, IpAddress remote, int remotePort) {
        throw new UnsupportedOperationException();
    }
}
