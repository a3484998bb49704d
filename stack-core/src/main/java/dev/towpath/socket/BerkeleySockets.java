package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.AF_INET;
import static dev.towpath.socket.SocketConstants.IPPROTO_TCP;
import static dev.towpath.socket.SocketConstants.IPPROTO_UDP;
import static dev.towpath.socket.SocketConstants.SOCK_DGRAM;
import static dev.towpath.socket.SocketConstants.SOCK_NONBLOCK;
import static dev.towpath.socket.SocketConstants.SOCK_STREAM;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Berkeley calls on integer descriptors: a table of {@link InetSocket}s, and nothing that those don't do
 * themselves. What C returns as -1 and errno is an {@link ErrnoException} here. Safe from many threads.
 */
public final class BerkeleySockets implements Closeable {
    /** Descriptors that a table holds unless told otherwise. */
    public static final int DEFAULT_LIMIT = 65_536;

    private final NetworkStack stack;
    private final DescriptorTable table;

    /** An empty table for sockets of {@code stack}. */
    public BerkeleySockets(NetworkStack stack) {
        this(stack, DEFAULT_LIMIT);
    }

    /** An empty table for at most {@code limit} sockets of {@code stack}. */
    public BerkeleySockets(NetworkStack stack, int limit) {
        this.stack = stack;
        this.table = new DescriptorTable(limit);
    }

    /**
     * A new socket's descriptor, the lowest that is free.
     *
     * @param domain AF_INET
     * @param type SOCK_STREAM or SOCK_DGRAM, with SOCK_NONBLOCK or without
     * @param protocol 0, IPPROTO_TCP or IPPROTO_UDP
     */
    public int socket(int domain, int type, int protocol) throws ErrnoException {
        if (domain != AF_INET) {
            throw new ErrnoException(Errno.EAFNOSUPPORT, "socket", "domain " + domain);
        }
        int kind = type & ~SOCK_NONBLOCK;
        if (kind != SOCK_STREAM && kind != SOCK_DGRAM) {
            throw new ErrnoException(Errno.ESOCKTNOSUPPORT, "socket", "type " + kind);
        }
        if (protocol != 0 && protocol != (kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP)) {
            throw new ErrnoException(Errno.EPROTONOSUPPORT, "socket", "protocol " + protocol);
        }
        InetSocket socket = kind == SOCK_STREAM ? TcpSocket.open(stack) : UdpSocket.open(stack);
        return install("socket", socket, type);
    }

    private int install(String call, InetSocket socket, int flags) throws ErrnoException {
        if ((flags & SOCK_NONBLOCK) != 0) {
            socket.nonBlocking(true);
        }
        int fd = table.add(socket);
        if (fd < 0) {
            socket.close();
            throw new ErrnoException(Errno.EMFILE, call);
        }
        return fd;
    }

    /** Claims a local address and port. */
    public void bind(int fd, IpAddress address, int port) throws ErrnoException {
        open("bind", fd).bind(address, port);
    }

    /** Makes a stream socket accept connections. */
    public void listen(int fd, int backlog) throws ErrnoException {
        stream("listen", fd).listen(backlog);
    }

    /** The next connection's new descriptor. */
    public int accept(int fd) throws ErrnoException {
        return accept4(fd, null, 0);
    }

    /**
     * The next connection's new descriptor, made with {@code flags} (SOCK_NONBLOCK or 0); notes who it is in
     * {@code peer}.
     */
    public int accept4(int fd, @Nullable SockAddr peer, int flags) throws ErrnoException {
        TcpSocket listening = stream("accept", fd);
        if (table.full()) {
            throw new ErrnoException(Errno.EMFILE, "accept"); // before a connection is taken, and lost
        }
        TcpSocket accepted = listening.accept();
        if (peer != null) {
            accepted.peer(peer);
        }
        return install("accept", accepted, flags);
    }

