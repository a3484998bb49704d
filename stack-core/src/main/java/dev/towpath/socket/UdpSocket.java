package dev.towpath.socket;

import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A SOCK_DGRAM socket: UDP, connected to one peer or not. */
public final class UdpSocket extends InetSocket {
    UdpSocket() {}

    /** A new socket of {@code stack} (socket). */
    public static UdpSocket open(NetworkStack stack) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void bind(IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void connect(IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Forgets the peer (connect to AF_UNSPEC). */
    public void disconnect() throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int send(ByteBuffer data, int flags) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Sends one datagram of all that remains in {@code data} to the given peer. */
    public int sendTo(ByteBuffer data, int flags, IpAddress address, int port) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int recv(ByteBuffer into, int flags) throws ErrnoException {
        return recvFrom(into, flags, null);
    }

    /** Receives one datagram and notes its sender in {@code from}; what does not fit in {@code into} is lost. */
    public int recvFrom(ByteBuffer into, int flags, @Nullable SockAddr from) throws ErrnoException {
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
