package dev.towpath.sim;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.POLLIN;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.SockAddr;
import dev.towpath.socket.UdpSocket;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A UDP port of a {@link Host}, for applications that are written as events. */
public final class DatagramPort {
    /** Takes datagrams. */
    @FunctionalInterface
    public interface Handler {
        /** Called with each datagram, whose content is the handler's only during the call. */
        void received(DatagramPort port, Endpoint from, ByteBuffer data);
    }

    private static final int LARGEST = 65_536;

    private final UdpSocket socket;
    private final Handler handler;
    private final ByteBuffer incoming = ByteBuffer.allocate(LARGEST);

    private DatagramPort(UdpSocket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    static DatagramPort open(EventLoop loop, UdpSocket socket, int port, Handler handler) throws ErrnoException {
        DatagramPort opened = new DatagramPort(socket, handler);
        socket.bind(IpAddress.ANY_V4, port);
        loop.watch(socket, POLLIN, events -> opened.receive());
        return opened;
    }

    private void receive() throws ErrnoException {
        SockAddr from = new SockAddr();
        try {
            while (socket.isOpen()) {
                int ignored = socket.recvFrom(incoming.clear(), MSG_DONTWAIT, from);
                handler.received(this, new Endpoint(from.address(), from.port()), incoming.flip());
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EAGAIN && e.errno() != Errno.ECONNREFUSED) { // as UDP has it: nobody was there
                throw e;
            }
        }
    }

    /** Sends one datagram of all that remains in {@code data}. */
    public DatagramPort send(Endpoint to, ByteBuffer data) {
        try {
            int ignored = socket.sendTo(data, 0, to.address(), to.port());
            return this;
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one datagram of text in UTF-8. */
    public DatagramPort send(Host to, int port, String text) {
        return send(new Endpoint(to.address(), port), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Its number. */
    public int number() {
        try {
            return socket.localEndpoint().port();
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes nothing any more. */
    public void close() {
        try {
            socket.close();
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }
}
