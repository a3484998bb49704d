package dev.towpath.link;

import java.util.Arrays;

/**
 * Which port an Ethernet address was last heard on: a switch's forwarding database. Open addressing with linear
 * probing, no boxing, no allocation. A full table forgets what has aged; if nothing has, it learns no more and the
 * switch goes on flooding.
 */
final class MacTable {
    /** The port of an address that is not known. */
    static final int UNKNOWN = -1;

    private static final long EMPTY = -1; // no address: those have 48 bits
    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

    private final long[] addresses;
    private final int[] ports;
    private final long[] heardNanos;
    private final int limit;
    private final long ageNanos;
    private int count;

    /** A table of at most {@code limit} addresses, each known for {@code ageNanos} after it was last heard. */
    MacTable(int limit, long ageNanos) {
        int capacity = Integer.highestOneBit(Math.max(4, limit))
                << 2; // never more than half full, so that probes are short and end
        this.limit = limit;
        this.ageNanos = ageNanos;
        this.addresses = new long[capacity];
        this.ports = new int[capacity];
        this.heardNanos = new long[capacity];
        Arrays.fill(addresses, EMPTY);
    }

    int size() {
        return count;
    }

    void learn(long address, int port, long nowNanos) {
        int at = find(address);
        if (addresses[at] == EMPTY) {
            if (count >= limit) {
                forgetAged(nowNanos);
                at = find(address);
            }
            if (count >= limit) {
                return;
            }
            addresses[at] = address;
            count++;
        }
        ports[at] = port;
        heardNanos[at] = nowNanos;
    }

    int port(long address, long nowNanos) {
        int at = find(address);
        if (addresses[at] == EMPTY) {
            return UNKNOWN;
        }
        if (nowNanos - heardNanos[at] >= ageNanos) {
            remove(at);
            return UNKNOWN;
        }
        return ports[at];
    }

    void forgetPort(int port) {
        for (int at = addresses.length - 1; at >= 0; at--) {
            while (addresses[at] != EMPTY && ports[at] == port) {
                remove(at); // and look again at what has moved here
            }
        }
    }

    private void forgetAged(long nowNanos) {
        for (int at = addresses.length - 1; at >= 0; at--) {
            while (addresses[at] != EMPTY && nowNanos - heardNanos[at] >= ageNanos) {
                remove(at);
            }
        }
    }

    /** Where {@code address} is, or the empty place where it belongs. */
    private int find(long address) {
        int at = home(address);
        while (addresses[at] != address && addresses[at] != EMPTY) {
            at = at + 1 & addresses.length - 1;
        }
        return at;
    }

    private int home(long address) {
        return (int) ((address * GOLDEN_RATIO) >>> 32) & addresses.length - 1;
    }

    /**
     * Empties a place and moves up those behind it that would no longer be found (Knuth, volume 3, section 6.4,
     * algorithm R).
     */
    private void remove(int place) {
        int mask = addresses.length - 1;
        int hole = place;
        count--;
        for (int at = hole + 1 & mask; addresses[at] != EMPTY; at = at + 1 & mask) {
            boolean reachesBackToHole = (at - home(addresses[at]) & mask) >= (at - hole & mask);
            if (reachesBackToHole) {
                addresses[hole] = addresses[at];
                ports[hole] = ports[at];
                heardNanos[hole] = heardNanos[at];
                hole = at;
            }
        }
        addresses[hole] = EMPTY;
    }
}
