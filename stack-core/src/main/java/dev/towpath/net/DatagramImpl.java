package dev.towpath.net;

import static dev.towpath.socket.SocketConstants.MSG_PEEK;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Interfaces;
import dev.towpath.jdk.Options;
import dev.towpath.jdk.PacketRoom;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.InterfaceInfo;
import dev.towpath.stack.VirtualThreads;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@code DatagramSocket} does its work with: one UdpSocket, and the contract of {@code java.net} around it. */
final class DatagramImpl extends DatagramSocketImpl {
    private final StackSource stack;
    private @Nullable UdpSocket socket;
    private volatile boolean closed;
    private volatile int timeoutMillis;
    private boolean connected;
    private final PacketRoom room = new PacketRoom();

    DatagramImpl(StackSource stack) {
        this.stack = stack;
    }

    @Override
    protected void create() throws SocketException {
        try {
            UdpSocket created = UdpSocket.open(stack.get());
            created.ignoreInterrupts();
            created.option(SockOpt.SO_BROADCAST, true); // both as in the JDK on Linux
            created.option(SockOpt.IP_MULTICAST_ALL, false);
            socket = created;
        } catch (ErrnoException e) {
            throw NumberedOptions.socketException(Exceptions.datagram(e));
        }
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        UdpSocket binding = open();
        try {
            binding.bind(supported(address), port);
            localPort = binding.localEndpoint().port();
        } catch (ErrnoException e) {
            throw NumberedOptions.socketException(failure(e));
        }
    }

    @Override
    protected void connect(InetAddress address, int port) throws SocketException {
        UdpSocket connecting = open();
        try {
            connecting.connect(supported(address), port);
            localPort = connecting.localEndpoint().port();
            connected = true;
        } catch (ErrnoException e) {
            throw NumberedOptions.socketException(failure(e));
        }
    }

    @Override
    protected void disconnect() {
        UdpSocket disconnecting = socket;
        connected = false;
        if (disconnecting == null || closed) {
            return;
        }
        try {
            disconnecting.disconnect();
            localPort = disconnecting.localEndpoint().port();
        } catch (ErrnoException e) {
            closed = true; // nothing else makes it fail
        }
    }

