package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLIN;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Options;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A listening socket as a channel. */
final class TcpServerChannel extends ServerSocketChannel implements StackChannel {
    private static final int DEFAULT_BACKLOG = 50;

    private final TowpathSelectorProvider provider;
    private final TcpSocket socket;
    private final ReentrantLock acceptLock = new ReentrantLock();
    private final ServerSocketAdaptor adaptor = new ServerSocketAdaptor(this);
    /** Where it listens; written under the lock. */
    private volatile @Nullable InetSocketAddress local;

    TcpServerChannel(TowpathSelectorProvider provider, TcpSocket socket) throws IOException {
        super(provider);
        this.provider = provider;
        this.socket = socket;
        try {
            socket.option(SockOpt.SO_REUSEADDR, true); // as the JDK's on Linux
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            InetSocketAddress at = address == null ? new InetSocketAddress(0) : Addresses.checked(address);
            socket.bind(Addresses.ip(at), at.getPort());
            socket.listen(backlog < 1 ? DEFAULT_BACKLOG : backlog);
            local = Addresses.socketAddress(socket.localEndpoint());
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            acceptLock.unlock();
        }
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        acceptLock.lock();
        try {
            return accept(isBlocking(), -1);
        } finally {
            acceptLock.unlock();
        }
    }

    /**
     * Waits {@code waitNanos} for a connection.
     *
     * @throws IllegalBlockingModeException if the channel is not in blocking mode
     * @throws SocketTimeoutException if none came in time
     */
    SocketChannel acceptWithin(long waitNanos) throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            SocketChannel accepted = accept(true, waitNanos);
            if (accepted == null) {
                throw new SocketTimeoutException("Accept timed out");
            }
            return accepted;
        } finally {
            acceptLock.unlock();
        }
    }

    private @Nullable SocketChannel accept(boolean blocking, long waitNanos) throws IOException {
        ensureOpen();
        TcpSocket accepted = null;
        try {
            if (blocking) {
                begin();
            }
            if (local == null) {
                throw new NotYetBoundException();
            }
            accepted = socket.tryAccept(blocking ? waitNanos : 0);
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(accepted != null);
            }
        }
        return accepted == null ? null : new TcpChannel(provider, accepted, accepted.peer());
    }

    @Override
    public ServerSocket socket() {
        return adaptor;
    }

    /** Where it listens, or did before it was closed. */
    @Nullable
    InetSocketAddress local() {
        return local;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> option, T value) throws IOException {
        if (supportedOptions().contains(option)) {
            Options.checkType(option, value);
        }
        ensureOpenIfSupported(option);
        Options.SERVER_CHANNEL.set(socket, option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        ensureOpenIfSupported(option);
        return Options.SERVER_CHANNEL.get(socket, option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Options.SERVER_CHANNEL.supported();
    }

    private void ensureOpenIfSupported(SocketOption<?> option) throws ClosedChannelException {
        if (supportedOptions().contains(option)) {
            ensureOpen(); // as in the JDK: what is wrong with the option comes first
        }
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    @SuppressWarnings("LockNotBeforeTry") // to have had the lock is all: whoever is in a call has left it
    protected void implConfigureBlocking(boolean block) throws IOException {
        acceptLock.lock(); // a mode holds for the whole of a call
        acceptLock.unlock();
    }

    /**
     * At once, whether registered or not: the JDK keeps the port until the selectors have let go of it, and nobody gains
     * by that.
     */
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        release();
    }

    @Override
    public void release() throws IOException {
        Closing.close(socket);
    }

    @Override
    public Pollable pollable() {
        return socket;
    }

    @Override
    public int pollEvents(int interestOps) {
        return POLLIN;
    }

    @Override
    public int readyOps(int events) {
        return (events & POLLIN) != 0 ? SelectionKey.OP_ACCEPT : 0;
    }

    @Override
    public String toString() {
        InetSocketAddress at = local;
        String state = at == null ? "unbound" : at.toString();
        return ServerSocketChannel.class.getName() + "[" + (isOpen() ? state : "closed") + "]";
    }
}
