package dev.towpath.udp;

import dev.towpath.buffer.Frame;
import dev.towpath.demux.Binding;
import dev.towpath.demux.Flow;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.UdpHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket's core half: binding, peer, receive queue. All calls under the stack lock.
 *
 * <p>Unconnected it is found through its {@link Binding}, connected through a {@link Flow}; then the binding only holds
 * the port, and datagrams from others are refused as if nobody were there.
 */
public final class UdpEndpoint {
    /** What {@link #receive} returns when nothing is queued. */
    public static final int NOTHING = -1;

    /** Largest datagram's data: 65,535 bytes less the headers of IPv4 and UDP. */
    public static final int MAX_DATA = 65_507;

    private static final int DEFAULT_RECEIVE_BUFFER = 212_992;

    private final UdpLayer layer;
    private final UdpEvents events;
    private final DatagramQueue queue;
    private @Nullable Binding binding;
    private @Nullable Connection connection;
    /** The way that the last datagram went. */
    private @Nullable Path lastPath;

    private @Nullable TransportError error;
    private IpAddress lastSource = IpAddress.ANY_V4;
    private int lastSourcePort;
    private int receiveBuffer = DEFAULT_RECEIVE_BUFFER;
    private int hopLimit;
    private int trafficClass;
    private boolean broadcast;
    private boolean closed;

    UdpEndpoint(UdpLayer layer, UdpEvents events) {
        this.layer = layer;
        this.events = events;
        this.queue = new DatagramQueue(layer.buffers);
    }

    /**
     * Claims a local address and port (0: ephemeral); null on success.
     *
     * @param address one of this host's, any, or a broadcast or multicast address to receive only what is sent there
     * @throws IllegalStateException if it is bound already
     */
    public @Nullable TransportError bind(IpAddress address, int port, boolean reuseAddress, boolean reusePort) {
        if (closed || binding != null) {
            throw new IllegalStateException(
                    "the endpoint is " + (closed ? "closed" : "bound already") + "; open a new one");
        }
        IpLayer ip = layer.ip;
        if (!address.isAny() && !ip.isLocal(address) && !ip.isBroadcast(address) && !address.isMulticast()) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        Binding claimed = layer.ports.bind(IpLayer.UDP, address, port, reuseAddress, reusePort);
        if (claimed == null) {
            return port == 0 ? TransportError.ADDRESS_NOT_AVAILABLE : TransportError.ADDRESS_IN_USE;
        }
        claimed.receiver(this);
        binding = claimed;
        return null;
    }

    /**
     * Fixes the peer: only its datagrams are received, its ICMP errors are reported. Binds if unbound. Null on success.
     */
    public @Nullable TransportError connect(IpAddress remote, int port) {
        TransportError unbound = bindIfUnbound();
        Binding bound = binding;
        if (unbound != null || bound == null) {
            return unbound;
        }
        Path path = layer.ip.route(sourceToBe(), remote);
        if (path == null) {
            return TransportError.NETWORK_UNREACHABLE;
        }
        if (!broadcast && layer.ip.isBroadcast(remote)) {
            return TransportError.PROHIBITED;
        }
        Connection old = connection;
        if (old != null) {
            boolean ignored = layer.flows.remove(old);
        }
        Connection wanted = new Connection(this, path, bound.port(), port);
        if (!layer.flows.add(wanted)) {
            if (old != null) {
                boolean ignored = layer.flows.add(old);
            }
            return TransportError.ADDRESS_IN_USE; // another endpoint that shares the port has the same peer
        }
        connection = wanted;
        lastPath = path;
        error = null;
        bound.receiver(null);
        return null;
    }

    /** Forgets the peer. */
    public void disconnect() {
        Connection old = connection;
        if (old != null && binding != null) {
            boolean ignored = layer.flows.remove(old);
            connection = null;
            lastPath = null;
            binding.receiver(this);
        }
    }

