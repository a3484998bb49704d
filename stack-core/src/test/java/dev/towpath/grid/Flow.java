package dev.towpath.grid;

import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.sim.Host;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import dev.towpath.wire.IpAddress;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** One connection whose sender always has more to send, until it has sent all, and whose receiver reads at once. */
final class Flow {
    /** For a flow that does not end. */
    static final long ENDLESS = Long.MAX_VALUE;

    private static final int PIECE = 1 << 16;

    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final TcpSocket sender;
    private final TcpSocket receiver;
    private final long bytes;
    private long sent;
    private long received;

    /** Connects, which takes a round trip; then sends {@code bytes}. */
    Flow(Host from, Host to, int port, String congestion, Buffers buffers, long bytes) {
        this.bytes = bytes;
        try (TcpSocket listener = TcpSocket.open(to.stack())) {
            buffers.applyTo(listener); // what it accepts inherits them
            listener.bind(IpAddress.ANY_V4, port);
            listener.listen(1);
            sender = TcpSocket.open(from.stack());
            sender.option(SockOpt.TCP_CONGESTION, congestion);
            buffers.applyTo(sender);
            sender.connect(to.address(), port);
            receiver = listener.accept();
            sender.nonBlocking(true);
            receiver.nonBlocking(true);
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that have arrived and been read. */
    long received() {
        return received;
    }

    boolean done() {
        return received >= bytes;
    }

    /** Does what can be done now: called whenever something has happened in the network. */
    void pump() {
        try {
            while (sent < bytes && (sender.readiness() & POLLOUT) != 0) {
                piece.clear().limit((int) Math.min(PIECE, bytes - sent));
                sent += sender.send(piece, 0);
                if (sent == bytes) {
                    sender.shutdown(SHUT_WR);
                }
            }
            while (received < bytes && (receiver.readiness() & POLLIN) != 0) {
                received += receiver.recv(piece.clear(), MSG_TRUNC);
            }
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }
}
