package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.ImpairedPath;
import dev.towpath.link.Impairment;
import dev.towpath.link.ImpairmentCounts;
import dev.towpath.wire.EthernetHeader;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One direction of a {@link Link}, with a will of its own: {@code link.from(server).loss(0.1)}. */
public final class Direction extends LinkControls<Direction> {
    private static final int DEFAULT_QUEUE_FRAMES = 1000; // as Linux has it

    private final Network net;
    private final Node from;
    private final Node to;
    private final ImpairedPath path;
    private final TreeSet<Long> toDrop = new TreeSet<>();
    private @Nullable Predicate<Packet> filter;
    private Runnable arrival = () -> {};
    private boolean down;
    /** Nobody takes what arrives. */
    private boolean deaf;

    private long sent;

    Direction(Network net, Node from, Node to, String name, FramePool frames) {
        this.net = net;
        this.from = from;
        this.to = to;
        Impairment perfect = Impairment.NONE.withRate(0, Long.MAX_VALUE).withQueueFrames(DEFAULT_QUEUE_FRAMES);
        this.path = new ImpairedPath(perfect, net.seed("link " + name), "to " + to.name(), frames);
    }

    /** Where it begins. */
    public Node from() {
        return from;
    }

    /** Where it ends. */
    public Node to() {
        return to;
    }

    /** What it has done so far. */
    public ImpairmentCounts counts() {
        return path.counts();
    }

    /** Bytes that wait in its queue now. */
    public long queuedBytes() {
        return path.queuedBytes(net.nowNanos());
    }

    @Override
    Direction self() {
        return this;
    }

    @Override
    Direction change(UnaryOperator<Impairment> how) {
        path.impairment(how.apply(path.impairment()));
        return this;
    }

    @Override
    public Direction drop(long... numbers) {
        for (long number : numbers) {
            if (number < 1) {
                throw new IllegalArgumentException("frames are counted from 1; there is none with number " + number);
            }
            toDrop.add(sent + number);
        }
        return this;
    }

    @Override
    public Direction dropIf(Predicate<Packet> which) {
        filter = which;
        return this;
    }

    @Override
    public Direction down() {
        down = true;
        return this;
    }

    @Override
    public Direction up() {
        down = false;
        return this;
    }

    /** What to call when {@link #nextDueNanos} may have become earlier. */
    void onArrival(Runnable wake) {
        arrival = wake;
    }

    boolean send(Frame frame, long nowNanos) {
        sent++;
        boolean chosen = !toDrop.isEmpty() && toDrop.remove(sent);
        boolean unwanted = unwanted(frame); // asked about every frame
        boolean doomed = unwanted || chosen || down || deaf;
        net.observer().sent(this, frame, nowNanos);
        boolean admitted = path.admit(frame, doomed, nowNanos);
        net.observer().fate(path.lastFate());
        arrival.run();
        return admitted;
    }

    private boolean unwanted(Frame frame) {
        Predicate<Packet> which = filter;
        return which != null && EthernetHeader.validate(frame.length()) && which.test(new Packet(frame));
    }

    @Nullable
    Frame take(long nowNanos) {
        return path.take(nowNanos);
    }

    long nextDueNanos() {
        return path.nextDueNanos();
    }

    /** The receiver listens, or loses what is on its way and what is sent to it from now on. */
    void heard(boolean on) {
        deaf = !on;
        if (deaf) {
            path.releaseAll();
        }
    }

    /** Such as {@code a > b}. */
    @Override
    public String toString() {
        return from.name() + " > " + to.name();
    }
}
