package dev.towpath.bench.connections;

import dev.towpath.socket.ErrnoException;
import java.util.List;

/**
 * What a number of idle connections costs. Both ends of each are in this JVM, so everything is counted twice, and
 * divided by twice the number: the figures are for one end. It has a socket, the connection with all its parts, and a
 * place in the table of connections; not counted is what the application needs to know of it, the reference to the
 * socket included.
 */
public final class Connections {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int active;
    private final long exchangeNanos;

    /** What the command writes: see {@link Count}. */
    public record Findings(String java, int active, List<Count> counts) {}

    /**
     * What was found with one number of connections.
     *
     * @param connections idle ones; the active ones come on top
     * @param heapBytesPerEnd objects on the heap after garbage collection, more than before they were opened, for each
     *     of the {@code 2 * connections} ends
     * @param offHeapBytesPerEnd direct buffers likewise
     * @param bytesPerEnd both together
     * @param bytesPerPair both ends together
     * @param setUpSeconds from the first SYN to the last accept
     * @param closeSeconds until both ends of all are closed
     * @param activeGbps what the active ones carry while the others are idle
     * @param activeAloneGbps what they carry alone: the mean of before the others are opened and after they are closed
     * @param timersIdle timers armed in both stacks while all are idle
     * @param timersActive while the active ones carry data
     * @param timersAfter when they have stopped
     * @param heapBytesBefore heap in use after garbage collection before the exchange, all connections open
     * @param heapBytesAfter and after it
     */
    public record Count(
            int connections,
            double heapBytesPerEnd,
            double offHeapBytesPerEnd,
            double bytesPerEnd,
            double bytesPerPair,
            double setUpSeconds,
            double closeSeconds,
            double activeGbps,
            double activeAloneGbps,
            int timersIdle,
            int timersActive,
            int timersAfter,
            long heapBytesBefore,
            long heapBytesAfter) {}

    /** Measures with {@code active} connections that carry data for {@code seconds}. */
    public Connections(int active, double seconds) {
        this.active = active;
        this.exchangeNanos = (long) (seconds * NANOS_PER_SECOND);
    }

    /** Opens {@code count} connections beside the active ones, and closes them. */
    public Count measure(int count) throws ErrnoException, InterruptedException {
        try (Crowd crowd = new Crowd()) {
            Crowd.Pairs working = Crowd.room(active);
            crowd.open(working);
            double before = alone(crowd, working);

            Crowd.Pairs idle = Crowd.room(count);
            Footprint empty = Footprint.measure();
            long begin = System.nanoTime();
            crowd.open(idle);
            double setUp = secondsSince(begin);
            Footprint full = Footprint.measure();
            settle();
            int timersIdle = crowd.timers();

            Exchange.Result amongIdle = Exchange.run(crowd, working, exchangeNanos);
            settle();
            Footprint after = Footprint.measure();
            int timersAfter = crowd.timers();

            long closing = System.nanoTime();
            crowd.close(idle);
            double close = secondsSince(closing);
            double alone = alone(crowd, working);
            crowd.close(working);

            double ends = 2.0 * count;
            double heap = (full.heapBytes() - empty.heapBytes()) / ends;
            double offHeap = (full.offHeapBytes() - empty.offHeapBytes()) / ends;
            return new Count(
                    count,
                    heap,
                    offHeap,
                    heap + offHeap,
                    2 * (heap + offHeap),
                    setUp,
                    close,
                    amongIdle.gbps(),
                    (before + alone) / 2,
                    timersIdle,
                    amongIdle.timers(),
                    timersAfter,
                    full.heapBytes(),
                    after.heapBytes());
        }
    }

    /** From the same beginning as beside the idle ones: after a collection, which frees what pools do not keep. */
    private double alone(Crowd crowd, Crowd.Pairs working) throws InterruptedException {
        Exchange.run(crowd, working, exchangeNanos / 4);
        Footprint.measure();
        return Exchange.run(crowd, working, exchangeNanos).gbps();
    }

    /** Delayed ACKs are due, and what was pending has come. */
    private static void settle() throws InterruptedException {
        Thread.sleep(500);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }
}
