package dev.towpath.tcp;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.ByteRing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that have arrived and the application has not taken. Bytes that arrive out of order go to their place at
 * once; {@link Holes} remembers what lies behind a hole. Super-segments in order stay in their frames
 * ({@link KeptFrames}), as long as there is nothing in the ring behind which they would have to wait. It also keeps the
 * right edge of the window, which never moves left (RFC 9293 section 3.8.6, SHLD-14).
 *
 * <pre>
 *        read               RCV.NXT          right edge
 *          |  in order         |   window, with holes  |
 * </pre>
 */
final class ReceiveQueue {
    private final ByteRing ring;
    private final BufferPool pool;
    /** What comes before all that is in the ring; null before the first super-segment. */
    private @Nullable KeptFrames kept;

    private final Holes.Pool holes;
    /** Null while all has come in order, and no duplicate is to be reported. */
    private @Nullable Holes beyond;

    private int capacity;
    private int scale;
    private int readNxt;
    private int rcvNxt;
    /** The number behind the last that any ACK has offered (RFC 7323 section 2.4). */
    private int rightEdge;
    /** What {@link #rightEdge} would be if windows did not have to be rounded. */
    private int offered;

    private boolean finKnown;
    private boolean finTaken;
    private int finSeq;
    private long received;
    private int capacityHint;

    ReceiveQueue(BufferPool pool, Holes.Pool ranges, int capacity) {
        this.ring = new ByteRing(pool);
        this.pool = pool;
        this.holes = ranges;
        this.capacity = capacity;
    }

    /** The peer's SYN had number {@code irs}. */
    void start(int irs) {
        readNxt = irs + 1;
        rcvNxt = irs + 1;
        rightEdge = rcvNxt;
        offered = rcvNxt;
    }

    /** Our windows are sent in units of {@code 1 << shift} bytes. */
    void scale(int shift) {
        scale = shift;
    }

    /** SO_RCVBUF has changed; what was advertised stays so. */
    void capacity(int bytes) {
        capacity = bytes;
    }

    /** RCV.NXT. */
    int rcvNxt() {
        return rcvNxt;
    }

    /** RCV.WND: what the peer may send as far as it has been told. */
    int rcvWnd() {
        return rightEdge - rcvNxt;
    }

    /** The number behind the last one that the peer may send. */
    int rightEdge() {
        return rightEdge;
    }

    /** Bytes that have come in order, in all. */
    long received() {
        return received;
    }

    /** Bytes in order that the application may take. */
    int available() {
        return rcvNxt - readNxt - (finTaken ? 1 : 0);
    }

    /** A FIN with this number has come, perhaps ahead of data that is missing. */
    void noteFin(int seq) {
        finKnown = true;
        finSeq = seq;
    }

    /** All data before the FIN is here, and the FIN is next. */
    boolean finIsNext() {
        return finKnown && !finTaken && finSeq == rcvNxt;
    }

    /** RCV.NXT moves over the FIN. */
    void takeFin() {
        finTaken = true;
        rcvNxt++;
    }

    /** The FIN has been taken: no more data will come. */
    boolean finTaken() {
        return finTaken;
    }

    /** What became of a segment's data. */
    enum Outcome {
        IN_ORDER,
        FILLED_HOLE,
        OUT_OF_ORDER,
        NO_MEMORY
    }

    /** Takes the data of {@code segment}, which lies within the window. */
    Outcome accept(Segment segment) {
        int offset = segment.seq - readNxt - keptBytes();
        int count = segment.dataLength;
        if (segment.seq == rcvNxt && keep(segment)) {
            return Outcome.IN_ORDER;
        }
        if (!reserve(offset + count)) {
            return Outcome.NO_MEMORY;
        }
        if (segment.seq != rcvNxt) {
            Holes ahead = beyond();
            if (ahead.contains(segment.seq, segment.seq + count)) {
                ahead.report.duplicate(segment.seq, segment.seq + count);
            } else if (!ahead.add(segment.seq, segment.seq + count, capacity)) {
                return Outcome.NO_MEMORY;
            }
            ring.write(offset, segment.frame.bytes(), segment.dataOffset, count);
            ahead.report.arrived(segment.seq);
            return Outcome.OUT_OF_ORDER;
        }
        ring.write(offset, segment.frame.bytes(), segment.dataOffset, count);
        int before = rcvNxt;
        boolean inOrder = beyond == null || beyond.count() == 0;
        rcvNxt = inOrder || beyond == null ? before + count : beyond.reach(before + count);
        forgetFilledHoles();
        received += rcvNxt - before;
        return inOrder ? Outcome.IN_ORDER : Outcome.FILLED_HOLE;
    }

    /**
     * The blocks to report (RFC 2018 section 4): first the one that holds the segment that came last, then the others,
     * the most recently reported first. A duplicate that came since the last call is reported before all (RFC 2883
     * section 4).
     */
    int sackBlocks(int[] starts, int[] ends, int room) {
        if (beyond == null) {
            return 0;
        }
        int blocks = beyond.report.blocks(beyond, rcvNxt, starts, ends, room);
        forgetFilledHoles();
        return blocks;
    }

