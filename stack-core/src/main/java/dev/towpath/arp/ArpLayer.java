package dev.towpath.arp;

import dev.towpath.arp.Neighbour.State;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ethernet.EtherTypeHandler;
import dev.towpath.ethernet.EthernetPort;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.ArpHeader;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ARP on one interface: finds neighbours for {@link #send}, answers for this host's addresses, and lets neighbours age.
 *
 * <pre>
 *                     send                answer                30 s                send                5 s
 *   (none) ---------> INCOMPLETE ---------> REACHABLE ---------> STALE ---------> DELAY ---------> PROBE
 *                         | 3 requests          ^ ^                | 10 min         |                | 3 requests
 *                         v unanswered          | '-- answer, or --|----------------'----------------|
 *                       FAILED --3 s--> (none)  |     the transport confirms                         v
 *                                               '------------------'---> (none)                    (none)
 * </pre>
 *
 * <p>Failures are told upwards from a timer only, never from within {@link #send}: a transport that sends must not be
 * called back on the way.
 */
public final class ArpLayer implements EtherTypeHandler {
    /** What ARP is made of; everything that it does not compute itself is passed in. */
    public record Parts(ArpConfig config, FramePool frames, TimerWheel wheel, Clock clock, Mib mib) {}

    private final ArpConfig config;
    private final FramePool frames;
    private final TimerWheel wheel;
    private final Clock clock;
    private final Mib mib;
    private final EthernetPort port;
    private final ArpUser user;
    private final long ownMac;
    private final NeighbourCache cache;
    private long queuedBytes;

    /** ARP for {@code user} on {@code port}; registers itself there. */
    public ArpLayer(Parts parts, EthernetPort port, ArpUser user) {
        this.config = parts.config();
        this.frames = parts.frames();
        this.wheel = parts.wheel();
        this.clock = parts.clock();
        this.mib = parts.mib();
        this.port = port;
        this.user = user;
        this.ownMac = port.mac().bits();
        this.cache = new NeighbourCache(config.maxNeighbours());
        port.register(EthernetHeader.ARP, this);
    }

    /**
     * The neighbour with this address, if need be a new one that is {@link State#INCOMPLETE} and asked for with its
     * first packet.
     */
    public Neighbour neighbour(int address) {
        Neighbour known = cache.find(address);
        return known != null ? known : create(address);
    }

    /**
     * Sends the IPv4 packet from {@code packet.start} to its end to {@code to}, now or when it is resolved; takes
     * ownership.
     */
    public void send(Neighbour to, Frame packet) {
        to.used = true;
        switch (to.state) {
            case REACHABLE, DELAY, PROBE -> port.send(packet, to.mac, EthernetHeader.IPV4);
            case STALE -> {
                enter(to, State.DELAY, config.delayNanos());
                port.send(packet, to.mac, EthernetHeader.IPV4);
            }
            case INCOMPLETE -> {
                enqueue(to, packet);
                if (!to.timer.armed()) {
                    ask(to, MacAddress.BROADCAST.bits());
                }
            }
            case FAILED -> {
                enqueue(to, packet);
                wheel.arm(to.timer, clock.nanoTime());
            }
        }
    }

    /**
     * Tells all neighbours that {@code address} is here (RFC 5227 section 3: as a request, which updates caches and
     * asks for no answer).
     */
    public void announce(int address) {
        transmit(ArpHeader.REQUEST, address, MacAddress.BROADCAST.bits(), 0, address);
    }

    /** Calls {@code action} for each neighbour. */
    public void forEach(Consumer<Neighbour> action) {
        cache.forEach(action);
    }

    /** Forgets all neighbours and drops what waits for them. */
    public void close() {
        cache.forEach(this::remove);
    }

    /** RFC 826, "Packet Reception", in its order: merge, then look at the target, then at the opcode. */
    @Override
    public void receive(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        if (!ArpHeader.validate(bytes, at, frame.end - at)) {
            mib.drop(DropReason.ARP_MALFORMED);
            return;
        }
        boolean request = ArpHeader.operation(bytes, at) == ArpHeader.REQUEST;
        mib.count(request ? Counter.ARP_IN_REQUESTS : Counter.ARP_IN_REPLIES);
        long senderMac = ArpHeader.senderMac(bytes, at);
        int sender = ArpHeader.senderIp(bytes, at);
        int target = ArpHeader.targetIp(bytes, at);
        if (!believable(senderMac, sender)) {
            mib.drop(DropReason.ARP_BAD_SENDER);
            return;
        }
        boolean forUs = user.owns(target);
        Neighbour merged = cache.find(sender);
        if (merged != null) {
            // An answer shows that the neighbour hears us; anything else only that it speaks (RFC 4861 section 7.3.1).
            learn(merged, senderMac, !request && forUs && !frame.linkGroup);
        }
        if (!forUs || !request) {
            if (merged == null) {
                // Also an answer that was never asked for: RFC 826 would keep it, and be poisoned.
                mib.drop(DropReason.ARP_NOT_FOR_US);
            }
            return;
        }
        if (merged == null && sender != 0) {
            learn(create(sender), senderMac, false);
        }
        transmit(ArpHeader.REPLY, /* sender= */ target, senderMac, senderMac, /* target= */ sender);
    }

    void expired(Neighbour n, long nowNanos) {
        switch (n.state) {
            case INCOMPLETE -> {
                if (n.requests < config.requests()) {
                    ask(n, MacAddress.BROADCAST.bits());
                } else {
                    n.state = State.FAILED;
                    n.failedUntilNanos = nowNanos + config.failedNanos();
                    failQueued(n, nowNanos);
                }
            }
            case FAILED -> failQueued(n, nowNanos);
            case REACHABLE -> {
                if (n.confirmed) {
                    reachable(n);
                } else {
                    enter(n, State.STALE, config.staleNanos());
                }
            }
            case STALE -> remove(n);
            case DELAY, PROBE -> probe(n);
        }
    }

    private void probe(Neighbour n) {
        if (n.confirmed) {
            reachable(n);
        } else if (n.state == State.DELAY || n.requests < config.requests()) {
            n.requests = n.state == State.DELAY ? 0 : n.requests;
            n.state = State.PROBE;
            ask(n, n.mac);
        } else {
            remove(n); // the next packet asks everybody
        }
    }

    private void reachable(Neighbour n) {
        n.confirmed = false;
        enter(n, State.REACHABLE, config.reachableNanos());
    }

    /** A transport waits in vain for an answer through {@code n}: the next packet to it has it asked soon. */
    public void doubt(Neighbour n) {
        if (n.state == State.REACHABLE && !n.removed) {
            n.confirmed = false;
            enter(n, State.STALE, config.staleNanos());
        }
    }

    private void enter(Neighbour n, State state, long nanos) {
        n.state = state;
        wheel.arm(n.timer, clock.nanoTime() + nanos);
    }

    private boolean believable(long mac, int address) {
        return mac != 0
                && mac != ownMac
                && !MacAddress.isGroup(mac)
                && (address == 0 || user.mayBeNeighbour(address)); // 0: a probe for duplicates (RFC 5227 section 2.1.1)
    }

    private void learn(Neighbour n, long mac, boolean answered) {
        boolean news = !n.resolved() || n.mac != mac;
        n.mac = mac;
        if (answered) {
            reachable(n);
        } else if (news) {
            n.confirmed = false;
            enter(n, State.STALE, config.staleNanos());
        }
        for (Frame packet = dequeue(n); packet != null; packet = dequeue(n)) {
            send(n, packet);
        }
    }

    private Neighbour create(int address) {
        if (cache.full()) {
            remove(cache.victim());
        }
        Neighbour n = new Neighbour(address, this);
        cache.add(n);
        return n;
    }

    private void remove(Neighbour n) {
        cache.remove(n);
        n.removed = true;
        wheel.cancel(n.timer);
        for (Frame packet = dequeue(n); packet != null; packet = dequeue(n)) {
            mib.drop(DropReason.ARP_UNRESOLVED);
            packet.release();
        }
    }

    /**
     * Asks once and waits for the answer: no more than one request an interval goes out for one neighbour (RFC 1122
     * section 2.3.2.1).
     */
    private void ask(Neighbour n, long destination) {
        n.requests++;
        wheel.arm(n.timer, clock.nanoTime() + config.requestIntervalNanos());
        transmit(ArpHeader.REQUEST, user.sourceTowards(n.address), destination, 0, n.address);
    }

    private void failQueued(Neighbour n, long nowNanos) {
        // What the handler sends meanwhile waits for the next time.
        for (int left = n.queued; left > 0; left--) {
            Frame packet = dequeue(n);
            if (packet != null) {
                mib.drop(DropReason.ARP_UNRESOLVED);
                user.unresolved(packet);
                packet.release();
            }
        }
        if (n.removed) {
            return; // to make room for a neighbour that the handler asked for
        }
        if (n.queued == 0 && nowNanos >= n.failedUntilNanos) {
            remove(n);
        } else {
            wheel.arm(n.timer, n.queued == 0 ? n.failedUntilNanos : nowNanos);
        }
    }

    /** The latest packet always finds room (RFC 1122 section 2.3.2.2); the oldest make it. */
    private void enqueue(Neighbour n, Frame packet) {
        while (n.queued > 0
                && (n.queued >= config.maxQueued() || queuedBytes + packet.capacity() > config.maxQueuedBytes())) {
            Frame dropped = dequeue(n);
            if (dropped != null) {
                mib.drop(DropReason.ARP_QUEUE_FULL);
                dropped.release();
            }
        }
        n.enqueue(packet);
        queuedBytes += packet.capacity();
    }

    private @Nullable Frame dequeue(Neighbour n) {
        Frame packet = n.dequeue();
        if (packet != null) {
            queuedBytes -= packet.capacity();
        }
        return packet;
    }

    private void transmit(int operation, int sender, long destination, long targetMac, int target) {
        Frame frame = frames.take(FramePool.SMALL);
        frame.start = Frame.HEADROOM;
        frame.network = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + ArpHeader.LENGTH;
        ArpHeader.write(frame.bytes(), frame.start, operation, ownMac, sender, targetMac, target);
        mib.count(operation == ArpHeader.REQUEST ? Counter.ARP_OUT_REQUESTS : Counter.ARP_OUT_REPLIES);
        port.send(frame, destination, EthernetHeader.ARP);
    }
}
