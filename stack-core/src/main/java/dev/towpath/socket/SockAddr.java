package dev.towpath.socket;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;

/**
 * Where a call puts a peer's address, like C's {@code struct sockaddr_in}: reused by its owner, so that receiving
 * allocates nothing.
 */
public final class SockAddr {
    private long high = IpAddress.ANY_V4.high();
    private long low = IpAddress.ANY_V4.low();
    private int port;
    /** The address as an object, once somebody has asked for it. */
    private IpAddress asked = IpAddress.ANY_V4;

    /** Nobody's address. */
    public SockAddr() {}

    /** The address; 0.0.0.0 until a call has filled it in. */
    public IpAddress address() {
        if (asked.low() != low || asked.high() != high) {
            asked = IpAddress.ofBits(high, low);
        }
        return asked;
    }

    /** The port; 0 until a call has filled it in. */
    public int port() {
        return port;
    }

    /** Both in one object. */
    public Endpoint endpoint() {
        return new Endpoint(address(), port);
    }

    /** Makes it a peer's address, for a message to be sent there. */
    public void set(IpAddress newAddress, int newPort) {
        set(newAddress.high(), newAddress.low(), newPort);
        asked = newAddress;
    }

    /** Makes it nobody's address again. */
    public void clear() {
        set(IpAddress.ANY_V4, 0);
    }

    /** False for nobody's address. */
    boolean isSet() {
        return port != 0 || low != IpAddress.ANY_V4.low() || high != 0;
    }

    void set(long newHigh, long newLow, int newPort) {
        high = newHigh;
        low = newLow;
        port = newPort;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    @Override
    public String toString() {
        return endpoint().toString();
    }
}