    /** Connects; a null address makes a datagram socket forget its peer, as AF_UNSPEC does in C. */
    public void connect(int fd, @Nullable IpAddress address, int port) throws ErrnoException {
        if (address == null) {
            datagram("connect", fd, Errno.EAFNOSUPPORT).disconnect();
        } else {
            open("connect", fd).connect(address, port);
        }
    }

    /** Sends what remains in {@code data}. */
    public int send(int fd, ByteBuffer data, int flags) throws ErrnoException {
        return open("send", fd).send(data, flags);
    }

    /** Sends {@code length} bytes from {@code offset}. */
    public int send(int fd, byte[] data, int offset, int length, int flags) throws ErrnoException {
        return send(fd, wrap("send", data, offset, length), flags);
    }

    /** Receives into {@code into}; 0 at the end of a stream. */
    public int recv(int fd, ByteBuffer into, int flags) throws ErrnoException {
        return open("recv", fd).recv(into, flags);
    }

    /** Receives at most {@code length} bytes to {@code offset}; 0 at the end of a stream. */
    public int recv(int fd, byte[] into, int offset, int length, int flags) throws ErrnoException {
        return recv(fd, wrap("recv", into, offset, length), flags);
    }

    /** Sends a datagram to the given peer; with a null address, or on a stream, to the connected one. */
    public int sendto(int fd, ByteBuffer data, int flags, @Nullable IpAddress address, int port) throws ErrnoException {
        InetSocket socket = open("sendto", fd);
        return address != null && socket instanceof UdpSocket datagram
                ? datagram.sendTo(data, flags, address, port)
                : socket.send(data, flags);
    }

    /** Sends a datagram of {@code length} bytes from {@code offset}. */
    public int sendto(int fd, byte[] data, int offset, int length, int flags, @Nullable IpAddress address, int port)
            throws ErrnoException {
        return sendto(fd, wrap("sendto", data, offset, length), flags, address, port);
    }

    /** Receives a datagram and notes its sender; on a stream just receives, and leaves {@code from} alone. */
    public int recvfrom(int fd, ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
        InetSocket socket = open("recvfrom", fd);
        return socket instanceof UdpSocket datagram ? datagram.recvFrom(into, flags, from) : socket.recv(into, flags);
    }

    /** Receives a datagram of at most {@code length} bytes to {@code offset} and notes its sender. */
    public int recvfrom(int fd, byte[] into, int offset, int length, int flags, @Nullable SockAddr from)
            throws ErrnoException {
        return recvfrom(fd, wrap("recvfrom", into, offset, length), flags, from);
    }

    /** Sends a message; on a stream just its data. */
    public int sendmsg(int fd, MsgHdr message, int flags) throws ErrnoException {
        InetSocket socket = open("sendmsg", fd);
        if (socket instanceof UdpSocket datagram) {
            return datagram.sendMsg(message, flags);
        }
        message.length = socket.send(message.data, flags);
        return message.length;
    }

    /** Receives a message; on a stream just data. */
    public int recvmsg(int fd, MsgHdr message, int flags) throws ErrnoException {
        InetSocket socket = open("recvmsg", fd);
        if (socket instanceof UdpSocket datagram) {
            return datagram.recvMsg(message, flags);
        }
        message.length = socket.recv(message.data, flags);
        return message.length;
    }

    /** Sends {@code vlen} messages of a datagram socket at once: {@link UdpSocket#sendMmsg(MsgHdr[], int, int)}. */
    public int sendmmsg(int fd, MsgHdr[] msgvec, int vlen, int flags) throws ErrnoException {
        return datagram("sendmmsg", fd, Errno.EOPNOTSUPP).sendMmsg(msgvec, vlen, flags);
    }

    /**
     * Receives up to {@code vlen} messages of a datagram socket at once:
     * {@link UdpSocket#recvMmsg(MsgHdr[], int, int, Duration)}.
     *
     * @param timeout null for none
     */
    public int recvmmsg(int fd, MsgHdr[] msgvec, int vlen, int flags, @Nullable Duration timeout)
            throws ErrnoException {
        return datagram("recvmmsg", fd, Errno.EOPNOTSUPP).recvMmsg(msgvec, vlen, flags, timeout);
    }

