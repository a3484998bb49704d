package dev.towpath.bench;

import dev.towpath.buffer.BufferPool;
import dev.towpath.buffer.ByteRing;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Bytes through a socket's ring: in at the end, out at the head, round and round. */
public class RingBenchmark extends SteadyState {
    private static final int CAPACITY = 1 << 17;

    /** Bytes written and read at once: a keystroke's echo, a full segment, a super-segment. */
    @Param({"64", "1448", "65160"})
    public int bytes;

    private ByteRing ring;
    private ByteBuffer source;
    private ByteBuffer target;

    /** Gives the ring its memory: the first byte's cost is not part of the steady state. */
    @Setup
    public void reserve() {
        ring = new ByteRing(new BufferPool(2L * CAPACITY, CAPACITY));
        if (!ring.reserve(CAPACITY)) {
            throw new AssertionError("the pool lends half of its budget to one ring of " + CAPACITY + " bytes");
        }
        source = ByteBuffer.allocateDirect(bytes);
        target = ByteBuffer.allocateDirect(bytes);
    }

    /** One write, one read. */
    @Benchmark
    public ByteBuffer writeAndRead() {
        ring.write(0, source, 0, bytes);
        ring.read(0, target, 0, bytes);
        ring.advance(bytes);
        return target;
    }
}
