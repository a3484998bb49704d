package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.MSG_WAITFORONE;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.POLLRDHUP;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_RDWR;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static dev.towpath.socket.SocketConstants.UIO_MAXIOV;

import dev.towpath.ip.TransportError;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.udp.UdpEndpoint;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A SOCK_DGRAM socket: UDP, connected to one peer or not. Sending never waits. */
public final class UdpSocket extends InetSocket {
    /** As in Linux. */
    private static final int DEFAULT_BUFFER = 212_992;

    private static final OptionTable<UdpSocket> OPTIONS = UdpOptionTable.make();

    final UdpEndpoint endpoint;
    final MulticastOptions multicast;
    private final Supplier<ConnectionInfo> listed = this::describe;
    boolean broadcast;
    int receiveBuffer = DEFAULT_BUFFER;
    int sendBuffer = DEFAULT_BUFFER;
    int hopLimit = TcpOptionTable.DEFAULT_TTL;
    int trafficClass;
    int segmentSize;
    boolean groups;
    boolean dontFragment;
    private boolean inputShut;
    private boolean outputShut;

    private UdpSocket(NetworkStack stack) {
        super(stack);
        this.endpoint = core.udp().open(changed -> changed());
        this.multicast = new MulticastOptions(core.groups(), endpoint);
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
            return send("send", data, segmentSize, peer.high(), peer.low(), endpoint.remotePort(), false);
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
            IpAddress peer = peer("sendto", address, port);
            return send("sendto", data, segmentSize, peer.high(), peer.low(), port, false);
        } finally {
            driver.leave();
        }
    }

    /** Sends one message, to whom and in datagrams of what size it says. */
    public int sendMsg(MsgHdr message, int flags) throws ErrnoException {
        enter("sendmsg");
        try {
            send("sendmsg", message, false);
            return message.length;
        } finally {
            driver.leave();
        }
    }

    /** As {@link #sendMmsg(MsgHdr[], int, int)} with all of {@code batch}. */
    public int sendMmsg(MsgHdr[] batch, int flags) throws ErrnoException {
        return sendMmsg(batch, batch.length, flags);
    }

    /**
     * Sends the first {@code count} messages of {@code batch}, at most UIO_MAXIOV. That costs less than as many calls:
     * one entry into the stack, and where the link can cut datagrams, those of one size to one peer share a frame.
     *
     * @return messages sent; as in Linux fewer than {@code count} if one could not be, and an exception only if that was
     *     the first
     */
    public int sendMmsg(MsgHdr[] batch, int count, int flags) throws ErrnoException {
        int most = batchSize("sendmmsg", batch, count);
        enter("sendmmsg");
        int sent = 0;
        try {
            while (sent < most) {
                send("sendmmsg", batch[sent], true);
                sent++;
            }
        } catch (ErrnoException e) {
            if (sent == 0) {
                throw e;
            }
        } finally {
            endpoint.flush();
            driver.leave();
        }
        return sent;
    }

    private void send(String call, MsgHdr message, boolean more) throws ErrnoException {
        int segment = message.segmentSize == 0 ? segmentSize : message.segmentSize;
        if (segment < 0 || segment > UdpOptionTable.MOST_SEGMENT) {
            throw new ErrnoException(
                    Errno.EINVAL,
                    call,
                    SockOpt.UDP_SEGMENT + " is 0 to " + UdpOptionTable.MOST_SEGMENT + ", not " + segment);
        }
        SockAddr to = message.address;
        if (to.isSet()) {
            if (to.port() == 0 || !IpAddress.isV4(to.high(), to.low()) || to.low() == IpAddress.ANY_V4.low()) {
                to.set(peer(call, to.address(), to.port()), to.port());
            }
            message.length = send(call, message.data, segment, to.high(), to.low(), to.port(), more);
            return;
        }
        IpAddress peer = endpoint.remoteAddress();
        if (peer == null) {
            throw new ErrnoException(Errno.EDESTADDRREQ, call);
        }
        message.length = send(call, message.data, segment, peer.high(), peer.low(), endpoint.remotePort(), more);
    }

    private int send(String call, ByteBuffer data, int segment, long high, long low, int port, boolean more)
            throws ErrnoException {
        if (outputShut) {
            throw new ErrnoException(Errno.EPIPE, call);
        }
        takeError(call); // an ICMP error about an earlier datagram
        int length = data.remaining();
        TransportError error = endpoint.send(data, segment, high, low, port, more);
        if (error != null) {
            String pieces = segment == 0 ? "" : " in datagrams of " + segment;
            throw failure(call, error, length + " bytes" + pieces + " to " + IpAddress.ofBits(high, low) + ":" + port);
        }
        return length;
    }

    @Override
    public int recv(ByteBuffer into, int flags) throws ErrnoException {
        return receive("recv", into, flags, null, null);
    }

    /** Receives one datagram and notes its sender in {@code from}; what does not fit in {@code into} is lost. */
    public int recvFrom(ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
        return receive("recvfrom", into, flags, from, null);
    }

    /**
     * Receives one datagram and notes its sender in {@code from}; what does not fit in {@code into} is lost.
     *
     * @param waitNanos how long to wait for it: 0 not at all, a negative time for ever
     * @return bytes received; {@link #WOULD_BLOCK} if none came in time
     */
    public int tryRecvFrom(ByteBuffer into, @Nullable SockAddr from, long waitNanos) throws ErrnoException {
        checkWritable("recvfrom", into);
        enter("recvfrom");
        try {
            return next("recvfrom", into, 0, from, null, deadlineIn(waitNanos));
        } finally {
            driver.leave();
        }
    }

    /** Receives one message: its data, its sender, and with UDP_GRO where its datagrams end. */
    public int recvMsg(MsgHdr message, int flags) throws ErrnoException {
        message.length = 0;
        message.segmentSize = 0;
        message.flags = 0;
        return receive("recvmsg", message.data, flags, message.address, message);
    }

    /** As {@link #recvMmsg(MsgHdr[], int, int, Duration)} with all of {@code batch} and without a time-out. */
    public int recvMmsg(MsgHdr[] batch, int flags) throws ErrnoException {
        return recvMmsg(batch, batch.length, flags, null);
    }

    /**
     * Receives up to {@code count} messages, at most UIO_MAXIOV, into {@code batch}. Waits until they are all there;
     * with MSG_WAITFORONE only for the first, with MSG_DONTWAIT not at all.
     *
     * @param timeout how long to wait in all, null for ever. SO_RCVTIMEO limits the wait for each message too. (Linux
     *     looks at this time only when a message arrives, which its manual calls a bug.)
     * @return messages received; fewer than {@code count} if the time was over, or an error came, which the next call
     *     reports; 0 only after shutdown
     * @throws ErrnoException EAGAIN if there was none to be had in that time, or the error that came before any
     */
    public int recvMmsg(MsgHdr[] batch, int count, int flags, @Nullable Duration timeout) throws ErrnoException {
        int most = batchSize("recvmmsg", batch, count);
        if (timeout != null && timeout.isNegative()) {
            throw new ErrnoException(Errno.EINVAL, "recvmmsg", "the time-out is " + timeout);
        }
        enter("recvmmsg");
        try {
            long end = timeout == null ? Driver.NEVER : deadlineIn(TimeUnit.NANOSECONDS.convert(timeout));
            int received = takeAll(batch, most, flags, end);
            if (received == 0 && most > 0 && !inputShut) {
                throw new ErrnoException(Errno.EAGAIN, "recvmmsg");
            }
            return received;
        } finally {
            driver.leave();
        }
    }

    private int takeAll(MsgHdr[] batch, int most, int flags, long end) throws ErrnoException {
        int received = 0;
        try {
            long deadline = Math.min(end, deadline(receiveTimeoutNanos));
            while (received < most && !(received > 0 && endpoint.hasError())) {
                if (takeNext("recvmmsg", batch[received], flags)) {
                    received++;
                    deadline = Math.min(end, deadline(receiveTimeoutNanos));
                } else if (inputShut
                        || (received > 0 && has(flags, MSG_WAITFORONE))
                        || !awaitInput("recvmmsg", flags, deadline)) {
                    break;
                }
            }
        } catch (ErrnoException e) {
            if (received == 0) {
                throw e;
            }
        }
        return received;
    }

    private boolean takeNext(String call, MsgHdr message, int flags) throws ErrnoException {
        checkWritable(call, message.data);
        takeError(call);
        return take(message.data, flags, message.address, message) != UdpEndpoint.NOTHING;
    }

    private int receive(String call, ByteBuffer into, int flags, @Nullable SockAddr from, @Nullable MsgHdr message)
            throws ErrnoException {
        checkWritable(call, into);
        enter(call);
        try {
            boolean waits = !nonBlocking && !has(flags, MSG_DONTWAIT);
            long deadline = waits ? deadline(receiveTimeoutNanos) : deadlineIn(0);
            int length = next(call, into, flags, from, message, deadline);
            if (length == WOULD_BLOCK) {
                throw new ErrnoException(Errno.EAGAIN, call);
            }
            return length;
        } finally {
            driver.leave();
        }
    }

    private int next(
            String call, ByteBuffer into, int flags, @Nullable SockAddr from, @Nullable MsgHdr message, long deadline)
            throws ErrnoException {
        while (true) {
            takeError(call);
            int length = take(into, flags, from, message);
            if (length != UdpEndpoint.NOTHING) {
                return length;
            }
            if (inputShut) {
                return 0;
            }
            if (!await(call, POLLIN, deadline)) {
                return WOULD_BLOCK;
            }
        }
    }

    /** What the calls return for the oldest datagram, which is taken out; or {@link UdpEndpoint#NOTHING}. */
    private int take(ByteBuffer into, int flags, @Nullable SockAddr from, @Nullable MsgHdr message) {
        int room = into.remaining();
        int full = endpoint.receive(into, has(flags, MSG_PEEK));
        if (full == UdpEndpoint.NOTHING) {
            return full;
        }
        if (from != null) {
            from.set(endpoint.lastSourceHigh(), endpoint.lastSourceLow(), endpoint.lastSourcePort());
        }
        int length = has(flags, MSG_TRUNC) ? full : Math.min(full, room);
        if (message != null) {
            message.length = length;
            message.segmentSize = endpoint.lastSegmentSize();
            message.flags = full > room ? MSG_TRUNC : 0;
        }
        return length;
    }

    /** Waits once for something to receive; false where the call must not wait, or not any longer. */
    private boolean awaitInput(String call, int flags, long deadline) throws ErrnoException {
        return !nonBlocking && !has(flags, MSG_DONTWAIT) && await(call, POLLIN, deadline);
    }

    private static void checkWritable(String call, ByteBuffer into) throws ErrnoException {
        if (into.isReadOnly()) {
            throw new ErrnoException(Errno.EFAULT, call, "the buffer is read-only");
        }
    }

    private static int batchSize(String call, MsgHdr[] batch, int count) throws ErrnoException {
        if (count < 0 || count > batch.length) {
            throw new ErrnoException(Errno.EFAULT, call, count + " messages of " + batch.length);
        }
        return Math.min(count, UIO_MAXIOV);
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

    /**
     * Joins a multicast group, whoever sends (IP_ADD_MEMBERSHIP).
     *
     * @param interfaceName as in {@link IpMreq}
     * @throws ErrnoException EADDRINUSE if it is a member already, ENODEV if there is no such interface
     */
    public void join(IpAddress group, String interfaceName) throws ErrnoException {
        option(SockOpt.IP_ADD_MEMBERSHIP, new IpMreq(group, interfaceName));
    }

    /** Leaves a group, however it has joined (IP_DROP_MEMBERSHIP); EADDRNOTAVAIL if it is no member. */
    public void leave(IpAddress group, String interfaceName) throws ErrnoException {
        option(SockOpt.IP_DROP_MEMBERSHIP, new IpMreq(group, interfaceName));
    }

    /**
     * Joins a group to hear {@code source}, besides others so joined (IP_ADD_SOURCE_MEMBERSHIP).
     *
     * @throws ErrnoException EADDRNOTAVAIL if it hears that source already, EINVAL if it blocks some
     */
    public void joinSource(IpAddress group, String interfaceName, IpAddress source) throws ErrnoException {
        option(SockOpt.IP_ADD_SOURCE_MEMBERSHIP, new IpMreqSource(group, interfaceName, source));
    }

    /** Undoes {@link #joinSource} (IP_DROP_SOURCE_MEMBERSHIP); with the last source it leaves the group. */
    public void leaveSource(IpAddress group, String interfaceName, IpAddress source) throws ErrnoException {
        option(SockOpt.IP_DROP_SOURCE_MEMBERSHIP, new IpMreqSource(group, interfaceName, source));
    }

    /**
     * Hears everybody in a joined group but {@code source} and others so blocked (IP_BLOCK_SOURCE).
     *
     * @throws ErrnoException EADDRNOTAVAIL if it is no member, or blocks that source already; EINVAL if it has joined to
     *     hear some only
     */
    public void block(IpAddress group, String interfaceName, IpAddress source) throws ErrnoException {
        option(SockOpt.IP_BLOCK_SOURCE, new IpMreqSource(group, interfaceName, source));
    }

    /** Undoes {@link #block} (IP_UNBLOCK_SOURCE). */
    public void unblock(IpAddress group, String interfaceName, IpAddress source) throws ErrnoException {
        option(SockOpt.IP_UNBLOCK_SOURCE, new IpMreqSource(group, interfaceName, source));
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
