package dev.towpath.socket;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;

/**
 * Where a call puts a peer's address, like C's {@code struct sockaddr_in}: reused by its owner, so that receiving
 * allocates nothing.
 */
public final class SockAddr {
    private IpAddress address = IpAddress.ANY_V4;
    private int port;

    /** Nobody's address. */
    public SockAddr() {}

    /** The address; 0.0.0.0 until a call has filled it in. */
    public IpAddress address() {
        return address;
    }

    /** The port; 0 until a call has filled it in. */
    public int port() {
        return port;
    }

    /** Both in one object. */
    public Endpoint endpoint() {
        return new Endpoint(address, port);
    }

    void set(IpAddress newAddress, int newPort) {
        address = newAddress;
        port = newPort;
    }

    @Override
    public String toString() {
        return endpoint().toString();
    }
}
