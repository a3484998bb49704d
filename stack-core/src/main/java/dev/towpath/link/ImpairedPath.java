package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link that is not perfect: a queue, a link of some rate, then a long bad wire. It owns the frames on
 * their way. A part for devices: not thread-safe.
 *
 * <pre>
 *   admit --&gt; queue, marked? --&gt; rate --&gt; lost? --&gt; bit flipped? --&gt; delay, jitter --&gt; in order --------&gt; take
 *                                                                              \--&gt; held back -------&gt;
 * </pre>
 *
 * <p>Each stream draws for each frame, whatever the others have decided, so that the third frame is lost or not lost
 * whether or not there is duplication.
 */
public final class ImpairedPath {
    /** Frames on their way at most: a bound for memory, far beyond what any window of packets fills. */
    static final int MAX_FRAMES = 65_536;

    private static final int ECN_MASK = 3; // RFC 3168 section 5
    private static final int NOT_ECT = 0;

    private Impairment impairment;
    private final FramePool frames;
    private final SeededStream losses;
    private final SeededStream bursts;
    private final SeededStream duplications;
    private final SeededStream reorderings;
    private final SeededStream corruptions;
    private final SeededStream jitters;

    private final TransmitQueue queue = new TransmitQueue();
    private final FrameList inOrder = new FrameList();
    private final FrameList heldBack = new FrameList();
    private boolean inBurst;

    private final EnumSet<Fate> fate = EnumSet.noneOf(Fate.class);
    private final long[] fates = new long[Fate.values().length];
    private long admitted;

    /**
     * A direction as {@code impairment} says.
     *
     * @param seed what its chances follow from, together with {@code direction}, its name
     * @param frames where duplicates come from
     */
    public ImpairedPath(Impairment impairment, long seed, String direction, FramePool frames) {
        this.impairment = impairment;
        this.frames = frames;
        this.losses = new SeededStream(seed, direction + " loss");
        this.bursts = new SeededStream(seed, direction + " bursts");
        this.duplications = new SeededStream(seed, direction + " duplication");
        this.reorderings = new SeededStream(seed, direction + " reordering");
        this.corruptions = new SeededStream(seed, direction + " corruption");
        this.jitters = new SeededStream(seed, direction + " jitter");
    }

    /** How bad it is. */
    public Impairment impairment() {
        return impairment;
    }

    /** How bad it is from now on; what is on its way already arrives as it would have. */
    public void impairment(Impairment other) {
        impairment = other;
    }

    /** What it has done so far. */
    public ImpairmentCounts counts() {
        return new ImpairmentCounts(
                admitted,
                count(Fate.LOST),
                count(Fate.DUPLICATED),
                count(Fate.REORDERED),
                count(Fate.CORRUPTED),
                count(Fate.OVERFLOWED),
                count(Fate.MARKED));
    }

    private long count(Fate what) {
        return fates[what.ordinal()];
    }

    /** Bytes that wait in the queue before the link. */
    public long queuedBytes(long nowNanos) {
        return queue.waitingBytes(nowNanos);
    }

    /** What has become of the frame that was admitted last; empty if it arrives as it was sent. Valid until the next. */
    public Set<Fate> lastFate() {
        return fate;
    }

    /** Takes ownership of {@code frame}; false if the queue was full. */
    public boolean admit(Frame frame, long nowNanos) {
        return admit(frame, false, nowNanos);
    }

    /**
     * Takes ownership of {@code frame}; false if the queue was full.
     *
     * @param doomed it is lost on its way, whatever chance says
     */
    public boolean admit(Frame frame, boolean doomed, long nowNanos) {
        boolean isLost = losses.chance(lossNow()) || doomed;
        boolean isTwice = duplications.chance(impairment.duplication());
        boolean isLate = reorderings.chance(impairment.reordering());
        boolean isCorrupt = corruptions.chance(impairment.corruption());
        long bit = corruptions.nextBelow(8L * frame.length());
        long jitter = jitters.nextBelow(impairment.jitterNanos() + 1);

        admitted++;
        fate.clear();
        boolean congested = queue.waitingBytes(nowNanos) > impairment.markAboveBytes();
        boolean room = inOrder.count + heldBack.count < MAX_FRAMES;
        long sent = room ? queue.pass(frame.length(), impairment, nowNanos) : Long.MAX_VALUE;
        if (sent == Long.MAX_VALUE || isLost) {
            meets(isLost && sent != Long.MAX_VALUE ? Fate.LOST : Fate.OVERFLOWED);
            frame.release();
            return sent != Long.MAX_VALUE;
        }
        if (congested && mark(frame)) {
            meets(Fate.MARKED);
        }
        if (isCorrupt) {
            meets(Fate.CORRUPTED);
            flip(frame, bit);
        }
        send(frame, Math.max(sent + impairment.delayNanos() + jitter, inOrder.lastDueNanos), isLate, isTwice);
        return true;
    }

