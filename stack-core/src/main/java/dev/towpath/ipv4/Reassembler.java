package dev.towpath.ipv4;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.Timer;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts datagrams together from their fragments (RFC 791 section 3.2, RFC 1122 section 3.3.2), in any order.
 *
 * <p>All that is kept is bounded, since anybody can send first halves: datagrams and bytes in all, and a quarter of
 * both for each source. What is over the bound pushes out the oldest of the same source, or of all. A fragment that
 * overlaps another with different data poisons its datagram (RFC 5722).
 */
final class Reassembler {
    /** Whatever the configuration says, one datagram of the largest size finds room. */
    private static final int LARGEST = 2 * (Ipv4Header.MAX_TOTAL_LENGTH + 1) + Datagram.OVERHEAD;

    private static final int CONGESTION_EXPERIENCED = 3;

    private final Ipv4Layer layer;
    private final FramePool frames;
    private final BufferPool buffers;
    private final TimerWheel wheel;
    private final Clock clock;
    private final Mib mib;
    private final long timeoutNanos;
    private final int maxBytes;
    private final int maxBytesEach;
    private final int maxDatagrams;
    private final int maxDatagramsEach;
    private final Timer timer = new Timer(this::expired);

    /** In order of age, which is that of their deadlines. */
    private @Nullable Datagram oldest;

    private @Nullable Datagram youngest;
    private @Nullable Datagram spare;
    private int datagrams;
    private int bytes;

    Reassembler(Ipv4Layer.Parts parts, Ipv4Layer layer) {
        Ipv4Config config = parts.config();
        this.layer = layer;
        this.frames = parts.frames();
        this.buffers = parts.buffers();
        this.wheel = parts.wheel();
        this.clock = parts.clock();
        this.mib = parts.mib();
        this.timeoutNanos = config.reassemblyNanos();
        this.maxBytes = Math.max(config.reassemblyBytes(), LARGEST);
        this.maxBytesEach = Math.max(maxBytes / 4, LARGEST);
        this.maxDatagrams = Math.max(config.reassemblyDatagrams(), 1);
        this.maxDatagramsEach = Math.max(maxDatagrams / 4, 1);
    }

    /**
     * Adds a fragment (lent), whose header is sound.
     *
     * @return the whole datagram, which the caller then owns, or null
     */
    @Nullable
    Frame add(Frame fragment) {
        mib.count(Counter.IP_REASM_REQDS);
        ByteBuffer in = fragment.bytes();
        int at = fragment.network;
        int headerLength = Ipv4Header.headerLength(in, at);
        int offset = Ipv4Header.fragmentOffset(in, at);
        int length = fragment.end - at - headerLength;
        boolean more = Ipv4Header.moreFragments(in, at);
        if (length == 0 || (more && length % 8 != 0) || headerLength + offset + length > Ipv4Header.MAX_TOTAL_LENGTH) {
            mib.count(Counter.IP_REASM_FAILS);
            mib.drop(DropReason.FRAGMENT_MALFORMED);
            return null;
        }
        Datagram datagram = find(in, at);
        DropReason refused = refuse(datagram, fragment, at + headerLength, offset, offset + length, more);
        if (refused != null) {
            mib.drop(refused);
            return null;
        }
        store(datagram, fragment, at + headerLength, offset, length, more);
        return datagram.complete() ? finish(datagram) : null;
    }

    /** Drops everything. */
    void close() {
        for (Datagram d = oldest; d != null; d = oldest) {
            remove(d);
        }
    }

    /**
     * Why a fragment is not stored, or null; after an overlap its datagram is poisoned, and without memory it is gone.
     */
    private @Nullable DropReason refuse(Datagram datagram, Frame fragment, int at, int offset, int end, boolean more) {
        if (datagram.poisoned) {
            return DropReason.FRAGMENT_OVERLAP;
        }
        int units = (end - offset + 7) >>> 3;
        int present = datagram.unitsPresent(offset, end);
        boolean contradicts = datagram.contradicts(offset, end, more);
        if (present == units && !contradicts && datagram.sameData(fragment.bytes(), at, offset, end)) {
            // The network may duplicate: RFC 5722 section 4 is about different data.
            return DropReason.FRAGMENT_DUPLICATE;
        }
        if (present > 0 || contradicts) {
            poison(datagram);
            return DropReason.FRAGMENT_OVERLAP;
        }
        if (!reserve(datagram, Math.max(end, datagram.extent()))) {
            mib.count(Counter.IP_REASM_FAILS);
            remove(datagram);
            return DropReason.FRAGMENT_MEMORY;
        }
        return null;
    }

