package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of sequence numbers as it was last sent: RFC 8985 section 5.2's per-segment variables. Owned by one
 * {@link Scoreboard}, lent by a pool.
 */
final class Sent {
    int start;
    int end;
    /** Segment.xmit_ts. */
    long sentNanos;
    /** The peer has it, and has said so in a SACK block. */
    boolean sacked;
    /** Held to be lost and not sent again since. */
    boolean lost;
    /** Segment.retransmitted. */
    boolean resent;

    /** Neighbours in the order of sending, while it is in flight; in the pool, {@code later} is the next free one. */
    @Nullable
    Sent earlier;

    @Nullable
    Sent later;

    int length() {
        return end - start;
    }

    /** Sent ones that nobody uses, for the whole stack. */
    static final class Pool {
        private @Nullable Sent free;

        Sent take(int start, int end, long sentNanos) {
            Sent sent = free;
            if (sent == null) {
                sent = new Sent();
            } else {
                free = sent.later;
            }
            sent.start = start;
            sent.end = end;
            sent.sentNanos = sentNanos;
            sent.sacked = false;
            sent.lost = false;
            sent.resent = false;
            sent.earlier = null;
            sent.later = null;
            return sent;
        }

        void give(Sent sent) {
            sent.earlier = null;
            sent.later = free;
            free = sent;
        }
    }
}
