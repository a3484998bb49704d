package dev.towpath.pcap;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LinkFeatures;
import dev.towpath.wire.MacAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;

/**
 * Puts the stack on a network interface of this machine, beside the kernel: frames are captured and injected with
 * libpcap. The stack is a host of its own there, with an Ethernet address of its own, so the interface becomes
 * promiscuous.
 *
 * <p>Made for reach, not for speed: that is what a {@code TapDevice} is for. The kernel's offloads stand in the way: an
 * interface that hands over segments put together, or checksums not computed yet, wants
 * {@code ethtool -K NAME gro off lro off tx off}.
 *
 * <p>One thread captures; a queue lies between it and the stack.
 */
public final class PcapDevice implements LinkDevice {
    private static final int ETHERNET_MTU = 1500;
    private static final int QUEUE_FRAMES = 1000;
    private static final int SNAPSHOT = 65_535 + 14;
    private static final int POLL_MILLIS = 100;

    /**
     * A received frame begins where the stack's own do: its transport header (IP without options) is at
     * {@link Frame#HEADROOM}.
     */
    private static final int RECEIVE_START = Frame.HEADROOM - 20 - 14;

    private final String name;
    private final MacAddress mac;
    private final int mtu;
    private final PcapHandle handle;
    private final Thread capturing;
    private final FramePool frames = new FramePool();
    private final FrameQueue queue = new FrameQueue(QUEUE_FRAMES);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock sending = new ReentrantLock();
    private byte[] outgoing = new byte[FramePool.SMALL];
    private volatile @Nullable Runnable arrival;

    private PcapDevice(String name, MacAddress mac, int mtu, PcapHandle handle) {
        this.name = name;
        this.mac = mac;
        this.mtu = mtu;
        this.handle = handle;
        this.capturing = new Thread(this::capture, "towpath-pcap-" + name);
        capturing.setDaemon(true);
    }

    /**
     * Opens the interface called {@code name}.
     *
     * @param mac the stack's Ethernet address there, another than the interface's own
     * @throws IOException if there is no libpcap, no such interface or no permission; the message says what to do
     */
    public static PcapDevice open(String name, MacAddress mac) throws IOException {
        try {
            PcapNetworkInterface nic = Pcaps.getDevByName(name);
            if (nic == null) {
                throw new IOException("there is no interface " + name + " in this network namespace, or it is not up");
            }
            if (mac.isGroup() || own(nic, mac)) {
                throw new IllegalArgumentException(mac + " can't be the stack's address on " + name
                        + "; take one of its own such as 02:00:00:00:00:02");
            }
            PcapDevice device = new PcapDevice(name, mac, mtu(name), openHandle(name, mac));
            device.capturing.start();
            return device;
        } catch (LinkageError e) {
            throw new IOException(
                    "libpcap is not installed, which a PcapDevice needs: install the package libpcap0.8 (Debian) or libpcap",
                    e);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException(
                    "libpcap can't open " + name + ": " + e.getMessage()
                            + "; that takes root, or the capabilities CAP_NET_RAW and CAP_NET_ADMIN",
                    e);
        }
    }

    private static boolean own(PcapNetworkInterface nic, MacAddress mac) {
        return nic.getLinkLayerAddresses().stream()
                .anyMatch(own -> own.toString().equals(mac.toString()));
    }

    /** The JDK does not see interfaces without an IP address; libpcap knows no MTU. */
    private static int mtu(String name) throws IOException {
        NetworkInterface nic = NetworkInterface.getByName(name);
        return nic == null ? ETHERNET_MTU : nic.getMTU();
    }

    private static PcapHandle openHandle(String name, MacAddress mac) throws PcapNativeException, NotOpenException {
        PcapHandle handle = new PcapHandle.Builder(name)
                .snaplen(SNAPSHOT)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                .timeoutMillis(POLL_MILLIS)
                .immediateMode(true)
                .build();
        // what is for us, and not what we have sent ourselves, which libpcap shows too
        handle.setFilter(
                "(ether dst " + mac + " or ether multicast) and not ether src " + mac, BpfCompileMode.OPTIMIZE);
        return handle;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public LinkFeatures features() {
        return LinkFeatures.NONE;
    }

    @Override
    public boolean send(Frame frame, long nowNanos) {
        sending.lock();
        try {
            return !closed.get() && inject(frame);
        } finally {
            sending.unlock();
            frame.release();
        }
    }

    @Override
    public @Nullable Frame receive(long nowNanos) {
        return queue.poll();
    }

    @Override
    public long nextEventNanos() {
        return queue.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    @Override
    public void onArrival(Runnable wake) {
        arrival = wake;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            handle.breakLoop();
            capturing.join();
        } catch (NotOpenException e) {
            throw new AssertionError("only this method closes it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sending.lock();
        try {
            handle.close();
        } finally {
            sending.unlock();
        }
        queue.close();
    }

    private boolean inject(Frame frame) {
        int length = frame.length();
        if (outgoing.length < length) {
            outgoing = new byte[length];
        }
        frame.bytes().get(frame.start, outgoing, 0, length);
        try {
            handle.sendPacket(outgoing, length);
            return true;
        } catch (PcapNativeException | NotOpenException e) {
            return false; // the interface is down or its queue full: a dropped frame, as on any link
        }
    }

    private void capture() {
        try {
            while (!closed.get()) {
                handle.loop(-1, this::arrived);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // breakLoop
        } catch (PcapNativeException | NotOpenException e) {
            queue.close(); // the interface is gone: silence, as from a pulled cable
        }
    }

    private void arrived(byte[] packet) {
        if (RECEIVE_START + packet.length > FramePool.LARGE) {
            return;
        }
        Frame frame = frames.take(RECEIVE_START + packet.length);
        frame.start = RECEIVE_START;
        frame.end = RECEIVE_START + packet.length;
        frame.bytes().put(RECEIVE_START, packet);
        Runnable wake = arrival;
        if (queue.offer(frame) && wake != null) {
            wake.run();
        }
    }
}
