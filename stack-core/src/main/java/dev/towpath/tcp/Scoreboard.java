package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What is between SND.UNA and SND.NXT and what became of it (RFC 6675 section 3, RFC 8985 section 5). Each stretch is
 * in flight, sacked, or lost:
 *
 * <pre>
 *     SND.UNA                                                   SND.NXT
 *        |  lost  |  sacked  | in flight | lost |  sacked  | in flight |
 * </pre>
 *
 * <p>Those in flight are also chained in the order of sending, so that looking for the overdue costs what is overdue;
 * sacked ones that meet become one, so that a block that repeats what is known is passed in one step; the numbers of
 * the lost ones are in a heap. So what an ACK costs is proportional to what is new in it, and to the logarithm of what
 * is in flight.
 */
final class Scoreboard {
    /** What has been delivered is told to whoever measures by it. */
    interface Deliveries {
        /** The peer has {@code sent}, which was not known before. */
        void delivered(Sent sent);
    }

    /**
     * Beyond so many stretches those sent at nearly the same time are kept as one: a sender of single bytes must not
     * need more memory than its bytes.
     */
    private static final int MANY = 256;

    private static final long NEARLY_NANOS = 1_000_000;
    private static final int LONGEST = 1 << 16;

    /**
     * Beyond {@link #MANY} stretches SACK blocks cut them no finer than this on the average: a peer that reports every
     * other byte must not need more memory than the bytes either (CVE-2019-11478).
     */
    private static final int AVERAGE = 128;

    private final Sent.Pool pool;
    private final Stretches<Sent> stretches = new Stretches<>();
    /** Where lost stretches begin; and numbers where one that has been sent again or has arrived after all began. */
    private final NumberHeap lostStarts = new NumberHeap();
    /** The lost one with the smallest number, if it has been looked for. */
    private @Nullable Sent firstLost;

    private @Nullable Sent first;
    private @Nullable Sent last;
    private int sackedBytes;
    private int lostBytes;
    private int deliveredBytes;

    /** The next one that nobody has. */
    private @Nullable Scoreboard following;

    Scoreboard(Sent.Pool pool) {
        this.pool = pool;
    }

    /** Those that no connection has, for the whole stack: a connection with nothing in flight needs none. */
    static final class Pool {
        private final Sent.Pool sent;
        private final Scoreboard empty;
        private @Nullable Scoreboard free;

        Pool(Sent.Pool sent) {
            this.sent = sent;
            this.empty = new Scoreboard(sent);
        }

        /** For all who have nothing in flight: it stays empty. */
        Scoreboard empty() {
            return empty;
        }

        /** One in which something may be written: {@code board}, unless that is {@link #empty}. */
        Scoreboard lend(Scoreboard board) {
            if (board != empty) {
                return board;
            }
            Scoreboard lent = free;
            if (lent == null) {
                return new Scoreboard(sent);
            }
            free = lent.following;
            lent.following = null;
            return lent;
        }

        /** {@code board} if there is anything in it, else {@link #empty}. */
        Scoreboard takeBackEmpty(Scoreboard board) {
            if (board == empty || board.stretches.count() > 0) {
                return board;
            }
            board.following = free;
            free = board;
            return empty;
        }
    }

    /** Bytes that SACK blocks cover. */
    int sackedBytes() {
        return sackedBytes;
    }

    /** Bytes held to be lost and not sent again. */
    int lostBytes() {
        return lostBytes;
    }

    /** Bytes delivered so far, by ACK or SACK, modulo 2^32. */
    int deliveredBytes() {
        return deliveredBytes;
    }

    /** What looking up and walking along has cost so far, in steps: what tests measure instead of time. */
    long followed() {
        return stretches.followed();
    }

    /** The one in flight that was sent first. */
    @Nullable
    Sent first() {
        return first;
    }

    /** New data was sent. */
    void sent(int start, int end, long now) {
        Sent tail = stretches.last();
        if (tail != null && tail == last && joins(tail, end, now)) {
            tail.end = end;
            return;
        }
        Sent sent = pool.take(start, end, now);
        stretches.append(sent);
        append(sent);
    }

    private boolean joins(Sent tail, int end, long now) {
        long apart = stretches.count() < MANY ? 0 : NEARLY_NANOS;
        return !tail.resent && now - tail.sentNanos <= apart && end - tail.start <= LONGEST;
    }