    private static void store(Datagram d, Frame fragment, int at, int offset, int length, boolean more) {
        ByteBuffer block = d.block;
        if (block == null) {
            throw new AssertionError("memory is reserved before data is stored");
        }
        ByteBuffer in = fragment.bytes();
        block.put(Datagram.DATA + offset, in, at, length);
        d.arrived(offset, offset + length, more);
        d.interfaceIndex = fragment.interfaceIndex;
        d.linkGroup |= fragment.linkGroup;
        d.destinationGroup |= fragment.destinationGroup;
        d.congestion |= (Ipv4Header.trafficClass(in, fragment.network) & 3) == CONGESTION_EXPERIENCED;
        if (offset == 0) {
            d.headerLength = at - fragment.network;
            d.firstLength = length;
            block.put(0, in, fragment.network, d.headerLength);
        }
    }

    /**
     * The whole datagram; null if it is none because its parts were sent under headers of different lengths and are too
     * long together.
     */
    private @Nullable Frame finish(Datagram d) {
        if (d.headerLength + d.extent() > Ipv4Header.MAX_TOTAL_LENGTH) {
            mib.count(Counter.IP_REASM_FAILS);
            mib.drop(DropReason.FRAGMENT_MALFORMED);
            remove(d);
            return null;
        }
        Frame whole = quote(d, d.extent());
        ByteBuffer out = whole.bytes();
        int at = whole.network;
        int trafficClass = Ipv4Header.trafficClass(out, at) | (d.congestion ? CONGESTION_EXPERIENCED : 0);
        Ipv4Header.setLengths(out, at, d.headerLength, trafficClass, whole.end - at);
        Ipv4Header.setFragment(out, at, d.identification, 0, 0);
        Ipv4Header.fillChecksum(out, whole.words(), at);
        mib.count(Counter.IP_REASM_OKS);
        remove(d);
        return whole;
    }

    /** A frame with the first fragment's header and the first {@code length} bytes of data. */
    private Frame quote(Datagram d, int length) {
        ByteBuffer block = d.block;
        if (block == null) {
            throw new AssertionError("a datagram whose first fragment has come has memory");
        }
        Frame frame = frames.take(Frame.HEADROOM + length);
        frame.network = Frame.HEADROOM - d.headerLength;
        frame.start = frame.network;
        frame.end = Frame.HEADROOM + length;
        frame.bytes().put(frame.network, block, 0, d.headerLength);
        frame.bytes().put(Frame.HEADROOM, block, Datagram.DATA, length);
        frame.interfaceIndex = d.interfaceIndex;
        frame.linkGroup = d.linkGroup;
        frame.destinationGroup = d.destinationGroup;
        return frame;
    }

    /** The fragment's datagram, a new one if need be; the newest are the likeliest. */
    private Datagram find(ByteBuffer in, int at) {
        int source = Ipv4Header.source(in, at);
        int destination = Ipv4Header.destination(in, at);
        int identification = Ipv4Header.identification(in, at);
        int protocol = Ipv4Header.protocol(in, at);
        for (Datagram d = youngest; d != null; d = d.older) {
            if (d.is(source, destination, identification, protocol)) {
                return d;
            }
        }
        Datagram d = open(source);
        d.source = source;
        d.destination = destination;
        d.identification = identification;
        d.protocol = protocol;
        return d;
    }

    private Datagram open(int source) {
        int ofSource = 0;
        for (Datagram d = oldest; d != null; d = d.younger) {
            ofSource += d.source == source ? 1 : 0;
        }
        if (ofSource >= maxDatagramsEach) {
            evict(oldestOf(source, null));
        } else if (datagrams >= maxDatagrams) {
            evict(oldest);
        }
        Datagram d = spare;
        if (d == null) {
            d = new Datagram();
        } else {
            spare = d.younger;
        }
        d.deadlineNanos = clock.nanoTime() + timeoutNanos;
        append(d);
        datagrams++;
        bytes += Datagram.OVERHEAD;
        if (!timer.armed()) {
            wheel.arm(timer, d.deadlineNanos);
        }
        return d;
    }

