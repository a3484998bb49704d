package dev.towpath.ipv4;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpError;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.link.LinkDevice;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** IPv4 of one stack. */
public final class Ipv4Layer implements IpLayer {
    /** What IPv4 is made of; everything that it does not compute itself is passed in. */
    public record Parts(
            Ipv4Config config,
            FramePool frames,
            BufferPool buffers,
            TimerWheel wheel,
            Clock clock,
            LongSupplier random,
            Mib mib) {}

    /** A layer without interfaces. */
    public Ipv4Layer(Parts parts) {
        throw new UnsupportedOperationException();
    }

    /** Adds the loopback interface, which has 127.0.0.1/8 and carries what this host sends to any of its own addresses. Once, and before other interfaces. */
    public NetworkInterface addLoopback(String name, LinkDevice device) {
        throw new UnsupportedOperationException();
    }

    /** Adds an Ethernet interface without address. */
    public NetworkInterface addInterface(String name, LinkDevice device) {
        throw new UnsupportedOperationException();
    }

    /** Gives an interface an address, with the route to its network, and announces it by ARP. */
    public void addAddress(NetworkInterface to, IpPrefix address) {
        throw new UnsupportedOperationException();
    }

    /** Takes an address and the route to its network away; false if the interface does not have it. */
    public boolean removeAddress(NetworkInterface from, IpPrefix address) {
        throw new UnsupportedOperationException();
    }

    /** All interfaces by index. */
    public List<NetworkInterface> interfaces() {
        throw new UnsupportedOperationException();
    }

    /** The routes, which may be changed at any time. */
    public RouteTable routes() {
        throw new UnsupportedOperationException();
    }

    /** From now on {@link #reject} and reassembly answer through {@code errors}; before, they don't. */
    public void errorSender(ErrorSender errors) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void register(int protocol, TransportHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Path route(@Nullable IpAddress source, IpAddress destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isLocal(IpAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isBroadcast(IpAddress address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void send(Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reject(Frame frame, IpError why) {
        throw new UnsupportedOperationException();
    }
}
