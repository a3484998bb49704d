package dev.towpath.socket;

import dev.towpath.stack.Core;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A socket as an object: the Berkeley verbs as methods. Safe from many threads; a call that waits is ended by
 * {@link #close} from another thread (EBADF), by an interrupt (EINTR, the thread's interrupt flag stays set), and by
 * the end of its stack (ENETDOWN).
 *
 * <p>Every call enters the stack through {@link #enter}, does its work under the stack's lock, perhaps {@link #await}s
 * in a loop, and leaves through {@code driver.leave()}, which sends what the call has caused.
 */
public abstract sealed class InetSocket extends Pollable permits TcpStream, UdpSocket {
    final Core core;
    boolean nonBlocking;
    boolean reuseAddress;
    boolean reusePort;
    /** SO_RCVTIMEO; 0 for ever. */
    long receiveTimeoutNanos;
    /** SO_SNDTIMEO; 0 for ever. */
    long sendTimeoutNanos;

    InetSocket(NetworkStack stack) {
        super(stack);
        this.core = stack.core();
    }

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
     * @param flags MSG_PEEK, MSG_DONTWAIT; streams: MSG_WAITALL (without MSG_PEEK); MSG_TRUNC: of a datagram the full
     *     length is returned, of a stream the bytes are thrown away (the position advances, nothing is copied)
     * @return bytes received; 0 at the end of a stream
     */
    public abstract int recv(ByteBuffer into, int flags) throws ErrnoException;

    /** Ends receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR). */
    public abstract void shutdown(int how) throws ErrnoException;

    /** The option's value (getsockopt). */
    public <T> T option(SockOpt<T> option) throws ErrnoException {
        enter("getsockopt");
        try {
            return read(option);
        } finally {
            driver.leave();
        }
    }

    /** Changes an option (setsockopt). */
    public <T> void option(SockOpt<T> option, T value) throws ErrnoException {
        enter("setsockopt");
        try {
            write(option, value);
        } finally {
            driver.leave();
        }
    }

    /** True for a socket whose calls never wait: fcntl's O_NONBLOCK. */
    public boolean nonBlocking() throws ErrnoException {
        enter("fcntl");
        try {
            return nonBlocking;
        } finally {
            driver.leave();
        }
    }

    /** From now on calls do not wait, or do again. */
    public void nonBlocking(boolean on) throws ErrnoException {
        enter("fcntl");
        try {
            nonBlocking = on;
        } finally {
            driver.leave();
        }
    }

    /** The local end (getsockname); 0.0.0.0:0 while unbound. */
    public Endpoint localEndpoint() throws ErrnoException {
        enter("getsockname");
        try {
            return local();
        } finally {
            driver.leave();
        }
    }

    /** The remote end (getpeername). */
    public Endpoint remoteEndpoint() throws ErrnoException {
        enter("getpeername");
        try {
            Endpoint remote = remote();
            if (remote == null) {
                throw new ErrnoException(Errno.ENOTCONN, "getpeername");
            }
            return remote;
        } finally {
            driver.leave();
        }
    }

    // Under the lock:

    abstract Endpoint local();

    abstract @Nullable Endpoint remote();

    abstract <T> T read(SockOpt<T> option) throws ErrnoException;

    abstract <T> void write(SockOpt<T> option, T value) throws ErrnoException;

    /** When a call that begins now has waited for a socket's {@code timeoutNanos}; 0 is for ever. */
    final long deadline(long timeoutNanos) {
        return deadlineIn(timeoutNanos == 0 ? -1 : timeoutNanos);
    }

    /** Maps "this host" to loopback, as every Berkeley system does, and refuses what can't be a peer. */
    static IpAddress peer(String call, IpAddress address, int port) throws ErrnoException {
        checkAddress(call, address, port);
        if (port == 0) {
            throw new ErrnoException(Errno.EADDRNOTAVAIL, call, "port 0 of " + address);
        }
        return address.isAny() ? IpAddress.LOOPBACK_V4 : address;
    }

    static void checkAddress(String call, IpAddress address, int port) throws ErrnoException {
        if (!address.isV4()) {
            throw new ErrnoException(Errno.EAFNOSUPPORT, call, address.toString());
        }
        if (port < 0 || port > 65_535) {
            throw new ErrnoException(Errno.EINVAL, call, "port " + port);
        }
    }

    static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
