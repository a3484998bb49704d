package dev.towpath.tcp;

import dev.towpath.demux.Flow;
import dev.towpath.demux.SipHash;

/**
 * Initial sequence numbers of RFC 6528: {@code ISN = M + F(localip, localport, remoteip, remoteport, secret)}, so that
 * they rise for a tuple and tell nobody else a thing.
 */
final class InitialSequence {
    /** M is a 4 microsecond timer. */
    private static final long TICK_NANOS = 4_000L;

    /** How far beyond a previous life's numbers the next begins when the timer has not come so far. */
    private static final int BEYOND = 1 << 16;

    private final SipHash hash;

    InitialSequence(long key0, long key1) {
        this.hash = new SipHash(key0, key1);
    }

    /**
     * {@code iss}, or where that does not lie beyond {@code last}, the highest number of the same tuple's previous life
     * (RFC 9293 section 3.6.1), one that does.
     */
    static int beyond(int last, int iss) {
        return SeqNum.atMost(iss, last) ? last + BEYOND : iss;
    }

    /**
     * What a connection's timestamp clock is shifted by: the same for each life of a tuple, so that its timestamps rise
     * too.
     */
    int timestampOffset(Flow flow) {
        return (int) (hash(flow) >>> 32);
    }

    private long hash(Flow flow) {
        long ports = (long) flow.localPort() << 16 | flow.remotePort();
        return hash.hash(flow.localHigh(), flow.localLow(), flow.remoteHigh(), flow.remoteLow(), ports, Integer.BYTES);
    }

    int next(Flow flow, long now) {
        int f = (int) hash(flow);
        return (int) (now / TICK_NANOS) + f;
    }
}
