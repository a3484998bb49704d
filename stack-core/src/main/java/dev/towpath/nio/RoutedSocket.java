package dev.towpath.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RoutedSocketChannel#socket} returns: it stands for the adaptor of the channel that does the work, which
 * may be another one later. What is to outlast that is set on the channel.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the channel behind it has locks of its own
final class RoutedSocket extends Socket {
    private final RoutedSocketChannel channel;
    /** SO_TIMEOUT is the adaptor's own affair, and the next one has to be told. */
    private int timeoutMillis;

    private boolean outOfBandInline;

    private RoutedSocket(RoutedSocketChannel channel) throws SocketException {
        super((@Nullable SocketImpl) null); // every method is overridden
        this.channel = channel;
    }

    static RoutedSocket of(RoutedSocketChannel channel) {
        try {
            return new RoutedSocket(channel);
        } catch (SocketException e) {
            throw new AssertionError("nothing has been opened", e);
        }
    }

    private Socket now() {
        return channel.actual().socket();
    }

    private Socket timed() throws SocketException {
        Socket now = now();
        if (now.getSoTimeout() != timeoutMillis) {
            now.setSoTimeout(timeoutMillis);
        }
        return now;
    }

    private <T> void option(SocketOption<T> name, T value) throws SocketException {
        RoutedOptions.set(channel, name, value);
    }

    @Override
    public void connect(SocketAddress remote) throws IOException {
        connect(remote, 0);
    }

    @Override
    public void connect(SocketAddress remote, int timeout) throws IOException {
        channel.settleFor(remote);
        try {
            now().connect(remote, timeout);
        } finally {
            channel.follow();
        }
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        RoutedOptions.bind(channel, local);
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return now().getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return now().getLocalAddress();
    }

    @Override
    public int getPort() {
        return now().getPort();
    }

    @Override
    public int getLocalPort() {
        return now().getLocalPort();
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
    public SocketChannel getChannel() {
        return channel;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return timed().getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return now().getOutputStream();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        option(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return now().getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        if (on && seconds < 0) {
            throw new IllegalArgumentException("invalid value for SO_LINGER");
        }
        option(StandardSocketOptions.SO_LINGER, on ? Math.min(seconds, 65_535) : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return now().getSoLinger();
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        now().sendUrgentData(data);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        now().setOOBInline(on);
        outOfBandInline = on;
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return outOfBandInline;
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
    public void setKeepAlive(boolean on) throws SocketException {
        option(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return now().getKeepAlive();
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
    public void setReuseAddress(boolean on) throws SocketException {
        option(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return now().getReuseAddress();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        now().shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        now().shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return now().isConnected();
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
    public boolean isInputShutdown() {
        return now().isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return now().isOutputShutdown();
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
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
