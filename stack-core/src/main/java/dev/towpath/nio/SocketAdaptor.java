package dev.towpath.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A channel as a {@link Socket}: the same connection, with time-outs and streams. It throws what the JDK's throws. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the channel has locks that virtual threads can wait for
final class SocketAdaptor extends Socket {
    private static final long FOR_EVER = -1;

    private final TcpChannel channel;
    /** SO_TIMEOUT, of the adaptor only: the channel's own calls wait for ever. */
    private volatile int timeoutMillis;

    /** Remembered and no more: urgent data stays in its place in the stream (RFC 6093). */
    private volatile boolean outOfBandInline;

    SocketAdaptor(TcpChannel channel) throws SocketException {
        super(new NoSocketImpl());
        this.channel = channel;
    }

    /** A wait as the channel takes it; 0 milliseconds are for ever. */
    static long nanos(int millis) {
        return millis == 0 ? FOR_EVER : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public SocketChannel getChannel() {
        return channel;
    }

    // ---- connecting

    @Override
    public void connect(SocketAddress peer) throws IOException {
        connect(peer, 0);
    }

    @Override
    public void connect(@Nullable SocketAddress peer, int timeout) throws IOException {
        if (peer == null) {
            throw new IllegalArgumentException("connect: The address can't be null");
        }
        if (timeout < 0) {
            throw new IllegalArgumentException("connect: timeout can't be negative");
        }
        try {
            if (channel.isConnected()) {
                throw new AlreadyConnectedException();
            }
            if (!channel.isOpen()) {
                throw closed(peer);
            }
            channel.connectWithin(peer, nanos(timeout));
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.ofConnect(e);
        }
    }

    /** What the JDK tells one who connects what is closed. */
    private static IOException closed(SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet && !inet.isUnresolved()) {
            return new AsynchronousCloseException();
        }
        return new SocketException("Socket is closed");
    }

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        try {
            SocketChannel ignored = channel.bind(local);
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.of(e);
        }
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return channel.local();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? 0 : remote.getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        InetSocketAddress local = channel.local();
        return channel.isOpen() && local != null ? local.getAddress() : new InetSocketAddress(0).getAddress();
    }

    @Override
    public int getLocalPort() {
        InetSocketAddress local = channel.local();
        return local == null ? -1 : local.getPort();
    }

    // ---- streams

    @Override
    public InputStream getInputStream() throws IOException {
        ensureConnected();
        if (channel.inputShut) {
            throw new SocketException("Socket input is shutdown");
        }
        return new ChannelInput(channel, () -> nanos(timeoutMillis));
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        ensureConnected();
        if (channel.outputShut) {
            throw new SocketException("Socket output is shutdown");
        }
        return new ChannelOutput(channel);
    }

    private void ensureConnected() throws SocketException {
        ensureOpen();
        if (!channel.isConnected()) {
            throw new SocketException("Socket is not connected");
        }
    }

    private void ensureOpen() throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
    }

    /** The stack never sends urgent data (RFC 6093). */
    @Override
    public void sendUrgentData(int data) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (!channel.isConnected()) {
            throw new NotYetConnectedException();
        }
        throw new SocketException("Urgent data not supported");
    }

    @Override
    public void shutdownInput() throws IOException {
        try {
            SocketChannel ignored = channel.shutdownInput();
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.of(e);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            SocketChannel ignored = channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.of(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    // ---- states

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return channel.inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return channel.outputShut;
    }

    @Override
    public String toString() {
        return isConnected()
                ? "Socket[addr=" + getInetAddress() + ",port=" + getPort() + ",localport=" + getLocalPort() + "]"
                : "Socket[unconnected]";
    }

    // ---- options

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
        SocketChannel ignored = channel.setOption(name, value);
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

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        try {
            SocketChannel ignored = channel.setOption(name, value);
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.socket(e);
        }
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        try {
            return channel.getOption(name);
        } catch (IOException | RuntimeException e) {
            throw SocketExceptions.socket(e);
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        ensureOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout can't be negative");
        }
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMillis;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        set(StandardSocketOptions.TCP_NODELAY, on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return get(StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
        set(StandardSocketOptions.SO_LINGER, on ? seconds : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return get(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        ensureOpen();
        outOfBandInline = on;
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        ensureOpen();
        return outOfBandInline;
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_KEEPALIVE, on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return get(StandardSocketOptions.SO_KEEPALIVE);
    }

    @Override
    public void setTrafficClass(int tos) throws SocketException {
        set(StandardSocketOptions.IP_TOS, tos);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }
}
