package dev.towpath.bench;

import dev.towpath.demux.Flow;
import dev.towpath.demux.FlowTable;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Finding a packet's connection among many, in an order that no cache foresees. */
public class DemuxBenchmark extends SteadyState {
    private static final int TCP = 6;
    private static final int HTTP = 80;
    private static final long LOCAL = IpAddress.parse("192.0.2.2").low();
    private static final long REMOTE_NETWORK = IpAddress.parse("198.51.100.0").low();

    /** Connections in the table; a power of two near the round number. */
    @Param({"1024", "131072", "1048576"})
    public int connections;

    private FlowTable table;
    private long random;

    /** Connects everybody: 256 hosts with as many ports as it takes. */
    @Setup
    public void connect() {
        table = new FlowTable(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        for (int i = 0; i < connections; i++) {
            table.add(new Connection(remoteAddress(i), remotePort(i)));
        }
    }

    /** A packet of a connection in the table. */
    @Benchmark
    public @Nullable Flow hit() {
        int i = nextConnection();
        return table.find(TCP, 0, LOCAL, HTTP, 0, remoteAddress(i), remotePort(i));
    }

    /** A packet that belongs to no connection, such as a SYN. */
    @Benchmark
    public @Nullable Flow miss() {
        int i = nextConnection();
        return table.find(TCP, 0, LOCAL, HTTP + 1, 0, remoteAddress(i), remotePort(i));
    }

    /** A random connection's number: the upper bits of a linear congruential step (Knuth's MMIX). */
    private int nextConnection() {
        random = random * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        return (int) (random >>> 40) & connections - 1;
    }

    private static long remoteAddress(int i) {
        return REMOTE_NETWORK + (i & 0xff);
    }

    private static int remotePort(int i) {
        return 1024 + (i >>> 8);
    }

    private static final class Connection extends Flow {
        Connection(long remoteAddress, int remotePort) {
            super(TCP, 0, LOCAL, HTTP, 0, remoteAddress, remotePort);
        }
    }
}
