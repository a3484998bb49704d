package dev.towpath.bench;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A stream without end, from socket to socket over a wire in memory; one operation is 64 KiB of it. */
public class BulkBenchmark extends SteadyState {
    private static final int BYTES = 1 << 16;

    /** Who runs the stacks. */
    @Param
    public TwoHosts.Driver driver;

    /** What the wire takes off them. */
    @Param
    public TwoHosts.Link link;

    private TwoHosts hosts;
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(BYTES);

    /** Connects. */
    @Setup
    public void connect() throws ErrnoException {
        hosts = new TwoHosts(driver, link);
        if (driver == TwoHosts.Driver.REAL_TIME) {
            hosts.serve(BulkBenchmark::discard);
        }
    }

    /** Ends the connection and the stacks. */
    @TearDown
    public void close() {
        hosts.close();
    }

    /** The next 64 KiB; in real time the receiver may lag behind by what the buffers hold. */
    @Benchmark
    public ByteBuffer send64KiB() throws ErrnoException {
        TwoHosts.sendAll(hosts.client(), outgoing);
        if (driver == TwoHosts.Driver.SIMULATED) {
            hosts.pause();
            if (!TwoHosts.receiveAll(hosts.server(), incoming)) {
                throw new AssertionError("the connection has ended");
            }
        }
        return incoming;
    }

    private static void discard(TcpSocket connection) throws ErrnoException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        int received = 1;
        while (received > 0) {
            buffer.clear();
            received = connection.recv(buffer, 0);
        }
    }
}
