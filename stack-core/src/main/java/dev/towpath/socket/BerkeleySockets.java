package dev.towpath.socket;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The Berkeley calls on integer descriptors: a table of {@link InetSocket}s, and nothing that those don't do themselves. */
public final class BerkeleySockets implements Closeable {
    /** Descriptors that a table holds unless told otherwise. */
    public static final int DEFAULT_LIMIT = 65_536;

    /** An empty table for sockets of {@code stack}. */
    public BerkeleySockets(NetworkStack stack) {
        this(stack, DEFAULT_LIMIT);
    }

    /** An empty table for at most {@code limit} sockets of {@code stack}. */
    public BerkeleySockets(NetworkStack stack, int limit) {
        throw new UnsupportedOperationException();
    }

    /**
     * A new socket's descriptor, the lowest that is free.
     *
     * @param domain AF_INET
     * @param type SOCK_STREAM or SOCK_DGRAM, with SOCK_NONBLOCK or without
     * @param protocol 0, IPPROTO_TCP or IPPROTO_UDP
     */
    public int socket(int domain, int type, int protocol) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Claims a local address and port. */
    public void bind(int fd, IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Makes a stream socket accept connections. */
    public void listen(int fd, int backlog) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The next connection's new descriptor. */
    public int accept(int fd) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The next connection's new descriptor, made with {@code flags} (SOCK_NONBLOCK or 0); notes who it is in {@code peer}. */
    public int accept4(int fd, @Nullable SockAddr peer, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Connects; a null address makes a datagram socket forget its peer, as AF_UNSPEC does in C. */
    public void connect(int fd, @Nullable IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Sends what remains in {@code data}. */
    public int send(int fd, ByteBuffer data, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Sends {@code length} bytes from {@code offset}. */
    public int send(int fd, byte[] data, int offset, int length, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Receives into {@code into}; 0 at the end of a stream. */
    public int recv(int fd, ByteBuffer into, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Receives at most {@code length} bytes to {@code offset}; 0 at the end of a stream. */
    public int recv(int fd, byte[] into, int offset, int length, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Sends a datagram to the given peer; a null address means the connected one. */
    public int sendto(int fd, ByteBuffer data, int flags, @Nullable IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Sends a datagram of {@code length} bytes from {@code offset}. */
    public int sendto(int fd, byte[] data, int offset, int length, int flags, @Nullable IpAddress address, int port)
            throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Receives a datagram and notes its sender. */
    public int recvfrom(int fd, ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Receives a datagram of at most {@code length} bytes to {@code offset} and notes its sender. */
    public int recvfrom(int fd, byte[] into, int offset, int length, int flags, @Nullable SockAddr from)
            throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Ends receiving, sending or both. */
    public void shutdown(int fd, int how) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Closes the socket and frees the descriptor. */
    public void close(int fd) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** An option's value. */
    public <T> T getsockopt(int fd, SockOpt<T> option) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Changes an option. */
    public <T> void setsockopt(int fd, SockOpt<T> option, T value) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The local end. */
    public Endpoint getsockname(int fd) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The remote end. */
    public Endpoint getpeername(int fd) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** What fcntl does with O_NONBLOCK. */
    public void nonBlocking(int fd, boolean on) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until one of the descriptors is ready, and fills in every {@link PollFd#revents}. Costs what is watched; {@link Poller} does not.
     *
     * @param timeoutMillis 0 only looks, a negative time waits for ever
     * @return entries whose revents are not 0
     */
    public int poll(PollFd[] fds, int timeoutMillis) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The socket behind a descriptor, for {@link Poller} and whatever else takes objects. */
    public InetSocket object(int fd) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Closes every socket in the table. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
