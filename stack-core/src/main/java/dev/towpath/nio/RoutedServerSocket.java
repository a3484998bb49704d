package dev.towpath.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link RoutedServerSocketChannel#socket} returns, as {@link RoutedSocket}. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the channel behind it has locks of its own
final class RoutedServerSocket extends ServerSocket {
    private final RoutedServerSocketChannel channel;
    private int timeoutMillis;

    RoutedServerSocket(RoutedServerSocketChannel channel) {
        super((@Nullable SocketImpl) null); // every method is overridden
        this.channel = channel;
    }

    private ServerSocket now() {
        return channel.actual().socket();
    }

    private <T> void option(SocketOption<T> name, T value) throws SocketException {
        RoutedOptions.set(channel, name, value);
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        bind(local, 0);
    }

    @Override
    public void bind(@Nullable SocketAddress local, int backlog) throws IOException {
        RoutedOptions.bind(channel, local, backlog);
        now().setSoTimeout(timeoutMillis);
    }

    @Override
    public Socket accept() throws IOException {
        Socket accepted = now().accept();
        SocketChannel of = accepted.getChannel();
        return of == null ? accepted : channel.routed(of).socket();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return now().getInetAddress();
    }

    @Override
    public int getLocalPort() {
        return now().getLocalPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return now().getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public boolean isBound() {
        return now().isBound();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        now().setSoTimeout(millis);
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() throws IOException {
        return now().getSoTimeout();
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
    public void setReceiveBufferSize(int bytes) throws SocketException {
        option(StandardSocketOptions.SO_RCVBUF, RoutedOptions.size(bytes));
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return now().getReceiveBufferSize();
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
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

    @Override
    public String toString() {
        return now().toString();
    }
}
