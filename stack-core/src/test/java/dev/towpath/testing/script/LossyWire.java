package dev.towpath.testing.script;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * One direction between two {@link Host}s in virtual time: what goes in comes out late, twice, damaged, in another
 * order, or not at all.
 */
final class LossyWire {
    private static final long MOST_REORDER_NANOS = 30_000_000;

    /** A segment on its way. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Packet(long dueNanos, long order, byte[] segment, int segmentSize, boolean damaged) {}

    private final Impairment impairment;
    /** Each impairment has its own stream, so that one does not shift the others. */
    private final Random loss;

    private final Random duplication;
    private final Random reordering;
    private final Random corruption;
    private final PriorityQueue<Packet> packets =
            new PriorityQueue<>(Comparator.comparingLong(Packet::dueNanos).thenComparingLong(Packet::order));
    private long order;
    private long busyUntil = Long.MIN_VALUE;

    LossyWire(Impairment impairment, long seed) {
        this.impairment = impairment;
        this.loss = new Random(seed * 31 + 1);
        this.duplication = new Random(seed * 31 + 2);
        this.reordering = new Random(seed * 31 + 3);
        this.corruption = new Random(seed * 31 + 4);
    }

    void send(byte[] segment, int segmentSize, long nowNanos) {
        busyUntil = Math.max(busyUntil, nowNanos);
        long waiting = busyUntil - nowNanos;
        boolean full = impairment.nanosPerByte() > 0 && waiting / impairment.nanosPerByte() > impairment.queueBytes();
        if (hit(loss, impairment.loss()) || full) {
            return;
        }
        busyUntil += segment.length * impairment.nanosPerByte();
        boolean damaged = hit(corruption, impairment.corruption());
        byte[] bytes = damaged ? damage(segment) : segment;
        put(bytes, segmentSize, damaged);
        if (hit(duplication, impairment.duplication())) {
            put(bytes, segmentSize, damaged);
        }
    }

    long nextNanos() {
        Packet next = packets.peek();
        return next == null ? Long.MAX_VALUE : next.dueNanos();
    }

    Packet take() {
        return packets.remove();
    }

    private void put(byte[] bytes, int segmentSize, boolean damaged) {
        long due = busyUntil + impairment.delayNanos();
        if (hit(reordering, impairment.reordering())) {
            due += reordering.nextLong(MOST_REORDER_NANOS);
        }
        packets.add(new Packet(due, order++, bytes, segmentSize, damaged));
    }

    /** One byte is changed: that the checksum always sees. */
    private byte[] damage(byte[] segment) {
        byte[] bytes = segment.clone();
        bytes[corruption.nextInt(bytes.length)] ^= (byte) (1 + corruption.nextInt(255));
        return bytes;
    }

    private static boolean hit(Random random, int perMille) {
        return random.nextInt(1000) < perMille;
    }
}
