package dev.towpath.cli.service;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import java.nio.ByteBuffer;

/** Sending on a socket that never waits. */
final class NonBlocking {
    private NonBlocking() {}

    /** Sends what the send buffer has room for, which may be nothing; true if that was all of {@code data}. */
    static boolean send(TcpSocket connection, ByteBuffer data, int flags) throws ErrnoException {
        try {
            connection.send(data, flags);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
        return !data.hasRemaining();
    }
}
