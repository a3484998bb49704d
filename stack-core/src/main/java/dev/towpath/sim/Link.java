package dev.towpath.sim;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.Impairment;
import dev.towpath.link.LinkFeatures;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A cable between two nodes. What is said about it holds for both its directions; {@link #from} is for one of them.
 *
 * <pre>{@code
 *   Link link = net.connect(a, b, cable -> cable.delay(ms(20)).rate(mbit(10)).queueBytes(kB(50)));
 *   net.at(seconds(5), () -> link.loss(0.1));
 *   net.at(seconds(9), () -> link.from(b).down());
 * }</pre>
 */
public final class Link extends LinkControls<Link> {
    private static final int DEFAULT_MTU = 1500;
    private static final int SMALLEST_MTU = 68; // RFC 791 section 3.2
    private static final int LARGEST_MTU = 65_535;

    private final Network net;
    private final Direction forth;
    private final Direction back;
    private final LinkEnd near;
    private final LinkEnd far;
    private int mtu = DEFAULT_MTU;
    private LinkFeatures features = LinkFeatures.NONE;

    Link(Network net, Node a, Node b, int number, FramePool frames) {
        this.net = net;
        String name = number + " " + a.name() + " " + b.name();
        this.forth = new Direction(net, a, b, name, frames);
        this.back = new Direction(net, b, a, name, frames);
        this.near = new LinkEnd(this, a, 2 * number + 1, forth, back);
        this.far = new LinkEnd(this, b, 2 * number + 2, back, forth);
    }

    /** The direction that begins at {@code node}. */
    public Direction from(Node node) {
        return endAt(node).outbound();
    }

    /** The direction that ends at {@code node}. */
    public Direction to(Node node) {
        return endAt(node).inbound();
    }

    private LinkEnd endAt(Node node) {
        if (node != near.node() && node != far.node()) {
            throw new IllegalArgumentException(this + " does not reach " + node);
        }
        return node == near.node() ? near : far;
    }

    LinkEnd near() {
        return near;
    }

    LinkEnd far() {
        return far;
    }

    /** Largest IP packet that it carries. Hosts look at it when the network starts, routers always. */
    public Link mtu(int bytes) {
        if (bytes < SMALLEST_MTU || bytes > LARGEST_MTU) {
            throw new IllegalArgumentException(
                    "an MTU is " + SMALLEST_MTU + " to " + LARGEST_MTU + " bytes, not " + bytes);
        }
        mtu = bytes;
        return this;
    }

    /** Largest IP packet that it carries. */
    public int mtu() {
        return mtu;
    }

    /**
     * Lets hosts hand it super-segments of up to 64 KiB, which travel, wait and are lost as one frame: for speed, where
     * single packets do not matter. To be said before the network starts.
     */
    public Link superSegments() {
        net.refuseOnceStarted("superSegments");
        features = LinkFeatures.MEMORY;
        return this;
    }

    LinkFeatures features() {
        return features;
    }

    @Override
    Link self() {
        return this;
    }

    @Override
    Link change(UnaryOperator<Impairment> how) {
        forth.change(how);
        back.change(how);
        return this;
    }

    @Override
    public Link drop(long... numbers) {
        forth.drop(numbers);
        back.drop(numbers);
        return this;
    }

    @Override
    public Link dropIf(Predicate<Packet> which) {
        forth.dropIf(which);
        back.dropIf(which);
        return this;
    }

    @Override
    public Link down() {
        forth.down();
        back.down();
        return this;
    }

    @Override
    public Link up() {
        forth.up();
        back.up();
        return this;
    }

    /** Such as {@code a - b}. */
    @Override
    public String toString() {
        return near.node().name() + " - " + far.node().name();
    }
}
