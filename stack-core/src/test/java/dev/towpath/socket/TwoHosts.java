package dev.towpath.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Two hosts on a wire of 5 ms, in virtual time. A blocking call lets time pass until it is done. */
final class TwoHosts implements AutoCloseable {
    static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");
    static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    static final Duration DELAY = Duration.ofMillis(5);

    final Simulation net;
    final NetworkStack client;
    final NetworkStack server;
    private final LinkDevice serverDevice;

    TwoHosts() {
        this(1, Impairment.NONE.withDelay(DELAY));
    }

    TwoHosts(long seed, Impairment impairment) {
        net = new Simulation(seed);
        MemoryWire wire = new MemoryWire();
        ImpairedDevice left =
                new ImpairedDevice(wire.left(), impairment, impairment, net.seed("wire"), new FramePool());
        client = net.host("client").device(left, "192.0.2.1/24").start();
        serverDevice = wire.right();
        server = net.host("server").device(serverDevice, "192.0.2.2/24").start();
    }

    /** On a wire that takes no time. */
    TwoHosts(MemoryLink link) {
        net = new Simulation(1);
        MemoryWire wire = new MemoryWire(link);
        client = net.host("client").device(wire.left(), "192.0.2.1/24").start();
        serverDevice = wire.right();
        server = net.host("server").device(serverDevice, "192.0.2.2/24").start();
    }

    /** Pulls the cable out of the server, which notices nothing. */
    void unplug() {
        serverDevice.close();
    }

    /** A socket of the server's that listens on {@code port}. */
    TcpSocket listening(int port) throws ErrnoException {
        TcpSocket socket = TcpSocket.open(server);
        socket.option(SockOpt.SO_REUSEADDR, true);
        socket.bind(IpAddress.ANY_V4, port);
        socket.listen(16);
        return socket;
    }

    /** A socket of the client's that is connected to {@code port} of the server. */
    TcpSocket connected(int port) throws ErrnoException {
        TcpSocket socket = TcpSocket.open(client);
        socket.connect(SERVER, port);
        return socket;
    }

    /** Both ends of a new connection. */
    Connection connection() throws ErrnoException {
        try (TcpSocket listening = listening(7)) {
            TcpSocket near = connected(7);
            return new Connection(near, listening.accept());
        }
    }

    /** The client's end and the server's. */
    record Connection(TcpSocket near, TcpSocket far) {}

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String received(InetSocket socket, int room, int flags) throws ErrnoException {
        ByteBuffer into = ByteBuffer.allocate(room);
        int count = socket.recv(into, flags);
        return new String(into.array(), 0, Math.min(count, room), StandardCharsets.US_ASCII);
    }

    static String received(InetSocket socket) throws ErrnoException {
        return received(socket, 1000, 0);
    }

    /** Asserts that {@code call} fails with {@code errno}, and that the message says so. */
    static void fails(Errno errno, ThrowingCallable call) {
        ErrnoException e = catchThrowableOfType(ErrnoException.class, call);
        assertThat(e).as("expected %s", errno).isNotNull();
        assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
        assertThat(e).hasMessageContaining(errno + ", " + errno.meaning()).hasMessageStartingWith(e.call() + ": ");
    }

    @Override
    public void close() {
        net.close();
    }
}