    /** A segment has come whose bytes from {@code start} to {@code end} were here already. */
    void duplicate(int start, int end) {
        beyond().report.duplicate(start, end);
    }

    /** Copies in-order bytes into {@code into}, as many as fit, and takes them unless {@code peek}. */
    int read(ByteBuffer into, boolean peek) {
        int count = Math.min(available(), into.remaining());
        if (count > 0) {
            int at = into.position();
            int front = Math.min(count, keptBytes());
            if (kept != null && front > 0) {
                kept.read(into, at, front);
            }
            ring.read(0, into, at + front, count - front);
            into.position(at + count);
            if (!peek) {
                consume(count);
            }
        }
        return count;
    }

    /** Throws away what is in order, at most {@code most} bytes; returns how many. */
    int discard(int most) {
        int count = Math.min(available(), most);
        consume(count);
        return count;
    }

    private void consume(int count) {
        int front = Math.min(count, keptBytes());
        if (kept != null && front > 0) {
            kept.advance(front);
        }
        ring.advance(count - front);
        readNxt += count;
        if (available() == 0 && (beyond == null || beyond.count() == 0)) {
            release();
        }
    }

    /** Gives the memory back; remembers how much was in use. */
    void release() {
        capacityHint = ring.capacity();
        if (beyond != null) {
            beyond.clear();
            forgetFilledHoles();
        }
        ring.release();
        if (kept != null) {
            kept.clear();
        }
    }

    /** How far the right edge could move now. */
    int possibleGrowth() {
        return rcvNxt + freeSpace() - rightEdge;
    }

    /**
     * Advances the right edge if silly-window avoidance allows (RFC 9293 section 3.8.6.2.2: by at least half the buffer
     * or a full segment), and returns the window field to send, in units of the scale.
     */
    int advertise(int mss) {
        int units;
        if (possibleGrowth() >= Math.min(capacity / 2, mss)) {
            units = Math.min(freeSpace() >>> scale, 0xffff);
            offered = rcvNxt + (units << scale);
        } else {
            // Rounded up from where the edge was meant to be, and not from where the last rounding has moved it: many
            // small segments would push it ever further beyond the buffer. So on the wire the edge may fall back by
            // less than a unit, as RFC 7323 section 2.4 foresees; what was once offered is taken all the same, and
            // freeSpace keeps one unit back for it.
            units = Math.min((Math.max(0, offered - rcvNxt) + (1 << scale) - 1) >>> scale, 0xffff);
        }
        rightEdge = SeqNum.max(rightEdge, rcvNxt + (units << scale));
        return units;
    }

    /** The window field of a SYN, which is never scaled (RFC 7323 section 2.2). */
    int advertiseOnSyn() {
        int window = Math.min(freeSpace(), 0xffff);
        rightEdge = SeqNum.max(rightEdge, rcvNxt + window);
        offered = rightEdge;
        return window;
    }

    /** The most that the window can be: what the buffer holds, as far as the scaled field can say it. */
    int largestWindow() {
        int unit = scale == 0 ? 0 : 1 << scale;
        return Math.min(capacity - unit, 0xffff << scale);
    }

    private int keptBytes() {
        return kept == null ? 0 : kept.bytes();
    }

    /** Takes the next bytes together with their frame, if that pays and nothing is in the ring. */
    private boolean keep(Segment segment) {
        boolean ringIsEmpty = beyond == null && available() == keptBytes();
        if (!ringIsEmpty || !KeptFrames.worthKeeping(segment)) {
            return false;
        }
        KeptFrames frames = kept;
        if (frames == null) {
            frames = new KeptFrames(pool);
            kept = frames;
        }
        boolean added = frames.add(segment);
        if (added) {
            rcvNxt += segment.dataLength;
            received += segment.dataLength;
        }
        return added;
    }

    private Holes beyond() {
        Holes lent = beyond;
        if (lent == null) {
            lent = holes.lend();
            beyond = lent;
        }
        return lent;
    }

    private void forgetFilledHoles() {
        if (beyond != null && beyond.count() == 0 && !beyond.report.pending()) {
            holes.giveBack(beyond);
            beyond = null;
        }
    }

    private int freeSpace() {
        int unit = scale == 0 ? 0 : 1 << scale;
        // With the stack's memory short, what this queue has or would get of it; never less than the smallest block, so
        // that the peer goes on trying.
        int own = keptBytes() + ring.capacity();
        int room = Math.min(capacity, Math.max(own, Math.max(pool.lendable(), BufferPool.SMALLEST)));
        return Math.max(0, Math.min(room - unit - available(), largestWindow()));
    }

    private boolean reserve(int bytes) {
        return bytes <= ring.capacity()
                || (ring.capacity() == 0 && bytes < capacityHint && ring.reserve(capacityHint))
                || ring.reserve(bytes);
    }
}
