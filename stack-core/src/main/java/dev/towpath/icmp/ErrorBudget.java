package dev.towpath.icmp;

import java.util.function.LongSupplier;

/**
 * How many errors may be sent (RFC 1812 section 4.3.2.8): so many to each destination and so many in all. The
 * destination's share is looked at first, so that one flood does not spend everybody's; and what an error costs of the
 * common budget is random, so that nobody can count by it how many errors others were sent (the side channel of
 * CVE-2020-25705).
 *
 * <p>Each bucket is one time: that at which it will be full again.
 */
final class ErrorBudget {
    private static final int DESTINATIONS = 256;
    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier random;
    private final long interval;
    private final long burst;
    private final long intervalEach;
    private final long burstEach;
    private final int[] destinations = new int[DESTINATIONS];
    private final long[] fullEach = new long[DESTINATIONS];
    private final int secret;
    private long full;

    ErrorBudget(IcmpConfig config, LongSupplier random, long nowNanos) {
        this.random = random;
        this.interval = SECOND / Math.max(1, config.errorsPerSecond());
        this.burst = interval * Math.max(1, config.errorBurst());
        this.intervalEach = SECOND / Math.max(1, config.errorsPerSecondEach());
        this.burstEach = intervalEach * Math.max(1, config.errorBurstEach());
        this.secret = (int) random.getAsLong() | 1;
        this.full = nowNanos;
    }

    /** True if an error may go to {@code destination} now; it is then paid for. */
    boolean spend(int destination, long nowNanos) {
        int slot = (destination * secret) >>> 24;
        if (destinations[slot] != destination) {
            // Whoever shares the slot is forgotten: two that take turns are still held by the common budget.
            destinations[slot] = destination;
            fullEach[slot] = nowNanos;
        }
        long debtEach = Math.max(0, fullEach[slot] - nowNanos);
        long debt = Math.max(0, full - nowNanos);
        if (debtEach + intervalEach > burstEach || debt + interval > burst) {
            return false;
        }
        fullEach[slot] = nowNanos + debtEach + intervalEach;
        full = nowNanos + debt + interval * Long.remainderUnsigned(random.getAsLong(), 3);
        return true;
    }
}