    private void send(Frame frame, long dueNanos, boolean isLate, boolean isTwice) {
        FrameList way = isLate ? heldBack : inOrder;
        long due = dueNanos;
        if (isLate) {
            meets(Fate.REORDERED);
            due += impairment.reorderNanos();
        }
        Frame copy = isTwice ? copyOf(frame) : null;
        way.add(frame, due);
        if (copy != null) {
            meets(Fate.DUPLICATED);
            way.add(copy, due);
        }
    }

    private void meets(Fate what) {
        fate.add(what);
        fates[what.ordinal()]++;
    }

    /** Within a burst another probability holds (Elliott, 1963). Draws the same numbers whether or not there are bursts. */
    private double lossNow() {
        boolean begins = bursts.chance(impairment.burstBegin());
        boolean ends = bursts.chance(impairment.burstEnd());
        inBurst = inBurst ? !ends : begins;
        return inBurst ? impairment.burstLoss() : impairment.loss();
    }

    /** The next frame whose time has come, which the caller then owns, or null. */
    public @Nullable Frame take(long nowNanos) {
        FrameList first = heldBack.nextDueNanos() < inOrder.nextDueNanos() ? heldBack : inOrder;
        return first.nextDueNanos() <= nowNanos ? first.remove() : null;
    }

    /** When {@link #take} has something, or {@link Long#MAX_VALUE}. */
    public long nextDueNanos() {
        return Math.min(inOrder.nextDueNanos(), heldBack.nextDueNanos());
    }

    /** Loses all that is on its way. */
    public void releaseAll() {
        for (Frame frame = take(Long.MAX_VALUE); frame != null; frame = take(Long.MAX_VALUE)) {
            frame.release();
        }
    }

    private Frame copyOf(Frame frame) {
        Frame copy = frames.take(frame.end);
        frame.copyTo(copy);
        return copy;
    }

    /** Sets CE in an IPv4 packet whose transport can be told (RFC 3168 section 5); false for any other frame. */
    private static boolean mark(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.start + EthernetHeader.LENGTH;
        boolean ipv4 = frame.end - at >= Ipv4Header.MIN_LENGTH
                && EthernetHeader.type(bytes, frame.start) == EthernetHeader.IPV4
                && Ipv4Header.validate(bytes, frame.words(), at, frame.end - at) == Ipv4Header.Fault.NONE;
        int trafficClass = ipv4 ? Ipv4Header.trafficClass(bytes, at) : NOT_ECT;
        if ((trafficClass & ECN_MASK) == NOT_ECT) {
            return false;
        }
        bytes.put(at + Ipv4Header.TRAFFIC_CLASS, (byte) (trafficClass | ECN_MASK));
        Ipv4Header.fillChecksum(bytes, frame.words(), at);
        return true;
    }

    /**
     * A flipped bit must be there to be found: the checksum is completed before, and nobody vouches for it any more.
     */
    private static void flip(Frame frame, long bit) {
        PartialChecksum.complete(frame);
        int at = frame.start + (int) (bit >>> 3);
        frame.bytes().put(at, (byte) (frame.bytes().get(at) ^ 1 << (bit & 7)));
    }

    /** Frames in the order in which they fall due. */
    private static final class FrameList {
        private @Nullable Frame first;
        private @Nullable Frame last;
        private long lastDueNanos = Long.MIN_VALUE;
        private int count;

        void add(Frame frame, long dueNanos) {
            lastDueNanos = Math.max(dueNanos, lastDueNanos);
            frame.dueNanos = lastDueNanos;
            frame.next = null;
            if (last == null) {
                first = frame;
            } else {
                last.next = frame;
            }
            last = frame;
            count++;
        }

        @Nullable
        Frame remove() {
            Frame frame = first;
            if (frame != null) {
                first = frame.next;
                frame.next = null;
                last = first == null ? null : last;
                count--;
            }
            return frame;
        }

        long nextDueNanos() {
            return first == null ? Long.MAX_VALUE : first.dueNanos;
        }
    }
}