    /** All before {@code una} is acknowledged. */
    void acknowledged(int una, Deliveries deliveries) {
        for (Sent oldest = stretches.first(); oldest != null; oldest = stretches.first()) {
            if (SeqNum.atMost(una, oldest.start)) {
                return;
            }
            if (SeqNum.lessThan(una, oldest.end)) {
                deliverFront(oldest, una, deliveries);
                return;
            }
            if (oldest.sacked) {
                sackedBytes -= oldest.length();
            } else {
                deliver(oldest, deliveries);
            }
            stretches.removeFirst(oldest);
            pool.give(oldest);
        }
    }

    /**
     * An ACK ends within {@code oldest}, as most ACKs of a super-segment do: what is delivered is told of, and the rest
     * stays where it is, without being made anew.
     */
    private void deliverFront(Sent oldest, int una, Deliveries deliveries) {
        int bytes = una - oldest.start;
        if (oldest.sacked) {
            sackedBytes -= bytes;
        } else {
            int end = oldest.end;
            oldest.end = una;
            deliveredBytes += bytes;
            deliveries.delivered(oldest);
            oldest.end = end;
        }
        oldest.start = una;
        if (oldest.lost) {
            lostBytes -= bytes;
            lostStarts.add(una); // where it began is of no use any more
        }
    }

    /** A SACK block, which lies within what is in flight. Returns true if it told something new. */
    boolean sacked(int start, int end, Deliveries deliveries) {
        boolean news = false;
        Sent run = null; // the sacked one before the one looked at
        // From the one before the block on, which perhaps is sacked and goes on in the block.
        Sent sent = stretches.find(start - 1);
        while (sent != null && SeqNum.atMost(sent.start, end)) {
            if (sent.sacked) {
                run = joined(run, sent);
            } else if (cutTo(sent, start, end)) {
                news = true;
                deliver(sent, deliveries);
                sent.sacked = true;
                sackedBytes += sent.length();
                run = joined(run, sent);
            } else {
                run = null;
            }
            sent = stretches.after(run == null ? sent : run);
        }
        return news;
    }

    /**
     * Cuts {@code sent} where the block begins or ends within it. Returns false if it does not lie within the block
     * then: what lies behind the cut may.
     */
    private boolean cutTo(Sent sent, int start, int end) {
        boolean apart = SeqNum.atMost(sent.end, start) || SeqNum.atMost(end, sent.start);
        boolean beginsBefore = SeqNum.lessThan(sent.start, start);
        boolean endsBehind = SeqNum.lessThan(end, sent.end);
        if (apart || ((beginsBefore || endsBehind) && !mayCut())) {
            return false;
        }
        if (beginsBefore) {
            split(sent, start);
        } else if (endsBehind) {
            split(sent, end);
        }
        return !beginsBefore;
    }

    private boolean mayCut() {
        Sent oldest = stretches.first();
        Sent newest = stretches.last();
        return oldest == null || newest == null || stretches.count() < MANY + (newest.end - oldest.start) / AVERAGE;
    }

    /** {@code sent} is sacked, and so is {@code run} before it, unless that is null. Returns what holds both. */
    private Sent joined(@Nullable Sent run, Sent sent) {
        if (run == null) {
            return sent;
        }
        stretches.remove(sent);
        run.end = sent.end;
        run.resent |= sent.resent;
        pool.give(sent);
        return run;
    }

    private void deliver(Sent sent, Deliveries deliveries) {
        deliveredBytes += sent.length();
        if (sent.lost) {
            found(sent);
        } else {
            unchain(sent);
        }
        deliveries.delivered(sent);
    }

    /** {@code sent}, which is in flight, is lost. */
    void lose(Sent sent) {
        unchain(sent);
        sent.lost = true;
        if (lostBytes == 0) {
            lostStarts.clear();
        } else if (firstLost != null && SeqNum.lessThan(sent.start, firstLost.start)) {
            firstLost = sent;
        }
        lostStarts.add(sent.start);
        lostBytes += sent.length();
    }

    /** {@code sent} is not lost any more: it has been sent again, or has arrived after all. */
    private void found(Sent sent) {
        sent.lost = false;
        lostBytes -= sent.length();
        if (sent == firstLost) {
            firstLost = null;
        }
    }

