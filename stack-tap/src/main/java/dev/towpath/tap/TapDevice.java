package dev.towpath.tap;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.DeviceWait;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A Linux TAP device: an Ethernet cable between the stack and the kernel. {@link #named} begins, {@link Builder#open}
 * creates the interface or attaches to one that exists.
 *
 * <p>Frames go as they are in memory, without a copy. Where the kernel offers it, a header of ten bytes before each
 * frame leaves checksums and segmentation undone in both directions, which is what makes it fast ({@link #offload} says
 * what is in force).
 *
 * <p>Owned by a stack, which sends and receives under its lock. An inner lock keeps {@link #close} from taking the
 * descriptor away beneath a system call.
 */
public final class TapDevice implements LinkDevice {
    /** Smallest MTU of an IPv4 link (RFC 791 section 3.2). */
    private static final int MIN_MTU = 68;

    /** Largest MTU that Linux gives a TAP: 65,535 bytes, less an Ethernet header. */
    private static final int MAX_MTU = 65_521;

    /**
     * The kernel's end drops what its queue can't hold, and the usual 1000 frames are less than the windows of some tens
     * of connections.
     */
    private static final int QUEUE_FRAMES = 65_536;

    private static final int ETHERNET_LENGTH = 14;

    /**
     * A received frame begins here, so that its transport header is where the stack's own frames have it (IP without
     * options).
     */
    private static final int RECEIVE_START = Frame.HEADROOM - 20 - ETHERNET_LENGTH;

    private final TapHandle handle;
    private final Libc libc;
    private final int descriptor;
    private final MacAddress mac;
    private final MacAddress kernelMac;
    private final LinkFeatures features;
    private final int mtu;
    private final int queueFrames;
    private final FramePool frames;
    private final int headerLength;
    private final int receiveCapacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock waitLock = new ReentrantLock();
    private final List<TapWait> watchers = new CopyOnWriteArrayList<>();
    /** What writev is to gather: headers, data, and data from the ring's beginning. */
    private final ByteBuffer vectors = Native.memory(3 * 16);

    private final long vectorsAddress = Native.address(vectors);
    private @Nullable Frame spare;
    private @Nullable TapWait ownWait;
    private boolean closed;

    private TapDevice(Builder builder, TapHandle handle, KernelInterface kernel) throws TapException {
        this.handle = handle;
        this.libc = handle.libc();
        this.descriptor = handle.descriptor();
        this.frames = builder.frames;
        this.kernelMac = kernel.mac();
        this.mac = builder.macBeside(kernelMac);
        this.features = handle.offload().features();
        this.mtu = kernel.mtu();
        this.queueFrames = Math.max(1, kernel.queueFrames());
        this.headerLength = handle.offload() == Offload.NONE ? 0 : VnetHeader.LENGTH;
        this.receiveCapacity = features.maxSuperSegment() > 0 ? FramePool.LARGE : RECEIVE_START + ETHERNET_LENGTH + mtu;
    }

    /**
     * Begins to open the TAP called {@code name}.
     *
     * @throws IllegalArgumentException if Linux would not take that name
     */
    public static Builder named(String name) {
        if (!name.matches("[^/:%\\s]{1," + KernelInterface.MAX_NAME + "}") || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' is no name for an interface; use 1 to "
                    + KernelInterface.MAX_NAME + " letters and digits, such as tap0");
        }
        return new Builder(name);
    }

    /** What a TAP shall be like; every setting has a default. */
    public static final class Builder {
        private final String name;
        private FramePool frames = new FramePool();
        private int mtu = 1500;
        private Offload offload = Offload.CHECKSUM_TCP_UDP;
        private @Nullable MacAddress mac;
        private @Nullable IpPrefix hostAddress;

        private Builder(String name) {
            this.name = name;
        }

        /** MTU of both ends in bytes; 1500 unless given. */
        public Builder mtu(int bytes) {
            if (bytes < MIN_MTU || bytes > MAX_MTU) {
                throw new IllegalArgumentException(
                        "a TAP's MTU is from " + MIN_MTU + " to " + MAX_MTU + " bytes, not " + bytes);
            }
            mtu = bytes;
            return this;
        }

        /** The Ethernet address of the stack's end; unless given a random one. */
        public Builder mac(MacAddress address) {
            if (address.isGroup() || address.bits() == 0) {
                throw new IllegalArgumentException(
                        address + " is no address of one interface; take one such as 02:00:00:00:00:02");
            }
            mac = address;
            return this;
        }

        /** The most offload to ask the kernel for; all of it unless given. */
        public Builder offload(Offload most) {
            offload = most;
            return this;
        }

        /** An IPv4 address for the kernel's end, with its prefix length; unless given it keeps those that it has. */
        public Builder hostAddress(IpPrefix address) {
            hostAddress = address;
            return this;
        }

        /** Where received frames come from; a pool of its own unless given. */
        public Builder frames(FramePool pool) {
            frames = pool;
            return this;
        }

        /**
         * Opens it, and brings the kernel's end up.
         *
         * @throws TapException with what to do about it
         */
        public TapDevice open() throws TapException {
            TapHandle handle = TapHandle.open(name, offload);
            try (KernelInterface kernel = KernelInterface.named(handle.name())) {
                kernel.mtu(mtu);
                kernel.queueAtLeast(QUEUE_FRAMES);
                if (hostAddress != null) {
                    kernel.address(hostAddress);
                }
                TapDevice device = new TapDevice(this, handle, kernel);
                kernel.up();
                return device;
            } catch (TapException | RuntimeException e) {
                handle.close();
                throw e;
            }
        }

        private MacAddress macBeside(MacAddress kernel) {
            SecureRandom random = new SecureRandom();
            MacAddress chosen = mac != null ? mac : MacAddress.local(random.nextLong());
            while (chosen.equals(kernel)) {
                if (mac != null) {
                    throw new IllegalArgumentException("the kernel's end of " + name + " has the Ethernet address "
                            + mac + "; the stack is another host and needs another");
                }
                chosen = MacAddress.local(random.nextLong());
            }
            return chosen;
        }
    }

    @Override
    public String name() {
        return handle.name();
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    /** The Ethernet address of the kernel's end. */
    public MacAddress kernelMac() {
        return kernelMac;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    /** The offload in force. */
    public Offload offload() {
        return handle.offload();
    }

    @Override
    public LinkFeatures features() {
        return features;
    }

    @Override
    public int queueFrames() {
        return queueFrames;
    }

    @Override
    public boolean gathers() {
        return features.checksumOffload() && headerLength > 0;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        lock.lock();
        try {
            return !closed && write(frame);
        } finally {
            lock.unlock();
            frame.release();
        }
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        lock.lock();
        try {
            return closed ? null : read();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing: {@link #deviceWait} sees arrivals. */
    @Override
    public void onArrival(Runnable wake) {}

    @Override
    public DeviceWait deviceWait() {
        waitLock.lock();
        try {
            if (ownWait == null) {
                ownWait = new TapWait(libc, this);
            }
            return ownWait;
        } catch (TapException e) {
            throw new UncheckedIOException(e);
        } finally {
            waitLock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (spare != null) {
                spare.release();
                spare = null;
            }
        } finally {
            lock.unlock();
        }
        // close(2) would neither wake the thread in ppoll nor keep it from polling whatever gets the number next
        for (TapWait watcher : watchers) {
            watcher.forget(this);
        }
        handle.close();
    }

    @Override
    public String toString() {
        return handle.name() + " (" + mac + ", MTU " + mtu + ", offload " + handle.offload() + ")";
    }

    int descriptor() {
        return descriptor;
    }

    /** Tells {@code wait} when it closes; false if it has. */
    boolean watchedBy(TapWait wait) {
        lock.lock();
        try {
            return !closed && watchers.add(wait);
        } finally {
            lock.unlock();
        }
    }

    private boolean write(Frame frame) {
        if (headerLength > 0) {
            VnetHeader.write(frame);
        }
        int length = headerLength + frame.length();
        long at = Native.address(frame) + frame.start - headerLength;
        ByteBuffer tail = frame.tail;
        return (tail == null ? libc.write(descriptor, at, length) : gather(frame, at, tail)) == length;
    }

    /** The headers from the frame, the data from the sender's ring, which may have its end in the middle of them. */
    private long gather(Frame frame, long headers, ByteBuffer tail) {
        long ring = Native.addressNow(tail);
        int first = Math.min(frame.tailLength, tail.capacity() - frame.tailAt);
        vector(0, headers, headerLength + frame.end - frame.start);
        vector(1, ring + frame.tailAt, first);
        vector(2, ring, frame.tailLength - first);
        return libc.writev(descriptor, vectorsAddress, first < frame.tailLength ? 3 : 2);
    }

    /** {@code struct iovec}: where, and how many bytes. */
    private void vector(int index, long address, int length) {
        vectors.putLong(16 * index, address);
        vectors.putLong(16 * index + 8, length);
    }

    private @Nullable Frame read() {
        Frame frame = spare != null ? spare : frames.take(receiveCapacity);
        int at = RECEIVE_START - headerLength;
        long length = libc.read(descriptor, Native.address(frame) + at, frame.capacity() - at);
        if (length <= headerLength) {
            spare = frame; // nothing there: keep the frame for the next look
            return null;
        }
        spare = null;
        frame.start = RECEIVE_START;
        frame.end = at + (int) length;
        if (headerLength > 0) {
            VnetHeader.read(frame);
        }
        return frame;
    }
}
