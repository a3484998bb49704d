package dev.towpath.arp;

/**
 * Settings of one interface's ARP. The states and their times are those of IPv6 neighbours (RFC 4861 section 7.3),
 * which Linux uses for ARP too.
 *
 * @param requestIntervalNanos between two requests for one neighbour: RFC 1122 section 2.3.2.1 allows one a second
 * @param requests unanswered requests before a neighbour counts as unreachable
 * @param reachableNanos how long an answer is good for (REACHABLE_TIME)
 * @param delayNanos how long the transport may show that a stale neighbour still answers, before it is asked
 *     (DELAY_FIRST_PROBE_TIME)
 * @param staleNanos how long a neighbour that nobody sends to is remembered
 * @param failedNanos how long packets to a neighbour that did not answer fail at once
 * @param maxNeighbours neighbours remembered at most
 * @param maxQueued packets that wait for one neighbour at most; RFC 1122 section 2.3.2.2 wants at least the latest
 * @param maxQueuedBytes frame memory of all waiting packets, beyond one packet each
 */
public record ArpConfig(
        long requestIntervalNanos,
        int requests,
        long reachableNanos,
        long delayNanos,
        long staleNanos,
        long failedNanos,
        int maxNeighbours,
        int maxQueued,
        int maxQueuedBytes) {
    private static final long SECOND = 1_000_000_000L;

    /** What an interface has unless it is told otherwise. */
    public static final ArpConfig DEFAULT =
            new ArpConfig(SECOND, 3, 30 * SECOND, 5 * SECOND, 600 * SECOND, 3 * SECOND, 1024, 64, 1 << 20);
}
