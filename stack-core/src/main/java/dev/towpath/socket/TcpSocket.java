package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.POLLRDHUP;
import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_RDWR;
import static dev.towpath.socket.SocketConstants.SHUT_WR;
import static dev.towpath.socket.SocketConstants.SOMAXCONN;

import dev.towpath.demux.Binding;
import dev.towpath.info.TcpInfo;
import dev.towpath.ip.IpLayer;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportError;
import dev.towpath.stack.ConnectionInfo;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tcp.Listener;
import dev.towpath.tcp.State;
import dev.towpath.tcp.Tcb;
import dev.towpath.tcp.TcpSettings;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A SOCK_STREAM socket. What it is follows from what it holds:
 *
 * <pre>
 *   nothing  --bind-->  binding  --listen-->  listener        accept returns sockets that hold a tcb
 *      \                   |
 *       +----connect-------+--------------->  tcb             connecting until the connection, or its failure, has been reported
 * </pre>
 *
 * <p>After a failed connect it holds no tcb, and may try again.
 */
public final class TcpSocket extends TcpStream {
    private static final OptionTable<TcpSocket> OPTIONS = TcpOptionTable.make();

    private TcpSettings settings;
    private @Nullable Binding binding;
    private @Nullable Listener listener;
    private @Nullable Supplier<ConnectionInfo> listed;
    private boolean connecting;
    private boolean lingering;
    Linger linger = Linger.OFF;

    private TcpSocket(NetworkStack stack, TcpSettings settings) {
        super(stack);
        this.settings = settings;
    }

    /** A new socket of {@code stack} (socket). */
    public static TcpSocket open(NetworkStack stack) throws ErrnoException {
        TcpSocket socket = new TcpSocket(stack, stack.core().tcp().settings());
        socket.enter("socket");
        socket.driver.leave();
        return socket;
    }

    @Override
    public void bind(IpAddress address, int port) throws ErrnoException {
        enter("bind");
        try {
            checkAddress("bind", address, port);
            if (binding != null || tcb != null) {
                throw new ErrnoException(Errno.EINVAL, "bind", "the socket is bound to " + local() + " already");
            }
            if (!address.isAny() && !core.ip().isLocal(address)) {
                throw new ErrnoException(Errno.EADDRNOTAVAIL, "bind", address.toString());
            }
            claim("bind", address, port);
        } finally {
            driver.leave();
        }
    }

    private Binding claim(String call, IpAddress address, int port) throws ErrnoException {
        Binding claimed = core.ports().bind(IpLayer.TCP, address, port, reuseAddress, reusePort);
        if (claimed == null) {
            throw new ErrnoException(
                    Errno.EADDRINUSE, call, port == 0 ? "no ephemeral port is left" : address + ":" + port);
        }
        binding = claimed;
        return claimed;
    }

    /**
     * From now on the socket accepts connections, of which {@code backlog} may wait; binds to an ephemeral port if
     * unbound.
     */
    public void listen(int backlog) throws ErrnoException {
        enter("listen");
        try {
            int length = Math.max(1, Math.min(backlog, SOMAXCONN));
            if (tcb != null) {
                throw new ErrnoException(Errno.EINVAL, "listen", peerText());
            }
            if (listener != null) {
                listener.backlog(length);
                return;
            }
            Binding at = binding != null ? binding : claim("listen", IpAddress.ANY_V4, 0);
            if (!core.ports().mayListen(at)) {
                throw new ErrnoException(Errno.EADDRINUSE, "listen", local() + " has a listener");
            }
            listener = core.tcp().listen(at, length, settings, accepting -> changed());
            listed = () ->
                    new ConnectionInfo("tcp", local(), new Endpoint(IpAddress.ANY_V4, 0), State.LISTEN.toString());
            core.list(listed);
        } finally {
            driver.leave();
        }
    }