    /**
     * The retransmission timer has expired: all is lost, and SACK blocks are forgotten, for the peer may have thrown
     * away what they named (RFC 2018 section 8).
     */
    void loseAll() {
        for (Sent sent = stretches.first(); sent != null; sent = stretches.after(sent)) {
            if (sent.sacked) {
                sent.sacked = false;
                sackedBytes -= sent.length();
                append(sent);
            }
            if (!sent.lost) {
                lose(sent);
            }
        }
    }

    /** The time-out was a mistake: what it called lost, and nobody has sent again, is in flight as before. */
    void loseNothing() {
        Sent before = null; // the one restored last: most often the next was sent right behind it
        for (Sent sent = stretches.first(); sent != null; sent = stretches.after(sent)) {
            if (sent.lost) {
                found(sent);
                chainInTime(sent, before);
                before = sent;
            }
        }
    }

    /** Chains {@code sent} in the order of sending; the place is looked for from {@code near} on, or from the first. */
    private void chainInTime(Sent sent, @Nullable Sent near) {
        Sent before = near;
        while (before != null && before.sentNanos > sent.sentNanos) {
            before = before.earlier;
        }
        Sent after = before == null ? first : before.later;
        while (after != null && after.sentNanos <= sent.sentNanos) {
            before = after;
            after = after.later;
        }
        if (before == null) {
            sent.earlier = null;
            sent.later = after;
            first = sent;
            if (after == null) {
                last = sent;
            } else {
                after.earlier = sent;
            }
        } else {
            chainBehind(before, sent);
        }
    }

    /** The first that is lost, or null. */
    @Nullable
    Sent firstLost() {
        while (firstLost == null && lostBytes > 0) {
            int start = lostStarts.smallest();
            Sent sent = stretches.find(start);
            if (sent != null && sent.lost && sent.start == start) {
                firstLost = sent;
            } else {
                lostStarts.removeSmallest();
            }
        }
        return firstLost;
    }

    /** The stretch that ends at SND.NXT, or null. */
    @Nullable
    Sent newest() {
        return stretches.last();
    }

    /** The first {@code length} bytes of {@code sent} have been sent again. */
    void resent(Sent sent, int length, long now) {
        if (length < sent.length()) {
            split(sent, sent.start + length);
        }
        if (sent.lost) {
            found(sent);
        } else {
            unchain(sent);
        }
        sent.resent = true;
        sent.sentNanos = now;
        append(sent);
    }

    /** Cuts {@code sent}, the newest, down to its last {@code length} bytes; what was before is one of its own. */
    Sent cutNewest(Sent sent, int length) {
        return sent.length() > length ? split(sent, sent.end - length) : sent;
    }

    /** Forgets all. */
    void clear() {
        for (Sent sent = stretches.first(); sent != null; sent = stretches.first()) {
            stretches.removeFirst(sent);
            pool.give(sent);
        }
        first = null;
        last = null;
        firstLost = null;
        sackedBytes = 0;
        lostBytes = 0;
    }

    /** {@code front} ends at {@code number}; the rest, which is returned, becomes one of its own, as it was. */
    private Sent split(Sent front, int number) {
        Sent back = pool.take(number, front.end, front.sentNanos);
        back.sacked = front.sacked;
        back.lost = front.lost;
        back.resent = front.resent;
        front.end = number;
        stretches.insert(back);
        if (front.lost) {
            lostStarts.add(number);
        } else if (!front.sacked) {
            chainBehind(front, back);
        }
        return back;
    }

    private void append(Sent sent) {
        Sent before = last;
        sent.earlier = before;
        sent.later = null;
        if (before == null) {
            first = sent;
        } else {
            before.later = sent;
        }
        last = sent;
    }

    private void chainBehind(Sent front, Sent back) {
        Sent after = front.later;
        back.earlier = front;
        back.later = after;
        front.later = back;
        if (after == null) {
            last = back;
        } else {
            after.earlier = back;
        }
    }

    private void unchain(Sent sent) {
        Sent before = sent.earlier;
        Sent after = sent.later;
        if (before == null) {
            first = after;
        } else {
            before.later = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.earlier = before;
        }
        sent.earlier = null;
        sent.later = null;
    }
}
