package dev.towpath.udp;

import dev.towpath.ip.TransportError;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A UDP socket's core half: binding, peer, receive queue. All calls under the stack lock. */
public final class UdpEndpoint {
    /** What {@link #receive} returns when nothing is queued. */
    public static final int NOTHING = -1;

    UdpEndpoint() {}

    /** Claims a local address and port (0: ephemeral); null on success. */
    public @Nullable TransportError bind(IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        throw new UnsupportedOperationException();
    }

    /** Fixes the peer: only its datagrams are received, its ICMP errors are reported. Binds if unbound. Null on success. */
    public @Nullable TransportError connect(IpAddress remote, int port) {
        throw new UnsupportedOperationException();
    }

    /** Forgets the peer. */
    public void disconnect() {
        throw new UnsupportedOperationException();
    }

    /** Sends one datagram of all that remains in {@code data} (its position moves to its limit); binds if unbound. Null on success. */
    public @Nullable TransportError send(ByteBuffer data, IpAddress remote, int port) {
        throw new UnsupportedOperationException();
    }

    /**
     * Copies the oldest datagram into {@code into}, as much as fits, and drops it from the queue unless {@code peek}. Its sender is then in
     * {@link #lastSource} and {@link #lastSourcePort}.
     *
     * @return the datagram's full length in bytes (more than what fitted means it was cut), or {@link #NOTHING}
     */
    public int receive(ByteBuffer into, boolean peek) {
        throw new UnsupportedOperationException();
    }

    /** Sender of the datagram that {@link #receive} returned last. */
    public IpAddress lastSource() {
        throw new UnsupportedOperationException();
    }

    /** See {@link #lastSource}. */
    public int lastSourcePort() {
        throw new UnsupportedOperationException();
    }

    /** True if a datagram is queued. */
    public boolean readable() {
        throw new UnsupportedOperationException();
    }

    /** The pending ICMP error (RFC 1122 section 4.1.3.3), cleared by this call, or null. */
    public @Nullable TransportError takeError() {
        throw new UnsupportedOperationException();
    }

    /** True if {@link #takeError} would return one. */
    public boolean hasError() {
        throw new UnsupportedOperationException();
    }

    /** The local address; any while unbound. */
    public IpAddress localAddress() {
        throw new UnsupportedOperationException();
    }

    /** The local port; 0 while unbound. */
    public int localPort() {
        throw new UnsupportedOperationException();
    }

    /** The peer, or null. */
    public @Nullable IpAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    /** The peer's port, or 0. */
    public int remotePort() {
        throw new UnsupportedOperationException();
    }

    /** Bytes, overhead counted, that may be queued. */
    public void receiveBuffer(int bytes) {
        throw new UnsupportedOperationException();
    }

    /** May it send to broadcast addresses (SO_BROADCAST)? False at first. */
    public void broadcast(boolean allowed) {
        throw new UnsupportedOperationException();
    }

    /** TTL of what it sends; 0 for the default. */
    public void hopLimit(int hopLimit) {
        throw new UnsupportedOperationException();
    }

    /** Ends it: gives back port and queue. Idempotent. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
