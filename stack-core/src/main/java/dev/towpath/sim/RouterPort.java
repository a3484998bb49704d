package dev.towpath.sim;

import dev.towpath.arp.ArpConfig;
import dev.towpath.arp.ArpLayer;
import dev.towpath.arp.ArpUser;
import dev.towpath.buffer.Frame;
import dev.towpath.ethernet.EtherTypeHandler;
import dev.towpath.ethernet.EthernetPort;
import dev.towpath.stack.Participant;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;

/** One card of a {@link Router}: Ethernet and ARP below, the router's forwarding above. */
final class RouterPort implements Participant, EtherTypeHandler, ArpUser {
    private final Router router;
    private final LinkEnd card;
    private final IpPrefix address;
    private final EthernetPort ethernet;
    private final ArpLayer arp;
    /** The frame that is being received has been passed on. */
    private boolean passedOn;

    RouterPort(Router router, LinkEnd card) {
        this.router = router;
        this.card = card;
        this.address = card.address();
        this.ethernet = new EthernetPort(0, card, router.net.simulation().clock(), router.mib());
        this.arp = new ArpLayer(
                new ArpLayer.Parts(
                        ArpConfig.DEFAULT,
                        router.frames(),
                        router.wheel(),
                        router.net.simulation().clock(),
                        router.mib()),
                ethernet,
                this);
        ethernet.register(EthernetHeader.IPV4, this);
    }

    IpPrefix network() {
        return address.network();
    }

    int mtu() {
        return card.mtu();
    }

    @Override
    public long nextEventNanos() {
        return card.nextEventNanos();
    }

    @Override
    public void act(long nowNanos) {
        for (Frame frame = card.receive(nowNanos); frame != null; frame = card.receive(nowNanos)) {
            passedOn = false;
            ethernet.receive(frame);
            if (!passedOn) {
                frame.release();
            }
        }
        router.touched();
    }

    /** Sends a packet to a neighbour; takes ownership. */
    void send(Frame packet, int neighbour) {
        packet.start = packet.network;
        arp.send(arp.neighbour(neighbour), packet);
        router.touched();
    }

    /** RFC 1812 section 5.2.1, as far as it concerns a network without options, multicast and directed broadcast. */
    @Override
    public void receive(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        if (Ipv4Header.validate(bytes, frame.words(), at, frame.end - at) != Ipv4Header.Fault.NONE) {
            return;
        }
        frame.end = at + Ipv4Header.totalLength(bytes, at);
        frame.destinationLow = address.address().v4(); // who speaks, should there be something to complain about
        int destination = Ipv4Header.destination(bytes, at);
        int first = destination >>> 24;
        if (router.owns(destination)) {
            router.answer(frame);
        } else if (!frame.linkGroup && first != 0 && first != 127 && first < 224) {
            passedOn = true;
            router.forward(frame);
        }
    }

    @Override
    public boolean owns(int target) {
        return address.address().v4() == target;
    }

    @Override
    public boolean mayBeNeighbour(int other) {
        return !owns(other) && address.contains(IpAddress.v4(other));
    }

    @Override
    public int sourceTowards(int target) {
        return address.address().v4();
    }

    /** The packet is lent. */
    @Override
    public void unresolved(Frame packet) {
        router.unreachable(packet);
    }
}
