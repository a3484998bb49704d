package dev.towpath.bench;

import dev.towpath.config.TcpConfig;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What a segment costs that arrives behind many holes: it should be the same behind ten segments and ten thousand. */
public class HolesBenchmark extends SteadyState {
    private static final int BYTES = 256;

    /** Segments between the oldest hole and the newest that has come; every other is missing. */
    @Param({"10", "100", "1000", "10000"})
    public int segments;

    private OneConnection tcp;
    private ByteBuffer data;

    /** Every other segment of a window arrives. */
    @Setup
    public void fill() {
        int buffer = Integer.highestOneBit(segments * BYTES) * 8;
        TcpConfig config = TcpConfig.builder().receiveBuffer(buffer).build();
        tcp = new OneConnection(BYTES, true, 1460, config);
        data = ByteBuffer.allocateDirect(2 * BYTES);
        for (int i = 0; i < 2 * segments; i++) { // the window opens
            tcp.peerSends();
            tcp.endBatch();
            read(BYTES);
        }
        for (int i = 1; i < segments; i += 2) {
            tcp.peerSendsAhead(i * BYTES);
            tcp.endBatch();
        }
    }

    /** The oldest hole is filled, and another segment comes behind a new one: two ACKs, the second with SACK blocks. */
    @Benchmark
    public int everyOther() {
        tcp.peerSendsAhead(0);
        tcp.peerMoves(2);
        tcp.endBatch();
        tcp.peerSendsAhead((segments - 1) * BYTES);
        tcp.endBatch();
        return read(2 * BYTES);
    }

    private int read(int bytes) {
        data.clear();
        int read = tcp.connection().receive(data, false);
        if (read != bytes) {
            throw new AssertionError(read + " bytes have arrived in order, not " + bytes);
        }
        return read;
    }
}