    /**
     * Sends one datagram of all that remains in {@code data} (its position moves to its limit); binds if unbound. Null
     * on success.
     */
    public @Nullable TransportError send(ByteBuffer data, IpAddress remote, int port) {
        int length = data.remaining();
        if (length > MAX_DATA) {
            return TransportError.MESSAGE_TOO_LONG;
        }
        TransportError unbound = bindIfUnbound();
        Binding bound = binding;
        if (unbound != null || bound == null) {
            return unbound;
        }
        Path path = pathTo(remote);
        if (path == null) {
            return TransportError.NETWORK_UNREACHABLE;
        }
        if (path.group() && !broadcast && layer.ip.isBroadcast(remote)) {
            return TransportError.PROHIBITED;
        }
        Frame frame = layer.frames.take(Frame.HEADROOM + UdpHeader.LENGTH + length);
        int at = Frame.HEADROOM;
        frame.transport = at;
        frame.payload = at + UdpHeader.LENGTH;
        frame.end = frame.payload + length;
        UdpHeader.write(frame.bytes(), at, bound.port(), port, UdpHeader.LENGTH + length);
        frame.bytes().put(frame.payload, data, data.position(), length);
        data.position(data.limit());
        TransportChecksum.fill(frame, path, IpLayer.UDP, UdpHeader.CHECKSUM);
        layer.mib.count(Counter.UDP_OUT_DATAGRAMS);
        layer.ip.send(path, frame, IpLayer.UDP, hopLimit, trafficClass, 0);
        return null;
    }

    /**
     * Copies the oldest datagram into {@code into}, as much as fits, and drops it from the queue unless {@code peek}.
     * Its sender is then in {@link #lastSource} and {@link #lastSourcePort}.
     *
     * @return the datagram's full length in bytes (more than what fitted means it was cut), or {@link #NOTHING}
     */
    public int receive(ByteBuffer into, boolean peek) {
        if (queue.isEmpty()) {
            return NOTHING;
        }
        queue.look();
        int length = queue.length();
        queue.copy(into);
        noteSource();
        if (!peek) {
            queue.drop();
        }
        return length;
    }

    /** Sender of the datagram that {@link #receive} returned last. */
    public IpAddress lastSource() {
        return lastSource;
    }

    /** See {@link #lastSource}. */
    public int lastSourcePort() {
        return lastSourcePort;
    }

    /** True if a datagram is queued. */
    public boolean readable() {
        return !queue.isEmpty();
    }

    /** The pending ICMP error (RFC 1122 section 4.1.3.3), cleared by this call, or null. */
    public @Nullable TransportError takeError() {
        TransportError pending = error;
        error = null;
        return pending;
    }

    /** True if {@link #takeError} would return one. */
    public boolean hasError() {
        return error != null;
    }

    /** The local address: that of the path while connected, else what it is bound to; any while unbound. */
    public IpAddress localAddress() {
        if (connection != null) {
            return connection.path.source();
        }
        return binding == null ? IpAddress.ANY_V4 : binding.address();
    }

    /** The local port; 0 while unbound. */
    public int localPort() {
        return binding == null ? 0 : binding.port();
    }

    /** The peer, or null. */
    public @Nullable IpAddress remoteAddress() {
        return connection == null ? null : connection.path.destination();
    }

    /** The peer's port, or 0. */
    public int remotePort() {
        return connection == null ? 0 : connection.remotePort();
    }

    /** Bytes, overhead counted, that may be queued. */
    public void receiveBuffer(int bytes) {
        receiveBuffer = bytes;
    }

    /** May it send to broadcast addresses (SO_BROADCAST)? False at first. */
    public void broadcast(boolean allowed) {
        broadcast = allowed;
    }

    /** TTL of what it sends; 0 for the default. */
    public void hopLimit(int hopLimit) {
        this.hopLimit = hopLimit;
    }

    /** The differentiated services field of what it sends. */
    public void trafficClass(int trafficClass) {
        this.trafficClass = trafficClass;
    }