    /**
     * Makes the block large enough for {@code length} bytes of data; false if there is no memory even after others have
     * been dropped.
     */
    private boolean reserve(Datagram d, int length) {
        ByteBuffer old = d.block;
        int had = old == null ? 0 : old.capacity();
        int needed = Datagram.DATA + length;
        if (needed <= had) {
            return true;
        }
        int more = BufferPool.blockSize(needed) - had;
        while (bytesOf(d.source) + more > maxBytesEach && evict(oldestOf(d.source, d))) {
            // one less
        }
        while (bytes + more > maxBytes && evict(oldest == d ? d.younger : oldest)) {
            // one less
        }
        ByteBuffer block = bytes + more > maxBytes ? null : buffers.take(needed);
        if (block == null) {
            return false;
        }
        if (old != null) {
            block.put(0, old, 0, Math.min(had, Datagram.DATA + d.extent()));
            buffers.give(old);
        }
        d.block = block;
        bytes += block.capacity() - had;
        return true;
    }

    private int bytesOf(int source) {
        int sum = 0;
        for (Datagram d = oldest; d != null; d = d.younger) {
            sum += d.source == source ? costOf(d) : 0;
        }
        return sum;
    }

    private static int costOf(Datagram d) {
        return Datagram.OVERHEAD + (d.block == null ? 0 : d.block.capacity());
    }

    private @Nullable Datagram oldestOf(int source, @Nullable Datagram but) {
        Datagram d = oldest;
        while (d != null && (d.source != source || d == but)) {
            d = d.younger;
        }
        return d;
    }

    private boolean evict(@Nullable Datagram d) {
        if (d == null) {
            return false;
        }
        mib.count(Counter.IP_REASM_FAILS);
        mib.drop(DropReason.FRAGMENT_MEMORY);
        remove(d);
        return true;
    }

    /**
     * Its memory goes, but it is remembered until its time is over, so that what comes later of it does not begin a new
     * one.
     */
    private void poison(Datagram d) {
        mib.count(Counter.IP_REASM_FAILS);
        d.poisoned = true;
        giveBlock(d);
    }

    private void expired(long nowNanos) {
        for (Datagram d = oldest; d != null && d.deadlineNanos <= nowNanos; d = oldest) {
            if (!d.poisoned) {
                timedOut(d);
            }
            remove(d);
        }
        if (oldest != null) {
            wheel.arm(timer, oldest.deadlineNanos);
        }
    }

    private void timedOut(Datagram d) {
        mib.count(Counter.IP_REASM_TIMEOUT);
        mib.count(Counter.IP_REASM_FAILS);
        mib.drop(DropReason.FRAGMENT_TIMEOUT);
        // RFC 792: without the first fragment no message need be sent, and none could say about what.
        if (d.firstLength > 0) {
            Frame quote = quote(d, d.firstLength);
            layer.reject(quote, IpError.REASSEMBLY_TIME_EXCEEDED);
            quote.release();
        }
    }

    private void remove(Datagram d) {
        giveBlock(d);
        Datagram older = d.older;
        Datagram younger = d.younger;
        if (older == null) {
            oldest = younger;
        } else {
            older.younger = younger;
        }
        if (younger == null) {
            youngest = older;
        } else {
            younger.older = older;
        }
        d.clear();
        d.older = null;
        d.younger = spare;
        spare = d;
        datagrams--;
        bytes -= Datagram.OVERHEAD;
        if (oldest == null) {
            wheel.cancel(timer);
        }
    }

    private void giveBlock(Datagram d) {
        ByteBuffer block = d.block;
        if (block != null) {
            d.block = null;
            bytes -= block.capacity();
            buffers.give(block);
        }
    }

    private void append(Datagram d) {
        Datagram last = youngest;
        d.older = last;
        d.younger = null;
        if (last == null) {
            oldest = d;
        } else {
            last.younger = d;
        }
        youngest = d;
    }
}
