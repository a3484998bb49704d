package dev.towpath.cli.service;

import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.POLLIN;

import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Throws away what it receives, until the peer closes (RFC 863). */
final class Discard implements TcpService.Session {
    private final TcpSocket connection;

    Discard(TcpSocket connection) {
        this.connection = connection;
    }

    @Override
    public int firstEvents() {
        return POLLIN;
    }

    @Override
    public int ready(int events, ByteBuffer scratch) throws IOException {
        return connection.recv(scratch, MSG_TRUNC) == 0 ? CLOSE : POLLIN;
    }
}
