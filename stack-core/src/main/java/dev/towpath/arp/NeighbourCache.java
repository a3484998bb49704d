package dev.towpath.arp;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours of one interface by address, at most so many. When it is full the oldest goes that nobody has used
 * since it was last looked at (the clock algorithm: nearly least recently used, for one field write a packet), so that
 * a flood of made-up senders can't push out those in use.
 */
final class NeighbourCache {
    private final @Nullable Neighbour[] buckets;
    private final int shift;
    private final int max;
    private @Nullable Neighbour oldest;
    private @Nullable Neighbour youngest;
    private int size;

    NeighbourCache(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("a host needs at least one neighbour, not " + max);
        }
        this.max = max;
        int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(max));
        this.buckets = new @Nullable Neighbour[1 << bits];
        this.shift = 32 - bits;
    }

    @Nullable
    Neighbour find(int address) {
        Neighbour n = buckets[bucketOf(address)];
        while (n != null && n.address != address) {
            n = n.nextInBucket;
        }
        return n;
    }

    boolean full() {
        return size == max;
    }

    int size() {
        return size;
    }

    void add(Neighbour n) {
        int bucket = bucketOf(n.address);
        n.nextInBucket = buckets[bucket];
        buckets[bucket] = n;
        append(n);
        size++;
    }

    /** The one to remove to make room; the cache is not empty. */
    Neighbour victim() {
        for (int looked = 0; ; looked++) {
            Neighbour n = oldest;
            if (n == null) {
                throw new AssertionError("an empty cache is not full");
            }
            if (!n.used || looked == size) {
                return n;
            }
            n.used = false;
            unchain(n);
            append(n);
        }
    }

    void remove(Neighbour n) {
        int bucket = bucketOf(n.address);
        Neighbour before = null;
        for (Neighbour b = buckets[bucket]; b != n; b = b.nextInBucket) {
            if (b == null) {
                throw new AssertionError(n + " is not in the cache");
            }
            before = b;
        }
        if (before == null) {
            buckets[bucket] = n.nextInBucket;
        } else {
            before.nextInBucket = n.nextInBucket;
        }
        n.nextInBucket = null;
        unchain(n);
        size--;
    }

    /** Calls {@code action} for each, oldest first; it may remove the one that it is called for. */
    void forEach(Consumer<Neighbour> action) {
        for (Neighbour n = oldest; n != null; ) {
            Neighbour following = n.younger;
            action.accept(n);
            n = following;
        }
    }

    private void append(Neighbour n) {
        Neighbour last = youngest;
        n.older = last;
        n.younger = null;
        if (last == null) {
            oldest = n;
        } else {
            last.younger = n;
        }
        youngest = n;
    }

    private void unchain(Neighbour n) {
        Neighbour older = n.older;
        Neighbour younger = n.younger;
        if (older == null) {
            oldest = younger;
        } else {
            older.younger = younger;
        }
        if (younger == null) {
            youngest = older;
        } else {
            younger.older = older;
        }
    }

    /** Fibonacci hashing: neighbours have neighbouring addresses. */
    private int bucketOf(int address) {
        return (address * 0x9e3779b9) >>> shift;
    }
}