    /** The next connection as a new socket, which waits unless told otherwise; this one goes on listening. */
    public TcpSocket accept() throws ErrnoException {
        enter("accept");
        try {
            TcpSocket accepted = next(patience(0, receiveTimeoutNanos));
            if (accepted == null) {
                throw new ErrnoException(Errno.EAGAIN, "accept");
            }
            return accepted;
        } finally {
            driver.leave();
        }
    }

    /**
     * The next connection as a new socket.
     *
     * @param waitNanos how long to wait for it: 0 not at all, a negative time for ever
     * @return null if none came in time
     */
    public @Nullable TcpSocket tryAccept(long waitNanos) throws ErrnoException {
        enter("accept");
        try {
            return next(waitNanos);
        } finally {
            driver.leave();
        }
    }

    private @Nullable TcpSocket next(long waitNanos) throws ErrnoException {
        long deadline = deadlineIn(waitNanos);
        while (true) {
            Listener from = listener;
            if (from == null) {
                throw new ErrnoException(Errno.EINVAL, "accept", "the socket does not listen");
            }
            Tcb accepted = from.accept();
            if (accepted != null) {
                return take(accepted);
            }
            if (!await("accept", POLLIN, deadline)) {
                return null;
            }
        }
    }

    /** Notes the peer, even one that has gone already. */
    void peer(SockAddr into) {
        Endpoint peer = peer();
        if (peer != null) {
            into.set(peer.address(), peer.port());
        }
    }

    /** The peer, even one that has gone already; null if there never was one. */
    public @Nullable Endpoint peer() {
        driver.enter();
        try {
            Tcb t = tcb;
            return t == null ? null : new Endpoint(t.remoteAddress(), t.remotePort());
        } finally {
            driver.leave();
        }
    }

    /** As in Linux, the new socket inherits all options, but not that its calls do not wait. */
    private TcpSocket take(Tcb accepted) {
        TcpSocket socket = new TcpSocket(stack, accepted.settings());
        socket.tcb = accepted;
        socket.linger = linger;
        socket.reuseAddress = reuseAddress;
        socket.reusePort = reusePort;
        socket.receiveTimeoutNanos = receiveTimeoutNanos;
        socket.sendTimeoutNanos = sendTimeoutNanos;
        accepted.events(changed -> socket.connectionChanged());
        return socket;
    }

    @Override
    public void connect(IpAddress address, int port) throws ErrnoException {
        enter("connect");
        try {
            boolean first = tcb == null;
            if (listener != null || (!first && !connecting)) {
                throw new ErrnoException(Errno.EISCONN, "connect", peerText());
            }
            Tcb opened = tcb != null ? tcb : startConnect(peer("connect", address, port), port);
            if (!connected(opened, patience(0, sendTimeoutNanos))) {
                throw new ErrnoException(first ? Errno.EINPROGRESS : Errno.EALREADY, "connect", peerText());
            }
        } finally {
            driver.leave();
        }
    }

    /**
     * Begins to connect.
     *
     * @param waitNanos how long to wait for the connection: 0 not at all, a negative time for ever
     * @return false if it is still being established then: call {@link #finishConnect}
     */
    public boolean tryConnect(IpAddress address, int port, long waitNanos) throws ErrnoException {
        enter("connect");
        try {
            if (listener != null || tcb != null) {
                throw new ErrnoException(connecting ? Errno.EALREADY : Errno.EISCONN, "connect", peerText());
            }
            return connected(startConnect(peer("connect", address, port), port), waitNanos);
        } finally {
            driver.leave();
        }
    }

    /**
     * What has become of the connection that {@link #tryConnect} has begun.
     *
     * @param waitNanos as for {@link #tryConnect}
     * @return false if it is still being established
     */
    public boolean finishConnect(long waitNanos) throws ErrnoException {
        enter("connect");
        try {
            Tcb t = connection("connect");
            return !connecting || connected(t, waitNanos);
        } finally {
            driver.leave();
        }
    }

    private boolean connected(Tcb t, long waitNanos) throws ErrnoException {
        long deadline = deadlineIn(waitNanos);
        while (t.handshaking()) {
            if (!await("connect", POLLOUT, deadline)) {
                return false;
            }
        }
        reportConnect(t);
        return true;
    }

