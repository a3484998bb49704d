package dev.towpath.udp;

/**
 * What a UDP endpoint tells its socket. Called under the stack lock from within the core: it may only note and signal.
 */
@FunctionalInterface
public interface UdpEvents {
    /** Something that poll, receive or send may be waiting for has changed. */
    void readinessChanged(UdpEndpoint endpoint);
}
