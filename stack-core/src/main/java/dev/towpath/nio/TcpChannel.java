package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Options;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.TcpSocket;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket as a channel: how it comes to its connection, and how both end. What is done with the connection is in
 * {@link TcpStreamChannel}.
 */
final class TcpChannel extends TcpStreamChannel implements StackChannel {
    private enum State {
        UNCONNECTED,
        PENDING,
        CONNECTED
    }

    // Written with both locks held:
    private volatile State state = State.UNCONNECTED;
    private volatile @Nullable InetSocketAddress local;
    private volatile @Nullable InetSocketAddress remote;

    private final AtomicReference<@Nullable SocketAdaptor> adaptor = new AtomicReference<>();

    /** A new one. */
    TcpChannel(SelectorProvider provider, TcpSocket socket) {
        super(provider, socket);
    }

    /** One that has been accepted. */
    TcpChannel(SelectorProvider provider, TcpSocket accepted, @Nullable Endpoint peer) throws IOException {
        this(provider, accepted);
        if (peer != null) {
            remote = Addresses.socketAddress(peer);
        }
        local = localAddress();
        state = State.CONNECTED;
    }

    private @Nullable InetSocketAddress localAddress() throws IOException {
        try {
            return Addresses.socketAddress(socket.localEndpoint());
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    @Override
    public SocketChannel bind(@Nullable SocketAddress address) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            ensureOpen();
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
            if (local != null) {
                throw new AlreadyBoundException();
            }
            InetSocketAddress at = address == null ? new InetSocketAddress(0) : Addresses.checked(address);
            socket.bind(Addresses.ip(at), at.getPort());
            local = localAddress();
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
        return this;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        return connect(address, false, -1);
    }

    /**
     * Connects within {@code waitNanos}; a negative time is for ever.
     *
     * @throws IllegalBlockingModeException if the channel is not in blocking mode
     * @throws SocketTimeoutException if it has not been possible in time; the channel is closed then
     */
    void connectWithin(SocketAddress address, long waitNanos) throws IOException {
        if (!connect(address, true, waitNanos)) {
            close();
            throw new SocketTimeoutException("Connect timed out");
        }
    }

    private boolean connect(SocketAddress address, boolean mustBlock, long waitNanos) throws IOException {
        InetSocketAddress to = peer(Addresses.checked(address));
        try {
            readLock.lock();
            writeLock.lock();
            try {
                boolean blocking = isBlocking();
                if (mustBlock) {
                    ensureBlocking();
                }
                return connectLocked(to, blocking, waitNanos);
            } finally {
                writeLock.unlock();
                readLock.unlock();
            }
        } catch (IOException e) {
            close(); // the JDK's contract: one that has failed to connect is of no use
            throw e;
        }
    }

    private boolean connectLocked(InetSocketAddress to, boolean blocking, long waitNanos) throws IOException {
        ensureOpen();
        boolean connected = false;
        try {
            if (blocking) {
                begin();
            }
            if (state == State.CONNECTED) {
                throw new AlreadyConnectedException();
            }
            if (state == State.PENDING) {
                throw new ConnectionPendingException();
            }
            state = State.PENDING;
            remote = to;
            if (to.getPort() == 0) {
                throw Exceptions.connect(Errno.ECONNREFUSED, "nobody listens on port 0"); // as in Linux
            }
            connected = socket.tryConnect(Addresses.ip(to), to.getPort(), blocking ? waitNanos : 0);
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(connected);
            }
        }
        return connected && nowConnected();
    }

    private boolean nowConnected() throws IOException {
        local = localAddress();
        state = State.CONNECTED;
        return true;
    }

