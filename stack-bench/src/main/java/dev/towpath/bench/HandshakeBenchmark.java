package dev.towpath.bench;

import dev.towpath.config.TcpConfig;
import dev.towpath.link.MemoryLink;
import dev.towpath.link.MemoryWire;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.Simulation;
import dev.towpath.wire.IpAddress;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A connection from socket to socket over a wire in memory: three segments to open it, accept, and four to close it
 * from both ends. What both hosts spend on it together, TIME-WAIT and its end included.
 */
public class HandshakeBenchmark extends SteadyState {
    private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");
    private static final int PORT = 7;

    /** Between a connection and the next. */
    private static final Duration GAP = Duration.ofNanos(10_000);

    /** Short, or TIME-WAIT would have no ephemeral port left. */
    private static final long MSL_NANOS = 1_000_000;

    /** What the wire takes off the stacks. */
    @Param
    public TwoHosts.Link link;

    private final Simulation simulation = new Simulation(1);
    private NetworkStack client;
    private NetworkStack server;
    private TcpSocket listener;

    /** Listens. */
    @Setup
    public void listen() throws ErrnoException {
        MemoryWire wire = new MemoryWire(link == TwoHosts.Link.OFFLOAD ? MemoryLink.DEFAULT : MemoryLink.PLAIN);
        TcpConfig config = TcpConfig.builder().mslNanos(MSL_NANOS).build();
        client = simulation
                .host("client")
                .device(wire.left(), "192.0.2.1/24")
                .tcp(config)
                .start();
        server = simulation
                .host("server")
                .device(wire.right(), SERVER + "/24")
                .tcp(config)
                .start();
        listener = TcpSocket.open(server);
        listener.bind(SERVER, PORT);
        listener.listen(1);
    }

    /** Ends the stacks. */
    @TearDown
    public void close() {
        simulation.close();
    }

    /** One connection, which the client closes first. */
    @Benchmark
    public TcpSocket connectAndClose() throws ErrnoException {
        TcpSocket connected = TcpSocket.open(client);
        connected.connect(SERVER, PORT);
        TcpSocket accepted = listener.accept();
        connected.close();
        simulation.run(Duration.ZERO);
        accepted.close();
        simulation.run(GAP);
        return accepted;
    }
}
