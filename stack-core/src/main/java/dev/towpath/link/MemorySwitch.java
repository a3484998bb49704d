package dev.towpath.link;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.MacAddress;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An Ethernet switch in memory (IEEE 802.1D without its spanning tree): each port is a device for one stack. It learns
 * which address is behind which port from what it hears, sends what it knows to that port without a copy, and floods
 * the rest: each further port then gets a copy from the switch's pool.
 *
 * <p>Cables can be pulled and the network can be parted, from any thread: what can't get through is lost without a
 * word, as on a wire. Frames that have arrived at a port stay there.
 */
public final class MemorySwitch {
    /** Addresses that it learns at most. */
    public static final int MAX_ADDRESSES = 4096;

    /** How long it knows an address that is not heard again (IEEE 802.1D table 7-5): 300 s. */
    public static final long AGE_NANOS = 300_000_000_000L;

    private static final int WHOLE = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final Port[] ports;
    /** Ports of different groups do not hear each other. */
    private final int[] groups;

    private final boolean[] unplugged;
    private final MacTable table = new MacTable(MAX_ADDRESSES, AGE_NANOS);
    private final FramePool frames;
    private long lost;

    /**
     * A switch with {@code ports} ports, whose names count from 0; {@code frames} is where copies for flooding come
     * from.
     */
    public MemorySwitch(int ports, MemoryLink link, FramePool frames) {
        this.ports = new Port[ports];
        this.groups = new int[ports];
        this.unplugged = new boolean[ports];
        this.frames = frames;
        Arrays.setAll(this.ports, index -> new Port(this, index, link));
    }

    /** The device on port {@code index}, counted from 0. */
    public LinkDevice port(int index) {
        return ports[index];
    }

    /**
     * Parts the network: ports hear each other only within one of {@code parts}; a port in none of them hears nobody.
     * Replaces an earlier partition.
     *
     * @param parts the numbers of the ports in each part
     */
    public void partition(int[]... parts) {
        lock.lock();
        try {
            Arrays.setAll(groups, port -> -1 - port);
            for (int part = 0; part < parts.length; part++) {
                for (int port : parts[part]) {
                    groups[port] = WHOLE + 1 + part;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the partition. Ports that are unplugged stay so. */
    public void heal() {
        lock.lock();
        try {
            Arrays.fill(groups, WHOLE);
        } finally {
            lock.unlock();
        }
    }

    /** Pulls the cable out of a port: it hears nobody, nobody hears it, and the addresses behind it are forgotten. */
    public void unplug(int port) {
        lock.lock();
        try {
            unplugged[port] = true;
            table.forgetPort(port);
        } finally {
            lock.unlock();
        }
    }

    /** Puts the cable back. */
    public void plug(int port) {
        lock.lock();
        try {
            unplugged[port] = false;
        } finally {
            lock.unlock();
        }
    }

    /** Deliveries that failed: the port's queue was full, its cable pulled, or the network parted. */
    public long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    private void forward(int from, Frame frame, long nowNanos) {
        lock.lock();
        try {
            frame.forgetSender();
            if (frame.length() < EthernetHeader.LENGTH || unplugged[from]) {
                lost++;
                frame.release();
                return;
            }
            long source = EthernetHeader.source(frame.bytes(), frame.start);
            long destination = EthernetHeader.destination(frame.bytes(), frame.start);
            if (!MacAddress.isGroup(source)) {
                table.learn(source, from, nowNanos);
            }
            int to = MacAddress.isGroup(destination) ? MacTable.UNKNOWN : table.port(destination, nowNanos);
            if (to == MacTable.UNKNOWN) {
                flood(from, frame);
            } else if (to != from && connected(from, to)) {
                deliver(to, frame);
            } else {
                lost += to == from ? 0 : 1; // behind the same port: it has been heard there already
                frame.release();
            }
        } finally {
            lock.unlock();
        }
    }

    private void flood(int from, Frame frame) {
        int last = -1;
        for (int to = 0; to < ports.length; to++) {
            if (to == from || !connected(from, to)) {
                continue;
            }
            if (last >= 0) {
                Frame copy = frames.take(frame.end);
                frame.copyTo(copy);
                deliver(last, copy);
            }
            last = to;
        }
        if (last >= 0) {
            deliver(last, frame);
        } else {
            frame.release();
        }
    }

    private boolean connected(int from, int to) {
        return !unplugged[to] && groups[from] == groups[to];
    }

    private void deliver(int to, Frame frame) {
        if (!ports[to].arrived.offer(frame)) {
            lost++;
        }
    }

    private static final class Port extends MemoryDevice {
        private final MemorySwitch owner;
        private final int index;
        private volatile boolean closed;

        Port(MemorySwitch owner, int index, MemoryLink link) {
            super("port" + index, MacAddress.local(index + 1), link);
            this.owner = owner;
            this.index = index;
        }

        /** True even if it is lost on its way: no card hears of that. */
        @Override
        public boolean send(Frame frame, long nowNanos) {
            if (closed) {
                frame.release();
                return false;
            }
            owner.forward(index, frame, nowNanos);
            return true;
        }

        @Override
        public void close() {
            closed = true;
            arrived.close();
        }
    }
}
