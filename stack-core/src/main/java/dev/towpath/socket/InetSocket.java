package dev.towpath.socket;

import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * A socket as an object: the Berkeley verbs as methods. Safe from many threads; a call that waits is ended by {@link #close} from another thread
 * (EBADF), by an interrupt (EINTR), and by the end of its stack (ENETDOWN).
 */
public abstract sealed class InetSocket implements Closeable permits TcpSocket, UdpSocket {
    InetSocket() {}

    /** Claims a local address ({@link IpAddress#ANY_V4} for all of the stack's) and port (0 for an ephemeral one). */
    public abstract void bind(IpAddress address, int port) throws ErrnoException;

    /** Connects a stream, or fixes a datagram socket's peer. */
    public abstract void connect(IpAddress address, int port) throws ErrnoException;

    /**
     * Sends what remains in {@code data}; its position advances by what was taken.
     *
     * @param flags MSG_DONTWAIT, MSG_MORE
     * @return bytes taken: all, unless the socket does not wait
     */
    public abstract int send(ByteBuffer data, int flags) throws ErrnoException;

    /**
     * Receives into {@code into}; its position advances by what was copied.
     *
     * @param flags MSG_PEEK, MSG_DONTWAIT, MSG_WAITALL, MSG_TRUNC
     * @return bytes received; 0 at the end of a stream
     */
    public abstract int recv(ByteBuffer into, int flags) throws ErrnoException;

    /** Ends receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR). */
    public abstract void shutdown(int how) throws ErrnoException;

    /** What poll would say now: POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP. */
    public int readiness() {
        throw new UnsupportedOperationException();
    }

    /** The option's value (getsockopt). */
    public <T> T option(SockOpt<T> option) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Changes an option (setsockopt). */
    public <T> void option(SockOpt<T> option, T value) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** True for a socket whose calls never wait: fcntl's O_NONBLOCK. */
    public boolean nonBlocking() {
        throw new UnsupportedOperationException();
    }

    /** From now on calls do not wait, or do again. */
    public void nonBlocking(boolean on) {
        throw new UnsupportedOperationException();
    }

    /** The local end (getsockname); 0.0.0.0:0 while unbound. */
    public Endpoint localEndpoint() throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The remote end (getpeername). */
    public Endpoint remoteEndpoint() throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** False after {@link #close}. */
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** Ends the socket; calls that wait on it fail with EBADF. Waits only as SO_LINGER says. Idempotent. */
    @Override
    public abstract void close() throws ErrnoException;
}
