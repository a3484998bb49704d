package dev.towpath.testing.script;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.wire.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/** One connection as a script sees it: the peer at its far end, the stack in the middle, the application above. */
public final class Conversation {
    private static final byte[] NO_BYTES = {};

    private final Rig rig;
    private final int localPort;
    private final int remotePort;
    private final Numbers numbers = new Numbers();
    private final WireRules rules = new WireRules(Pattern.APP, true);
    private final Deque<Emitted> unnoticed = new ArrayDeque<>();
    private final Peer peer = new Peer(this);
    private final StackSide stack = new StackSide(this);
    private final App app = new App(this);

    Conversation(Rig rig, int localPort, int remotePort) {
        this.rig = rig;
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    /** The far end. */
    public Peer peer() {
        return peer;
    }

    /** The stack's end of the wire. */
    public StackSide stack() {
        return stack;
    }

    /** The application on the stack. */
    public App app() {
        return app;
    }

    Rig rig() {
        return rig;
    }

    int localPort() {
        return localPort;
    }

    int remotePort() {
        return remotePort;
    }

    Numbers numbers() {
        return numbers;
    }

    WireRules rules() {
        return rules;
    }

    Deque<Emitted> unnoticed() {
        return unnoticed;
    }

    boolean is(IpAddress remote, int local, int remoteEnd) {
        return remote.equals(Rig.PEER) && local == localPort && remoteEnd == remotePort;
    }

    void note(String who, String what) {
        rig.note(remotePort + " " + who, what);
    }

    /** Takes in what the stack sends: checks what holds for every segment, then keeps it for the script. */
    void emitted(Frame frame, long nowNanos, Emitted.Packet packet) {
        byte[] bytes = SegmentCodec.complete(frame, Rig.STACK, Rig.PEER);
        WireSegment segment = SegmentCodec.read(bytes);
        SecondOpinion.check(SegmentCodec.inFrame(bytes, Rig.STACK, Rig.PEER), segment);
        numbers.stackSent(segment);
        note("< stack", numbers.describe(segment, true) + (frame.segmentSize > 0 ? " cut " + frame.segmentSize : ""));
        try {
            rules.sent(segment);
        } catch (AssertionError broken) {
            throw rig.transcript().failure("the last segment breaks a rule: " + broken.getMessage(), broken);
        }
        unnoticed.add(new Emitted(nowNanos, segment, frame.segmentSize, packet));
    }

    /** Hands the stack a segment from the peer, in a frame of its own. */
    void deliver(WireSegment segment, SegmentSpec spec) {
        byte[] bytes = SegmentCodec.write(segment, Rig.PEER, remotePort, Rig.STACK, localPort);
        SegmentCodec.damage(bytes, spec, Rig.PEER, Rig.STACK);
        if (!spec.broken()) {
            rules.arrived(segment);
        }
        Frame frame = frame(bytes, Rig.PEER, Rig.STACK);
        frame.trafficClass = spec.trafficClass == null ? 0 : spec.trafficClass;
        frame.segmentSize = spec.segmentSize == null ? 0 : spec.segmentSize;
        rig.tcp().receive(frame);
        FakeIp.poison(frame);
        frame.release();
    }

    /** Hands the stack a segment that came in a link-layer broadcast, or was sent to an IP group address. */
    void deliverToGroup(WireSegment segment, boolean linkGroup) {
        byte[] bytes = SegmentCodec.write(segment, Rig.PEER, remotePort, Rig.STACK, localPort);
        Frame frame = frame(bytes, Rig.PEER, Rig.STACK);
        frame.linkGroup = linkGroup;
        frame.destinationGroup = !linkGroup;
        rig.tcp().receive(frame);
        FakeIp.poison(frame);
        frame.release();
    }

    /** Hands the stack an ICMP error about a segment that it sent: 8 bytes of it are quoted. */
    void deliverError(IpError error, int mtu, int sequence) {
        byte[] quoted = new byte[8];
        byte[] whole = SegmentCodec.write(
                new WireSegment(sequence, 0, 0, 0, 0, WireSegment.Options.NONE, NO_BYTES),
                Rig.STACK,
                localPort,
                Rig.PEER,
                remotePort);
        System.arraycopy(whole, 0, quoted, 0, quoted.length);
        Frame frame = frame(quoted, Rig.STACK, Rig.PEER);
        rig.tcp().receiveError(error, mtu, frame);
        FakeIp.poison(frame);
        frame.release();
    }

    private Frame frame(byte[] transport, IpAddress from, IpAddress to) {
        Frame frame = rig.frames().take(Frame.HEADROOM + transport.length);
        frame.network = Frame.HEADROOM - 20;
        frame.start = frame.network;
        frame.transport = Frame.HEADROOM;
        frame.end = frame.transport + transport.length;
        frame.bytes().put(frame.transport, transport);
        frame.sourceHigh = from.high();
        frame.sourceLow = from.low();
        frame.destinationHigh = to.high();
        frame.destinationLow = to.low();
        frame.protocol = 6;
        frame.hopLimit = 64;
        return frame;
    }

    void requireNoticed() {
        Emitted next = unnoticed.peek();
        if (next != null) {
            String what = numbers.describe(next.segment(), true);
            throw rig.transcript().failure("the script goes on, but the stack has sent " + what + " and nobody asked");
        }
    }

    void forget() {
        unnoticed.clear();
    }
}
