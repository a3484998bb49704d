package dev.towpath.bench;

import dev.towpath.wire.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The Internet checksum over a small packet, a full one and a super-segment. */
public class ChecksumBenchmark extends SteadyState {
    /** Length of the packet. */
    @Param({"64", "1500", "65536"})
    public int bytes;

    private ByteBuffer packet;

    /** Fills the packet. */
    @Setup
    public void fill() {
        packet = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] content = new byte[bytes];
        new Random(1071).nextBytes(content);
        packet.put(0, content);
    }

    /** One sum. */
    @Benchmark
    public long sum() {
        return Checksum.sum(packet, 0, bytes);
    }
}
