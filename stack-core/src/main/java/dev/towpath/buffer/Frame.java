package dev.towpath.buffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One link-layer frame in off-heap memory, with what the layers have learned about it. A struct on purpose: each layer
 * reads what the layer below wrote and fills in its own part, and nothing is allocated on the way.
 *
 * <p><b>Ownership.</b> Exactly one party owns a frame. {@code LinkDevice.send} and {@code IpLayer.send} take ownership;
 * upward calls ({@code receive}) lend the frame for the length of the call, and a borrower may {@link #keep} it. The
 * owner hands it on or calls {@link #release()}, once.
 *
 * <p><b>Layout.</b> Headers are prepended into the headroom, so a transport writes at {@link #HEADROOM} and each layer
 * below moves {@link #start} down:
 *
 * <pre>
 *   0            start     network     transport      payload            end        capacity
 *   | headroom   | ethernet | ip        | tcp, udp ... | data             | unused   |
 * </pre>
 */
public final class Frame {
    /**
     * Where a transport header begins in a frame that the stack builds: room below for a vnet header, Ethernet and 60
     * bytes of IP.
     */
    public static final int HEADROOM = 96;

    /** The transport checksum is in the packet, or must be verified: no offload. */
    public static final byte CHECKSUM_NONE = 0;

    /**
     * The checksum field holds only the folded pseudo-header sum. Sending: the device completes it from
     * {@link #checksumStart}. Receiving: the packet never left this machine, there is nothing to verify.
     */
    public static final byte CHECKSUM_PARTIAL = 1;

    /** The device has verified the transport checksum. */
    public static final byte CHECKSUM_VALID = 2;

    private final ByteBuffer bytes;
    private final ByteBuffer words;
    private final @Nullable FramePool pool;

    /**
     * Extent of the link-layer frame: from {@code start} (inclusive) to {@code end} (exclusive); padding is cut off as
     * layers learn of it.
     */
    public int start;

    /** See {@link #start}. */
    public int end;

    /**
     * Offsets of the network header, the transport header and the transport's payload, once the layers have found them.
     */
    public int network;

    /** See {@link #network}. */
    public int transport;

    /** See {@link #network}. */
    public int payload;

    /** One of the {@code CHECKSUM_} constants. */
    public byte checksum;

    /** With {@link #CHECKSUM_PARTIAL}: offset in {@link #bytes()} at which the device begins to sum. */
    public int checksumStart;

    /** With {@link #CHECKSUM_PARTIAL}: offset of the checksum field behind {@link #checksumStart}. */
    public int checksumOffset;

    /** Payload bytes of each segment of a super-segment, or 0 for an ordinary frame. */
    public int segmentSize;

    /** Index of the interface it came in by, or goes out by. */
    public int interfaceIndex;

    /** Received as a link-layer broadcast or multicast: RFC 1122 forbids answers of some kinds. */
    public boolean linkGroup;

    /** Sent to an IP broadcast or multicast address, whatever the link did. */
    public boolean destinationGroup;

    /** IP addresses in the halves of {@code IpAddress}. */
    public long sourceHigh;

    /** See {@link #sourceHigh}. */
    public long sourceLow;

    /** See {@link #sourceHigh}. */
    public long destinationHigh;

    /** See {@link #sourceHigh}. */
    public long destinationLow;

    /** IP protocol number. */
    public int protocol;

    /** TTL or hop limit. */
    public int hopLimit;

    /** TOS or traffic class; its two low bits are ECN (RFC 3168). */
    public int trafficClass;

    /** When a device that delays frames may let it go, in its clock's nanoseconds. */
    public long dueNanos;

    /**
     * Memory of somebody else's that holds the last {@link #tailLength} bytes of the packet, from {@link #tailAt} on and
     * then from 0 on, as a ring does; or null. Only for a device that {@code LinkDevice.gathers}, and only until its
     * {@code send} returns: a frame that has to wait has no tail.
     */
    public @Nullable ByteBuffer tail;

    /** See {@link #tail}. */
    public int tailAt;

    /** See {@link #tail}. */
    public int tailLength;

    /** For whoever owns the frame and queues it. */
    public @Nullable Frame next;

    /** Native address of byte 0, or 0 until a device that needs it has looked it up. */
    public long nativeAddress;

    /** The owner has lent it and leaves it to the borrower, who wants it: see {@link #keep}. */
    private boolean lent;

    /** Guarded by the pool's lock. */
    boolean taken;

    Frame(ByteBuffer memory, @Nullable FramePool pool) {
        this.bytes = memory.order(ByteOrder.BIG_ENDIAN);
        this.words = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.pool = pool;
    }

    /** A frame outside any pool, for tests and tools; {@link #release()} leaves it to the garbage collector. */
    public static Frame unpooled(int capacity) {
        return new Frame(ByteBuffer.allocateDirect(capacity), null);
    }

    /** All of its memory in network byte order; use absolute access only, position and limit stay as they are. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** The same memory in little-endian order, which is how the checksum reads it fastest. */
    public ByteBuffer words() {
        return words;
    }

    /** Bytes of memory. */
    public int capacity() {
        return bytes.capacity();
    }

    /** Length of the link-layer frame in bytes, its {@link #tail} included. */
    public int length() {
        return end - start + tailLength;
    }

    /**
     * Gives it back to its pool. Its owner calls this once and forgets it.
     *
     * @throws IllegalStateException if it was given back before
     */
    public void release() {
        if (pool != null) {
            pool.give(this);
        }
    }

    /** Its owner lends it for a call, whose end is {@link #takeBack}. */
    public void lend() {
        lent = true;
    }

    /** For the borrower: from now on he is the owner, and releases it. False if it was not {@link #lend lent} so. */
    public boolean keep() {
        boolean mayKeep = lent;
        lent = false;
        return mayKeep;
    }

    /** The call to which its owner lent it is over: releases it, unless the borrower has kept it. */
    public void takeBack() {
        if (lent) {
            lent = false;
            release();
        }
    }

    /** Makes all that is known about it unknown; its bytes stay. */
    public void reset() {
        start = end = network = transport = payload = 0;
        checksum = CHECKSUM_NONE;
        checksumStart = checksumOffset = segmentSize = interfaceIndex = 0;
        linkGroup = destinationGroup = false;
        sourceHigh = sourceLow = destinationHigh = destinationLow = 0;
        protocol = hopLimit = trafficClass = 0;
        dueNanos = 0;
        tail = null;
        tailAt = tailLength = 0;
        next = null;
    }

    /**
     * Forgets what its sender's layers knew, for a device in memory that hands it over to another stack. What a wire or
     * a card would tell stays: the bytes, their extent, and the state of checksum and segmentation.
     */
    public void forgetSender() {
        network = transport = payload = 0;
        interfaceIndex = 0;
        linkGroup = false;
        sourceHigh = sourceLow = destinationHigh = destinationLow = 0;
        protocol = hopLimit = trafficClass = 0;
        dueNanos = 0;
        next = null;
    }

    /**
     * Copies bytes {@code start} to {@code end} and all that is known about them into {@code copy}, which must be large
     * enough.
     */
    public void copyTo(Frame copy) {
        copy.bytes.put(start, bytes, start, end - start);
        copy.start = start;
        copy.end = end;
        copy.network = network;
        copy.transport = transport;
        copy.payload = payload;
        copy.checksum = checksum;
        copy.checksumStart = checksumStart;
        copy.checksumOffset = checksumOffset;
        copy.segmentSize = segmentSize;
        copy.interfaceIndex = interfaceIndex;
        copy.linkGroup = linkGroup;
        copy.destinationGroup = destinationGroup;
        copy.sourceHigh = sourceHigh;
        copy.sourceLow = sourceLow;
        copy.destinationHigh = destinationHigh;
        copy.destinationLow = destinationLow;
        copy.protocol = protocol;
        copy.hopLimit = hopLimit;
        copy.trafficClass = trafficClass;
        copy.dueNanos = dueNanos;
    }
}