    private Tcb startConnect(IpAddress address, int port) throws ErrnoException {
        IpAddress from = binding == null || binding.address().isAny() ? null : binding.address();
        Path path = core.ip().route(from, address);
        if (path == null || path.group()) {
            throw new ErrnoException(Errno.ENETUNREACH, "connect", address.toString());
        }
        int localPort = binding != null ? binding.port() : core.tcp().ephemeralPort(path, port);
        if (localPort == 0) {
            throw new ErrnoException(
                    Errno.EADDRNOTAVAIL, "connect", "no ephemeral port is left for " + address + ":" + port);
        }
        Tcb opened;
        try {
            opened = core.tcp().connect(path, localPort, port, settings, changed -> connectionChanged());
        } catch (IllegalStateException taken) {
            throw new ErrnoException(
                    Errno.EADDRNOTAVAIL,
                    "connect",
                    "port " + localPort + " has a connection to " + address + ":" + port,
                    taken);
        }
        tcb = opened;
        connecting = true;
        failureTaken = false;
        endSeen = false;
        return opened;
    }

    /** Reports how it went, and only once; after a failure the socket is as before. */
    private void reportConnect(Tcb t) throws ErrnoException {
        connecting = false;
        if (t.wasEstablished()) {
            return;
        }
        String to = peerText();
        TransportError failure = takeFailure(t);
        tcb = null;
        throw new ErrnoException(failure == null ? Errno.ECONNABORTED : Errno.of(failure), "connect", to);
    }

    @Override
    String peerText() {
        if (tcb != null) {
            return "to " + tcb.remoteAddress() + ":" + tcb.remotePort();
        }
        return listener != null ? "it listens" : "";
    }

    @Override
    public void shutdown(int how) throws ErrnoException {
        enter("shutdown");
        try {
            if (how < SHUT_RD || how > SHUT_RDWR) {
                throw new ErrnoException(
                        Errno.EINVAL, "shutdown", "how is " + how + ", not SHUT_RD, SHUT_WR or SHUT_RDWR");
            }
            if (listener != null) {
                if (how != SHUT_WR) { // as in Linux: whoever waits in accept gets EINVAL
                    endListening();
                    wakeAll();
                }
                return;
            }
            Tcb t = connection("shutdown");
            if (t.handshaking() || t.state() == State.CLOSED) {
                throw new ErrnoException(Errno.ENOTCONN, "shutdown");
            }
            if (how != SHUT_WR) {
                t.shutdownInput();
            }
            if (how != SHUT_RD) {
                t.shutdownOutput();
            }
            wakeAll(); // a call that waits to send fails now
            changed();
        } finally {
            driver.leave();
        }
    }

    @Override
    public void close() throws ErrnoException {
        driver.enter();
        try {
            if (closed()) {
                return;
            }
            endWaits();
            endListening();
            if (tcb != null && driver.running()) {
                close(tcb);
            }
            if (binding != null) {
                core.ports().release(binding);
            }
        } finally {
            driver.leave();
        }
    }

    private void close(Tcb t) throws ErrnoException {
        if (linger.on() && linger.seconds() == 0) {
            t.abort();
            t.close();
            return;
        }
        // What was received and not read makes close a reset: nothing to wait for.
        boolean waits = linger.on() && !nonBlocking && t.available() == 0 && t.wasEstablished();
        if (waits) {
            t.shutdownOutput();
            lingering = true;
            awaitDelivery(t, deadlineIn(linger.seconds() * 1_000_000_000L));
        }
        t.close();
    }

    /**
     * SO_LINGER: as in Linux, what is not acknowledged when the time is over is still delivered, behind the
     * application's back.
     */
    private void awaitDelivery(Tcb t, long deadline) throws ErrnoException {
        while (t.unacknowledged() > 0 && driver.running() && driver.nowNanos() < deadline) {
            if (!driver.await(waitPoint(), deadline)) {
                t.close();
                throw new ErrnoException(
                        Errno.EINTR, "close", "the socket is closed; what was sent is still delivered");
            }
        }
    }

