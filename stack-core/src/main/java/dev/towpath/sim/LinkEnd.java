package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** The card at one end of a {@link Link}, as the node there sees it. */
final class LinkEnd implements LinkDevice {
    private final Link link;
    private final Node node;
    private final MacAddress mac;
    private final String name;
    private final Direction outbound;
    private final Direction inbound;
    /** Unset where the node is a switch, and until the network starts. */
    private @Nullable IpPrefix address;

    LinkEnd(Link link, Node node, long mac, Direction outbound, Direction inbound) {
        this.link = link;
        this.node = node;
        this.mac = MacAddress.local(mac);
        this.name = "eth" + node.ends().size();
        this.outbound = outbound;
        this.inbound = inbound;
        node.ends().add(this);
    }

    Node node() {
        return node;
    }

    Link link() {
        return link;
    }

    LinkEnd other() {
        return link.near() == this ? link.far() : link.near();
    }

    Direction outbound() {
        return outbound;
    }

    Direction inbound() {
        return inbound;
    }

    void address(IpPrefix prefix) {
        address = prefix;
    }

    boolean hasAddress() {
        return address != null;
    }

    IpPrefix address() {
        IpPrefix known = address;
        if (known == null) {
            throw new IllegalStateException(this + " has no address yet");
        }
        return known;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return link.mtu();
    }

    @Override
    public LinkFeatures features() {
        return link.features();
    }

    /** As far as the stack can tell: the queue is a bottleneck's like any other, and drops what it has no room for. */
    @Override
    public int queueFrames() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        frame.forgetSender();
        return outbound.send(frame, nowNanos);
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        for (Frame frame = inbound.take(nowNanos); frame != null; frame = inbound.take(nowNanos)) {
            if (EthernetHeader.validate(frame.length()) && node.mayReceive(frame)) {
                return frame;
            }
            frame.release();
        }
        return null;
    }

    @Override
    public long nextEventNanos() {
        return inbound.nextDueNanos();
    }

    @Override
    public void onArrival(Runnable wake) {
        inbound.onArrival(wake);
    }

    /** Plugged in again, after {@link #close}. */
    void open() {
        inbound.heard(true);
    }

    /** What is on its way here is lost, and what the node had sent arrives. */
    @Override
    public void close() {
        inbound.heard(false);
    }

    /** Such as {@code eth0 of Host 'a'}. */
    @Override
    public String toString() {
        return name + " of " + node;
    }
}