    /** Ends receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR). */
    public void shutdown(int fd, int how) throws ErrnoException {
        open("shutdown", fd).shutdown(how);
    }

    /** Closes the socket and frees the descriptor, at once even if the close itself waits (SO_LINGER). */
    public void close(int fd) throws ErrnoException {
        InetSocket socket = table.remove(fd);
        if (socket == null) {
            throw closed("close", fd);
        }
        socket.close();
    }

    /** An option's value. */
    public <T> T getsockopt(int fd, SockOpt<T> option) throws ErrnoException {
        return open("getsockopt", fd).option(option);
    }

    /** Changes an option. */
    public <T> void setsockopt(int fd, SockOpt<T> option, T value) throws ErrnoException {
        open("setsockopt", fd).option(option, value);
    }

    /** The local end; 0.0.0.0:0 while unbound. */
    public Endpoint getsockname(int fd) throws ErrnoException {
        return open("getsockname", fd).localEndpoint();
    }

    /** The remote end. */
    public Endpoint getpeername(int fd) throws ErrnoException {
        return open("getpeername", fd).remoteEndpoint();
    }

    /** What fcntl does with O_NONBLOCK. */
    public void nonBlocking(int fd, boolean on) throws ErrnoException {
        open("fcntl", fd).nonBlocking(on);
    }

    /**
     * Waits until one of the descriptors is ready, and fills in every {@link PollFd#revents}. Costs what is watched;
     * {@link Poller} does not.
     *
     * @param timeoutMillis 0 only looks, a negative time waits for ever
     * @return entries whose revents are not 0
     */
    public int poll(PollFd[] fds, int timeoutMillis) throws ErrnoException {
        @Nullable InetSocket[] sockets = new @Nullable InetSocket[fds.length];
        for (int i = 0; i < fds.length; i++) {
            sockets[i] = table.find(fds[i].fd);
        }
        return new PollCall(stack, fds, sockets).run(timeoutMillis);
    }

    /** The socket behind a descriptor, for {@link Poller} and whatever else takes objects. */
    public InetSocket object(int fd) throws ErrnoException {
        return open("fd", fd);
    }

    /** Closes every socket in the table. Those that linger are interrupted by nothing but their time. */
    @Override
    public void close() throws ErrnoException {
        ErrnoException failed = null;
        for (InetSocket socket : table.removeAll()) {
            try {
                socket.close();
            } catch (ErrnoException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private InetSocket open(String call, int fd) throws ErrnoException {
        InetSocket socket = table.find(fd);
        if (socket == null) {
            throw closed(call, fd);
        }
        return socket;
    }

    private TcpSocket stream(String call, int fd) throws ErrnoException {
        if (open(call, fd) instanceof TcpSocket socket) {
            return socket;
        }
        throw new ErrnoException(Errno.EOPNOTSUPP, call, "descriptor " + fd + " is a datagram socket");
    }

    private UdpSocket datagram(String call, int fd, Errno otherwise) throws ErrnoException {
        if (open(call, fd) instanceof UdpSocket socket) {
            return socket;
        }
        throw new ErrnoException(otherwise, call, "descriptor " + fd + " is a stream");
    }

    private static ErrnoException closed(String call, int fd) {
        return new ErrnoException(Errno.EBADF, call, "descriptor " + fd);
    }

    private static ByteBuffer wrap(String call, byte[] bytes, int offset, int length) throws ErrnoException {
        if ((offset | length) < 0 || length > bytes.length - offset) {
            throw new ErrnoException(
                    Errno.EFAULT, call, length + " bytes from " + offset + " in an array of " + bytes.length);
        }
        return ByteBuffer.wrap(bytes, offset, length);
    }
}
