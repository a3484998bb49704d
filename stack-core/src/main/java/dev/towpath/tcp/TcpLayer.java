package dev.towpath.tcp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Binding;
import dev.towpath.demux.Flow;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportChecksum;
import dev.towpath.ip.TransportError;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.congestion.AckSample;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.TcpHeader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * TCP (RFC 9293): takes segments from IP and finds out whose they are. The caller registers it with IP, and calls
 * {@link #flush} after each batch of frames, timers or user calls.
 */
public final class TcpLayer implements TransportHandler {
    /** Bytes of a header without options. */
    static final int HEADER = TcpHeader.MIN_LENGTH;

    /** Capacity of a frame for a segment without data. */
    static final int HEADER_FRAME = Frame.HEADROOM + TcpHeader.MAX_LENGTH;

    /** What TCP is made of; everything that it does not compute itself is passed in. */
    public record Parts(
            TcpConfig config,
            IpLayer ip,
            FlowTable flows,
            PortTable ports,
            FramePool frames,
            BufferPool buffers,
            TimerWheel wheel,
            Clock clock,
            LongSupplier random,
            Mib mib) {}

    private final Parts parts;
    private final Algorithm congestion;
    private final TcpSettings settings;
    private final SegmentArrival arrival;
    private final Transmitter transmitter;
    private final Output output;
    private final Timeouts timeouts;
    private final UserCalls userCalls;
    private final TimeWaits timeWaits;
    private final InitialSequence initialSequence;
    private final SynCookies synCookies;
    private final Segment segment = new Segment();
    private final AckSample ackSample = new AckSample();
    private final Scoreboard.Pool scoreboards;
    private final Holes.Pool rangePool;
    private final Deadlines.Pool deadlines;
    private final PathMtuCache pathMtus = new PathMtuCache();
    private @Nullable Tcb firstDirty;
    private @Nullable Tcb lastDirty;
    /** Connections whose application waits to write, and nothing but memory is wanting. */
    private final Set<Tcb> awaitingMemory = new LinkedHashSet<>();

    /**
     * Wires it.
     *
     * @throws IllegalArgumentException if the configuration names a congestion control that there is not
     */
    public TcpLayer(Parts parts) {
        this.parts = parts;
        this.congestion = requireAlgorithm(parts.config().congestionControl());
        this.settings = newSettings();
        this.arrival = new SegmentArrival(this);
        this.transmitter = new Transmitter(this);
        this.output = new Output(this);
        this.timeouts = new Timeouts(this);
        this.userCalls = new UserCalls(this);
        this.timeWaits = new TimeWaits(this);
        this.initialSequence =
                new InitialSequence(parts.random().getAsLong(), parts.random().getAsLong());
        this.synCookies =
                new SynCookies(parts.random().getAsLong(), parts.random().getAsLong());
        Stretches.Coin coin = new Stretches.Coin(parts.random().getAsLong());
        this.scoreboards = new Scoreboard.Pool(new Sent.Pool(coin));
        this.rangePool = new Holes.Pool(coin);
        this.deadlines = new Deadlines.Pool(timeouts, parts.wheel());
    }

    private static Algorithm requireAlgorithm(String name) {
        Algorithm algorithm = Algorithm.named(name);
        if (algorithm == null) {
            throw new IllegalArgumentException(
                    "no congestion control is called \"" + name + "\"; there are " + Algorithm.names());
        }
        return algorithm;
    }

    /** The stack's default settings, shared. */
    public TcpSettings settings() {
        return settings.share();
    }

    /** New settings with the stack's defaults. */
    public TcpSettings newSettings() {
        TcpSettings fresh =
                new TcpSettings(parts.config().sendBuffer(), parts.config().receiveBuffer());
        fresh.userTimeoutNanos = parts.config().userTimeoutNanos();
        fresh.congestion = congestion;
        fresh.maxSendBuffer = parts.config().maxSendBuffer();
        fresh.maxReceiveBuffer = parts.config().maxReceiveBuffer();
        fresh.pacing = parts.config().pacing();
        return fresh;
    }

    /** Passive OPEN on a port that the caller has bound. */
    public Listener listen(Binding binding, int backlog, TcpSettings settings, ListenerEvents events) {
        Listener listener = new Listener(this, binding, backlog, settings, events);
        binding.receiver(listener);
        return listener;
    }

    /** An ephemeral port for {@link #connect} to this remote end, or 0 if none is left. */
    public int ephemeralPort(Path path, int remotePort) {
        return parts.ports()
                .ephemeralPort(
                        IpLayer.TCP,
                        path.source(),
                        path.destination(),
                        remotePort,
                        owner -> owner instanceof TimeWait w && timeWaits.mayReopen(w));
    }

    /**
     * Active OPEN: the SYN leaves at the next {@link #flush}. The caller has found the path and a port that makes the
     * tuple free ({@link #ephemeralPort}).
     *
     * @throws IllegalStateException if the tuple is taken
     */
    public Tcb connect(Path path, int localPort, int remotePort, TcpSettings settings, ConnectionEvents events) {
        return userCalls.open(path, localPort, remotePort, settings, events);
    }

    /** Sends what has become due: one ACK per connection and batch, and the data that windows allow. */
    public void flush() {
        for (Tcb t = firstDirty; t != null; t = firstDirty) {
            firstDirty = t.nextDirty;
            t.nextDirty = null;
            t.dirty = false;
            output.run(t);
            timeouts.rearm(t);
        }
        lastDirty = null;
        if (!awaitingMemory.isEmpty() && parts.buffers().lendable() > 0) {
            tellOfMemory();
        }
    }

    /** {@code t} has nothing queued and can't get memory for more: to be told when there is some. */
    void awaitMemory(Tcb t) {
        awaitingMemory.add(t);
    }

    /** {@code t} has ended. */
    void awaitsMemoryNoMore(Tcb t) {
        awaitingMemory.remove(t);
    }

    private void tellOfMemory() {
        List<Tcb> waiting = List.copyOf(awaitingMemory);
        awaitingMemory.clear();
        waiting.forEach(Tcb::tellIfWritable);
    }

    /** Calls {@code action} for every connection that is not in TIME-WAIT. */
    public void forEach(Consumer<Tcb> action) {
        parts.flows().forEach(flow -> {
            if (flow instanceof Tcb t) {
                action.accept(t);
            }
        });
    }

    /** Calls {@code action} for every tuple in TIME-WAIT, the oldest first. */
    public void forEachTimeWait(Consumer<Flow> action) {
        timeWaits.forEach(action);
    }

    /** True while a connection has sent something, if only a FIN, that the peer has not acknowledged. */
    public boolean undelivered() {
        boolean[] any = {false};
        forEach(t -> any[0] |= t.unacknowledged() > 0);
        return any[0];
    }

    /** The stack closes: every connection is reset and every waiter told. */
    public void close() {
        List<Tcb> all = new ArrayList<>();
        forEach(all::add);
        for (Tcb t : all) {
            t.abort();
        }
        timeWaits.clear();
        flush();
    }

    @Override
    public void receive(Frame frame) {
        parts.mib().count(Counter.TCP_IN_SEGS);
        DropReason malformed = segment.parse(frame);
        if (malformed != null) {
            drop(malformed);
            return;
        }
        if (!TransportChecksum.valid(frame)) {
            parts.mib().count(Counter.TCP_IN_CSUM_ERRORS);
            drop(DropReason.TCP_BAD_CHECKSUM);
            return;
        }
        if (frame.linkGroup || frame.destinationGroup) {
            parts.mib().drop(DropReason.TCP_GROUP_ADDRESS); // RFC 9293 section 3.9.2.3, MUST-57
            return;
        }
        deliver(frame);
    }

    private void deliver(Frame frame) {
        Flow flow = parts.flows()
                .find(
                        IpLayer.TCP,
                        frame.destinationHigh,
                        frame.destinationLow,
                        segment.destinationPort(),
                        frame.sourceHigh,
                        frame.sourceLow,
                        segment.sourcePort());
        if (flow instanceof Tcb t) {
            arrival.arrived(t, segment);
            return;
        }
        Listener listener = listener(frame);
        TimeWait old = flow instanceof TimeWait w ? w : null;
        if (old != null && (listener == null || !timeWaits.reopenedBy(old, segment))) {
            timeWaits.arrived(old, segment);
        } else if (listener != null) {
            listener.arrived(segment, old);
        } else {
            parts.mib().drop(DropReason.TCP_NO_SOCKET);
            transmitter.refuse(segment);
        }
    }

    /** The entry in TIME-WAIT that {@code t}, which is about to be opened, may take the place of. */
    @Nullable
    TimeWait predecessor(Tcb t) {
        Flow owner = parts.flows()
                .find(
                        IpLayer.TCP,
                        t.localHigh(),
                        t.localLow(),
                        t.localPort(),
                        t.remoteHigh(),
                        t.remoteLow(),
                        t.remotePort());
        return owner instanceof TimeWait w && timeWaits.mayReopen(w) ? w : null;
    }

    private @Nullable Listener listener(Frame frame) {
        return (Listener) parts.ports()
                .find(
                        IpLayer.TCP,
                        frame.destinationHigh,
                        frame.destinationLow,
                        segment.destinationPort(),
                        frame.sourceHigh,
                        frame.sourceLow,
                        segment.sourcePort());
    }

    private void drop(DropReason reason) {
        parts.mib().count(Counter.TCP_IN_ERRS);
        parts.mib().drop(reason);
    }

    @Override
    public void receiveError(IpError error, int mtu, Frame quote) {
        int at = quote.transport;
        Flow flow = parts.flows()
                .find(
                        IpLayer.TCP,
                        quote.sourceHigh,
                        quote.sourceLow,
                        TcpHeader.sourcePort(quote.bytes(), at),
                        quote.destinationHigh,
                        quote.destinationLow,
                        TcpHeader.destinationPort(quote.bytes(), at));
        int seq = TcpHeader.sequence(quote.bytes(), at);
        // RFC 5927 section 4.1: it must be about something that is in flight.
        if (flow instanceof Tcb t && SeqNum.atMost(t.sndUna, seq) && SeqNum.lessThan(seq, t.sndMax)) {
            errorAbout(t, error, mtu, seq);
        } else {
            parts.mib().drop(DropReason.ICMP_BAD_QUOTE);
        }
    }

    private void errorAbout(Tcb t, IpError error, int mtu, int seq) {
        if (error == IpError.PACKET_TOO_BIG) {
            t.pathMtu().tooBig(mtu, seq);
            return;
        }
        TransportError reason = meaning(error);
        if (t.state() == State.SYN_SENT && reason != null) {
            parts.mib().count(Counter.TCP_ATTEMPT_FAILS);
            userCalls.fail(t, reason); // nothing is lost yet, and the user should hear soon (RFC 5461 section 4.1)
        } else {
            t.softError = reason; // RFC 5927 section 5.2: never the end of an established connection
        }
    }

    private static @Nullable TransportError meaning(IpError error) {
        return switch (error) {
            case PORT_UNREACHABLE -> TransportError.CONNECTION_REFUSED;
            case PROTOCOL_UNREACHABLE -> TransportError.PROTOCOL_UNREACHABLE;
            case NETWORK_UNREACHABLE -> TransportError.NETWORK_UNREACHABLE;
            case HOST_UNREACHABLE, SOURCE_ROUTE_FAILED, HOP_LIMIT_EXCEEDED -> TransportError.HOST_UNREACHABLE;
            case PROHIBITED -> TransportError.PROHIBITED;
            case PACKET_TOO_BIG, REASSEMBLY_TIME_EXCEEDED, PARAMETER_PROBLEM -> null;
        };
    }

    Parts parts() {
        return parts;
    }

    SegmentArrival arrival() {
        return arrival;
    }

    Transmitter transmitter() {
        return transmitter;
    }

    Scoreboard.Pool scoreboards() {
        return scoreboards;
    }

    AckSample ackSample() {
        return ackSample;
    }

    PathMtuCache pathMtus() {
        return pathMtus;
    }

    Holes.Pool rangePool() {
        return rangePool;
    }

    Deadlines.Pool deadlines() {
        return deadlines;
    }

    Output output() {
        return output;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    UserCalls userCalls() {
        return userCalls;
    }

    TimeWaits timeWaits() {
        return timeWaits;
    }

    SynCookies synCookies() {
        return synCookies;
    }

    InitialSequence initialSequence() {
        return initialSequence;
    }

    long now() {
        return parts.clock().nanoTime();
    }

    void touch(Tcb t) {
        if (t.dirty) {
            return;
        }
        t.dirty = true;
        if (firstDirty == null) {
            firstDirty = t;
        } else if (lastDirty != null) {
            lastDirty.nextDirty = t;
        }
        lastDirty = t;
    }
}
