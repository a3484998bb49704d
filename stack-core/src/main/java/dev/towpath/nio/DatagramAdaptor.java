package dev.towpath.nio;

import dev.towpath.jdk.Interfaces;
import dev.towpath.jdk.PacketRoom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A channel as a {@link DatagramSocket}. What it throws is what the JDK's adaptor throws. */
final class DatagramAdaptor extends DatagramSocket {
    private static final InetAddress ANY = new InetSocketAddress(0).getAddress();

    private final UdpChannel channel;
    private final PacketRoom room = new PacketRoom();
    private volatile int timeoutMillis;

    /** Who is named by both a group and an interface; guarded by itself. */
    private final Map<Joined, MembershipKey> joined = new HashMap<>();

    private record Joined(InetAddress group, NetworkInterface on) {}

    DatagramAdaptor(UdpChannel channel) {
        super(new NoDatagramImpl());
        this.channel = channel;
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    // ---- addresses

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        if (address != null && !(address instanceof InetSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        try {
            DatagramChannel ignored = channel.bind(address);
        } catch (IOException | RuntimeException e) {
            throw translated(e);
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connectTo(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        if (!(address instanceof InetSocketAddress)) {
            throw new UnsupportedAddressTypeException();
        }
        connectTo(address);
    }

    private void connectTo(SocketAddress address) throws SocketException {
        try {
            channel.connect(address, true);
        } catch (ClosedChannelException e) {
            // as in the JDK nobody is told
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            throw translated(e);
        }
    }

    @Override
    public void disconnect() {
        try {
            DatagramChannel ignored = channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? -1 : remote.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.local();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        InetSocketAddress local = channel.local();
        return isClosed() ? null : local == null ? ANY : local.getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = channel.local();
        return isClosed() ? -1 : local == null ? 0 : local.getPort();
    }

    // ---- sending and receiving

    @Override
    public void send(DatagramPacket packet) throws IOException {
        synchronized (packet) {
            if (isClosed()) {
                throw closed(new ClosedChannelException());
            }
            InetSocketAddress to = destination(packet);
            checkBlocking();
            ByteBuffer data = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
            try {
                int ignored = channel.send(data, to);
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }
    }

    private InetSocketAddress destination(DatagramPacket packet) {
        InetSocketAddress remote = channel.remote();
        if (packet.getAddress() == null) {
            if (remote == null) {
                throw new IllegalArgumentException("Address not set");
            }
            packet.setSocketAddress(remote);
            return remote;
        }
        InetSocketAddress to = (InetSocketAddress) packet.getSocketAddress();
        if (remote != null && !to.equals(remote)) {
            throw new IllegalArgumentException("Connected and packet address differ");
        }
        return to;
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        synchronized (packet) {
            checkBlocking();
            ByteBuffer into = ByteBuffer.wrap(packet.getData(), packet.getOffset(), room.of(packet));
            long wait = timeoutMillis == 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            int start = into.position();
            InetSocketAddress from;
            try {
                from = channel.receiveWithin(into, wait);
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
            if (from == null) {
                throw new SocketTimeoutException("Receive timed out");
            }
            packet.setSocketAddress(from);
            room.received(packet, into.position() - start);
        }
    }

    private void checkBlocking() {
        if (!channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        checkOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkOpen();
        return timeoutMillis;
    }

    // ---- multicast

    @Override
    public void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        InetAddress address = group(group);
        synchronized (joined) {
            NetworkInterface by = interfaceFor(on);
            if (joined.containsKey(new Joined(address, by))) {
                throw new SocketException("Already a member of group");
            }
            joined.put(new Joined(address, by), channel.join(address, by));
        }
    }

    @Override
    public void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        InetAddress address = group(group);
        synchronized (joined) {
            MembershipKey key = joined.remove(new Joined(address, interfaceFor(on)));
            if (key == null) {
                throw new SocketException("Not a member of group");
            }
            key.drop();
        }
    }

    private InetAddress group(SocketAddress group) throws SocketException {
        if (!(group instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        if (inet.isUnresolved()) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!inet.getAddress().isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        checkOpen();
        return inet.getAddress();
    }

    /** Without one it is that of IP_MULTICAST_IF, or else the stack's first network. */
    private NetworkInterface interfaceFor(@Nullable NetworkInterface on) throws IOException {
        NetworkInterface by = on != null ? on : channel.getOption(StandardSocketOptions.IP_MULTICAST_IF);
        by = by != null ? by : Interfaces.first(channel.udpSocket().stack());
        if (by == null) {
            throw new SocketException(
                    "No such device: the kernel has no interface that means one of the stack's; name an interface");
        }
        return by;
    }

    // ---- options

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> option, T value) throws IOException {
        DatagramChannel ignored = channel.setOption(option, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        try {
            DatagramChannel ignored = channel.setOption(option, value);
        } catch (IOException e) {
            throw translated(e);
        }
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        try {
            T value = channel.getOption(option);
            if (value == null) {
                throw new AssertionError(option + " always has a value");
            }
            return value;
        } catch (IOException e) {
            throw translated(e);
        }
    }

    @Override
    public void setSendBufferSize(int bytes) throws SocketException {
        if (bytes <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, bytes);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int bytes) throws SocketException {
        if (bytes <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, bytes);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int tos) throws SocketException {
        set(StandardSocketOptions.IP_TOS, tos);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    // ---- end

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    private void checkOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    /** An interrupt is told of as such, as in later JDKs than 17. */
    private static IOException closed(ClosedChannelException e) {
        return e instanceof ClosedByInterruptException ? e : caused("Socket closed", e);
    }

    private static SocketException translated(Exception e) {
        if (e instanceof SocketException socket) {
            return socket;
        }
        if (e instanceof ClosedChannelException) {
            return caused("Socket is closed", e);
        }
        if (e instanceof AlreadyBoundException) {
            return caused("Already bound", e);
        }
        if (e instanceof UnresolvedAddressException) {
            return caused("Unresolved address", e);
        }
        if (e instanceof UnsupportedAddressTypeException) {
            return caused("Unsupported address type", e);
        }
        if (e instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        return caused(e.getMessage(), e);
    }

    private static SocketException caused(@Nullable String message, Exception cause) {
        SocketException exception = new SocketException(message);
        exception.initCause(cause);
        return exception;
    }
}
