package dev.towpath.udp;

import dev.towpath.buffer.Frame;
import dev.towpath.demux.Binding;
import dev.towpath.demux.Flow;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
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

    /** Ways that are remembered: a power of two. */
    private static final int PATHS = 64;

    private final UdpLayer layer;
    private final UdpEvents events;
    private final DatagramQueue queue;
    private final DatagramOutput output;
    private @Nullable Binding binding;
    private @Nullable Connection connection;
    /** The way that the last datagram went. */
    private @Nullable Path lastPath;

    /** Ways to other peers that it has answered, by {@link #slot}; made for the second peer. */
    private @Nullable Path @Nullable [] paths;

    private @Nullable TransportError error;
    private IpAddress lastSource = IpAddress.ANY_V4;
    private long lastSourceHigh = lastSource.high();
    private long lastSourceLow = lastSource.low();
    private int lastSourcePort;
    private int lastSegmentSize;
    private int receiveBuffer = DEFAULT_RECEIVE_BUFFER;
    private boolean broadcast;
    private boolean groups;
    private boolean dontFragment;
    private boolean closed;
    private @Nullable Memberships memberships;
    private boolean multicastAll = true;
    /** Index of the interface that multicasts leave by, or negative for what routes say. */
    private int multicastInterface = -1;

    UdpEndpoint(UdpLayer layer, UdpEvents events) {
        this.layer = layer;
        this.events = events;
        this.queue = new DatagramQueue(layer.buffers);
        this.output = new DatagramOutput(layer);
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
        if (!broadcast && layer.ip.isBroadcast(remote)) {
            return TransportError.PROHIBITED;
        }
        Path path = route(sourceToBe(), remote);
        if (path == null) {
            return TransportError.NETWORK_UNREACHABLE;
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
        forgetPaths();
        error = null;
        bound.receiver(boundToGroup() ? this : null);
        return null;
    }

    /** Forgets the peer. */
    public void disconnect() {
        Connection old = connection;
        if (old != null && binding != null) {
            boolean ignored = layer.flows.remove(old);
            connection = null;
            error = null; // it was about the peer
            forgetPaths();
            binding.receiver(this);
        }
    }

    /**
     * Sends one datagram of all that remains in {@code data} (its position moves to its limit); binds if unbound. Null
     * on success.
     */
    public @Nullable TransportError send(ByteBuffer data, IpAddress remote, int port) {
        return send(data, 0, remote.high(), remote.low(), port, false);
    }

    /**
     * Sends all that remains in {@code data} (its position moves to its limit) to the address in the two halves; binds
     * if unbound. Null on success.
     *
     * @param segment bytes of each datagram, of which the last may be shorter; 0 for one datagram of it all
     * @param more other datagrams follow in the same batch: this one may wait for them until {@link #flush}, which the
     *     caller must not forget
     */
    public @Nullable TransportError send(
            ByteBuffer data, int segment, long remoteHigh, long remoteLow, int port, boolean more) {
        int length = data.remaining();
        if (length > MAX_DATA) {
            return TransportError.MESSAGE_TOO_LONG;
        }
        TransportError unbound = bindIfUnbound();
        Binding bound = binding;
        if (unbound != null || bound == null) {
            return unbound;
        }
        Path path = pathTo(remoteHigh, remoteLow);
        if (path == null) {
            return noPath(IpAddress.ofBits(remoteHigh, remoteLow));
        }
        TransportError refusal = refusal(path, segment, length);
        if (refusal != null) {
            return refusal;
        }
        if (segment > 0) {
            output.depart(); // what was sent before goes before
            TransportError tooLong =
                    output.sendSegments(path, bound.port(), port, data, data.position(), length, segment);
            if (tooLong != null) {
                return tooLong;
            }
        } else if (more) {
            output.board(path, bound.port(), port, data, data.position(), length);
        } else {
            output.send(path, bound.port(), port, data, data.position(), length);
        }
        data.position(data.limit());
        return null;
    }

    /** What forbids this socket to send so long a datagram by {@code path}, or null. */
    private @Nullable TransportError refusal(Path path, int segment, int length) {
        if (path.group() && !broadcast && layer.ip.isBroadcast(path.destination())) {
            return TransportError.PROHIBITED;
        }
        boolean cut = segment == 0 && path.headerLength() + UdpHeader.LENGTH + length > path.mtu();
        return dontFragment && cut ? TransportError.MESSAGE_TOO_LONG : null;
    }

    /** As in Linux a broadcast that is not allowed is that first of all. */
    private TransportError noPath(IpAddress remote) {
        boolean forbidden = !broadcast && layer.ip.isBroadcast(remote);
        return forbidden ? TransportError.PROHIBITED : TransportError.NETWORK_UNREACHABLE;
    }

    /** Sends what waits for more of its batch. */
    public void flush() {
        output.depart();
    }

    /**
     * Copies the oldest datagram into {@code into}, as much as fits, and drops it from the queue unless {@code peek}.
     * Its sender is then in {@link #lastSource} and {@link #lastSourcePort}, and in {@link #lastSegmentSize} whether it
     * is several in one piece ({@link #groups}).
     *
     * @return the datagram's full length in bytes (more than what fitted means it was cut), or {@link #NOTHING}
     */
    public int receive(ByteBuffer into, boolean peek) {
        if (queue.isEmpty()) {
            return NOTHING;
        }
        queue.look(groups);
        int length = queue.length();
        queue.copy(into);
        lastSourceHigh = queue.sourceHigh();
        lastSourceLow = queue.sourceLow();
        lastSourcePort = queue.sourcePort();
        lastSegmentSize = queue.segmentSize();
        if (!peek) {
            queue.drop();
        }
        return length;
    }

    /** Sender of the datagram that {@link #receive} returned last. */
    public IpAddress lastSource() {
        if (lastSource.low() != lastSourceLow || lastSource.high() != lastSourceHigh) {
            lastSource = IpAddress.ofBits(lastSourceHigh, lastSourceLow);
        }
        return lastSource;
    }

    /** The high half of {@link #lastSource}. */
    public long lastSourceHigh() {
        return lastSourceHigh;
    }

    /** Its low half. */
    public long lastSourceLow() {
        return lastSourceLow;
    }

    /** See {@link #lastSource}. */
    public int lastSourcePort() {
        return lastSourcePort;
    }

    /**
     * If what {@link #receive} returned last is several datagrams, the length of each but perhaps the last; 0 if it is
     * one.
     */
    public int lastSegmentSize() {
        return lastSegmentSize;
    }

    /** Are datagrams that came in one frame given to the application in one piece (UDP_GRO)? False at first. */
    public void groups(boolean inOnePiece) {
        groups = inOnePiece;
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
        if (connection != null && !boundToGroup()) {
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

    /** Is what it sends not to be fragmented (IP_DONTFRAG)? False at first. */
    public void dontFragment(boolean on) {
        dontFragment = on;
        output.dontFragment(on);
    }

    /** TTL of what it sends; 0 for the default. */
    public void hopLimit(int hopLimit) {
        output.hopLimit(hopLimit);
    }

    /** The differentiated services field of what it sends. */
    public void trafficClass(int trafficClass) {
        output.trafficClass(trafficClass);
    }

    /** The multicast groups that it is in. */
    public Memberships memberships() {
        Memberships made = memberships;
        if (made == null) {
            made = new Memberships(layer.ip);
            memberships = made;
        }
        return made;
    }

    /**
     * Does it hear groups too that it has not joined itself, but somebody else on this host has (IP_MULTICAST_ALL)? True
     * at first.
     */
    public void multicastAll(boolean on) {
        multicastAll = on;
    }

    /** TTL of the multicasts that it sends; 0 for none that leaves this host. 1 at first (RFC 1112 section 6.1). */
    public void multicastHopLimit(int hopLimit) {
        output.multicastHopLimit(hopLimit);
    }

    /** Do members on this host hear the multicasts that it sends? True at first. */
    public void multicastLoop(boolean on) {
        output.multicastLoop(on);
    }

    /** The index of the interface that its multicasts leave by; negative for what routes say, as at first. */
    public void multicastInterface(int index) {
        multicastInterface = index;
        forgetPaths();
    }

    /** Ends it: gives back port and queue. Idempotent. */
    public void close() {
        closed = true;
        if (memberships != null) {
            memberships.close();
            memberships = null;
        }
        if (connection != null) {
            boolean ignored = layer.flows.remove(connection);
            connection = null;
        }
        if (binding != null) {
            binding.receiver(null);
            layer.ports.release(binding);
            binding = null;
        }
        forgetPaths();
        queue.clear();
    }

    /**
     * Queues what {@code frame} holds: a datagram, or as a super-datagram several of one size, of which the last may be
     * shorter.
     */
    void arrived(Frame frame) {
        int length = frame.end - frame.payload;
        int segment = frame.segmentSize < length ? frame.segmentSize : 0;
        int added = queue.add(
                frame.sourceHigh,
                frame.sourceLow,
                UdpHeader.sourcePort(frame.bytes(), frame.transport),
                segment,
                frame.bytes(),
                frame.payload,
                length,
                receiveBuffer);
        int lost = segment == 0 ? added < 0 ? 1 : 0 : datagrams(length - Math.max(added, 0), segment);
        if (lost > 0) {
            layer.mib.count(Counter.UDP_IN_ERRORS, lost);
            layer.mib.count(Counter.UDP_RCVBUF_ERRORS, lost);
            layer.mib.drop(DropReason.UDP_BUFFER_FULL, lost);
        }
        if (added >= 0) {
            layer.mib.count(Counter.UDP_IN_DATAGRAMS, segment == 0 ? 1 : datagrams(added, segment));
            events.readinessChanged(this);
        }
    }

    /** Is what was sent to a group or to all, on its port and to its address, for it? */
    boolean takesGroup(Frame frame) {
        Connection peer = connection;
        if (peer != null && !peer.isFrom(frame)) {
            return false;
        }
        Memberships joined = memberships;
        boolean multicast = IpAddress.isMulticast(frame.destinationHigh, frame.destinationLow);
        return !multicast || (joined == null ? multicastAll : joined.takes(frame, multicastAll));
    }

    /** As in Linux such an endpoint hears the group when it is connected too, but of its peer only. */
    private boolean boundToGroup() {
        return binding != null && !binding.address().isAny() && !layer.ip.isLocal(binding.address());
    }

    private static int datagrams(int length, int segment) {
        return (length + segment - 1) / segment;
    }

    void failed(IpError why) {
        TransportError reported = switch (why) {
            case PORT_UNREACHABLE -> TransportError.CONNECTION_REFUSED;
            case PROTOCOL_UNREACHABLE -> TransportError.PROTOCOL_UNREACHABLE;
            case HOST_UNREACHABLE -> TransportError.HOST_UNREACHABLE;
            case NETWORK_UNREACHABLE -> TransportError.NETWORK_UNREACHABLE;
            case PROHIBITED -> TransportError.PROHIBITED;
            // Else there is nothing that the application could do about it: datagrams are fragmented.
            case PACKET_TOO_BIG -> dontFragment ? TransportError.MESSAGE_TOO_LONG : null;
            // These pass.
            case SOURCE_ROUTE_FAILED, HOP_LIMIT_EXCEEDED, REASSEMBLY_TIME_EXCEEDED, PARAMETER_PROBLEM -> null;
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

    private @Nullable Path pathTo(long high, long low) {
        Path path = lastPath;
        if (path != null && leadsTo(path, high, low)) {
            return path;
        }
        @Nullable Path[] known = paths;
        if (path != null && known == null) {
            known = new @Nullable Path[PATHS];
            paths = known;
        }
        Path found = known == null ? null : known[slot(high, low)];
        if (found == null || !leadsTo(found, high, low)) {
            IpAddress remote = IpAddress.ofBits(high, low);
            Connection peer = connection;
            boolean toPeer = peer != null && peer.path.destination().equals(remote);
            found = route(toPeer && peer != null ? peer.path.source() : sourceToBe(), remote);
            if (known != null) {
                known[slot(high, low)] = found;
            }
        }
        lastPath = found;
        return found;
    }

    private @Nullable Path route(@Nullable IpAddress source, IpAddress remote) {
        return multicastInterface >= 0 && remote.isMulticast()
                ? layer.ip.routeBy(multicastInterface, source, remote)
                : layer.ip.route(source, remote);
    }

    private static boolean leadsTo(Path path, long high, long low) {
        IpAddress destination = path.destination();
        return destination.low() == low && destination.high() == high && path.current();
    }

    private static int slot(long high, long low) {
        return (int) (((high ^ low) * 0x9e37_79b9_7f4a_7c15L) >>> 32) & (PATHS - 1);
    }

    private void forgetPaths() {
        Connection peer = connection;
        lastPath = peer == null ? null : peer.path;
        paths = null;
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

        boolean isFrom(Frame frame) {
            return frame.sourceLow == remoteLow()
                    && frame.sourceHigh == remoteHigh()
                    && UdpHeader.sourcePort(frame.bytes(), frame.transport) == remotePort();
        }
    }
}
