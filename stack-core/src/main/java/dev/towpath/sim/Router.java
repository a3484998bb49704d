package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpLayer;
import dev.towpath.link.PartialChecksum;
import dev.towpath.mib.Counter;
import dev.towpath.mib.Mib;
import dev.towpath.stack.Participant;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.Checksum;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.UdpHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forwards IP packets between the networks that it is linked to, as RFC 1812 wants it: counts the time to live down,
 * fragments what is too large and may be, and tells senders by ICMP of what it could not forward. It takes no time; rate,
 * delay and queues are its links'.
 *
 * <p>It has no routing protocol: the network gives it the shortest routes once, when it starts.
 */
public final class Router extends Node {
    /** Largest fragment payload must be a multiple of this (RFC 791 section 3.2). */
    private static final int FRAGMENT_UNIT = 8;

    /** A network and who is next on the way to it: a port, and a neighbour there, or nobody for those who are there. */
    private record Route(
            IpPrefix destination, RouterPort port, @Nullable IpAddress gateway) {}

    private final FramePool frames;
    private final TimerWheel wheel = new TimerWheel(0);
    private final Mib mib = new Mib();
    private final List<RouterPort> ports = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final RouterErrors errors;
    private Runnable timersChanged = () -> {};
    private boolean silent;
    private long forwarded;

    Router(Network net, String name, FramePool frames) {
        super(net, name);
        this.frames = frames;
        this.errors = new RouterErrors(this);
    }

    /** Its address on the link to {@code neighbour}, or on the first if it has several to it. */
    public IpAddress addressTowards(Node neighbour) {
        net.start();
        return ends().stream()
                .filter(end -> end.other().node() == neighbour)
                .findFirst()
                .map(end -> end.address().address())
                .orElseThrow(() -> new IllegalArgumentException("no link joins " + this + " and " + neighbour));
    }

    /** From now on it sends no ICMP errors, as some do: a black hole for path MTU discovery. */
    public Router withoutErrors() {
        silent = true;
        return this;
    }

    /** Packets that it has forwarded. */
    public long forwarded() {
        return forwarded;
    }

    @Override
    boolean speaksIp() {
        return true;
    }

    @Override
    boolean mayReceive(Frame frame) {
        return true;
    }

    @Override
    void start(Routes all) {
        for (LinkEnd end : ends()) {
            RouterPort port = new RouterPort(this, end);
            end.onArrival(net.simulation().add(port));
            ports.add(port);
            routes.add(new Route(end.address().network(), port, null));
        }
        for (Routes.Via via : all.from(this)) {
            routes.add(new Route(via.destination(), portTowards(via.gateway()), via.gateway()));
        }
        routes.sort((a, b) -> b.destination.length() - a.destination.length());
        timersChanged = net.simulation().add(new Participant() {
            @Override
            public long nextEventNanos() {
                return wheel.nextDeadline();
            }

            @Override
            public void act(long nowNanos) {
                int ignored = wheel.poll(nowNanos);
            }
        });
    }

    private RouterPort portTowards(IpAddress neighbour) {
        return ports.stream()
                .filter(port -> port.network().contains(neighbour))
                .findFirst()
                .orElseThrow();
    }

    FramePool frames() {
        return frames;
    }

    TimerWheel wheel() {
        return wheel;
    }

    Mib mib() {
        return mib;
    }

    /** The timers may have changed. */
    void touched() {
        timersChanged.run();
    }

    boolean owns(int address) {
        for (RouterPort port : ports) {
            if (port.owns(address)) {
                return true;
            }
        }
        return false;
    }

    /** Sends the IP packet in {@code packet}, which is not this router's, on its way; takes ownership. */
    void forward(Frame packet) {
        int at = packet.network;
        int ttl = Ipv4Header.ttl(packet.bytes(), at);
        Route route = route(Ipv4Header.destination(packet.bytes(), at));
        if (ttl <= 1) {
            drop(packet, RouterErrors.TIME_EXCEEDED, 0);
        } else if (route == null) {
            drop(packet, RouterErrors.NO_ROUTE, 0);
        } else {
            packet.bytes().put(at + Ipv4Header.TTL, (byte) (ttl - 1));
            forwarded++;
            send(packet, route);
        }
    }

    /** Sends a packet of its own; takes ownership. */
    void originate(Frame packet) {
        Route route = route(Ipv4Header.destination(packet.bytes(), packet.network));
        if (route == null) {
            packet.release();
        } else {
            send(packet, route);
        }
    }

    private void send(Frame packet, Route route) {
        int at = packet.network;
        int mtu = route.port.mtu();
        int destination = Ipv4Header.destination(packet.bytes(), at);
        int next = route.gateway == null ? destination : route.gateway.v4();
        if (carried(packet) <= mtu) {
            Ipv4Header.fillChecksum(packet.bytes(), packet.words(), at);
            route.port.send(packet, next);
        } else if (Ipv4Header.dontFragment(packet.bytes(), at)) {
            drop(packet, RouterErrors.FRAGMENTATION_NEEDED, mtu);
        } else if (packet.segmentSize > 0) {
            cut(packet, route);
        } else {
            fragment(packet, route.port, next);
        }
    }

