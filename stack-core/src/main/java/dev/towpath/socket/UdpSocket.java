package dev.towpath.socket;

import static dev.towpath.socket.OptionTable.bufferSize;
import static dev.towpath.socket.OptionTable.within;
import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.POLLRDHUP;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_RDWR;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.ip.TransportError;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.stack.NetworkStack;
import dev.towpath.udp.UdpEndpoint;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A SOCK_DGRAM socket: UDP, connected to one peer or not. Sending never waits. */
public final class UdpSocket extends InetSocket {
    /** As in Linux. */
    private static final int DEFAULT_BUFFER = 212_992;

    private static final OptionTable<UdpSocket> OPTIONS = new OptionTable<UdpSocket>()
            .with(SockOpt.SO_TYPE, s -> SocketConstants.SOCK_DGRAM)
            .with(
                    SockOpt.SO_ERROR,
                    s -> Optional.ofNullable(s.endpoint.takeError()).map(Errno::of))
            .with(SockOpt.SO_ACCEPTCONN, s -> false)
            .with(SockOpt.SO_BROADCAST, s -> s.broadcast, (s, on) -> {
                s.broadcast = on;
                s.endpoint.broadcast(on);
            })
            .with(SockOpt.SO_RCVBUF, s -> s.receiveBuffer, (s, bytes) -> {
                s.receiveBuffer = bufferSize(SockOpt.SO_RCVBUF, bytes);
                s.endpoint.receiveBuffer(s.receiveBuffer);
            })
            .with(
                    SockOpt.SO_SNDBUF,
                    s -> s.sendBuffer,
                    (s, bytes) -> s.sendBuffer = bufferSize(SockOpt.SO_SNDBUF, bytes)) // datagrams leave at once
            .with(SockOpt.IP_TTL, s -> s.hopLimit, (s, ttl) -> {
                s.hopLimit = within(SockOpt.IP_TTL, ttl, 1, 255);
                s.endpoint.hopLimit(ttl);
            })
            .with(SockOpt.IP_TOS, s -> s.trafficClass, (s, tos) -> {
                s.trafficClass = within(SockOpt.IP_TOS, tos, 0, 255);
                s.endpoint.trafficClass(tos);
            });

    private final UdpEndpoint endpoint;
    private final Supplier<ConnectionInfo> listed = this::describe;
    private boolean broadcast;
    private int receiveBuffer = DEFAULT_BUFFER;
    private int sendBuffer = DEFAULT_BUFFER;
    private int hopLimit = TcpOptionTable.DEFAULT_TTL;
    private int trafficClass;
    private boolean inputShut;
    private boolean outputShut;

    private UdpSocket(NetworkStack stack) {
        super(stack);
        this.endpoint = core.udp().open(changed -> changed());
        endpoint.receiveBuffer(receiveBuffer);
    }

    /** A new socket of {@code stack} (socket). */
    public static UdpSocket open(NetworkStack stack) throws ErrnoException {
        stack.driver().enter();
        try {
            if (!stack.driver().running()) {
                throw new ErrnoException(
                        Errno.ENETDOWN,
                        "socket",
                        stack.toString(),
                        stack.driver().failure());
            }
            UdpSocket socket = new UdpSocket(stack);
            stack.core().list(socket.listed);
            return socket;
        } finally {
            stack.driver().leave();
        }
    }

    @Override
    public void bind(IpAddress address, int port) throws ErrnoException {
        enter("bind");
        try {
            checkAddress("bind", address, port);
            if (endpoint.localPort() != 0) {
                throw new ErrnoException(Errno.EINVAL, "bind", "the socket is bound to " + local() + " already");
            }
            check("bind", endpoint.bind(address, port, reuseAddress, reusePort), address + ":" + port);
        } finally {
            driver.leave();
        }
    }

    @Override
    public void connect(IpAddress address, int port) throws ErrnoException {
        enter("connect");
        try {
            IpAddress peer = peer("connect", address, port);
            check("connect", endpoint.connect(peer, port), address + ":" + port);
        } finally {
            driver.leave();
        }
    }

    /** Forgets the peer (connect to AF_UNSPEC). */
    public void disconnect() throws ErrnoException {
        enter("connect");
        try {
            endpoint.disconnect();
        } finally {
            driver.leave();
        }
    }

    @Override
    public int send(ByteBuffer data, int flags) throws ErrnoException {
        enter("send");
        try {
            IpAddress peer = endpoint.remoteAddress();
            if (peer == null) {
                throw new ErrnoException(Errno.EDESTADDRREQ, "send");
            }
            return send("send", data, peer, endpoint.remotePort());
        } finally {
            driver.leave();
        }
    }

