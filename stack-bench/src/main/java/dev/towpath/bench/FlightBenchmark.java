package dev.towpath.bench;

import dev.towpath.config.TcpConfig;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What an ACK costs with much in flight, and an arriving segment with many holes before it: it should be the same with
 * ten segments and with ten thousand. They are small and sent one by one, so that it is bookkeeping that is measured
 * and not copying.
 */
public class FlightBenchmark extends SteadyState {
    /** Payload of a full segment. */
    private static final int BYTES = 256;

    private static final int TIMESTAMPS = 12;

    /** Longer than what the scoreboard would keep as one. */
    private static final long GAP_NANOS = TimeUnit.MICROSECONDS.toNanos(1100);

    /** A round trip with all of them in flight. */
    private static final long ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(12);

    /** Segments in flight. */
    @Param({"10", "100", "1000", "10000"})
    public int segments;

    private OneConnection tcp;
    private ByteBuffer data;
    private boolean holes;

    /** Opens the congestion window, and fills it. */
    @Setup
    public void fill() {
        int buffer = Integer.highestOneBit(segments * BYTES) * 8;
        TcpConfig config = TcpConfig.builder()
                .sendBuffer(buffer)
                .receiveBuffer(buffer)
                .maxRtoNanos(TimeUnit.HOURS.toNanos(1))
                .build();
        tcp = new OneConnection(BYTES, true, BYTES + TIMESTAMPS, config);
        data = ByteBuffer.allocateDirect(2 * segments * BYTES);
        for (int window = 10; window < 4 * segments; window *= 2) { // slow start
            data.clear().limit(Math.min(window, 2 * segments) * BYTES);
            send();
            tcp.pass(ROUND_TRIP_NANOS);
            tcp.peerAcknowledges();
            tcp.endBatch();
        }
        tcp.gap(GAP_NANOS);
        for (int i = 0; i < segments; i++) {
            sendOne();
        }
    }

    /** The oldest is acknowledged, and another is written and sent. */
    @Benchmark
    public int inOrder() {
        tcp.peerAcknowledges((segments - 1) * BYTES);
        sendOne();
        return tcp.connection().unacknowledged();
    }

    /**
     * Every other segment comes late, and there are holes in the oldest sixteenth of the flight: the peer reports one
     * that has come, then that the oldest hole is filled; two are written and sent.
     */
    @Benchmark
    public int reordered() {
        if (!holes) {
            makeHoles();
        }
        report(2 * (segments / 32) + 1);
        tcp.peerAcknowledges((segments - 2) * BYTES);
        sendOne();
        sendOne();
        return tcp.connection().unacknowledged();
    }

    /** Once something has come late, three segments behind a hole prove nothing (RFC 8985 section 6.2). */
    private void makeHoles() {
        holes = true;
        report(1);
        tcp.peerAcknowledges((segments - 2) * BYTES);
        sendOne();
        sendOne();
        for (int i = 1; i < 2 * (segments / 32); i += 2) {
            report(i);
        }
    }

    /** The peer has the segment that {@code index} others lie before. */
    private void report(int index) {
        tcp.peerReports(segments * BYTES, (index + 1) * BYTES, BYTES);
        tcp.endBatch();
    }

    private void sendOne() {
        data.clear().limit(BYTES);
        send();
        int inFlight = tcp.connection().unacknowledged();
        if (inFlight > segments * BYTES || tcp.unsent() > 0) {
            throw new AssertionError(inFlight + " bytes are in flight, and the window does not let all go");
        }
    }

    private void send() {
        int wanted = data.remaining();
        int taken = tcp.connection().send(data, false);
        if (taken != wanted) {
            throw new AssertionError(taken + " bytes were taken, not " + wanted);
        }
        tcp.endBatch();
    }
}
