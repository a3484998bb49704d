package dev.towpath.stack;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.config.TcpConfig;
import dev.towpath.demux.FlowTable;
import dev.towpath.demux.PortTable;
import dev.towpath.icmp.IcmpConfig;
import dev.towpath.icmp.IcmpLayer;
import dev.towpath.igmp.IgmpLayer;
import dev.towpath.ip.GroupLayer;
import dev.towpath.ip.IpLayer;
import dev.towpath.ipv4.Ipv4Config;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.LoopbackDevice;
import dev.towpath.mib.Mib;
import dev.towpath.tcp.TcpLayer;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.udp.UdpLayer;
import dev.towpath.wire.IpPrefix;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The machine: all layers of one stack, wired. Pure and deterministic: it has no clock, no thread and no lock, and
 * draws random numbers only from the source it is given. Its {@link Driver} guards it and tells it the time.
 *
 * <p>The socket package's side of a stack; applications can do nothing with what it hands out.
 */
@SuppressWarnings("exports") // the layers are not exported
public final class Core implements Machine {
    /** What a super-segment counts as in a batch's budget: four of them are as much work as a batch of others. */
    private static final int SUPER_FRAME_COST = Driver.BUDGET / 4;

    /** Batches of loopback frames taken in by whoever has caused them, before the driver is asked to go on. */
    private static final int LOOPBACK_BATCHES = 8;

    /**
     * Batches for which timers that are due may wait while a device has more frames: less than a millisecond's work.
     */
    private static final int MAX_POSTPONED = 4;

    private final Mib mib = new Mib();
    private final TimerWheel wheel;
    private final FramePool frames = new FramePool();
    private final BufferPool buffers;
    private final NetworkInterface loopback;
    private NetworkInterface[] interfaces;
    private final Ipv4Layer ip;
    private final IcmpLayer icmp;
    private final IgmpLayer igmp;
    private final PortTable ports;
    private final TcpLayer tcp;
    private final UdpLayer udp;
    private final Set<Supplier<ConnectionInfo>> listed = new LinkedHashSet<>();
    private long nowNanos;
    /** Polls in a row that have left frames waiting, and so the timers. */
    private int postponed;

    /** A machine with nothing but loopback, whose time begins at {@code startNanos}. */
    Core(long startNanos, LongSupplier random, TcpConfig tcpConfig, long memoryBudget) {
        this.nowNanos = startNanos;
        this.wheel = new TimerWheel(startNanos);
        this.buffers = new BufferPool(memoryBudget, memoryBudget / 4);
        Clock clock = this::nowNanos;
        FlowTable flows = new FlowTable(random.getAsLong(), random.getAsLong());
        this.ports = new PortTable(flows, random);
        this.ip = new Ipv4Layer(new Ipv4Layer.Parts(Ipv4Config.DEFAULT, frames, buffers, wheel, clock, random, mib));
        this.loopback = ip.addLoopback("lo", new LoopbackDevice());
        this.interfaces = new NetworkInterface[] {loopback};
        this.icmp = new IcmpLayer(IcmpConfig.DEFAULT, ip, frames, clock, random, mib);
        this.igmp = new IgmpLayer(new IgmpLayer.Parts(ip, frames, wheel, clock, random, mib));
        this.tcp = new TcpLayer(
                new TcpLayer.Parts(tcpConfig, ip, flows, ports, frames, buffers, wheel, clock, random, mib));
        this.udp = new UdpLayer(ip, flows, ports, frames, buffers, mib);
        ip.register(IcmpLayer.PROTOCOL, icmp);
        ip.errorSender(icmp);
        ip.register(IgmpLayer.PROTOCOL, igmp);
        ip.groupListener(igmp);
        ip.register(IpLayer.TCP, tcp);
        ip.register(IpLayer.UDP, udp);
    }

    /** Adds an interface with its addresses, which are announced at once. */
    NetworkInterface add(LinkDevice device, List<IpPrefix> addresses) {
        NetworkInterface added = ip.addInterface(device.name(), device);
        interfaces = ip.interfaces().toArray(NetworkInterface[]::new);
        for (IpPrefix address : addresses) {
            ip.addAddress(added, address);
        }
        return added;
    }

    @Override
    public void time(long time) {
        nowNanos = time;
    }

    @Override
    public int poll(long time, int budget) {
        nowNanos = time;
        int most = 0;
        for (NetworkInterface each : interfaces) {
            most = Math.max(most, drain(each, budget));
        }
        // Frames that wait may hold the very ACK whose absence a timer is about to act on.
        if (most < budget || ++postponed == MAX_POSTPONED) {
            postponed = 0;
            int ignored = wheel.poll(nowNanos);
        }
        flush();
        return most;
    }

    /**
     * Sends what is due, and takes in at once what has been sent to this host itself: no thread needs to wake for it.
     */
    @Override
    public void flush() {
        tcp.flush();
        int batches = 0;
        while (loopback.device().nextEventNanos() <= nowNanos && batches++ < LOOPBACK_BATCHES) {
            int ignored = drain(loopback, Driver.BUDGET);
            tcp.flush();
        }
    }

    private int drain(NetworkInterface from, int budget) {
        LinkDevice device = from.device();
        int used = 0;
        while (used < budget) {
            Frame frame = device.receive(nowNanos);
            if (frame == null) {
                break;
            }
            used += frame.length() > FramePool.SMALL ? SUPER_FRAME_COST : 1;
            frame.lend();
            try {
                from.receive(frame);
            } finally {
                frame.takeBack();
            }
        }
        return used;
    }

    @Override
    public long nextDeadline() {
        long next = wheel.nextDeadline();
        for (NetworkInterface each : interfaces) {
            next = Math.min(next, each.device().nextEventNanos());
        }
        return next;
    }

    @Override
    public void shut() {
        tcp.close();
        igmp.close();
        ip.close(); // after the resets have gone: what waits for ARP or for fragments gives its memory back
    }

    /** The time, as its driver has told it last. */
    public long nowNanos() {
        return nowNanos;
    }

    /** TCP. */
    public TcpLayer tcp() {
        return tcp;
    }

    /** UDP. */
    public UdpLayer udp() {
        return udp;
    }

    /** IP, as transports of multicasts see it. */
    public GroupLayer groups() {
        return ip;
    }

    /** IP, as transports see it. */
    public IpLayer ip() {
        return ip;
    }

    /** The local ports in use. */
    public PortTable ports() {
        return ports;
    }

    /** Timers that are armed. */
    public int timers() {
        return wheel.armed();
    }

    /** From now on {@link NetworkStack#connections} shows {@code socket}, which TCP does not know as a connection. */
    public void list(Supplier<ConnectionInfo> socket) {
        listed.add(socket);
    }

    /** Undoes {@link #list}. */
    public void unlist(Supplier<ConnectionInfo> socket) {
        listed.remove(socket);
    }

    Ipv4Layer ipv4() {
        return ip;
    }

    IcmpLayer icmp() {
        return icmp;
    }

    /** The frames of its layers: what is taken and not given back says what they hold. */
    FramePool frames() {
        return frames;
    }

    /** The memory of rings and reassembly. */
    BufferPool buffers() {
        return buffers;
    }

    Mib mib() {
        return mib;
    }

    Set<Supplier<ConnectionInfo>> listed() {
        return listed;
    }
}
