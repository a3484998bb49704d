package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import java.util.ArrayList;
import java.util.List;

/** Something that links end at: a {@link Host}, a {@link Router} or a {@link Lan}. */
public abstract sealed class Node permits Host, Router, Lan {
    final Network net;
    private final String name;
    private final List<LinkEnd> ends = new ArrayList<>();

    Node(Network net, String name) {
        this.net = net;
        this.name = name;
    }

    /** Its name, by which the network knows it. */
    public final String name() {
        return name;
    }

    /** Its links, in the order in which they were connected. */
    public final List<Link> links() {
        return ends.stream().map(LinkEnd::link).toList();
    }

    /** Its link to {@code other}: the first of them. */
    public final Link linkTo(Node other) {
        return ends.stream()
                .filter(end -> end.other().node() == other)
                .findFirst()
                .map(LinkEnd::link)
                .orElseThrow(() -> new IllegalArgumentException("no link joins " + this + " and " + other));
    }

    final List<LinkEnd> ends() {
        return ends;
    }

    /** True for a node that has addresses of its own, false for a switch. */
    abstract boolean speaksIp();

    /** False for a frame that a partition keeps away. */
    abstract boolean mayReceive(Frame frame);

    /** All is connected, and has its addresses: from now on it takes part. */
    abstract void start(Routes routes);

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " '" + name + "'";
    }
}
