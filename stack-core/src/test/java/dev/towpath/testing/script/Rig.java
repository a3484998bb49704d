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
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.ListenerEvents;
import dev.towpath.tcp.TcpLayer;
import dev.towpath.tcp.TcpSettings;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The bench on which TCP is scripted: a {@link TcpLayer} with nothing real around it but its own parts. Every act of a
 * script (the peer sends, the application calls, time passes) is one {@link #step}: the stack may answer, and the
 * script must have taken notice of every answer before its next act.
 */
public final class Rig {
    /** Where the stack is. */
    public static final IpAddress STACK = IpAddress.parse("192.0.2.2");

    /** Where peers are. */
    public static final IpAddress PEER = IpAddress.parse("192.0.2.1");

    /** The port that the stack's application listens on. */
    public static final int PORT = 80;

    private static final long BUDGET = 64L << 20;

    private final ScriptClock clock = new ScriptClock(this::runUntil);
    private final TimerWheel wheel = new TimerWheel(ScriptClock.START_NANOS);
    private final FramePool frames = new FramePool();
    private final Mib mib = new Mib();
    private final SplittableRandom random = new SplittableRandom(42);
    private final FakeIp ip = new FakeIp(STACK, this::emitted);
    private final FlowTable flows = new FlowTable(random.nextLong(), random.nextLong());
    private final PortTable ports = new PortTable(flows, random::nextLong);
    private final Transcript transcript = new Transcript();
    private final List<Conversation> conversations = new ArrayList<>();
    private TcpConfig config = TcpConfig.DEFAULT;
    private BufferPool buffers = new BufferPool(BUDGET, BUDGET);
    private @Nullable TcpLayer tcp;
    private @Nullable Listener listener;
    private @Nullable Binding binding;
    private int acceptable;

    /** Another configuration; before anything else. */
    public void config(TcpConfig config) {
        beforeUse();
        this.config = config;
    }

    /** Less buffer memory for the whole stack; before anything else. */
    public void memory(long budgetBytes) {
        beforeUse();
        buffers = new BufferPool(budgetBytes, budgetBytes);
    }

    /** The conversation between the stack's {@code localPort} and a peer's {@code remotePort}. */
    public Conversation conversation(int localPort, int remotePort) {
        Conversation conversation = new Conversation(this, localPort, remotePort);
        conversations.add(conversation);
        return conversation;
    }

    /** Another peer of the port that the application listens on. */
    public Conversation conversation(int remotePort) {
        return conversation(PORT, remotePort);
    }

    /** Virtual time. */
    public ScriptClock clock() {
        return clock;
    }

    /** What is below TCP. */
    public FakeIp ip() {
        return ip;
    }

    /** The value of a counter. */
    public long count(Counter counter) {
        return mib.value(counter);
    }

    /** Packets dropped for a reason. */
    public long dropped(DropReason reason) {
        return mib.dropped(reason);
    }

    /** Connections in TIME-WAIT. */
    public int timeWaits() {
        int[] count = new int[1];
        tcp().forEachTimeWait(flow -> count[0]++);
        return count[0];
    }

    /** Timers that are armed. */
    public int timersArmed() {
        return wheel.armed();
    }

    /** Bytes of ring memory that connections hold. */
    public long bufferBytes() {
        return buffers.inUse();
    }

    /** Flows in the table of connections. */
    public int flows() {
        return flows.size();
    }

    /** The listener; {@link #listens} was called. */
    public Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("nobody listens: say app.listens() first");
        }
        return listener;
    }

    /** The application listens on {@link #PORT}. */
    public void listens(int backlog, TcpSettings settings) {
        step("app", "listens, backlog " + backlog, () -> {
            Binding bound = ports.bind(IpLayer.TCP, IpAddress.ANY_V4, PORT, false, false);
            if (bound == null) {
                throw new IllegalStateException("port " + PORT + " is in use");
            }
            binding = bound;
            ListenerEvents events = accepting -> acceptable++;
            listener = tcp().listen(bound, backlog, settings, events);
        });
    }

    /** The application stops listening. */
    public void stopsListening() {
        step("app", "stops listening", () -> {
            listener().close();
            listener = null;
            ports.release(boundTo());
        });
    }

    boolean listening() {
        return listener != null;
    }

    /** How often the listener was told that it may accept. */
    public int acceptable() {
        return acceptable;
    }

    /** The stack closes: what the application is told, and the peers see. */
    public void closes() {
        step("stack", "closes", () -> tcp().close());
    }

    /** The stack closes down, and must have given everything back. The script is at its end. */
    public void finish() {
        requireNoticed();
        if (tcp == null) {
            return;
        }
        if (listener != null) {
            listener.close();
        }
        conversations.forEach(conversation -> conversation.app().leaves());
        tcp.close();
        tcp.flush();
        conversations.forEach(Conversation::forget);
        require(wheel.armed() == 0, wheel.armed() + " timers still armed after the stack closed");
        require(frames.taken() == 0, frames.taken() + " frames not given back");
        require(buffers.inUse() == 0, buffers.inUse() + " bytes of ring memory not given back");
        require(flows.size() == 0, flows.size() + " flows left in the table");
    }

    TcpLayer tcp() {
        if (tcp == null) {
            tcp = new TcpLayer(
                    new TcpLayer.Parts(config, ip, flows, ports, frames, buffers, wheel, clock, random::nextLong, mib));
        }
        return tcp;
    }

    FramePool frames() {
        return frames;
    }

    Transcript transcript() {
        return transcript;
    }

    void note(String who, String what) {
        transcript.add(clock.elapsedNanos(), who, what);
    }

    /** One act of the script, after which the stack sends what it has to. */
    void step(String who, String what, Runnable act) {
        requireNoticed();
        conversations.forEach(conversation -> conversation.app().remember());
        note(who, what);
        guarded(act);
        conversations.forEach(conversation -> conversation.app().checkTold());
    }

    private void guarded(Runnable act) {
        try {
            act.run();
            tcp().flush();
        } catch (RuntimeException e) {
            throw transcript.failure("the core threw " + e, e);
        }
    }

    private void runUntil(long target) {
        requireNoticed();
        conversations.forEach(conversation -> conversation.app().remember());
        note("clock", "advances " + (target - clock.nanoTime()) / 1e6 + " ms");
        tcp();
        int idle = 0;
        for (long next = wheel.nextDeadline(); next <= target; next = wheel.nextDeadline()) {
            clock.set(Math.max(next, clock.nanoTime()));
            int[] fired = new int[1];
            guarded(() -> fired[0] = wheel.poll(clock.nanoTime()));
            idle = fired[0] == 0 ? idle + 1 : 0;
            require(idle < 1000, "the wheel's next deadline is now, but nothing fires");
        }
        clock.set(target);
        conversations.forEach(conversation -> conversation.app().checkTold());
    }

    private void emitted(Path path, Frame frame, int protocol, Emitted.Packet packet) {
        require(protocol == IpLayer.TCP, "sent protocol " + protocol);
        require(packet.flags() == IpLayer.DONT_FRAGMENT, "may be fragmented: RFC 1191 section 3 wants DF in all");
        int remotePort = frame.bytes().getShort(frame.transport + 2) & 0xffff;
        int localPort = frame.bytes().getShort(frame.transport) & 0xffff;
        for (Conversation conversation : conversations) {
            if (conversation.is(path.destination(), localPort, remotePort)) {
                conversation.emitted(frame, clock.nanoTime(), packet);
                return;
            }
        }
        throw transcript.failure("a segment to port " + remotePort + ", which is nobody's here");
    }

    private void requireNoticed() {
        conversations.forEach(Conversation::requireNoticed);
    }

    private Binding boundTo() {
        if (binding == null) {
            throw new IllegalStateException("nobody listens: say app.listens() first");
        }
        return binding;
    }

    private void beforeUse() {
        if (tcp != null) {
            throw new IllegalStateException("configure the rig before its first use");
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw transcript.failure(otherwise);
        }
    }
}
