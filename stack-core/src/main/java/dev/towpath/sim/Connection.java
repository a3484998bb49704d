package dev.towpath.sim;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Linger;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection, for applications that are written as events: say what is to be done when it opens, when
 * data arrives, when the peer has no more to say. Nothing here blocks, and each handler runs at one instant of virtual
 * time.
 *
 * <pre>{@code
 *   server.listen(80, connection -> connection.onData((c, data) -> c.send(data)));
 *   client.connect(server, 80, connection -> connection
 *           .onOpen(c -> c.send("hello").end())
 *           .onData((c, data) -> heard.append(UTF_8.decode(data))));
 * }</pre>
 *
 * <p>A connection whose both ends have ended closes by itself. Without an {@link #onEnd} the end of the peer's data is
 * answered with {@link #end}.
 */
public final class Connection {
    /** Takes data that has arrived. */
    @FunctionalInterface
    public interface DataHandler {
        /** Called with what has arrived, which is the handler's only during the call. */
        void received(Connection connection, ByteBuffer data);
    }

    private static final int PIECE = 65_536;

    private final EventLoop loop;
    private final TcpSocket socket;
    private final ByteBuffer incoming = ByteBuffer.allocate(PIECE);
    private final Deque<ByteBuffer> outbox = new ArrayDeque<>();
    private Consumer<Connection> openHandler = connection -> {};
    private DataHandler dataHandler = (connection, data) -> {};
    private Consumer<Connection> endHandler = Connection::end;
    private Consumer<Connection> roomHandler = connection -> {};
    private BiConsumer<Connection, Errno> failureHandler = (connection, why) -> {};
    private Consumer<Connection> closeHandler = connection -> {};
    private boolean open;
    private boolean paused;
    private boolean peerEnded;
    private boolean ending;
    private boolean ended;
    private boolean closed;
    /** Handlers are running, after which all that they have caused is done. */
    private boolean busy;

    private boolean watched;

    private @Nullable Errno failure;
    private long sent;
    private long received;

    private Connection(EventLoop loop, TcpSocket socket, boolean open) {
        this.loop = loop;
        this.socket = socket;
        this.open = open;
    }

    static void listen(EventLoop loop, TcpSocket listener, Consumer<Connection> application) throws ErrnoException {
        listener.nonBlocking(true);
        loop.watch(listener, POLLIN, events -> accept(loop, listener, application));
    }

    private static void accept(EventLoop loop, TcpSocket listener, Consumer<Connection> application)
            throws ErrnoException {
        try {
            while (true) {
                Connection accepted = new Connection(loop, listener.accept(), true);
                application.accept(accepted);
                accepted.begin();
                if (!accepted.closed) {
                    accepted.openHandler.accept(accepted);
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
    }

    static Connection connect(
            EventLoop loop, TcpSocket socket, IpAddress address, int port, Consumer<Connection> application)
            throws ErrnoException {
        Connection connection = new Connection(loop, socket, false);
        application.accept(connection);
        socket.nonBlocking(true);
        try {
            socket.connect(address, port);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINPROGRESS) {
                throw e;
            }
        }
        connection.begin();
        return connection;
    }

    private void begin() throws ErrnoException {
        if (!closed) { // the application may have refused it
            socket.nonBlocking(true);
            loop.watch(socket, interest(), this::ready);
            watched = true;
        }
    }

    // What is to be done when something happens; each replaces what was said before.

    /** When the connection is open; an accepted one is at once. */
    public Connection onOpen(Consumer<Connection> handler) {
        openHandler = handler;
        return this;
    }

    /** When data arrives. */
    public Connection onData(DataHandler handler) {
        dataHandler = handler;
        return this;
    }

    /** When the peer has ended, and all its data has been received. */
    public Connection onEnd(Consumer<Connection> handler) {
        endHandler = handler;
        return this;
    }

    /** When all that was to be sent is in TCP's hands and TCP has room for more. */
    public Connection onRoom(Consumer<Connection> handler) {
        roomHandler = handler;
        return this;
    }

    /** When it was refused, reset, or has timed out; {@link #onClose} follows. */
    public Connection onFailure(BiConsumer<Connection, Errno> handler) {
        failureHandler = handler;
        return this;
    }

    /** When it is closed, for whatever reason. */
    public Connection onClose(Consumer<Connection> handler) {
        closeHandler = handler;
        return this;
    }

    // What can be done with it:

    /** Sends a copy of what remains in {@code data}, as soon as TCP has room. */
    public Connection send(ByteBuffer data) {
        if (ending || closed) {
            throw new IllegalStateException(this + " has ended, and sends no more");
        }
        ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
        outbox.add(copy);
        soon();
        return this;
    }

    private void soon() {
        if (open && !busy) {
            quietly(this::flush);
        }
    }

    /** Sends these bytes. */
    public Connection send(byte[] data) {
        return send(ByteBuffer.wrap(data));
    }

    /** Sends text in UTF-8. */
    public Connection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what waits, then tells the peer that this was all; it may go on sending. */
    public Connection end() {
        if (!ending && !closed) {
            ending = true;
            soon();
        }
        return this;
    }

    /** Lets what arrives wait in TCP, whose window then closes. */
    public Connection pause() {
        paused = true;
        quietly(this::watch);
        return this;
    }

    /** Ends {@link #pause}. */
    public Connection resume() {
        paused = false;
        quietly(this::watch);
        return this;
    }

    /** Closes it at once with a reset. */
    public void abort() {
        quietly(() -> {
            if (!closed) {
                socket.option(SockOpt.SO_LINGER, Linger.RESET);
                close();
            }
        });
    }

    /** True between the handshake and the close. */
    public boolean isOpen() {
        return open && !closed;
    }

    /** True once it is closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Why it failed, or null. */
    public @Nullable Errno failure() {
        return failure;
    }

    /** Bytes given to TCP so far. */
    public long sent() {
        return sent;
    }

    /** Bytes received so far. */
    public long received() {
        return received;
    }

    /** The socket, for its options; reading, writing and closing are this object's. */
    public TcpSocket socket() {
        return socket;
    }

    /** The other end. */
    public Endpoint peer() {
        try {
            return socket.remoteEndpoint();
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(int events) throws ErrnoException {
        busy = true;
        try {
            if (open || finishConnect()) {
                receive();
            }
        } catch (ErrnoException e) {
            fail(e.errno());
        } finally {
            busy = false;
        }
        if ((events & POLLERR) != 0 && paused) {
            socket.option(SockOpt.SO_ERROR).ifPresent(this::fail); // what nobody receives would go unnoticed
        }
        quietly(this::flush);
    }

    private boolean finishConnect() throws ErrnoException {
        Errno error = socket.option(SockOpt.SO_ERROR).orElse(null);
        if (error != null) {
            fail(error);
            return false;
        }
        open = true;
        openHandler.accept(this);
        return !closed;
    }

    private void receive() throws ErrnoException {
        while (!closed && !peerEnded && !paused) {
            int count = receiveSome();
            if (count < 0) {
                return;
            }
            if (count == 0) {
                peerEnded = true;
                endHandler.accept(this);
            } else {
                received += count;
                dataHandler.received(this, incoming.flip());
            }
        }
    }

    /** Bytes received; 0 at the end, less than 0 if there is nothing now. */
    private int receiveSome() throws ErrnoException {
        try {
            return socket.recv(incoming.clear(), MSG_DONTWAIT);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
    }

    private void flush() throws ErrnoException {
        if (!open || closed) {
            return;
        }
        boolean room = drain();
        while (room && mayAskForMore()) {
            askForMore();
            room = !outbox.isEmpty() && drain();
        }
        if (outbox.isEmpty() && ending) {
            endNow();
        }
        watch();
    }

    private boolean mayAskForMore() {
        return outbox.isEmpty() && !ending && !closed;
    }

    private void endNow() throws ErrnoException {
        if (!ended && !closed) {
            ended = true;
            socket.shutdown(SHUT_WR);
        }
        if (ended && peerEnded) {
            close();
        }
    }

    private void askForMore() {
        busy = true;
        try {
            roomHandler.accept(this);
        } finally {
            busy = false;
        }
    }

    /** False if TCP has no room left. */
    private boolean drain() throws ErrnoException {
        try {
            while (!outbox.isEmpty() && !closed) {
                ByteBuffer first = outbox.getFirst();
                sent += socket.send(first, MSG_DONTWAIT);
                if (first.hasRemaining()) {
                    return false;
                }
                outbox.removeFirst();
            }
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    private void watch() throws ErrnoException {
        if (watched && !closed) {
            loop.watchFor(socket, interest());
        }
    }

    private int interest() {
        boolean reads = open && !paused && !peerEnded;
        boolean writes = !open || !outbox.isEmpty();
        return (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
    }

    private void fail(Errno why) {
        if (!closed) {
            failure = why;
            failureHandler.accept(this, why);
            quietly(this::close);
        }
    }

    private void close() throws ErrnoException {
        if (!closed) {
            closed = true;
            outbox.clear();
            socket.close();
            closeHandler.accept(this);
        }
    }

    private interface Call {
        void run() throws ErrnoException;
    }

    private void quietly(Call call) {
        try {
            call.run();
        } catch (ErrnoException e) {
            fail(e.errno());
        }
    }

    @Override
    public String toString() {
        return "connection, " + sent + " bytes sent, " + received + " received"
                + (closed ? ", closed" : open ? "" : ", connecting") + (failure == null ? "" : ", " + failure);
    }
}