    /** Makes the datagrams of a super-datagram, which are too large for the next network even one by one. */
    private void cut(Frame packet, Route route) {
        int at = packet.network;
        int header = Ipv4Header.headerLength(packet.bytes(), at);
        int payload = at + header + UdpHeader.LENGTH;
        int identification = Ipv4Header.identification(packet.bytes(), at);
        for (int from = payload; from < packet.end; from += packet.segmentSize) {
            int length = UdpHeader.LENGTH + Math.min(packet.segmentSize, packet.end - from);
            Frame each = frames.take(Frame.HEADROOM + header + length);
            each.start = each.network = Frame.HEADROOM;
            int transport = each.network + header;
            each.end = transport + length;
            each.bytes().put(each.network, packet.bytes(), at, header + UdpHeader.LENGTH);
            each.bytes().put(transport + UdpHeader.LENGTH, packet.bytes(), from, length - UdpHeader.LENGTH);
            Ipv4Header.setLengths(
                    each.bytes(),
                    each.network,
                    header,
                    Ipv4Header.trafficClass(each.bytes(), each.network),
                    header + length);
            Ipv4Header.setFragment(each.bytes(), each.network, identification++ & 0xffff, 0, 0);
            UdpHeader.write(
                    each.bytes(),
                    transport,
                    UdpHeader.sourcePort(each.bytes(), transport),
                    UdpHeader.destinationPort(each.bytes(), transport),
                    length);
            each.checksum = Frame.CHECKSUM_PARTIAL;
            each.checksumStart = transport;
            each.checksumOffset = UdpHeader.CHECKSUM;
            long pseudo = Checksum.sum(each.words(), each.network + Ipv4Header.SOURCE, 2 * Integer.BYTES)
                    + IpLayer.UDP
                    + length;
            UdpHeader.setChecksum(each.bytes(), transport, Checksum.fold(pseudo));
            send(each, route);
        }
        packet.release();
    }

    /** A super-segment counts as the segments that it will be cut into. */
    private static int carried(Frame packet) {
        int at = packet.network;
        if (packet.segmentSize == 0) {
            return packet.end - at;
        }
        int transport = at + Ipv4Header.headerLength(packet.bytes(), at);
        boolean tcp = Ipv4Header.protocol(packet.bytes(), at) == IpLayer.TCP;
        int header = tcp ? TcpHeader.headerLength(packet.bytes(), transport) : UdpHeader.LENGTH;
        return transport - at + header + packet.segmentSize;
    }

    private @Nullable Route route(int destination) {
        IpAddress to = IpAddress.v4(destination);
        for (Route route : routes) {
            if (route.destination.contains(to)) {
                return route;
            }
        }
        return null;
    }

    /** RFC 791 section 3.2, "An Example Fragmentation Procedure"; options go into all fragments. */
    private void fragment(Frame packet, RouterPort port, int next) {
        PartialChecksum.complete(packet); // nobody can once it lies in several frames
        int at = packet.network;
        int header = Ipv4Header.headerLength(packet.bytes(), at);
        int length = packet.end - at - header;
        int most = (port.mtu() - header) / FRAGMENT_UNIT * FRAGMENT_UNIT;
        int begin = Ipv4Header.fragmentOffset(packet.bytes(), at);
        boolean last = !Ipv4Header.moreFragments(packet.bytes(), at);
        int identification = Ipv4Header.identification(packet.bytes(), at);
        int trafficClass = Ipv4Header.trafficClass(packet.bytes(), at);
        for (int offset = 0; offset < length; offset += most) {
            int part = Math.min(most, length - offset);
            Frame piece = frames.take(Frame.HEADROOM + header + part);
            piece.start = piece.network = Frame.HEADROOM;
            piece.end = Frame.HEADROOM + header + part;
            piece.bytes().put(piece.network, packet.bytes(), at, header);
            piece.bytes().put(piece.network + header, packet.bytes(), at + header + offset, part);
            Ipv4Header.setLengths(piece.bytes(), piece.network, header, trafficClass, header + part);
            int flags = last && offset + part == length ? 0 : Ipv4Header.MORE_FRAGMENTS;
            Ipv4Header.setFragment(piece.bytes(), piece.network, identification, flags, begin + offset);
            Ipv4Header.fillChecksum(piece.bytes(), piece.words(), piece.network);
            mib.count(Counter.IP_FRAG_CREATES);
            port.send(piece, next);
        }
        packet.release();
    }

    /** A packet for the router itself, lent: it answers echo requests, and listens to nothing else. */
    void answer(Frame packet) {
        errors.answer(packet);
    }

    /** The neighbour that {@code packet}, lent, was for does not answer. */
    void unreachable(Frame packet) {
        packet.network = packet.start;
        if (!silent) {
            errors.tell(packet, RouterErrors.NO_ANSWER, 0);
        }
    }

    /** Gives a packet up, and tells its sender; takes ownership. */
    void drop(Frame packet, int typeAndCode, int mtu) {
        if (!silent) {
            errors.tell(packet, typeAndCode, mtu);
        }
        packet.release();
    }
}
