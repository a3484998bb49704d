package dev.towpath.mib;

/**
 * The counters of one stack: standard MIB objects (RFC 4293, 4022, 4113, and the names Linux uses) and dropped packets
 * by reason. Guarded by the stack's lock.
 */
public final class Mib {
    private final long[] counters = new long[Counter.values().length];
    private final long[] drops = new long[DropReason.values().length];

    /** Adds one. */
    public void count(Counter counter) {
        counters[counter.ordinal()]++;
    }

    /** Adds {@code amount}. */
    public void count(Counter counter, long amount) {
        counters[counter.ordinal()] += amount;
    }

    /** Counts a packet dropped for {@code reason}. */
    public void drop(DropReason reason) {
        drops[reason.ordinal()]++;
    }

    /** Counts {@code packets} dropped for {@code reason}. */
    public void drop(DropReason reason, int packets) {
        drops[reason.ordinal()] += packets;
    }

    /** The value of a counter. */
    public long value(Counter counter) {
        return counters[counter.ordinal()];
    }

    /** Packets dropped for {@code reason}. */
    public long dropped(DropReason reason) {
        return drops[reason.ordinal()];
    }

    /** Packets dropped for any reason. */
    public long dropped() {
        long sum = 0;
        for (long drop : drops) {
            sum += drop;
        }
        return sum;
    }
}
