package dev.towpath.testing.script;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Binding;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.mib.Counter;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpLayer;
import dev.towpath.tcp.TcpSettings;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.IpAddress;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One of two hosts with a real {@link TcpLayer}: its parts, its end of the connection and the rules that it must obey
 * on the wire.
 */
public final class Host {
    private static final long BUDGET = 64L << 20;

    /** What the host puts on its wire. */
    @FunctionalInterface
    interface Wire {
        void sent(byte[] segment, int segmentSize);
    }

    private final IpAddress address;
    private final IpAddress other;
    private final WireRules rules;
    private final Wire wire;
    private final TimerWheel wheel = new TimerWheel(ScriptClock.START_NANOS);
    private final FramePool frames = new FramePool();
    private final BufferPool buffers = new BufferPool(BUDGET, BUDGET);
    private final Mib mib = new Mib();
    private final FakeIp ip;
    private final FlowTable flows;
    private final PortTable ports;
    private final TcpLayer tcp;
    private @Nullable Listener listener;
    private @Nullable Tcb tcb;

    Host(IpAddress address, IpAddress other, Pattern data, Clock clock, Random random, Wire wire) {
        this.address = address;
        this.other = other;
        this.rules = new WireRules(data, false);
        this.wire = wire;
        this.ip = new FakeIp(address, this::emitted);
        this.flows = new FlowTable(random.nextLong(), random.nextLong());
        this.ports = new PortTable(flows, random::nextLong);
        this.tcp = new TcpLayer(new TcpLayer.Parts(
                TcpConfig.DEFAULT, ip, flows, ports, frames, buffers, wheel, clock, random::nextLong, mib));
    }

    /** What is below TCP. */
    public FakeIp ip() {
        return ip;
    }

    /** The value of a counter. */
    public long count(Counter counter) {
        return mib.value(counter);
    }

    TimerWheel wheel() {
        return wheel;
    }

    TcpLayer tcp() {
        return tcp;
    }

    /** The connection, accepted if need be; null while there is none. */
    @Nullable
    Tcb connection() {
        if (tcb == null && listener != null) {
            tcb = listener.accept();
        }
        return tcb;
    }

    void listens(int port, TcpSettings settings) {
        Binding binding = ports.bind(IpLayer.TCP, IpAddress.ANY_V4, port, false, false);
        if (binding == null) {
            throw new IllegalStateException("port " + port + " is in use");
        }
        listener = tcp.listen(binding, 10, settings, accepting -> {});
    }

    void connects(int localPort, int port, TcpSettings settings) {
        Path path = ip.route(null, other);
        if (path == null) {
            throw new IllegalStateException("no route");
        }
        tcb = tcp.connect(path, localPort, port, settings, about -> {});
    }

    /** A segment arrives in a frame of this host's own pool, which is made unreadable afterwards. */
    void arrived(byte[] segment, int segmentSize, boolean damaged) {
        if (!damaged) {
            rules.arrived(SegmentCodec.read(segment));
        }
        Frame frame = frames.take(Frame.HEADROOM + segment.length);
        frame.network = Frame.HEADROOM - 20;
        frame.start = frame.network;
        frame.transport = Frame.HEADROOM;
        frame.end = frame.transport + segment.length;
        frame.bytes().put(frame.transport, segment);
        frame.sourceHigh = other.high();
        frame.sourceLow = other.low();
        frame.destinationHigh = address.high();
        frame.destinationLow = address.low();
        frame.protocol = IpLayer.TCP;
        frame.segmentSize = segmentSize;
        tcp.receive(frame);
        FakeIp.poison(frame);
        frame.release();
    }

    private void emitted(Path path, Frame frame, int protocol, Emitted.Packet packet) {
        byte[] bytes = SegmentCodec.complete(frame, address, other);
        rules.sent(SegmentCodec.read(bytes));
        wire.sent(bytes, frame.segmentSize);
    }

    /** Nothing is left of any connection. */
    void requireNothingLeft() {
        require(flows.size() == 0, "flows left: " + flows.size());
        require(wheel.armed() == 0, "timers armed: " + wheel.armed());
        require(frames.taken() == 0, "frames taken: " + frames.taken());
        require(buffers.inUse() == 0, "ring memory in use: " + buffers.inUse());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(address + " has " + otherwise);
        }
    }
}
