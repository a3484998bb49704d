package dev.towpath.bench;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * The stack's own cost of one segment: in, from its Ethernet frame to the application's buffer, with the ACKs that it
 * causes; out, from the application's buffer to the Ethernet frame that the device takes. With checksums, rings, demux
 * and timers, without device, locks and system calls.
 */
public class SegmentBenchmark extends SteadyState {
    /** 1500 bytes of MTU without 20 of IP, 20 of TCP and 12 of timestamps. */
    private static final int MSS = 1448;

    /** Segments in one invocation: as many large ones as the buffers hold. */
    private static final int SEGMENTS = 16;

    /** Enough round trips for slow start to open the window. */
    private static final int SLOW_START = 100;

    /** What the link is like. */
    public enum Link {
        /** Full segments, checksums in software. */
        PLAIN(MSS, 16),
        /** Super-segments of nearly 64 KiB, checksums in the link. */
        OFFLOAD(45 * MSS, 4);

        final int bytes;
        /** Most frames that the stack takes in at a time. */
        final int atOnce;

        Link(int bytes, int atOnce) {
            this.bytes = bytes;
            this.atOnce = atOnce;
        }
    }

    /** Which link lies below. */
    @Param
    public Link link;

    /** Segments that the device has ready, or that the application writes, at a time; of large ones at most four. */
    @Param({"1", "16"})
    public int batch;

    private OneConnection tcp;
    private ByteBuffer data;

    /** Connects, and lets the congestion window open. */
    @Setup
    public void connect() {
        batch = Math.min(batch, link.atOnce);
        tcp = new OneConnection(link.bytes, link == Link.OFFLOAD);
        data = ByteBuffer.allocateDirect(batch * link.bytes);
        for (int i = 0; i < SLOW_START; i++) {
            for (int j = 0; j < SEGMENTS; j += batch) {
                write();
            }
            while (tcp.connection().unacknowledged() > 0) {
                tcp.peerAcknowledges();
                tcp.endBatch();
            }
        }
    }

    /** What is in flight is acknowledged, and the next segments are ready. */
    @Setup(Level.Invocation)
    public void prepare() {
        tcp.peerAcknowledges();
        tcp.endBatch();
        mustBe(0, tcp.connection().unacknowledged());
        tcp.prepareData(SEGMENTS);
    }

    /** Segments arrive, the application reads them, and what is due (an ACK for each batch) is sent. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public int in() {
        for (int i = 0; i < SEGMENTS; i += batch) {
            for (int j = i; j < i + batch; j++) {
                tcp.arrives(j);
            }
            data.clear();
            mustBe(batch * link.bytes, tcp.connection().receive(data, false));
            tcp.endBatch();
        }
        return data.position();
    }

    /** The application writes, and it is sent. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public int out() {
        for (int i = 0; i < SEGMENTS; i += batch) {
            write();
        }
        mustBe(0, tcp.unsent());
        return data.position();
    }

    private void write() {
        data.clear();
        mustBe(batch * link.bytes, tcp.connection().send(data, false));
        tcp.endBatch();
    }

    /** A segment that TCP refuses would be very fast. */
    private static void mustBe(int expected, int bytes) {
        if (bytes != expected) {
            throw new AssertionError(bytes + " bytes, not " + expected);
        }
    }
}
