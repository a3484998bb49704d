package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;

import dev.towpath.stack.Core;
import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.WaitPoint;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
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
public abstract sealed class InetSocket implements Closeable permits TcpSocket, UdpSocket {
    private static final int ALWAYS_REPORTED = POLLERR | POLLHUP;

    final NetworkStack stack;
    final Core core;
    final Driver driver;
    /** Where threads wait for something about this socket; made when the first does, and most sockets are idle. */
    private @Nullable WaitPoint changed;
    /** What the threads that wait at {@link #changed} wait for; none of them is woken for anything else. */
    private int waitedFor;

    private @Nullable Watch watches;
    private boolean closed;
    boolean nonBlocking;
    boolean reuseAddress;
    boolean reusePort;
    /** SO_RCVTIMEO; 0 for ever. */
    long receiveTimeoutNanos;
    /** SO_SNDTIMEO; 0 for ever. */
    long sendTimeoutNanos;

    /** Somebody who watches the socket's readiness: one link of the list of them. */
    abstract static class Watch {
        @Nullable
        Watch next;

        /** What the watcher wants to know of. */
        int events;

        /** The socket has become ready for some of it. */
        abstract void ready();

        /** The socket has been closed; it need not be unwatched. */
        abstract void socketClosed();
    }

    InetSocket(NetworkStack stack) {
        this.stack = stack;
        this.core = stack.core();
        this.driver = stack.driver();
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

    /** What poll would say now: POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP. */
    public int readiness() throws ErrnoException {
        enter("poll");
        try {
            return ready();
        } finally {
            driver.leave();
        }
    }

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

    /** False after {@link #close}, and after the end of its stack. */
    public boolean isOpen() {
        driver.enter();
        try {
            return !closed && driver.running();
        } finally {
            driver.leave();
        }
    }

    /** The stack that it was opened on. */
    public NetworkStack stack() {
        return stack;
    }

    /** Ends the socket; calls that wait on it fail with EBADF. Waits only as SO_LINGER says. Idempotent. */
    @Override
    public abstract void close() throws ErrnoException;

    // Under the lock:

    /** See {@link #readiness}. */
    abstract int ready();

    abstract Endpoint local();

    abstract @Nullable Endpoint remote();

    abstract <T> T read(SockOpt<T> option) throws ErrnoException;

    abstract <T> void write(SockOpt<T> option, T value) throws ErrnoException;

    final boolean closed() {
        return closed;
    }

    /** Takes the lock for {@code call}; the caller must {@code driver.leave()}, unless this throws. */
    final void enter(String call) throws ErrnoException {
        driver.enter();
        ErrnoException refusal = refusal(call);
        if (refusal != null) {
            driver.leave();
            throw refusal;
        }
    }

    private @Nullable ErrnoException refusal(String call) {
        if (closed) {
            return new ErrnoException(Errno.EBADF, call);
        }
        return driver.running() ? null : new ErrnoException(Errno.ENETDOWN, call, stack.toString(), driver.failure());
    }

    /** When a call that begins now has waited long enough; {@code timeoutNanos} 0 is for ever. */
    final long deadline(long timeoutNanos) {
        return timeoutNanos == 0 ? Driver.NEVER : deadlineAfter(timeoutNanos);
    }

    /** {@code nanos} from now; 0 is now. */
    final long deadlineAfter(long nanos) {
        long deadline = driver.nowNanos() + nanos;
        return deadline < driver.nowNanos() ? Driver.NEVER : deadline;
    }

    /**
     * Waits once, for {@code events} of {@link #ready}; the caller looks again.
     *
     * @return false if the deadline has come
     * @throws ErrnoException EINTR, EBADF or ENETDOWN
     */
    final boolean await(String call, int events, long deadlineNanos) throws ErrnoException {
        if (driver.nowNanos() >= deadlineNanos) {
            return false;
        }
        waitedFor |= events;
        if (!driver.await(waitPoint(), deadlineNanos)) {
            throw new ErrnoException(Errno.EINTR, call);
        }
        ErrnoException refusal = refusal(call);
        if (refusal != null) {
            throw refusal;
        }
        return true;
    }

    /** The core says that something has changed: whoever waits for what there is now may look. */
    final void changed() {
        int ready = ready();
        if ((ready & (waitedFor | ALWAYS_REPORTED)) != 0) {
            waitedFor = 0;
            wakeAll();
        }
        for (Watch watch = watches; watch != null; watch = watch.next) {
            if ((ready & (watch.events | ALWAYS_REPORTED)) != 0) {
                watch.ready();
            }
        }
    }

    /** From now on it is closed: everybody is told. */
    final void endWaits() {
        closed = true;
        wakeAll();
        Watch watch = watches;
        watches = null;
        while (watch != null) {
            Watch next = watch.next;
            watch.socketClosed();
            watch = next;
        }
    }

    /** Wakes whoever waits, to look whether it is still worth it. */
    final void wakeAll() {
        if (changed != null) {
            changed.signal();
        }
    }

    /** Where to wait. */
    final WaitPoint waitPoint() {
        WaitPoint point = changed;
        if (point == null) {
            point = driver.newWaitPoint();
            changed = point;
        }
        return point;
    }

    final void watch(Watch watch) {
        watch.next = watches;
        watches = watch;
    }

    final void unwatch(Watch gone) {
        if (watches == gone) {
            watches = gone.next;
            return;
        }
        for (Watch watch = watches; watch != null; watch = watch.next) {
            if (watch.next == gone) {
                watch.next = gone.next;
                return;
            }
        }
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

    /** What a call returns that can't wait (any longer). */
    static int partial(String call, int transferred) throws ErrnoException {
        if (transferred > 0) {
            return transferred;
        }
        throw new ErrnoException(Errno.EAGAIN, call);
    }

    static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
