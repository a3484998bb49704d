package dev.towpath.ipv4;

import dev.towpath.arp.ArpLayer;
import dev.towpath.arp.Neighbour;
import dev.towpath.buffer.Frame;
import dev.towpath.ip.Path;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route looked up: interface and next hop, and the next hop's entry in the neighbour cache, so that a packet needs no
 * look-up at all.
 */
final class Ipv4Path extends Path {
    final NetworkInterface via;
    final int source;
    final int destination;

    private final RouteTable routes;
    private final int generation;
    private final boolean group;
    private final boolean onLink;

    /** The Ethernet address of a destination that needs no ARP: loopback, broadcast, multicast. */
    private final long mac;
    /** Null if {@link #mac} is the destination. */
    private final @Nullable ArpLayer arp;

    private final int nextHop;
    private @Nullable Neighbour neighbour;

    private Ipv4Path(
            RouteTable routes,
            NetworkInterface via,
            IpAddress source,
            IpAddress destination,
            boolean group,
            @Nullable IpAddress gateway,
            @Nullable ArpLayer arp,
            long mac) {
        super(source, destination);
        this.routes = routes;
        this.generation = routes.generation();
        this.via = via;
        this.source = source.v4();
        this.destination = destination.v4();
        this.group = group;
        this.onLink = gateway == null;
        this.nextHop = gateway == null ? this.destination : gateway.v4();
        this.arp = arp;
        this.mac = mac;
    }

    /** To a single host, itself a neighbour or behind {@code gateway}. */
    static Ipv4Path unicast(
            RouteTable routes,
            NetworkInterface via,
            IpAddress source,
            IpAddress destination,
            @Nullable IpAddress gateway) {
        return new Ipv4Path(
                routes,
                via,
                source,
                destination,
                false,
                gateway,
                via.arp,
                via.mac().bits());
    }

    /** To a broadcast or multicast address, whose Ethernet address needs no question. */
    static Ipv4Path group(RouteTable routes, NetworkInterface via, IpAddress source, IpAddress destination, long mac) {
        return new Ipv4Path(routes, via, source, destination, true, null, null, mac);
    }

    @Override
    public boolean current() {
        return generation == routes.generation();
    }

    @Override
    public int mtu() {
        return via.mtu;
    }

    @Override
    public int headerLength() {
        return Output.HEADER;
    }

    @Override
    public int maxSuperSegment() {
        return via.maxSuperSegment;
    }

    @Override
    public boolean cutsDatagrams() {
        return via.cutsDatagrams;
    }

    @Override
    public boolean checksumOffload() {
        return via.checksumOffload;
    }

    @Override
    public boolean gathers() {
        Neighbour n = neighbour;
        return via.gathers && n != null && !n.removed() && n.resolved();
    }

    @Override
    public int queueFrames() {
        return via.device().queueFrames();
    }

    @Override
    public boolean crowded() {
        return via.device().crowded();
    }

    @Override
    public boolean onLink() {
        return onLink;
    }

    @Override
    public boolean group() {
        return group;
    }

    /** The destination is a multicast address, not a broadcast one. */
    boolean multicast() {
        return Ipv4Layer.isMulticast(destination);
    }

    @Override
    public void confirm() {
        Neighbour n = neighbour;
        if (n != null) {
            n.confirm();
        }
    }

    @Override
    public void doubt() {
        Neighbour n = neighbour;
        if (n != null && arp != null) {
            arp.doubt(n);
        }
    }

    /** Sends the IP packet from {@code packet.start} on; takes ownership. */
    void transmit(Frame packet) {
        if (arp == null) {
            via.port.send(packet, mac, EthernetHeader.IPV4);
            return;
        }
        Neighbour n = neighbour;
        if (n == null || n.removed()) {
            n = arp.neighbour(nextHop);
            neighbour = n;
        }
        arp.send(n, packet);
    }
}