    private static IpAddress supported(InetAddress address) throws SocketException {
        if (!Addresses.isSupported(address)) {
            throw new SocketException("Protocol family unavailable: the stack has no IPv6, for " + address);
        }
        return Addresses.ip(address);
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        UdpSocket sending = open();
        ByteBuffer data = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
        try {
            int ignored = connected
                    ? sending.send(data, 0)
                    : sending.sendTo(data, 0, supported(packet.getAddress()), packet.getPort());
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    @Override
    protected void receive(DatagramPacket packet) throws IOException {
        receive(packet, 0);
    }

    @Override
    protected int peekData(DatagramPacket packet) throws IOException {
        receive(packet, MSG_PEEK);
        return packet.getPort();
    }

    /** {@inheritDoc} The address can't be handed over: an {@link InetAddress} does not change. */
    @Override
    protected int peek(InetAddress address) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        return peekData(packet);
    }

    private void receive(DatagramPacket packet, int flags) throws IOException {
        UdpSocket receiving = open();
        SockAddr from = new SockAddr();
        ByteBuffer into = ByteBuffer.wrap(packet.getData(), packet.getOffset(), room.of(packet));
        try {
            int length = receiving.recvFrom(into, flags, from);
            packet.setAddress(from.address().toInetAddress());
            packet.setPort(from.port());
            room.received(packet, length);
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected void setTTL(byte ttl) throws IOException {
        setTimeToLive(ttl & 0xff);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        setOption(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    protected int getTimeToLive() throws IOException {
        return getOption(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    protected void join(InetAddress group) throws IOException {
        member(group, null, UdpSocket::join);
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        member(group, null, UdpSocket::leave);
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        member(((InetSocketAddress) group).getAddress(), on, UdpSocket::join);
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        member(((InetSocketAddress) group).getAddress(), on, UdpSocket::leave);
    }

    private interface Membership {
        void change(UdpSocket socket, IpAddress group, String interfaceName) throws ErrnoException;
    }

    /** Without an interface as with IP_MULTICAST_IF, or else as the routes say. */
    private void member(InetAddress group, @Nullable NetworkInterface on, Membership change) throws IOException {
        UdpSocket of = open();
        try {
            String name = on == null ? of.option(SockOpt.IP_MULTICAST_IF) : Interfaces.name(of.stack(), on);
            change.change(of, supported(group), name);
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    @Override
    protected void close() {
        closed = true;
        UdpSocket closing = socket;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (ErrnoException e) {
            throw new AssertionError("a datagram socket has nothing to wait for", e);
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        try {
            UdpSocket of = open();
            switch (option) {
                case SO_TIMEOUT -> {
                    timeoutMillis = NumberedOptions.timeout(value);
                    of.option(SockOpt.SO_RCVTIMEO, Duration.ofMillis(timeoutMillis));
                }
                case IP_MULTICAST_IF -> of.option(SockOpt.IP_MULTICAST_IF, ((InetAddress) value).getHostAddress());
                case IP_MULTICAST_IF2 -> setOption(StandardSocketOptions.IP_MULTICAST_IF, (NetworkInterface) value);
                // The number means that it is switched off, the name that it is on.
                case IP_MULTICAST_LOOP -> of.option(SockOpt.IP_MULTICAST_LOOP, !(boolean) value);
                default -> NumberedOptions.set(Options.DATAGRAM, of, option, value);
            }
        } catch (IOException e) {
            throw NumberedOptions.socketException(e);
        }
    }

    @Override
    public @Nullable Object getOption(int option) throws SocketException {
        try {
            UdpSocket of = open();
            return switch (option) {
                case SO_TIMEOUT -> timeoutMillis;
                case SO_BINDADDR -> of.localEndpoint().address().toInetAddress();
                case IP_MULTICAST_IF -> outgoingAddress(of);
                case IP_MULTICAST_IF2 -> getOption(StandardSocketOptions.IP_MULTICAST_IF);
                case IP_MULTICAST_LOOP -> !of.option(SockOpt.IP_MULTICAST_LOOP);
                default -> NumberedOptions.get(Options.DATAGRAM, of, option);
            };
        } catch (IOException e) {
            throw NumberedOptions.socketException(e);
        }
    }

    /** The first address of the interface that multicasts leave by, 0.0.0.0 if the routes say which. */
    private static InetAddress outgoingAddress(UdpSocket of) throws ErrnoException {
        String name = of.option(SockOpt.IP_MULTICAST_IF);
        for (InterfaceInfo each : of.stack().interfaces()) {
            if (each.name().equals(name) && !each.prefixes().isEmpty()) {
                return IpPrefix.parse(each.prefixes().get(0)).address().toInetAddress();
            }
        }
        return IpAddress.ANY_V4.toInetAddress();
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        Options.DATAGRAM.set(open(), name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return Options.DATAGRAM.get(open(), name);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return Options.DATAGRAM.supported();
    }

    private IOException failure(ErrnoException e) {
        return switch (e.errno()) {
            case EINTR -> interrupted(e);
            default -> Exceptions.datagram(e);
        };
    }

    /** Only a virtual thread's wait is interrupted, and that closes the socket. */
    private IOException interrupted(ErrnoException e) {
        if (!VirtualThreads.current()) {
            return Exceptions.datagram(e);
        }
        close();
        InterruptedIOException thrown = new InterruptedIOException("Closed by interrupt");
        thrown.initCause(e);
        return thrown;
    }

    private UdpSocket open() throws SocketException {
        UdpSocket opened = socket;
        if (opened == null || closed) {
            throw new SocketException(closed ? "Socket closed" : "Socket not created");
        }
        return opened;
    }
}
