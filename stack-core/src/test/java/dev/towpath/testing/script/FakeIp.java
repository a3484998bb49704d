package dev.towpath.testing.script;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.wire.IpAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One network, one interface, no IP: what TCP needs below it, all of it adjustable, and every frame handed to
 * {@link Receiver}.
 */
public final class FakeIp implements IpLayer {
    private static final int HEADER = 20;
    private static final byte POISON = (byte) 0xee;

    /** Gets what the transport sends; the frame is lent. */
    @FunctionalInterface
    public interface Receiver {
        /** A segment on {@code path}. */
        void sent(Path path, Frame frame, int protocol, Emitted.Packet packet);
    }

    private final IpAddress local;
    private final Receiver receiver;
    private Predicate<IpAddress> routed = destination -> true;
    private int mtu = 1500;
    private int maxSuperSegment;
    private int queueFrames = 1000;
    private int free = Integer.MAX_VALUE;
    private boolean checksumOffload;
    private long routesVersion;
    private int doubts;

    /** A host with the address {@code local}. */
    public FakeIp(IpAddress local, Receiver receiver) {
        this.local = local;
        this.receiver = receiver;
    }

    /** Changes the largest packet. */
    public void mtu(int bytes) {
        mtu = bytes;
    }

    /** From now on the link takes super-segments of up to {@code bytes} and completes checksums; 0: neither. */
    public void offload(int bytes) {
        maxSuperSegment = bytes;
        checksumOffload = bytes > 0;
    }

    /** Changes how many frames wait in the link at most. */
    public void queueFrames(int frames) {
        queueFrames = frames;
    }

    /** From now on so many frames fit in the link's queue, until this is called again. */
    public void free(int frames) {
        free = frames;
    }

    /** From now on the link completes checksums, and does no more. */
    public void checksumOffload() {
        checksumOffload = true;
    }

    /** Only these destinations have a route; existing paths are out of date. */
    public void routes(Predicate<IpAddress> destinations) {
        routed = destinations;
        routesVersion++;
    }

    /** How often the transport has said that it waits in vain. */
    public int doubts() {
        return doubts;
    }

    @Override
    public void register(int protocol, TransportHandler handler) {}

    @Override
    public @Nullable Path route(@Nullable IpAddress source, IpAddress destination) {
        return routed.test(destination) ? new FakePath(source == null ? local : source, destination) : null;
    }

    @Override
    public boolean isLocal(IpAddress address) {
        return address.equals(local) || address.isLoopback();
    }

    @Override
    public boolean isBroadcast(IpAddress address) {
        return address.equals(IpAddress.BROADCAST_V4) || (address.isV4() && address.v4() == (local.v4() | 0xff));
    }

    @Override
    public void send(Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags) {
        checkSize(frame);
        free--;
        receiver.sent(path, frame, protocol, new Emitted.Packet(hopLimit, trafficClass, flags));
        poison(frame);
        frame.release();
    }

    @Override
    public void reject(Frame frame, IpError why) {
        throw new AssertionError("TCP answers by resets, not by ICMP " + why);
    }

    private void checkSize(Frame frame) {
        int packet = HEADER + frame.end - frame.transport;
        if (frame.transport < HEADER + 14) {
            throw new AssertionError("no headroom: the transport header is at " + frame.transport);
        }
        if (frame.segmentSize == 0 && packet > mtu) {
            throw new AssertionError("a packet of " + packet + " bytes, the MTU is " + mtu);
        }
        if (frame.segmentSize > 0 && packet > maxSuperSegment) {
            throw new AssertionError("a super-segment of " + packet + " bytes, the link takes " + maxSuperSegment);
        }
    }

    /** Whoever still reads a frame that is no longer his reads rubbish. */
    static void poison(Frame frame) {
        for (int i = 0; i < Math.min(frame.capacity(), frame.end + 64); i++) {
            frame.bytes().put(i, POISON);
        }
    }

    private final class FakePath extends Path {
        private final long version = routesVersion;

        FakePath(IpAddress source, IpAddress destination) {
            super(source, destination);
        }

        @Override
        public boolean current() {
            return version == routesVersion;
        }

        @Override
        public int mtu() {
            return mtu;
        }

        @Override
        public int headerLength() {
            return HEADER;
        }

        @Override
        public int maxSuperSegment() {
            return maxSuperSegment;
        }

        @Override
        public boolean cutsDatagrams() {
            return false;
        }

        @Override
        public boolean checksumOffload() {
            return checksumOffload;
        }

        @Override
        public int queueFrames() {
            return queueFrames;
        }

        @Override
        public boolean crowded() {
            return free <= 0;
        }

        @Override
        public boolean onLink() {
            return true;
        }

        @Override
        public void doubt() {
            doubts++;
        }

        @Override
        public boolean group() {
            return destination().isMulticast() || isBroadcast(destination());
        }
    }
}
