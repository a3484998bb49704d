package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of sequence numbers as it was last sent: RFC 8985 section 5.2's per-segment variables. Owned by one
 * {@link Scoreboard}, lent by a pool.
 */
final class Sent extends Stretch {
    /** Segment.xmit_ts. */
    long sentNanos;
    /** The peer has it, and has said so in a SACK block. */
    boolean sacked;
    /** Held to be lost and not sent again since. */
    boolean lost;
    /** Segment.retransmitted. */
    boolean resent;

    /** Neighbours in the order of sending, while it is in flight. */
    @Nullable
    Sent earlier;

    @Nullable
    Sent later;

    private Sent(int levels) {
        super(levels);
    }

    /** Sent ones that nobody uses, for the whole stack. */
    static final class Pool {
        private final Stretches.Coin coin;
        private @Nullable Stretch free;

        Pool(Stretches.Coin coin) {
            this.coin = coin;
        }

        Sent take(int start, int end, long sentNanos) {
            Sent sent = (Sent) free;
            if (sent == null) {
                sent = new Sent(coin.levels());
            } else {
                free = sent.next[0];
                sent.next[0] = null;
            }
            sent.start = start;
            sent.end = end;
            sent.sentNanos = sentNanos;
            sent.sacked = false;
            sent.lost = false;
            sent.resent = false;
            return sent;
        }

        void give(Sent sent) {
            sent.earlier = null;
            sent.later = null;
            sent.next[0] = free;
            free = sent;
        }
    }
}
