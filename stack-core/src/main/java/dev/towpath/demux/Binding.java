package dev.towpath.demux;

import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** A claim on a local address and port by a socket that has called {@code bind}, {@code listen}, or (UDP) sends unconnected. */
public final class Binding {
    final int protocol;
    final IpAddress address;
    final int port;
    final boolean reuseAddress;
    final boolean reusePort;

    /** Who receives what arrives for it: a TCP listener or an unconnected UDP endpoint; null while the port is only reserved. */
    @Nullable
    Object receiver;

    Binding(int protocol, IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        this.protocol = protocol;
        this.address = address;
        this.port = port;
        this.reuseAddress = reuseAddress;
        this.reusePort = reusePort;
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
