package dev.towpath.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What is between SND.UNA and SND.NXT and what became of it (RFC 6675 section 3, RFC 8985 section 5). Each stretch is
 * in flight, sacked, or lost; those in flight are also chained in the order of sending, so that looking for the overdue
 * costs what is overdue. All that is done for an ACK is proportional to what is new in it.
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

    private final Sent.Pool pool;
    /** By sequence number: a ring of {@code count} from {@code head} on. */
    private @Nullable Sent[] ring = {};

    private int head;
    private int count;
    private @Nullable Sent first;
    private @Nullable Sent last;
    private final Holes sackedRanges = new Holes();
    private int sackedBytes;
    private int lostBytes;
    private int deliveredBytes;
    /** Nothing before this number is lost. */
    private int lostFrom;

    Scoreboard(Sent.Pool pool) {
        this.pool = pool;
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

    /** The one in flight that was sent first. */
    @Nullable
    Sent first() {
        return first;
    }

    /** New data was sent. */
    void sent(int start, int end, long now) {
        Sent tail = count == 0 ? null : at(count - 1);
        if (tail != null && tail == last && joins(tail, end, now)) {
            tail.end = end;
            return;
        }
        Sent sent = pool.take(start, end, now);
        insert(count, sent);
        append(sent);
    }

    private boolean joins(Sent tail, int end, long now) {
        long apart = count < MANY ? 0 : NEARLY_NANOS;
        return !tail.resent && now - tail.sentNanos <= apart && end - tail.start <= LONGEST;
    }

    /** All before {@code una} is acknowledged. */
    void acknowledged(int una, Deliveries deliveries) {
        while (count > 0 && SeqNum.lessThan(at(0).start, una)) {
            Sent oldest = at(0);
            if (SeqNum.lessThan(una, oldest.end)) {
                split(0, una);
                oldest = at(0);
            }
            if (!oldest.sacked) {
                deliver(oldest, deliveries);
            } else {
                sackedBytes -= oldest.length();
            }
            ring[head] = null;
            head = (head + 1) & (ring.length - 1);
            count--;
            pool.give(oldest);
        }
        sackedRanges.forgetBefore(una);
        if (count == 0) {
            lostFrom = una;
        }
    }

    /** A SACK block, which lies within what is in flight. Returns true if it told something new. */
    boolean sacked(int start, int end, Deliveries deliveries) {
        int known = sackedRanges.find(start);
        int from = known < 0 ? start : sackedRanges.end(known);
        boolean news = false;
        for (int i = indexOf(from); i < count && SeqNum.lessThan(at(i).start, end); i++) {
            Sent sent = at(i);
            if (sent.sacked) {
                continue;
            }
            if (SeqNum.lessThan(sent.start, from)) {
                split(i, from);
                continue;
            }
            if (SeqNum.lessThan(end, sent.end)) {
                split(i, end);
            }
            news = true;
            deliver(sent, deliveries);
            sent.sacked = true;
            sackedBytes += sent.length();
        }
        boolean ignored = SeqNum.lessThan(from, end) && sackedRanges.add(start, end);
        return news;
    }

    private void deliver(Sent sent, Deliveries deliveries) {
        deliveredBytes += sent.length();
        if (sent.lost) {
            sent.lost = false;
            lostBytes -= sent.length();
        } else {
            unchain(sent);
        }
        deliveries.delivered(sent);
    }

    /** {@code sent}, which is in flight, is lost. */
    void lose(Sent sent) {
        unchain(sent);
        sent.lost = true;
        lostFrom = lostBytes == 0 ? sent.start : SeqNum.min(lostFrom, sent.start);
        lostBytes += sent.length();
    }

    /**
     * The retransmission timer has expired: all is lost, and SACK blocks are forgotten, for the peer may have thrown
     * away what they named (RFC 2018 section 8).
     */
    void loseAll() {
        for (int i = 0; i < count; i++) {
            Sent sent = at(i);
            if (sent.sacked) {
                sent.sacked = false;
                sackedBytes -= sent.length();
                append(sent);
            }
            if (!sent.lost) {
                lose(sent);
            }
        }
        sackedRanges.clear();
    }

    /** The first that is lost, or null. */
    @Nullable
    Sent firstLost() {
        if (lostBytes == 0) {
            return null;
        }
        for (int i = indexOf(lostFrom); i < count; i++) {
            if (at(i).lost) {
                lostFrom = at(i).start;
                return at(i);
            }
        }
        throw new AssertionError("lost bytes are somewhere");
    }

    /** The stretch that ends at SND.NXT, or null. */
    @Nullable
    Sent newest() {
        return count == 0 ? null : at(count - 1);
    }

    /** The first {@code length} bytes of {@code sent} have been sent again. */
    void resent(Sent sent, int length, long now) {
        if (length < sent.length()) {
            split(indexOf(sent.start), sent.start + length);
        }
        if (sent.lost) {
            sent.lost = false;
            lostBytes -= sent.length();
        } else {
            unchain(sent);
        }
        sent.resent = true;
        sent.sentNanos = now;
        append(sent);
    }

    /** Cuts the last {@code length} bytes off the newest stretch, so that they are one of their own. */
    Sent cutNewest(int length) {
        Sent newest = at(count - 1);
        if (newest.length() > length) {
            split(count - 1, newest.end - length);
        }
        return at(count - 1);
    }

    /** Forgets all. */
    void clear() {
        for (int i = 0; i < count; i++) {
            pool.give(at(i));
        }
        ring = new Sent[0];
        head = 0;
        count = 0;
        first = null;
        last = null;
        sackedBytes = 0;
        lostBytes = 0;
        sackedRanges.clear();
    }

    private Sent at(int index) {
        Sent sent = ring[(head + index) & (ring.length - 1)];
        if (sent == null) {
            throw new AssertionError("no stretch " + index + " of " + count);
        }
        return sent;
    }

    /** Index of the first stretch that ends behind {@code number}. */
    private int indexOf(int number) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (SeqNum.lessThan(number, at(middle).end)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Stretch {@code index} ends at {@code number}; the rest becomes one of its own, as it was. */
    private void split(int index, int number) {
        Sent front = at(index);
        Sent back = pool.take(number, front.end, front.sentNanos);
        back.sacked = front.sacked;
        back.lost = front.lost;
        back.resent = front.resent;
        front.end = number;
        insert(index + 1, back);
        if (!front.sacked && !front.lost) {
            chainBehind(front, back);
        }
    }

    private void insert(int index, Sent sent) {
        if (count == ring.length) {
            grow();
        }
        int mask = ring.length - 1;
        for (int i = count; i > index; i--) {
            ring[(head + i) & mask] = ring[(head + i - 1) & mask];
        }
        ring[(head + index) & mask] = sent;
        count++;
    }

    private void grow() {
        @Nullable Sent[] larger = new Sent[Math.max(16, 2 * ring.length)];
        for (int i = 0; i < count; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        head = 0;
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