    /** Ends it: gives back port and queue. Idempotent. */
    public void close() {
        closed = true;
        if (connection != null) {
            boolean ignored = layer.flows.remove(connection);
            connection = null;
        }
        if (binding != null) {
            binding.receiver(null);
            layer.ports.release(binding);
            binding = null;
        }
        lastPath = null;
        queue.clear();
    }

    /**
     * Queues what {@code frame} holds: a datagram, or as a super-segment several of one size, of which the last may be
     * shorter.
     */
    void arrived(Frame frame) {
        int each = frame.segmentSize > 0 ? frame.segmentSize : frame.end - frame.payload;
        int at = frame.payload;
        do {
            enqueue(frame, at, Math.min(each, frame.end - at));
            at += each;
        } while (at < frame.end);
    }

    private void enqueue(Frame frame, int at, int length) {
        int sourcePort = UdpHeader.sourcePort(frame.bytes(), frame.transport);
        boolean added =
                queue.add(frame.sourceHigh, frame.sourceLow, sourcePort, frame.bytes(), at, length, receiveBuffer);
        if (added) {
            layer.mib.count(Counter.UDP_IN_DATAGRAMS);
            events.readinessChanged(this);
        } else {
            layer.mib.count(Counter.UDP_IN_ERRORS);
            layer.mib.count(Counter.UDP_RCVBUF_ERRORS);
            layer.mib.drop(DropReason.UDP_BUFFER_FULL);
        }
    }

    void failed(IpError why) {
        TransportError reported = switch (why) {
            case PORT_UNREACHABLE -> TransportError.CONNECTION_REFUSED;
            case PROTOCOL_UNREACHABLE -> TransportError.PROTOCOL_UNREACHABLE;
            case HOST_UNREACHABLE -> TransportError.HOST_UNREACHABLE;
            case NETWORK_UNREACHABLE -> TransportError.NETWORK_UNREACHABLE;
            case PROHIBITED -> TransportError.PROHIBITED;
            // Nothing that the application could do about: datagrams may be fragmented, and the rest passes.
            case PACKET_TOO_BIG, SOURCE_ROUTE_FAILED, HOP_LIMIT_EXCEEDED, REASSEMBLY_TIME_EXCEEDED, PARAMETER_PROBLEM ->
                null;
        };
        if (reported != null) {
            error = reported;
            events.readinessChanged(this);
        }
    }

    private @Nullable TransportError bindIfUnbound() {
        return binding != null ? null : bind(IpAddress.ANY_V4, 0, false, false);
    }

    /** The bound address if packets can be sent from it, or null. */
    private @Nullable IpAddress sourceToBe() {
        IpAddress bound = binding == null ? IpAddress.ANY_V4 : binding.address();
        return !bound.isAny() && layer.ip.isLocal(bound) ? bound : null;
    }

    private @Nullable Path pathTo(IpAddress remote) {
        Path path = lastPath;
        if (path != null && path.current() && path.destination().equals(remote)) {
            return path;
        }
        Connection peer = connection;
        boolean toPeer = peer != null && peer.path.destination().equals(remote);
        path = layer.ip.route(toPeer && peer != null ? peer.path.source() : sourceToBe(), remote);
        lastPath = path;
        return path;
    }

    private void noteSource() {
        if (lastSource.low() != queue.sourceLow() || lastSource.high() != queue.sourceHigh()) {
            lastSource = IpAddress.ofBits(queue.sourceHigh(), queue.sourceLow());
        }
        lastSourcePort = queue.sourcePort();
    }

    /**
     * How {@link dev.towpath.demux.FlowTable} knows a connected endpoint; a new one for each peer, since a flow's key
     * never changes.
     */
    static final class Connection extends Flow {
        private final UdpEndpoint endpoint;
        private final Path path;

        Connection(UdpEndpoint endpoint, Path path, int localPort, int remotePort) {
            super(
                    IpLayer.UDP,
                    path.source().high(),
                    path.source().low(),
                    localPort,
                    path.destination().high(),
                    path.destination().low(),
                    remotePort);
            this.endpoint = endpoint;
            this.path = path;
        }

        UdpEndpoint endpoint() {
            return endpoint;
        }
    }
}
