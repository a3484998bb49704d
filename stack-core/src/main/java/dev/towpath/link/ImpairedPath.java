package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an {@link ImpairedDevice}: a queue, a link of some rate, then a long bad wire. It owns the frames on
 * their way.
 *
 * <pre>
 *   admit --&gt; queue --&gt; rate --&gt; lost? --&gt; bit flipped? --&gt; delay, jitter --&gt; in order --------&gt; take
 *                                                                     \--&gt; held back -------&gt;
 * </pre>
 *
 * <p>Each stream draws for each frame, whatever the others have decided, so that the third frame is lost or not lost
 * whether or not there is duplication.
 */
final class ImpairedPath {
    /** Frames on their way at most: a bound for memory, far beyond what any window of packets fills. */
    static final int MAX_FRAMES = 65_536;

    private static final long BITS_PER_BYTE_NANOS = 8_000_000_000L;

    private final Impairment impairment;
    private final FramePool frames;
    private final SeededStream losses;
    private final SeededStream duplications;
    private final SeededStream reorderings;
    private final SeededStream corruptions;
    private final SeededStream jitters;

    private final FrameList inOrder = new FrameList();
    private final FrameList heldBack = new FrameList();
    /** When the last bit of all that was admitted has left. */
    private long linkFreeNanos = Long.MIN_VALUE;

    private long admitted;
    private long lost;
    private long duplicated;
    private long reordered;
    private long corrupted;
    private long overflowed;

    ImpairedPath(Impairment impairment, long seed, String direction, FramePool frames) {
        this.impairment = impairment;
        this.frames = frames;
        this.losses = new SeededStream(seed, direction + " loss");
        this.duplications = new SeededStream(seed, direction + " duplication");
        this.reorderings = new SeededStream(seed, direction + " reordering");
        this.corruptions = new SeededStream(seed, direction + " corruption");
        this.jitters = new SeededStream(seed, direction + " jitter");
    }

    ImpairmentCounts counts() {
        return new ImpairmentCounts(admitted, lost, duplicated, reordered, corrupted, overflowed);
    }

    /** Takes ownership of {@code frame}; false if the queue was full. */
    boolean admit(Frame frame, long nowNanos) {
        boolean isLost = losses.chance(impairment.loss());
        boolean isTwice = duplications.chance(impairment.duplication());
        boolean isLate = reorderings.chance(impairment.reordering());
        boolean isCorrupt = corruptions.chance(impairment.corruption());
        long bit = corruptions.nextBelow(8L * frame.length());
        long jitter = jitters.nextBelow(impairment.jitterNanos() + 1);

        admitted++;
        if (inOrder.count + heldBack.count >= MAX_FRAMES || !pass(frame.length(), nowNanos)) {
            overflowed++;
            frame.release();
            return false;
        }
        if (isLost) {
            lost++;
            frame.release();
            return true;
        }
        if (isCorrupt) {
            corrupted++;
            flip(frame, bit);
        }
        long sent = impairment.bitsPerSecond() == 0 ? nowNanos : linkFreeNanos;
        long due = Math.max(sent + impairment.delayNanos() + jitter, inOrder.lastDueNanos);
        FrameList way = inOrder;
        if (isLate) {
            reordered++;
            due += impairment.reorderNanos();
            way = heldBack;
        }
        Frame copy = isTwice ? copyOf(frame) : null;
        way.add(frame, due);
        if (copy != null) {
            duplicated++;
            way.add(copy, due);
        }
        return true;
    }

    /** The next frame whose time has come, which the caller then owns, or null. */
    @Nullable
    Frame take(long nowNanos) {
        FrameList first = heldBack.nextDueNanos() < inOrder.nextDueNanos() ? heldBack : inOrder;
        return first.nextDueNanos() <= nowNanos ? first.remove() : null;
    }

    /** When {@link #take} has something, or {@link Long#MAX_VALUE}. */
    long nextDueNanos() {
        return Math.min(inOrder.nextDueNanos(), heldBack.nextDueNanos());
    }

    void releaseAll() {
        for (Frame frame = take(Long.MAX_VALUE); frame != null; frame = take(Long.MAX_VALUE)) {
            frame.release();
        }
    }

    /** Puts a frame on the link, behind those that wait; false if there is no room to wait. */
    private boolean pass(int length, long nowNanos) {
        long rate = impairment.bitsPerSecond();
        if (rate == 0) {
            return true;
        }
        long start = Math.max(nowNanos, linkFreeNanos);
        double waitingBytes = (double) (start - nowNanos) * rate / BITS_PER_BYTE_NANOS;
        if (start > nowNanos && waitingBytes + length > impairment.queueBytes()) {
            return false; // an idle link takes a frame even without a queue
        }
        linkFreeNanos = start + (length * BITS_PER_BYTE_NANOS + rate - 1) / rate;
        return true;
    }

    private Frame copyOf(Frame frame) {
        Frame copy = frames.take(frame.end);
        frame.copyTo(copy);
        return copy;
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
