package dev.towpath.ipv4;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.GroupLayer;
import dev.towpath.ip.IpError;
import dev.towpath.ip.Path;
import dev.towpath.ip.SourceFilter;
import dev.towpath.ip.TransportHandler;
import dev.towpath.link.LinkDevice;
import dev.towpath.mib.Counter;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 of one stack: its interfaces, addresses and routes, and who is above. {@link Input} and {@link Output} do the
 * work for each packet.
 *
 * <p>{@code stack} makes it and tells it what is there; transports call {@link #route} and {@link #send}; the
 * interfaces' Ethernet ports bring packets. Not thread-safe: guarded by the stack's lock.
 */
public final class Ipv4Layer implements GroupLayer {
    static final int BROADCAST = 0xffff_ffff;
    /** 224.0.0.1, a group that every host is in. */
    static final int ALL_HOSTS = 0xe000_0001;

    private static final IpPrefix LOOPBACK = new IpPrefix(IpAddress.LOOPBACK_V4, 8);

    /** What IPv4 is made of; everything that it does not compute itself is passed in. */
    public record Parts(
            Ipv4Config config,
            FramePool frames,
            BufferPool buffers,
            TimerWheel wheel,
            Clock clock,
            LongSupplier random,
            Mib mib) {}

    private final Parts parts;
    private final Mib mib;
    private final Reassembler reassembler;
    private final Input input;
    private final Output output;
    private final RouteTable routes = new RouteTable();
    private final SharedPaths paths = new SharedPaths(routes);
    private final List<NetworkInterface> interfaces = new ArrayList<>();
    private @Nullable NetworkInterface loopback;
    private ErrorSender errors = (frame, why) -> {};
    private GroupListener groupListener = (on, group, before, after) -> {};

    /** A layer without interfaces. */
    public Ipv4Layer(Parts parts) {
        this.parts = parts;
        this.mib = parts.mib();
        this.reassembler = new Reassembler(parts, this);
        this.input = new Input(this, reassembler, mib);
        this.output = new Output(parts);
    }

    /**
     * Adds the loopback interface, which has 127.0.0.1/8 and carries what this host sends to any of its own addresses.
     */
    public NetworkInterface addLoopback(String name, LinkDevice device) {
        if (loopback != null) {
            throw new IllegalStateException("a host has one loopback interface, and has it already");
        }
        NetworkInterface added = new NetworkInterface(interfaces.size(), name, device, this, true);
        interfaces.add(added);
        loopback = added;
        added.add(LOOPBACK);
        routes.changed();
        return added;
    }

    /** Adds an Ethernet interface without address. */
    public NetworkInterface addInterface(String name, LinkDevice device) {
        NetworkInterface added = new NetworkInterface(interfaces.size(), name, device, this, false);
        interfaces.add(added);
        routes.changed();
        return added;
    }

    /**
     * Gives an interface an address, with the route to its network, and announces it by ARP.
     *
     * @throws IllegalArgumentException if it can't be a host's address, or this host has it already
     */
    public void addAddress(NetworkInterface to, IpPrefix address) {
        int bits = address.address().v4();
        boolean broadcast = address.hasBroadcast() && bits == address.broadcastV4();
        if (!address.address().isV4() || !isUnicast(bits) || broadcast) {
            throw new IllegalArgumentException(
                    address + " can't be a host's address; give an IPv4 unicast address such as 192.0.2.2/24");
        }
        if (isOwn(bits)) {
            throw new IllegalArgumentException(
                    address.address() + " is this host's already; give each interface addresses of its own");
        }
        to.add(address);
        input.addressesChanged();
        routes.add(Route.onLink(address, to));
        routes.changed();
        if (to.arp != null) {
            to.arp.announce(bits);
        }
    }

    /** Takes an address and the route to its network away; false if the interface does not have it. */
    public boolean removeAddress(NetworkInterface from, IpPrefix address) {
        if (!from.remove(address)) {
            return false;
        }
        input.addressesChanged();
        IpPrefix network = address.network();
        if (from.addresses().stream().noneMatch(other -> other.network().equals(network))) {
            routes.remove(Route.onLink(network, from));
        }
        routes.changed();
        return true;
    }

    /** All interfaces by index. */
    public List<NetworkInterface> interfaces() {
        return List.copyOf(interfaces);
    }

    /** The routes, which may be changed at any time. */
    public RouteTable routes() {
        return routes;
    }

    /** From now on {@link #reject} and reassembly answer through {@code errors}; before, they don't. */
    public void errorSender(ErrorSender errors) {
        this.errors = errors;
    }

    /** From now on {@code listener} tells routers which groups this host is in. */
    public void groupListener(GroupListener listener) {
        this.groupListener = listener;
    }

    /** Drops what waits for neighbours and for fragments, and forgets both. */
    public void close() {
        interfaces.forEach(NetworkInterface::close);
        reassembler.close();
    }

    @Override
    public void register(int protocol, TransportHandler handler) {
        input.register(protocol, handler);
    }

    @Override
    public @Nullable Path route(@Nullable IpAddress source, IpAddress destination) {
        boolean chosen = source != null && !source.isAny();
        if (!destination.isV4() || destination.isAny() || (source != null && chosen && !isLocal(source))) {
            mib.count(Counter.IP_OUT_NO_ROUTES);
            return null;
        }
        IpAddress from = chosen ? source : null;
        Path path = pathFrom(from, destination);
        if (path == null) {
            mib.count(Counter.IP_OUT_NO_ROUTES);
        }
        return path;
    }

    private @Nullable Path pathFrom(@Nullable IpAddress source, IpAddress destination) {
        int bits = destination.v4();
        if (isOwn(bits)) {
            return pathToSelf(source, destination);
        }
        if (bits == BROADCAST || isMulticast(bits)) {
            NetworkInterface via = viaForGroup(source, destination);
            return via == null ? null : groupPath(via, source, destination);
        }
        if (source != null && source.isLoopback()) {
            return null; // RFC 1122 section 3.2.1.3(g): it may not appear outside
        }
        Route route = isUnicast(bits) ? routes.find(destination) : null;
        return route == null ? null : routedPath(route, source, destination);
    }

    private @Nullable Path routedPath(Route route, @Nullable IpAddress source, IpAddress destination) {
        NetworkInterface via = route.via();
        if (via.isBroadcast(destination.v4())) {
            return groupPath(via, source, destination);
        }
        IpAddress nextHop = route.gateway() == null ? destination : route.gateway();
        IpAddress from = source != null ? source : via.sourceTowards(nextHop);
        return from == null ? null : paths.unicast(via, from, destination, route.gateway());
    }

    private @Nullable Path pathToSelf(@Nullable IpAddress source, IpAddress destination) {
        if (loopback == null) {
            return null;
        }
        IpAddress nearest = destination.isLoopback() ? IpAddress.LOOPBACK_V4 : destination;
        return paths.unicast(loopback, source != null ? source : nearest, destination, null);
    }

    /** From 0.0.0.0 if the interface has no address yet: so a host asks for one (RFC 1122 section 3.2.1.3(a)). */
    private Path groupPath(NetworkInterface via, @Nullable IpAddress source, IpAddress destination) {
        IpAddress nearest = source != null ? source : via.sourceTowards(destination);
        IpAddress from = nearest != null ? nearest : IpAddress.ANY_V4;
        int bits = destination.v4();
        // RFC 1112 section 6.4: the group's low 23 bits.
        long mac = isMulticast(bits) ? 0x0100_5e00_0000L | (bits & 0x7f_ffff) : MacAddress.BROADCAST.bits();
        return Ipv4Path.group(routes, via, from, destination, mac);
    }

    /**
     * Where a packet to all or to a group goes: the source's interface, else the group's or the default route's, else
     * the first; a multicast of a host that has no other by loopback, so that it hears itself.
     */
    private @Nullable NetworkInterface viaForGroup(@Nullable IpAddress source, IpAddress destination) {
        if (source != null && source.isLoopback()) {
            return destination.isMulticast() ? loopback : null; // RFC 1122 section 3.2.1.3(g)
        }
        NetworkInterface first = null;
        for (NetworkInterface i : interfaces) {
            if (source != null && i.owns(source.v4())) {
                return i;
            }
            if (first == null && !i.loopback()) {
                first = i;
            }
        }
        Route route = routes.find(destination);
        if (route != null) {
            return route.via();
        }
        return first == null && destination.isMulticast() ? loopback : first;
    }

    @Override
    public @Nullable Path routeBy(int interfaceIndex, @Nullable IpAddress source, IpAddress group) {
        NetworkInterface via = interfaces.get(interfaceIndex);
        boolean chosen = source != null && !source.isAny();
        boolean usable = source == null || !chosen || (isLocal(source) && (via.loopback() || !source.isLoopback()));
        if (!group.isV4() || !usable) {
            mib.count(Counter.IP_OUT_NO_ROUTES);
            return null;
        }
        return groupPath(via, chosen ? source : null, group);
    }

    @Override
    public int interfaceTowards(IpAddress group) {
        NetworkInterface via = viaForGroup(null, group);
        return via == null ? -1 : via.index();
    }

    @Override
    public int interfaceNamed(String nameOrAddress) {
        for (NetworkInterface i : interfaces) {
            boolean has = i.addresses().stream()
                    .anyMatch(prefix -> prefix.address().toString().equals(nameOrAddress));
            if (has || i.name().equals(nameOrAddress)) {
                return i.index();
            }
        }
        return -1;
    }

    @Override
    public String interfaceName(int index) {
        return interfaces.get(index).name();
    }

    @Override
    public void listen(int interfaceIndex, IpAddress group, SourceFilter before, SourceFilter after) {
        NetworkInterface on = interfaces.get(interfaceIndex);
        int bits = group.v4();
        SourceFilter was = on.groups.filter(bits);
        SourceFilter is = on.groups.change(bits, before, after);
        if (!is.equals(was) && !on.loopback() && bits != ALL_HOSTS) {
            groupListener.filterChanged(on, bits, was, is);
        }
    }

    @Override
    public boolean isLocal(IpAddress address) {
        return address.isV4() && isOwn(address.v4());
    }

    @Override
    public boolean isBroadcast(IpAddress address) {
        if (!address.isV4()) {
            return false;
        }
        int bits = address.v4();
        for (NetworkInterface i : interfaces) {
            if (i.isBroadcast(bits)) {
                return true;
            }
        }
        return bits == BROADCAST;
    }

    @Override
    public void send(Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags) {
        output.send((Ipv4Path) path, frame, protocol, hopLimit, trafficClass, flags);
    }

    @Override
    public void sendToGroup(
            Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags, boolean loop) {
        Ipv4Path way = (Ipv4Path) path;
        boolean comesBack = way.via.loopback();
        boolean multicast = way.multicast();
        if (!comesBack && (loop || !multicast)) {
            input.loop(frame, way, protocol, hopLimit, trafficClass);
        }
        if (multicast && hopLimit == 0 && !comesBack) {
            frame.release();
            return;
        }
        output.send(way, frame, protocol, hopLimit, trafficClass, flags);
    }

    /**
     * As {@link #send}, with the Router Alert option (RFC 2113): routers look at it although it is not for them, as they
     * must at what IGMP says.
     */
    public void sendAlert(Path path, Frame frame, int protocol, int hopLimit, int trafficClass) {
        output.sendAlert((Ipv4Path) path, frame, protocol, hopLimit, trafficClass);
    }

    @Override
    public void reject(Frame frame, IpError why) {
        errors.sendError(frame, why);
    }

    /**
     * Delivers an error about a packet that this host sent to the protocol that sent it. The quoted packet's header is
     * at {@code quote.network} and is sound, and at least 8 bytes follow it.
     *
     * @return false if the packet can't be this host's
     */
    public boolean deliverError(IpError error, int mtu, Frame quote) {
        int at = quote.network;
        int source = Ipv4Header.source(quote.bytes(), at);
        int protocol = Ipv4Header.protocol(quote.bytes(), at);
        TransportHandler handler = input.handler(protocol);
        if (handler == null || !isOwn(source) || Ipv4Header.fragmentOffset(quote.bytes(), at) != 0) {
            return false;
        }
        quote.protocol = protocol;
        quote.transport = at + Ipv4Header.headerLength(quote.bytes(), at);
        quote.sourceHigh = 0;
        quote.sourceLow = IpAddress.lowOfV4(source);
        quote.destinationHigh = 0;
        quote.destinationLow = IpAddress.lowOfV4(Ipv4Header.destination(quote.bytes(), at));
        handler.receiveError(error, mtu, quote);
        return true;
    }

    Parts parts() {
        return parts;
    }

    NetworkInterface networkInterface(int index) {
        return interfaces.get(index);
    }

    void receive(Frame frame) {
        input.receive(frame);
    }

    /** ARP got no answer: what a router would tell by ICMP, this host tells itself (RFC 1122 section 3.2.2.1). */
    void unresolved(Frame packet) {
        mib.count(Counter.IP_OUT_DISCARDS);
        packet.network = packet.start;
        deliverError(IpError.HOST_UNREACHABLE, 0, packet);
    }

    /** One of this host's addresses; all of 127.0.0.0/8 if it has a loopback interface. */
    boolean isOwn(int address) {
        for (int i = 0, n = interfaces.size(); i < n; i++) {
            if (interfaces.get(i).owns(address)) {
                return true;
            }
        }
        return loopback != null && isLoopback(address);
    }

    /** Within 127.0.0.0/8. */
    static boolean isLoopback(int address) {
        return address >>> 24 == 127;
    }

    /** A class D address. */
    static boolean isMulticast(int address) {
        return address >>> 28 == 0xe;
    }

    /**
     * An address that one host on a network may have: not 0.0.0.0/8, 127.0.0.0/8, multicast, reserved (240.0.0.0/4) or
     * 255.255.255.255.
     */
    static boolean isUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }
}
