package dev.towpath.tcp;

import dev.towpath.time.Timer;

/**
 * What one connection waits for, as times; its one {@link Timer} is armed for the earliest. {@link Timer#NEVER} where
 * nothing is awaited.
 */
final class Deadlines {
    /** The retransmission timer (RFC 6298), or the persist timer while {@link #persisting}. */
    long retransmit = Timer.NEVER;

    /** {@link #retransmit} probes a closed window (RFC 9293 section 3.8.6.1). */
    boolean persisting;

    /** The current interval between probes. */
    long persistNanos;

    /** What was sent may be lost by now (RFC 8985 section 6.2, step 5). */
    long reorder = Timer.NEVER;

    /** A tail loss probe (RFC 8985 section 7). */
    long probe = Timer.NEVER;

    /** The link's queue was crowded: look again. */
    long link = Timer.NEVER;

    /** The next quantum of what is paced may go. */
    long pace = Timer.NEVER;

    /** A delayed ACK must go. */
    long ack = Timer.NEVER;

    /** The user time-out (RFC 5482). */
    long user = Timer.NEVER;

    /** Keep-alive (RFC 9293 section 3.8.4). */
    long keepAlive = Timer.NEVER;

    /** The end of an orphan's FIN-WAIT-2. */
    long end = Timer.NEVER;

    /** Until then a listener takes no connection without data (TCP_DEFER_ACCEPT); no timer's deadline by itself. */
    long awaitData = Long.MIN_VALUE;

    long earliest() {
        return Math.min(
                Math.min(Math.min(retransmit, ack), Math.min(keepAlive, end)),
                Math.min(Math.min(reorder, probe), Math.min(user, Math.min(link, pace))));
    }

    void clear() {
        retransmit = reorder = probe = link = pace = ack = user = keepAlive = end = Timer.NEVER;
        persisting = false;
    }
}
