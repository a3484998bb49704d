package dev.towpath.socket;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;

/** A SOCK_STREAM socket: listening, or one end of a TCP connection. */
public final class TcpSocket extends InetSocket {
    TcpSocket() {}

    /** A new socket of {@code stack} (socket). */
    public static TcpSocket open(NetworkStack stack) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void bind(IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** From now on the socket accepts connections, of which {@code backlog} may wait; binds to an ephemeral port if unbound. */
    public void listen(int backlog) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** The next connection as a new socket; this one goes on listening. */
    public TcpSocket accept() throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void connect(IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int send(ByteBuffer data, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int recv(ByteBuffer into, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown(int how) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws ErrnoException {
        throw new UnsupportedOperationException();
    }
}
