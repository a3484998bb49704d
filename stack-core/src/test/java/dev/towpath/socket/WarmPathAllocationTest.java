package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.AF_INET;
import static dev.towpath.socket.SocketConstants.MSG_WAITALL;
import static dev.towpath.socket.SocketConstants.SOCK_DGRAM;
import static dev.towpath.socket.SocketConstants.SOCK_STREAM;

import dev.towpath.buffer.FramePool;
import dev.towpath.link.ImpairedDevice;
import dev.towpath.link.Impairment;
import dev.towpath.link.LinkDevice;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Once it is warm, nothing on the way of data is allocated, from one socket's call to the other's and back: segments
 * and super-segments out and in, their ACKs, timers that move on, time-outs, demux, datagrams. Both hosts run in the
 * thread that counts.
 */
class WarmPathAllocationTest {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final int PORT = 7;
    private static final int BULK = 65_536;

    /** What the wire takes off the stacks. */
    enum Wire {
        /** Segments of one MSS, with checksums. */
        PLAIN,
        /** Super-segments, checksums left to the link. */
        OFFLOAD;

        MemoryLink link() {
            return this == PLAIN ? MemoryLink.PLAIN : MemoryLink.DEFAULT;
        }
    }

    private interface Step {
        void run() throws ErrnoException;
    }

    private final Simulation net = new Simulation(1);

    @SuppressWarnings("NullAway.Init") // by plug
    private NetworkStack client;

    @SuppressWarnings("NullAway.Init")
    private NetworkStack server;

    @AfterEach
    void close() {
        net.close();
    }

    private void plug(Wire wire, Impairment impairment) {
        MemoryWire between = new MemoryWire(wire.link());
        boolean perfect = impairment.equals(Impairment.NONE);
        LinkDevice left = perfect
                ? between.left()
                : new ImpairedDevice(between.left(), impairment, impairment, net.seed("wire"), new FramePool());
        client = net.host("client").device(left, "192.0.2.1/24").start();
        server = net.host("server").device(between.right(), "192.0.2.2/24").start();
    }

    private TwoHosts.Connection connection() throws ErrnoException {
        try (TcpSocket listening = TcpSocket.open(server)) {
            listening.bind(IpAddress.ANY_V4, PORT);
            listening.listen(1);
            TcpSocket near = TcpSocket.open(client);
            near.connect(SERVER, PORT);
            return new TwoHosts.Connection(near, listening.accept());
        }
    }

    private static void assertAllocatesNothing(Step step) {
        Allocations.assertNone(() -> {
            try {
                step.run();
            } catch (ErrnoException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void pass(Duration time) {
        net.run(time);
    }

    @ParameterizedTest
    @EnumSource
    void stream(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        TwoHosts.Connection connection = connection();
        ByteBuffer data = ByteBuffer.allocateDirect(BULK);
        Duration gap = Duration.ofNanos(10_000);
        assertAllocatesNothing(() -> {
            connection.near().send(data.clear(), 0);
            pass(gap);
            receive(connection.far(), data);
        });
    }

    @ParameterizedTest
    @EnumSource
    void streamFromTheHeap(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        TwoHosts.Connection connection = connection();
        ByteBuffer data = ByteBuffer.allocate(BULK);
        Duration gap = Duration.ofNanos(10_000);
        assertAllocatesNothing(() -> {
            connection.near().send(data.clear(), 0);
            pass(gap);
            receive(connection.far(), data);
        });
    }

    @ParameterizedTest
    @EnumSource
    void echo(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        TwoHosts.Connection connection = connection();
        ByteBuffer data = ByteBuffer.allocateDirect(64);
        assertAllocatesNothing(() -> {
            connection.near().send(data.clear(), 0);
            receive(connection.far(), data);
            connection.far().send(data.clear(), 0);
            receive(connection.near(), data);
        });
    }

    /** Nothing answers the segment but the delayed ACK, whose timer expires. */
    @ParameterizedTest
    @EnumSource
    void delayedAck(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        TwoHosts.Connection connection = connection();
        ByteBuffer data = ByteBuffer.allocateDirect(64);
        Duration silence = Duration.ofMillis(300);
        assertAllocatesNothing(() -> {
            connection.near().send(data.clear(), 0);
            pass(silence);
            receive(connection.far(), data);
        });
    }

    /** SACK blocks, holes, retransmissions and time-outs. */
    @ParameterizedTest
    @EnumSource
    void streamOfWhichSomeIsLost(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE.withLoss(0.01));
        TwoHosts.Connection connection = connection();
        ByteBuffer data = ByteBuffer.allocateDirect(BULK);
        assertAllocatesNothing(() -> {
            connection.near().send(data.clear(), 0);
            receive(connection.far(), data);
        });
    }

    @ParameterizedTest
    @EnumSource
    void streamByDescriptors(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        BerkeleySockets near = new BerkeleySockets(client);
        BerkeleySockets far = new BerkeleySockets(server);
        int listening = far.socket(AF_INET, SOCK_STREAM, 0);
        far.bind(listening, IpAddress.ANY_V4, PORT);
        far.listen(listening, 1);
        int sending = near.socket(AF_INET, SOCK_STREAM, 0);
        near.connect(sending, SERVER, PORT);
        int receiving = far.accept(listening);
        ByteBuffer data = ByteBuffer.allocateDirect(BULK);
        assertAllocatesNothing(() -> {
            near.send(sending, data.clear(), 0);
            far.recv(receiving, data.clear(), MSG_WAITALL);
        });
    }

    @ParameterizedTest
    @EnumSource
    void connectedDatagrams(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        UdpSocket near = UdpSocket.open(client);
        UdpSocket far = UdpSocket.open(server);
        far.bind(SERVER, PORT);
        near.connect(SERVER, PORT);
        far.connect(near.localEndpoint().address(), near.localEndpoint().port());
        ByteBuffer data = ByteBuffer.allocateDirect(1000);
        assertAllocatesNothing(() -> {
            near.send(data.clear(), 0);
            far.recv(data.clear(), 0);
            far.send(data.clear(), 0);
            near.recv(data.clear(), 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    void datagramsByDescriptors(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        BerkeleySockets near = new BerkeleySockets(client);
        BerkeleySockets far = new BerkeleySockets(server);
        int asking = near.socket(AF_INET, SOCK_DGRAM, 0);
        int answering = far.socket(AF_INET, SOCK_DGRAM, 0);
        far.bind(answering, SERVER, PORT);
        ByteBuffer data = ByteBuffer.allocateDirect(1000);
        assertAllocatesNothing(() -> {
            near.sendto(asking, data.clear(), 0, SERVER, PORT);
            far.recvfrom(answering, data.clear(), 0, null);
        });
    }

    /** Nothing is there, and nobody waits. */
    @ParameterizedTest
    @EnumSource
    void lookingInVain(Wire wire) throws ErrnoException {
        plug(wire, Impairment.NONE);
        TwoHosts.Connection connection = connection();
        connection.far().nonBlocking(true);
        assertAllocatesNothing(() -> {
            if ((connection.far().readiness() & SocketConstants.POLLIN) != 0) {
                throw new AssertionError("nobody has sent anything");
            }
        });
    }

    private static void receive(TcpSocket socket, ByteBuffer into) throws ErrnoException {
        if (socket.recv(into.clear(), MSG_WAITALL) != into.capacity()) {
            throw new AssertionError("the connection has ended");
        }
    }
}
