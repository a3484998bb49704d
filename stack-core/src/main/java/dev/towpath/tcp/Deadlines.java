package dev.towpath.tcp;

import dev.towpath.time.Timer;
import dev.towpath.time.TimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * What one connection waits for, as times; its one {@link Timer} is armed for the earliest. {@link Timer#NEVER} where
 * nothing is awaited. A connection that waits for nothing has none: see {@link Pool}.
 */
final class Deadlines {
    final Timer timer;
    final Patience patience = new Patience();
    private @Nullable Tcb owner;
    /** The next one that nobody has. */
    private @Nullable Deadlines following;

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

    private Deadlines(Timeouts timeouts) {
        this.timer = new Timer(now -> {
            if (owner != null) {
                timeouts.expired(owner, now);
            }
        });
    }

    long earliest() {
        return Math.min(
                Math.min(Math.min(retransmit, ack), Math.min(keepAlive, end)),
                Math.min(Math.min(reorder, probe), Math.min(user, Math.min(link, pace))));
    }

    /** Nothing is awaited, and nothing in here is remembered. */
    boolean idle() {
        return earliest() == Timer.NEVER && !persisting && patience.calm();
    }

    private void clear() {
        retransmit = reorder = probe = link = pace = ack = user = keepAlive = end = Timer.NEVER;
        persisting = false;
        awaitData = Long.MIN_VALUE;
        patience.progress();
    }

    /** Those that no connection has, for the whole stack: as many as have ever been busy at once are enough. */
    static final class Pool {
        private final Timeouts timeouts;
        private final TimerWheel wheel;
        private @Nullable Deadlines free;

        Pool(Timeouts timeouts, TimerWheel wheel) {
            this.timeouts = timeouts;
            this.wheel = wheel;
        }

        Deadlines lend(Tcb t) {
            Deadlines lent = free;
            if (lent == null) {
                lent = new Deadlines(timeouts);
            } else {
                free = lent.following;
                lent.following = null;
            }
            lent.owner = t;
            return lent;
        }

        void giveBack(Deadlines lent) {
            wheel.cancel(lent.timer);
            lent.clear();
            lent.owner = null;
            lent.following = free;
            free = lent;
        }
    }
}
