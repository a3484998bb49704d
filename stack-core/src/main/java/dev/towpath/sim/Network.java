package dev.towpath.sim;

import dev.towpath.buffer.FramePool;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A network in one thread, in virtual time, made of chance that follows from one seed: hosts with real TCP, links as bad
 * as one likes, switches, routers, partitions. The same seed and the same program give the same packets at the same
 * nanoseconds.
 *
 * <pre>{@code
 *   try (Network net = Network.withSeed(42)) {
 *       Host a = net.host("a");
 *       Host b = net.host("b");
 *       net.connect(a, b, link -> link.delay(ms(20)).rate(mbit(10)).loss(0.01));
 *       ...
 *       net.run(seconds(60));
 *   }
 * }</pre>
 *
 * <p>First it is described: {@link #host}, {@link #lan}, {@link #router}, {@link #connect}. It starts by itself with the
 * first thing that needs it ({@link #run}, a host's stack, somebody's address); from then on links can be changed, but
 * nothing be added. Addresses that nobody gave, and routes, are found then.
 *
 * <p>Time passes only inside {@link #run} and its like, and inside a call that blocks on a host's socket: such a call
 * runs the whole network until what it waits for has happened.
 */
public final class Network implements AutoCloseable {
    private final long seed;
    private final Simulation simulation;
    private final FramePool frames = new FramePool();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Host> hosts = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final Map<Integer, Host> hostsByAddress = new HashMap<>();
    private Observer observer = Observer.NONE;
    private long kept;
    private @Nullable Recording recording;
    private boolean started;
    private @Nullable RuntimeException failedStart;

    private Network(long seed) {
        this.seed = seed;
        this.simulation = new Simulation(seed);
    }

    /** An empty network at time 0, all of whose chance follows from {@code seed}. */
    public static Network withSeed(long seed) {
        return new Network(seed);
    }

    // What there is:

    /** A new host. */
    public Host host(String name) {
        Host host = add(new Host(this, name, hosts.size()));
        hosts.add(host);
        return host;
    }

    /** A new Ethernet switch, to whose ports {@code plugged} are connected by perfect links. */
    public Lan lan(String name, Node... plugged) {
        Lan lan = add(new Lan(this, name, frames));
        for (Node node : plugged) {
            Link ignored = connect(node, lan);
        }
        return lan;
    }

    /** A new router. */
    public Router router(String name) {
        return add(new Router(this, name, frames));
    }

    private <N extends Node> N add(N node) {
        refuseOnceStarted(node.name());
        if (nodes.putIfAbsent(node.name(), node) != null) {
            throw new IllegalArgumentException("the network has a node '" + node.name()
                    + "' already; give each its own name, since its chance follows from it");
        }
        return node;
    }

    /** A perfect link between two nodes; say about it what is not. */
    public Link connect(Node a, Node b) {
        refuseOnceStarted("a link");
        if (a == b || a.net != this || b.net != this) {
            throw new IllegalArgumentException("a link joins two nodes of this network, not " + a + " and " + b);
        }
        Link link = new Link(this, a, b, links.size(), frames);
        links.add(link);
        return link;
    }

    /** A link between two nodes, described by {@code how}. */
    public Link connect(Node a, Node b, UnaryOperator<Link> how) {
        return how.apply(connect(a, b));
    }

    /** The host with this name. */
    public Host hostNamed(String name) {
        if (nodes.get(name) instanceof Host host) {
            return host;
        }
        throw new IllegalArgumentException("the network has no host '" + name + "'");
    }

    /** All hosts, in the order in which they were made. */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** All links, in the order in which they were made. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** What a name service would say: the address of a host; starts the network if need be. */
    public IpAddress address(String hostName) {
        return hostNamed(hostName).address();
    }

    // What happens:

    /** Time since the beginning. */
    public Duration now() {
        return simulation.now();
    }

    /** Lets {@code time} pass. */
    public void run(Duration time) {
        start();
        simulation.run(time);
    }

    /** Lets time pass until {@code condition} holds, but at most {@code limit}; false if it does not hold even then. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        start();
        return simulation.runUntil(condition, limit);
    }

    /** Does {@code action} at this time, counted from the beginning; at once if that has passed. */
    public void at(Duration time, Runnable action) {
        Duration left = time.minus(now());
        after(left.isNegative() ? Duration.ZERO : left, action);
    }

    /** Does {@code action} after this time, counted from now. */
    public void after(Duration delay, Runnable action) {
        simulation.after(delay, action);
    }

    /** Does {@code action} again and again, for the first time after {@code interval}. */
    public void every(Duration interval, Runnable action) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("what is done every " + interval + " would never let time pass");
        }
        after(interval, () -> {
            action.run();
            every(interval, action);
        });
    }

    // Partitions:

    /**
     * Parts the hosts: what one sends arrives only within its own part; a host in none of the parts hears nobody and is
     * heard by nobody. Links, switches and routers go on carrying what does not arrive. Replaces what was said before by
     * this method or {@link #block}.
     */
    @SafeVarargs
    public final void partition(Set<Host>... parts) {
        start();
        for (Host to : hosts) {
            to.unheard().set(0, hosts.size());
            to.unheard().clear(to.number());
            for (Set<Host> part : parts) {
                if (part.contains(to)) {
                    part.forEach(from -> to.unheard().clear(from.number()));
                }
            }
        }
    }

    /** Parts one host from all others. */
    public void isolate(Host host) {
        start();
        for (Host other : hosts) {
            if (other != host) {
                block(host, other);
                block(other, host);
            }
        }
    }

    /** From now on nothing that {@code from} sends arrives at {@code to}; the other way all stays as it is. */
    public void block(Host from, Host to) {
        start();
        to.unheard().set(from.number());
    }

    /** Ends what {@link #partition}, {@link #isolate} and {@link #block} have done. */
    public void heal() {
        hosts.forEach(host -> host.unheard().clear());
    }

    // Looking at it:

    /**
     * Keeps the last frames that are sent on any link, up to so many bytes of them, beginning when the network starts, or
     * now if it has; see {@link #recording}.
     */
    public void keepLast(long mostBytes) {
        kept = mostBytes;
        if (started) {
            beginRecording();
        }
    }

    private void beginRecording() {
        if (kept > 0) {
            recording = new Recording(List.copyOf(links), kept);
            observer = recording;
        }
    }

    /** What {@link #keepLast} has kept; null without it, and before the network starts. */
    public @Nullable Recording recording() {
        return recording;
    }

    // The rest:

    /** What all chance follows from. */
    public long seed() {
        return seed;
    }

    /** A seed that follows from the network's and {@code purpose}: for a test's own data and decisions. */
    public long seed(String purpose) {
        return simulation.seed(purpose);
    }

    /** Ends all hosts. */
    @Override
    public void close() {
        simulation.close();
    }

    /** Finds addresses and routes and switches all nodes on, unless that has been done. */
    void start() {
        if (failedStart != null) {
            throw failedStart;
        }
        if (started) {
            return;
        }
        started = true;
        try {
            hosts.forEach(Host::adoptWishes);
            Routes routes = new Routes(links);
            for (Host host : hosts) {
                host.ends()
                        .forEach(end ->
                                hostsByAddress.put(end.address().address().v4(), host));
            }
            beginRecording();
            nodes.values().forEach(node -> node.start(routes));
        } catch (RuntimeException e) {
            failedStart = e;
            throw e;
        }
    }

    void refuseOnceStarted(String what) {
        if (started) {
            throw new IllegalStateException("the network has started, so it is too late for " + what
                    + "; describe it before anything runs, or asks for an address or a stack");
        }
    }

    @Nullable
    Host hostWith(int address) {
        return hostsByAddress.get(address);
    }

    Simulation simulation() {
        return simulation;
    }

    Observer observer() {
        return observer;
    }

    long nowNanos() {
        return simulation.clock().nanoTime();
    }

    @Override
    public String toString() {
        return "network with seed " + seed + " at " + now();
    }
}
