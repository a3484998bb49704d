package dev.towpath.nio;

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
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link RoutedDatagramChannel#socket} returns, as {@link RoutedSocket}. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the channel behind it has locks of its own
final class RoutedDatagramSocket extends DatagramSocket {
    private final RoutedDatagramChannel channel;
    private volatile int timeoutMillis;

    RoutedDatagramSocket(RoutedDatagramChannel channel) {
        super(new NoDatagramImpl()); // every method is overridden
        this.channel = channel;
    }

    private DatagramSocket now() {
        return channel.actual().socket();
    }

    private DatagramSocket timed() throws SocketException {
        DatagramSocket now = now();
        if (!now.isClosed() && now.getSoTimeout() != timeoutMillis) {
            now.setSoTimeout(timeoutMillis);
        }
        return now;
    }

    private <T> void option(SocketOption<T> name, T value) throws SocketException {
        RoutedOptions.set(channel, name, value);
    }

    private void settleFor(@Nullable SocketAddress remote) throws SocketException {
        try {
            if (remote != null) {
                channel.settleFor(remote);
            }
        } catch (IOException e) {
            throw RoutedOptions.socketException(e);
        }
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws SocketException {
        try {
            RoutedOptions.bind(channel, local);
        } catch (IOException e) {
            throw RoutedOptions.socketException(e);
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        try {
            settleFor(address == null ? null : new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        now().connect(address, port);
    }

    @Override
    public void connect(SocketAddress remote) throws SocketException {
        settleFor(remote);
        now().connect(remote);
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        settleFor(packet.getAddress() == null ? null : packet.getSocketAddress());
        now().send(packet);
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        channel.settleForListening();
        timed().receive(packet);
    }

    @Override
    public void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        settleFor(group);
        now().joinGroup(group, on);
    }

    @Override
    public void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        now().leaveGroup(group, on);
    }

    @Override
    public void disconnect() {
        now().disconnect();
    }

    @Override
    public boolean isBound() {
        return now().isBound();
    }

    @Override
    public boolean isConnected() {
        return now().isConnected();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return now().getInetAddress();
    }

    @Override
    public int getPort() {
        return now().getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return now().getRemoteSocketAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return now().getLocalSocketAddress();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        return now().getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return now().getLocalPort();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        now().setSoTimeout(millis);
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return timed().getSoTimeout();
    }

    @Override
    public void setSendBufferSize(int bytes) throws SocketException {
        option(StandardSocketOptions.SO_SNDBUF, RoutedOptions.size(bytes));
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return now().getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int bytes) throws SocketException {
        option(StandardSocketOptions.SO_RCVBUF, RoutedOptions.size(bytes));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return now().getReceiveBufferSize();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        option(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return now().getReuseAddress();
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        option(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return now().getBroadcast();
    }

    @Override
    public void setTrafficClass(int tos) throws SocketException {
        option(StandardSocketOptions.IP_TOS, tos);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return now().getTrafficClass();
    }

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

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        DatagramChannel ignored = channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }
}
