package dev.towpath.bench;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A bare ACK, from its arrival to the end of what it causes: a sender with much in flight and nothing more to
 * send takes the bytes off its queue and its scoreboard, measures the round trip and moves its window and its timer.
 */
public class AckBenchmark extends SteadyState {
    private static final int ACKS = 256;
    private static final int MSS = 1448;
    private static final int SLOW_START = 100;

    /** What the link is like: with super-segments one ACK answers a part of one. */
    @Param
    public SegmentBenchmark.Link link;

    /** ACKs that the device has ready at a time; at the end of each batch the connection is looked at once. */
    @Param({"1", "16"})
    public int batch;

    /** Where it is measured from. */
    public enum Layer {
        /** From the frame that the device has received. */
        ETHERNET,
        /** From the IP packet's payload: TCP alone, with checksum and demux. */
        TCP
    }

    /** Where it is measured from. */
    @Param
    public Layer from;

    private OneConnection tcp;
    private ByteBuffer data;

    /** Connects, and lets the congestion window open. */
    @Setup
    public void connect() {
        tcp = new OneConnection(MSS, link == SegmentBenchmark.Link.OFFLOAD);
        data = ByteBuffer.allocateDirect(ACKS * MSS);
        for (int i = 0; i < SLOW_START; i++) {
            send();
            while (tcp.connection().unacknowledged() > 0) {
                tcp.peerAcknowledges();
                tcp.endBatch();
            }
        }
    }

    /** Puts the segments in flight that the ACKs will answer. */
    @Setup(Level.Invocation)
    public void fill() {
        send();
        if (tcp.unsent() > 0) {
            throw new AssertionError("the window does not let " + tcp.unsent() + " bytes go");
        }
        tcp.prepareAcks(ACKS, MSS);
    }

    /** One after the other is acknowledged. */
    @Benchmark
    @OperationsPerInvocation(ACKS)
    public int ack() {
        for (int i = 0; i < ACKS; i += batch) {
            for (int j = i; j < i + batch; j++) {
                if (from == Layer.ETHERNET) {
                    tcp.arrives(j);
                } else {
                    tcp.arrivesAtTcp(j);
                }
            }
            tcp.endBatch();
        }
        if (tcp.connection().unacknowledged() != 0) {
            throw new AssertionError(tcp.connection().unacknowledged() + " bytes are still in flight");
        }
        return tcp.connection().unacknowledged();
    }

    private void send() {
        data.clear();
        int taken = tcp.connection().send(data, false);
        tcp.endBatch();
        if (taken != ACKS * MSS) {
            throw new AssertionError(taken + " bytes were taken");
        }
    }
}
