package dev.towpath.bench;

import static dev.towpath.socket.SocketConstants.MSG_WAITALL;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Two stacks on a wire in memory, and one connection between them. */
public final class TwoHosts implements AutoCloseable {
    /** Who runs the stacks. */
    public enum Driver {
        /** Virtual time and one thread: the processing of both hosts and nothing else. */
        SIMULATED,
        /** A thread for each host, and what it costs that they wake each other. */
        REAL_TIME
    }

    /** What the wire takes off the stacks. */
    public enum Link {
        /** Super-segments, no checksums. */
        OFFLOAD,
        /** Segments of one MSS with checksums. */
        PLAIN
    }

    /** What the server does in its own thread. */
    interface Service {
        /** Serves until the connection ends. */
        void serve(TcpSocket connection) throws ErrnoException;
    }

    private static final String CLIENT = "192.0.2.1/24";
    private static final String SERVER = "192.0.2.2/24";
    private static final IpAddress SERVER_ADDRESS = IpAddress.parse("192.0.2.2");
    private static final int PORT = 7;

    private static final Duration GAP = Duration.ofNanos(10_000);

    private final Simulation simulation = new Simulation(1);
    private final NetworkStack clientStack;
    private final NetworkStack serverStack;
    private final TcpSocket client;
    private final TcpSocket server;

    TwoHosts(Driver driver, Link link) throws ErrnoException {
        MemoryWire wire = new MemoryWire(link == Link.OFFLOAD ? MemoryLink.DEFAULT : MemoryLink.PLAIN);
        boolean simulated = driver == Driver.SIMULATED;
        NetworkStack.Builder left =
                simulated ? simulation.host("client") : NetworkStack.builder().name("client");
        NetworkStack.Builder right =
                simulated ? simulation.host("server") : NetworkStack.builder().name("server");
        clientStack = left.device(wire.left(), CLIENT).start();
        serverStack = right.device(wire.right(), SERVER).start();
        try (TcpSocket listener = TcpSocket.open(serverStack)) {
            listener.bind(SERVER_ADDRESS, PORT);
            listener.listen(1);
            client = TcpSocket.open(clientStack);
            client.connect(SERVER_ADDRESS, PORT);
            server = listener.accept();
        }
    }

    /** The end that a benchmark's thread uses. */
    TcpSocket client() {
        return client;
    }

    /** The other end: in a simulation the benchmark's thread uses it too. */
    TcpSocket server() {
        return server;
    }

    /** Uses the other end in a thread of its own, until {@link #close}. */
    void serve(Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        service.serve(server);
                    } catch (ErrnoException closed) {
                        // the benchmark is over
                    }
                },
                "service");
        thread.setDaemon(true);
        thread.start();
    }

    /** In a simulation: between one operation and the next, time passes. A wire in memory takes none. */
    void pause() {
        simulation.run(GAP);
    }

    /** Sends all of {@code data}, which is left as it was. */
    static void sendAll(TcpSocket socket, ByteBuffer data) throws ErrnoException {
        data.rewind();
        while (data.hasRemaining()) {
            socket.send(data, 0);
        }
        data.rewind();
    }

    /** Fills {@code data} from its beginning; false at the end of the stream. */
    static boolean receiveAll(TcpSocket socket, ByteBuffer data) throws ErrnoException {
        data.clear();
        socket.recv(data, MSG_WAITALL);
        return !data.hasRemaining();
    }

    @Override
    public void close() {
        clientStack.close();
        serverStack.close();
    }
}
