package dev.towpath.net;

import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.jdk.Addresses;
import dev.towpath.jdk.Exceptions;
import dev.towpath.jdk.Options;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.VirtualThreads;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Socket} or a {@code ServerSocket} does its work with: one TcpSocket, and the contract of
 * {@code java.net} around it.
 *
 * <p>As in the JDK: a connect that fails closes the socket; closing ends all calls that wait with "Socket closed"; an
 * interrupt ends no call of a platform thread, and closes the socket of a virtual one.
 */
class StreamSocketImpl extends SocketImpl {
    private static final int FOR_EVER = -1;

    private final StackSource stack;
    private final boolean server;
    private final Options options;
    private @Nullable TcpSocket socket;
    private volatile boolean closed;
    private boolean outOfBandInline;
    /** SO_TIMEOUT; 0 for ever. */
    private volatile int timeoutMillis;

    private @Nullable StreamInput input;
    private @Nullable StreamOutput output;

    /** One that is created on {@code stack} when it is first needed: as late as a program may change its mind. */
    StreamSocketImpl(StackSource stack, boolean server) {
        this.stack = stack;
        this.server = server;
        this.options = server ? Options.SERVER_SOCKET : Options.STREAM;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("a datagram socket is no Socket; use DatagramSocket");
        }
        try {
            TcpSocket opened = TcpSocket.open(stack.get());
            if (server) {
                opened.option(SockOpt.SO_REUSEADDR, true); // as in the JDK on Linux
            }
            adopt(opened);
        } catch (ErrnoException e) {
            throw Exceptions.stream(e);
        }
    }

    private void adopt(TcpSocket adopted) {
        adopted.ignoreInterrupts();
        socket = adopted;
        input = new StreamInput(this, adopted);
        output = new StreamOutput(this, adopted);
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int timeout) throws IOException {
        if (!(remote instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        TcpSocket connecting = open();
        try {
            if (inet.isUnresolved()) {
                throw new UnknownHostException(inet.getHostName());
            }
            address = inet.getAddress();
            port = inet.getPort();
            if (!connecting.tryConnect(supported(address), port, nanos(timeout))) {
                throw new SocketTimeoutException("Connect timed out");
            }
            localport = connecting.localEndpoint().port();
        } catch (ErrnoException e) {
            IOException thrown = failure(e);
            close();
            throw thrown;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    protected void bind(InetAddress host, int newPort) throws IOException {
        TcpSocket binding = open();
        try {
            binding.bind(supported(host), newPort);
            address = host;
            localport = binding.localEndpoint().port();
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    private static IpAddress supported(InetAddress host) throws SocketException {
        if (!Addresses.isSupported(host)) {
            throw new SocketException("Protocol family unavailable: the stack has no IPv6, for " + host);
        }
        return Addresses.ip(host);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        try {
            open().listen(backlog < 1 ? 50 : backlog);
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    @Override
    protected void accept(SocketImpl into) throws IOException {
        if (!(into instanceof StreamSocketImpl accepting)) {
            throw new SocketException("a server socket of a Towpath stack accepts into sockets of its own, not into "
                    + into.getClass().getName() + "; set both factories (TowpathSocketImplFactory.install), or use"
                    + " TowpathServerSocketFactory");
        }
        try {
            TcpSocket accepted = open().tryAccept(nanos(timeoutMillis));
            if (accepted == null) {
                throw new SocketTimeoutException("Accept timed out");
            }
            accepting.connected(accepted);
        } catch (ErrnoException e) {
            throw failure(e);
        }
    }

    private void connected(TcpSocket accepted) throws ErrnoException {
        adopt(accepted);
        Endpoint peer = accepted.peer(); // even if it has gone already
        if (peer == null) {
            throw new AssertionError("what was accepted has a peer");
        }
        address = peer.address().toInetAddress();
        port = peer.port();
        localport = accepted.localEndpoint().port();
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        StreamInput in = input;
        if (in == null) {
            throw closedOrNotCreated();
        }
        return in;
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        StreamOutput out = output;
        if (out == null) {
            throw closedOrNotCreated();
        }
        return out;
    }

    @Override
    protected int available() throws IOException {
        return getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
        closed = true;
        TcpSocket closing = socket;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINTR) { // it is closed all the same, and the thread keeps its interrupt
                throw Exceptions.stream(e);
            }
        }
    }

    /** Another socket takes over: this one's is not needed any more. */
    final void abandon() {
        TcpSocket needless = socket;
        socket = null;
        if (needless != null) {
            try {
                needless.close();
            } catch (ErrnoException e) {
                // it was not connected, so nothing is lost
            }
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        shutdown(SHUT_RD);
        StreamInput in = input;
        if (in != null) {
            in.end();
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        shutdown(SHUT_WR);
    }

    private void shutdown(int how) throws IOException {
        try {
            open().shutdown(how);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOTCONN) { // the peer has gone: nothing is left to be ended
                throw failure(e);
            }
        }
    }

    /** The stack receives urgent data in its place in the stream, as RFC 6093 asks, and never sends any. */
    @Override
    protected boolean supportsUrgentData() {
        return false;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data not supported");
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        try {
            if (option == SO_TIMEOUT) {
                timeoutMillis = NumberedOptions.timeout(value);
            } else if (option == SO_OOBINLINE) {
                outOfBandInline = (boolean) value;
            } else {
                NumberedOptions.set(options, open(), option, value);
            }
        } catch (IOException e) {
            throw NumberedOptions.socketException(e);
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        try {
            TcpSocket of = open();
            return switch (option) {
                case SO_TIMEOUT -> timeoutMillis;
                case SO_OOBINLINE -> outOfBandInline;
                case SO_BINDADDR -> of.localEndpoint().address().toInetAddress();
                default -> NumberedOptions.get(options, of, option);
            };
        } catch (IOException e) {
            throw NumberedOptions.socketException(e);
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        options.set(open(), name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return options.get(open(), name);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return options.supported();
    }

    /** How long a call may wait that has to look at SO_TIMEOUT. */
    long readPatience() {
        return nanos(timeoutMillis);
    }

    boolean isClosed() {
        return closed;
    }

    /** What to throw for the failure of a call. */
    IOException failure(ErrnoException e) {
        if (e.errno() == Errno.EINTR && VirtualThreads.current()) {
            // Since JDK 19 java.net.Socket closes itself when it sees this in an interrupted virtual thread.
            return interrupted(e);
        }
        return closed ? closedException(e) : Exceptions.stream(e);
    }

    private static InterruptedIOException interrupted(ErrnoException e) {
        InterruptedIOException interrupted = new InterruptedIOException("Closed by interrupt");
        interrupted.initCause(e);
        return interrupted;
    }

    private static SocketException closedException(ErrnoException e) {
        SocketException thrown = new SocketException("Socket closed");
        thrown.initCause(e);
        return thrown;
    }

    private TcpSocket open() throws SocketException {
        TcpSocket opened = socket;
        if (opened == null || closed) {
            throw closedOrNotCreated();
        }
        return opened;
    }

    private SocketException closedOrNotCreated() {
        return new SocketException(closed ? "Socket closed" : "Socket not created");
    }

    /** A wait as {@link Pollable}'s calls take it; 0 milliseconds are for ever. */
    private static long nanos(int millis) {
        return millis == 0 ? FOR_EVER : TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
