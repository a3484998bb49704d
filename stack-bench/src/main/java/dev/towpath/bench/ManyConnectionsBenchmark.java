package dev.towpath.bench;

import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A segment on one of many connections, each time on another one, from socket to socket over a wire in memory: work
 * that grows with their number would show, and the caches that they no longer fit into do.
 */
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
public class ManyConnectionsBenchmark extends SteadyState {
    /** What remains of an MTU of 1500. */
    private static final int SEGMENT = 1448;

    /** A client has ports for so many towards one of the server's. */
    private static final int CONNECTIONS_PER_PORT = 8192;

    private static final int FIRST_PORT = 1000;
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final Duration GAP = Duration.ofNanos(10_000);

    /** Connections, each with both of its ends in this JVM; a million take 2 GB. */
    @Param({"1", "1000", "10000", "100000"})
    public int connections;

    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(SEGMENT);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(SEGMENT);
    private Simulation simulation;
    private NetworkStack client;
    private NetworkStack server;
    private TcpSocket[] clients;
    private TcpSocket[] servers;
    private long random;

    /** Connects them all. */
    @Setup
    public void connect() throws ErrnoException {
        MemoryWire wire = new MemoryWire(MemoryLink.PLAIN);
        simulation = new Simulation(1);
        client = simulation.host("client").device(wire.left(), "192.0.2.1/24").start();
        server = simulation.host("server").device(wire.right(), SERVER + "/24").start();
        clients = new TcpSocket[connections];
        servers = new TcpSocket[connections];
        for (int i = 0; i < connections; i += CONNECTIONS_PER_PORT) {
            connect(i, Math.min(connections, i + CONNECTIONS_PER_PORT));
        }
    }

    private void connect(int from, int to) throws ErrnoException {
        int port = FIRST_PORT + from / CONNECTIONS_PER_PORT;
        try (TcpSocket listener = TcpSocket.open(server)) {
            listener.bind(SERVER, port);
            listener.listen(1);
            for (int i = from; i < to; i++) {
                clients[i] = TcpSocket.open(client);
                clients[i].connect(SERVER, port);
                servers[i] = listener.accept();
            }
        }
    }

    /** Ends the stacks, and what is left of the connections. */
    @TearDown
    public void close() {
        client.close();
        server.close();
    }

    /** Written, sent, received, read; its ACK comes later, as it would. */
    @Benchmark
    public ByteBuffer segment() throws ErrnoException {
        random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L; // Knuth's MMIX
        int i = (int) (((random >>> 33) * connections) >>> 31);
        TwoHosts.sendAll(clients[i], outgoing);
        simulation.run(GAP);
        if (!TwoHosts.receiveAll(servers[i], incoming)) {
            throw new AssertionError("the connection has ended");
        }
        return incoming;
    }
}