    private void endListening() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        if (listed != null) {
            core.unlist(listed);
            listed = null;
        }
    }

    private void connectionChanged() {
        if (lingering) {
            wakeAll();
        } else {
            changed();
        }
    }

    @Override
    int ready() {
        if (listener != null) {
            return listener.pending() > 0 ? POLLIN : 0;
        }
        Tcb t = tcb;
        if (t == null) {
            return POLLOUT | POLLHUP; // as in Linux: a call would not wait, but fail
        }
        if (t.handshaking()) {
            return 0;
        }
        boolean ended = t.inputEnded();
        boolean failed = t.failure() != null && !failureTaken;
        boolean over = t.state() == State.CLOSED || (ended && t.outputEnded());
        return flag(POLLIN, t.available() > 0 || ended || failed)
                | flag(POLLRDHUP, ended)
                | flag(POLLOUT, t.writable() || failed)
                | flag(POLLERR, failed)
                | flag(POLLHUP, over);
    }

    private static int flag(int bit, boolean on) {
        return on ? bit : 0;
    }

    @Override
    Endpoint local() {
        if (tcb != null) {
            return new Endpoint(tcb.localAddress(), tcb.localPort());
        }
        return binding != null ? new Endpoint(binding.address(), binding.port()) : new Endpoint(IpAddress.ANY_V4, 0);
    }

    @Override
    @Nullable
    Endpoint remote() {
        Tcb t = tcb;
        if (t == null || t.state() == State.SYN_SENT || t.state() == State.CLOSED) {
            return null;
        }
        return new Endpoint(t.remoteAddress(), t.remotePort());
    }

    @Override
    <T> T read(SockOpt<T> option) throws ErrnoException {
        return OPTIONS.read(this, option);
    }

    @Override
    <T> void write(SockOpt<T> option, T value) throws ErrnoException {
        OPTIONS.write(this, option, value);
        if (tcb != null) {
            tcb.settingsChanged();
        }
    }

    TcpSettings settings() {
        return settings;
    }

    /** The same, to be changed. */
    TcpSettings ownSettings() {
        settings = tcb != null ? tcb.ownSettings() : settings.own();
        if (listener != null) {
            listener.settings(settings);
        }
        return settings;
    }

    boolean listens() {
        return listener != null;
    }

    /** SO_RCVBUF: what it has grown to once connected. */
    int receiveBuffer() {
        return tcb != null ? tcb.receiveBuffer() : settings.receiveBuffer;
    }

    /** SO_SNDBUF, likewise. */
    int sendBuffer() {
        return tcb != null ? tcb.sendBuffer() : settings.sendBuffer;
    }

    void noDelay(boolean on) {
        ownSettings().noDelay = on;
        if (on && tcb != null) {
            tcb.push();
        }
    }

    boolean quickAck() {
        return tcb != null ? tcb.quickAck() : settings.quickAck;
    }

    void quickAck(boolean on) {
        ownSettings().quickAck = on;
        if (tcb != null) {
            tcb.quickAck(on);
        }
    }

    /** TCP_MAXSEG: what is in use once connected, what is asked for before. */
    int maxSegment() {
        return tcb != null && tcb.wasEstablished() ? tcb.sendMss() : settings.maxSegment;
    }

    /** TCP_INFO: of the connection, or of what is none yet. */
    TcpInfo info() {
        if (tcb != null) {
            return tcb.info();
        }
        TcpInfo none = new TcpInfo();
        none.state = (listener != null ? State.LISTEN : State.CLOSED).toString();
        return none;
    }

    /** SO_ERROR: the failure, which then is no longer pending. */
    Optional<Errno> takeError() {
        return Optional.ofNullable(tcb == null ? null : takeFailure(tcb)).map(Errno::of);
    }
}
