package dev.towpath.bench;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A question and its answer of 64 bytes each, from socket to socket and back over a wire in memory. */
public class EchoBenchmark extends SteadyState {
    private static final int BYTES = 64;

    /** Who runs the stacks. */
    @Param
    public TwoHosts.Driver driver;

    /** What the wire takes off them. */
    @Param
    public TwoHosts.Link link;

    private TwoHosts hosts;
    private final ByteBuffer question = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(BYTES);

    /** Connects. */
    @Setup
    public void connect() throws ErrnoException {
        hosts = new TwoHosts(driver, link);
        if (driver == TwoHosts.Driver.REAL_TIME) {
            hosts.serve(EchoBenchmark::serve);
        }
    }

    /** Ends the connection and the stacks. */
    @TearDown
    public void close() {
        hosts.close();
    }

    /** One round trip. */
    @Benchmark
    public ByteBuffer roundTrip() throws ErrnoException {
        TwoHosts.sendAll(hosts.client(), question);
        if (driver == TwoHosts.Driver.SIMULATED) {
            hosts.pause();
            echo(hosts.server(), answer);
        }
        if (!TwoHosts.receiveAll(hosts.client(), answer)) {
            throw new AssertionError("the connection has ended");
        }
        return answer;
    }

    private static void serve(TcpSocket connection) throws ErrnoException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        boolean open = true;
        while (open) {
            open = echo(connection, buffer);
        }
    }

    private static boolean echo(TcpSocket connection, ByteBuffer buffer) throws ErrnoException {
        if (!TwoHosts.receiveAll(connection, buffer)) {
            return false;
        }
        TwoHosts.sendAll(connection, buffer);
        return true;
    }
}