    /**
     * Sends one datagram of all that remains in {@code data} to the given peer, even if the socket is connected to
     * another.
     */
    public int sendTo(ByteBuffer data, int flags, IpAddress address, int port) throws ErrnoException {
        enter("sendto");
        try {
            return send("sendto", data, peer("sendto", address, port), port);
        } finally {
            driver.leave();
        }
    }

    private int send(String call, ByteBuffer data, IpAddress peer, int port) throws ErrnoException {
        if (outputShut) {
            throw new ErrnoException(Errno.EPIPE, call);
        }
        takeError(call); // an ICMP error about an earlier datagram
        int length = data.remaining();
        TransportError error = endpoint.send(data, peer, port);
        if (error != null) {
            throw failure(call, error, length + " bytes to " + peer + ":" + port);
        }
        return length;
    }

    @Override
    public int recv(ByteBuffer into, int flags) throws ErrnoException {
        return receive("recv", into, flags, null);
    }

    /** Receives one datagram and notes its sender in {@code from}; what does not fit in {@code into} is lost. */
    public int recvFrom(ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
        return receive("recvfrom", into, flags, from);
    }

    private int receive(String call, ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
        if (into.isReadOnly()) {
            throw new ErrnoException(Errno.EFAULT, call, "the buffer is read-only");
        }
        enter(call);
        try {
            long deadline = deadline(receiveTimeoutNanos);
            int room = into.remaining();
            while (true) {
                takeError(call);
                int length = endpoint.receive(into, has(flags, MSG_PEEK));
                if (length != UdpEndpoint.NOTHING) {
                    if (from != null) {
                        from.set(endpoint.lastSource(), endpoint.lastSourcePort());
                    }
                    return has(flags, MSG_TRUNC) ? length : Math.min(length, room);
                }
                if (inputShut) {
                    return 0;
                }
                if (nonBlocking || has(flags, MSG_DONTWAIT) || !await(call, POLLIN, deadline)) {
                    throw new ErrnoException(Errno.EAGAIN, call);
                }
            }
        } finally {
            driver.leave();
        }
    }

    private void takeError(String call) throws ErrnoException {
        TransportError error = endpoint.takeError();
        if (error != null) {
            throw failure(call, error, "reported by ICMP about an earlier datagram");
        }
    }

    private static void check(String call, @Nullable TransportError error, String detail) throws ErrnoException {
        if (error != null) {
            throw failure(call, error, detail);
        }
    }

    private static ErrnoException failure(String call, TransportError error, String detail) {
        return new ErrnoException(Errno.of(error), call, detail);
    }

    /** Ends receiving or sending here; as in Linux only a connected socket may. The peer hears nothing of it. */
    @Override
    public void shutdown(int how) throws ErrnoException {
        enter("shutdown");
        try {
            if (how < SHUT_RD || how > SHUT_RDWR) {
                throw new ErrnoException(Errno.EINVAL, "shutdown", "how is " + how);
            }
            if (endpoint.remoteAddress() == null) {
                throw new ErrnoException(Errno.ENOTCONN, "shutdown");
            }
            inputShut |= how != SHUT_WR;
            outputShut |= how != SHUT_RD;
            changed();
        } finally {
            driver.leave();
        }
    }

    @Override
    public void close() throws ErrnoException {
        driver.enter();
        try {
            if (!closed()) {
                endWaits();
                core.unlist(listed);
                endpoint.close();
            }
        } finally {
            driver.leave();
        }
    }

    @Override
    int ready() {
        boolean error = endpoint.hasError();
        int ready = endpoint.readable() || inputShut || error ? POLLIN : 0;
        ready |= POLLOUT;
        ready |= error ? POLLERR : 0;
        ready |= inputShut ? POLLRDHUP : 0;
        ready |= inputShut && outputShut ? POLLHUP : 0;
        return ready;
    }

    @Override
    Endpoint local() {
        return new Endpoint(endpoint.localAddress(), endpoint.localPort());
    }

    @Override
    @Nullable
    Endpoint remote() {
        IpAddress peer = endpoint.remoteAddress();
        return peer == null ? null : new Endpoint(peer, endpoint.remotePort());
    }

    private ConnectionInfo describe() {
        Endpoint peer = remote();
        return new ConnectionInfo(
                "udp",
                local(),
                peer == null ? new Endpoint(IpAddress.ANY_V4, 0) : peer,
                peer == null ? "UNCONNECTED" : "ESTABLISHED");
    }

    @Override
    <T> T read(SockOpt<T> option) throws ErrnoException {
        return OPTIONS.read(this, option);
    }

    @Override
    <T> void write(SockOpt<T> option, T value) throws ErrnoException {
        OPTIONS.write(this, option, value);
    }
}
