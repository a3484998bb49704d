package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends back what it receives, until the peer closes (RFC 862). */
final class Echo implements TcpService.Session {
    /** Bytes at once: what a peer that does not read costs at most. */
    private static final int CHUNK = 16 * 1024;

    private final TcpSocket connection;

    /** What the send buffer had no room for; nothing is read before it has gone. */
    private @Nullable ByteBuffer rest;

    Echo(TcpSocket connection) {
        this.connection = connection;
    }

    @Override
    public int firstEvents() {
        return POLLIN;
    }

    @Override
    public int ready(int events, ByteBuffer scratch) throws IOException {
        if (rest != null) {
            if (NonBlocking.send(connection, rest, 0)) {
                rest = null;
            }
        } else {
            if (connection.recv(scratch.limit(CHUNK), 0) == 0) {
                return CLOSE;
            }
            if (!NonBlocking.send(connection, scratch.flip(), 0)) {
                rest = ByteBuffer.allocate(scratch.remaining()).put(scratch).flip();
            }
        }
        return rest == null ? POLLIN : POLLOUT;
    }
}