    /** As in the JDK, "any" as a peer means this host. */
    private static InetSocketAddress peer(InetSocketAddress given) {
        boolean plain = given.getAddress() instanceof Inet4Address
                && !given.getAddress().isAnyLocalAddress();
        if (plain) {
            return given;
        }
        return Addresses.socketAddress(new Endpoint(IpAddress.LOOPBACK_V4, given.getPort()));
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            readLock.lock();
            writeLock.lock();
            try {
                return isConnected() || finishConnectLocked();
            } finally {
                writeLock.unlock();
                readLock.unlock();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private boolean finishConnectLocked() throws IOException {
        ensureOpen();
        boolean blocking = isBlocking();
        boolean connected = false;
        try {
            if (blocking) {
                begin();
            }
            if (state != State.PENDING) {
                throw new NoConnectionPendingException();
            }
            connected = socket.finishConnect(blocking ? -1 : 0);
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(connected);
            }
        }
        return connected && nowConnected();
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED && isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return state == State.PENDING && isOpen();
    }

    /**
     * As in the JDK a channel that selectors know says farewell to its peer at once, but goes on to exist until they have
     * let go of it ({@link #release}): the selector may be about to look at it.
     */
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        boolean gently = !isBlocking() && isRegistered() && state == State.CONNECTED;
        if (!gently || !Closing.begin(socket)) {
            release();
        }
    }

    @Override
    public void release() throws IOException {
        Closing.close(socket);
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock(); // a mode holds for the whole of a call
        writeLock.lock();
        try {
            socket.nonBlocking(!block); // SO_LINGER goes by it, nothing else
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    public Socket socket() {
        if (adaptor.get() == null) {
            try {
                adaptor.compareAndSet(null, new SocketAdaptor(this));
            } catch (SocketException e) {
                throw new AssertionError("an adaptor opens nothing", e);
            }
        }
        return Objects.requireNonNull(adaptor.get());
    }

    /** Where it is bound, or was before it was closed. */
    @Nullable
    InetSocketAddress local() {
        return local;
    }

    /** Whom it is connected to, or was before it was closed. */
    @Nullable
    InetSocketAddress remote() {
        return state == State.CONNECTED ? remote : null;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remote;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        if (supportedOptions().contains(option)) {
            Options.checkType(option, value);
        }
        ensureOpenIfSupported(option);
        Options.STREAM.set(socket, option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        ensureOpenIfSupported(option);
        return Options.STREAM.get(socket, option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Options.STREAM.supported();
    }

    private void ensureOpenIfSupported(SocketOption<?> option) throws ClosedChannelException {
        if (supportedOptions().contains(option)) {
            ensureOpen(); // as in the JDK: what is wrong with the option comes first
        }
    }

    @Override
    void ensureConnected() throws ClosedChannelException {
        ensureOpen();
        if (state != State.CONNECTED) {
            throw new NotYetConnectedException();
        }
    }

    @Override
    public Pollable pollable() {
        return socket;
    }

    @Override
    public int pollEvents(int interestOps) {
        int reads = (interestOps & SelectionKey.OP_READ) != 0 ? POLLIN : 0;
        int writes = (interestOps & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0 ? POLLOUT : 0;
        return reads | writes;
    }

    @Override
    public int readyOps(int events) {
        boolean in = (events & POLLIN) != 0;
        boolean out = (events & POLLOUT) != 0;
        if (isConnectionPending()) {
            return out ? SelectionKey.OP_CONNECT : 0;
        }
        if (!isConnected()) {
            return 0;
        }
        return (in ? SelectionKey.OP_READ : 0) | (out ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(SocketChannel.class.getName()).append('[');
        if (!isOpen()) {
            return text.append("closed]").toString();
        }
        text.append(
                switch (state) {
                    case UNCONNECTED -> "unconnected";
                    case PENDING -> "connection-pending";
                    case CONNECTED -> "connected";
                });
        text.append(inputShut ? " ishut" : "").append(outputShut ? " oshut" : "");
        text.append(local == null ? "" : " local=" + local);
        text.append(remote == null ? "" : " remote=" + remote);
        return text.append(']').toString();
    }
}
