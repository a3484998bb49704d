package dev.towpath.bench;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * TCP's own cost of one segment, from IP to the application or back, with checksum, rings and acknowledgements but
 * without IP, link and locks.
 */
public class SegmentBenchmark extends SteadyState {
    /** 1500 bytes of MTU without 20 of IP, 20 of TCP and 12 of timestamps. */
    private static final int MSS = 1448;

    /** Enough round trips for slow start to open the window for a super-segment. */
    private static final int SLOW_START = 100;

    /** What the link is like. */
    public enum Link {
        /** Full segments, checksums in software. */
        PLAIN(MSS),
        /** Super-segments of nearly 64 KiB, checksums in the link. */
        OFFLOAD(45 * MSS);

        final int bytes;

        Link(int bytes) {
            this.bytes = bytes;
        }
    }

    /** Which link lies below. */
    @Param
    public Link link;

    private OneConnection tcp;
    private ByteBuffer data;

    /** Connects, and lets the congestion window open. */
    @Setup
    public void connect() {
        tcp = new OneConnection(link.bytes, link == Link.OFFLOAD);
        data = ByteBuffer.allocateDirect(link.bytes);
        for (int i = 0; i < SLOW_START; i++) {
            out();
        }
        mustBe(0, out());
    }

    /** A segment arrives, the application reads it, and what is due (every second time an ACK) is sent. */
    @Benchmark
    public int in() {
        tcp.peerSends();
        data.clear();
        int read = tcp.connection().receive(data, false);
        tcp.endBatch();
        mustBe(link.bytes, read);
        return read;
    }

    /** The application writes a segment, it is sent, and its ACK arrives. */
    @Benchmark
    public int out() {
        data.clear();
        int written = tcp.connection().send(data, false);
        tcp.endBatch();
        tcp.peerAcknowledges();
        tcp.endBatch();
        mustBe(link.bytes, written);
        return tcp.connection().unacknowledged();
    }

    /** A segment that TCP refuses would be very fast. */
    private static void mustBe(int expected, int bytes) {
        if (bytes != expected) {
            throw new AssertionError(bytes + " bytes got through, not " + expected);
        }
    }
}
