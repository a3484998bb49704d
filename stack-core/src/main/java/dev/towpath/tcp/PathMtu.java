package dev.towpath.tcp;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Path MTU discovery of one connection. Routers say what fits (RFC 1191), and are believed as far as RFC 5927 section
 * 7.2 advises; where they are silent, repeated time-outs of large segments say that nothing so large gets through (RFC
 * 4821). After a while larger segments are tried again, one at a time, so that no more is lost than that one.
 *
 * <p>Sizes are in bytes of TCP payload and options, as the MSS option counts them (RFC 6691).
 *
 * <pre>
 *     0        in use                                  tooLarge
 *     |  gets through  |  perhaps: where probes search  |  does not
 * </pre>
 */
final class PathMtu {
    /**
     * No router gets TCP below this: deviates from RFC 791's 68 as Linux does, for a forged message costs most where
     * packets are smallest.
     */
    private static final int LEAST_MTU = 552;

    /** RFC 791 section 3.2: every network carries this, so that a router that says less lies. */
    private static final int LEAST_HONEST_MTU = 68;

    /** RFC 1191 section 7.1: sizes to try when an old router does not say which fits. */
    private static final int[] PLATEAUS = {32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, LEAST_MTU};

    /** What gets through almost everywhere (RFC 4821 section 7.2, eff_pmtu's initial value). */
    private static final int BASE = 1024;

    /** The third time-out in a row is taken for a black hole: one may be an accident, two a short outage. */
    private static final int BLACK_HOLE = 3;

    /** That nothing larger than {@link #LEAST_MTU} gets through is much less likely. */
    private static final int BLACKEST_HOLE = 5;

    /** Nearer than this the search is at its end. */
    private static final int PRECISION = 16;

    static final int UNLIMITED = Integer.MAX_VALUE;

    private final Tcb t;
    /** No segment is larger than this. */
    private int limit = UNLIMITED;

    private int tooLarge = UNLIMITED;
    /** When larger segments are tried again, or {@link Timer#NEVER}. */
    private long raiseAt = Timer.NEVER;

    private boolean searching;
    private boolean probing;
    private int probeStart;
    private int probeEnd;
    /** The largest that has been acknowledged since {@link #limit} was set (RFC 5927 section 7.3, maxsizeacked). */
    private int delivered;
    /** One that is larger is in flight, and ends before {@link #largerEnd}. */
    private boolean larger;

    private int largerEnd;
    private int largerSize;
    /** A router's claim that waits for the time-out that would confirm it, or 0. */
    private int pending;

    private int pendingSeq;

    PathMtu(Tcb t) {
        this.t = t;
    }

    /** What other connections have found out about the path of {@code t}, or null for nothing. */
    static @Nullable PathMtu known(Tcb t) {
        PathMtuCache.Entry known = t.layer.pathMtus().find(t.remoteAddress(), t.layer.now());
        if (known == null) {
            return null;
        }
        PathMtu narrow = new PathMtu(t);
        narrow.limit = known.mtu() - narrow.headers();
        narrow.tooLarge = narrow.limit + 1;
        narrow.raiseAt = known.untilNanos();
        return narrow;
    }

    /** The largest segment that gets through as far as is known. */
    int limit() {
        return limit;
    }

    /** A router could not forward the segment that begins at {@code seq}; {@code mtu} is what it could, or 0. */
    void tooBig(int mtu, int seq) {
        int claim = mtu > 0 ? mtu : nextPlateau(inUse() + headers());
        int fits = Math.max(LEAST_MTU, claim) - headers();
        if (probing && seq == probeStart && fits >= inUse()) {
            tooLarge = Math.min(tooLarge, fits + 1); // the probe is lost, and the search is nearly over
            return;
        }
        // RFC 5927 section 7.3: a segment as large has not been sent, so none can have been too big. Before the
        // handshake is over none has been larger than the smallest that a router may ask for.
        if (claim < LEAST_HONEST_MTU || fits >= inUse() || !t.state().synchronised()) {
            t.layer.parts().mib().drop(DropReason.ICMP_BAD_MTU);
        } else if (fits < delivered) {
            // RFC 5927 section 7.2: larger ones got through. If the path has changed, the segment will time out.
            pending = fits;
            pendingSeq = seq;
        } else {
            lower(fits);
        }
    }

    private void lower(int fits) {
        limit = fits;
        tooLarge = fits + 1;
        searching = false;
        raiseAt = t.layer.now() + config().pathMtuRaiseNanos();
        cache().put(t.remoteAddress(), fits + headers(), raiseAt);
        changed();
        t.loss.tooBig(t);
        t.touch();
    }

    private void changed() {
        pending = 0;
        larger = false;
        probing = false;
        delivered = Math.min(delivered, limit);
        t.updateSendMss();
        t.congestion.segmentSize(t.sendMss);
    }

    /**
     * The retransmission timer has expired.
     *
     * @return true if that proves a router right: what was in flight was lost for its size and not for congestion
     */
    boolean timedOut() {
        probing = false;
        if (pending > 0) {
            lower(pending);
            return true;
        }
        boolean large = inUse() > BASE;
        int smaller = large ? BASE : LEAST_MTU - headers();
        boolean helps = smaller < Math.min(t.sndNxt - t.sndUna, t.sendMss) + t.optionBytes();
        if (t.deadlines().patience.timeouts() >= (large ? BLACK_HOLE : BLACKEST_HOLE)
                && helps
                && config().mtuProbing()) {
            blackHole(smaller);
        }
        return false;
    }

    /** RFC 4821 section 7.7. The search begins as soon as something gets through, for it may have been an outage. */
    private void blackHole(int smaller) {
        limit = smaller;
        tooLarge = UNLIMITED;
        searching = true;
        raiseAt = t.layer.now();
        changed();
    }

    /** New data was sent, {@code count} bytes from {@code seq} on, cut into full segments. */
    void sent(int seq, int count) {
        int size = Math.min(count, t.sendMss) + t.optionBytes();
        if (!larger && size > delivered) {
            larger = true;
            largerEnd = seq + size - t.optionBytes();
            largerSize = size;
        }
    }

    /** SND.UNA of {@code t} has moved. */
    static void acknowledged(Tcb t) {
        PathMtu path = t.pathMtu;
        if (path != null) {
            path.acknowledged();
        }
    }

    private void acknowledged() {
        if (larger && SeqNum.atMost(largerEnd, t.sndUna)) {
            larger = false;
            delivered = Math.max(delivered, largerSize);
        }
        if (pending > 0 && SeqNum.lessThan(pendingSeq, t.sndUna)) {
            pending = 0; // it got through all the same
        }
        if (probing && SeqNum.atMost(probeEnd, t.sndUna)) {
            t.layer.parts().mib().count(Counter.TCP_EXT_TCP_MTUP_SUCCESS);
            limit = probeEnd - probeStart + t.optionBytes();
            delivered = limit;
            changed();
        }
    }

    /**
     * Time to try a larger segment: {@code room} bytes may be sent now, and {@code unsent} wait.
     *
     * @return payload bytes of the probe, or 0
     */
    int probeDue(int unsent, int room) {
        if (raiseAt == Timer.NEVER || probing || t.layer.now() < raiseAt) {
            return 0;
        }
        if (!searching) {
            searching = true; // RFC 1191 section 6.3: routes change, and what was too large may not be any more
            tooLarge = UNLIMITED;
        }
        int size = nextSize();
        int payload = size - t.optionBytes();
        // Something must follow it, by whose arrival the loss of the probe is seen without a time-out.
        boolean enough = unsent >= payload + t.sendMss && room >= payload + t.sendMss;
        return size > 0 && enough && t.loss.calm(t) ? payload : 0;
    }

    /** What to probe for; 0 if the search is over. */
    private int nextSize() {
        int ceiling = Math.min(t.peerMss, t.offeredMss());
        int high = Math.min(ceiling, tooLarge - 1);
        int unknown = high - inUse();
        if (unknown <= 0 || (unknown < PRECISION && high < ceiling)) {
            searchEnds(ceiling);
            return 0;
        }
        if (!config().mtuProbing() || !t.sackPermitted) {
            // Without SACK the loss of a probe can't be told from congestion: as RFC 1191 section 6.3 has it, then.
            limit = UNLIMITED;
            searchEnds(ceiling);
            changed();
            return 0;
        }
        // RFC 4821 section 7.3: the whole first, since most often it fits again; then halves.
        return high == ceiling ? high : inUse() + (unknown + 1) / 2;
    }

    private void searchEnds(int ceiling) {
        searching = false;
        if (limit >= ceiling) {
            limit = UNLIMITED;
            tooLarge = UNLIMITED;
            raiseAt = Timer.NEVER;
            cache().remove(t.remoteAddress());
        } else {
            raiseAt = t.layer.now() + config().pathMtuRaiseNanos();
            cache().put(t.remoteAddress(), limit + headers(), raiseAt);
        }
    }

    /** The probe, {@code count} bytes, is about to be sent. */
    void probe(int seq, int count) {
        probing = true;
        probeStart = seq;
        probeEnd = seq + count;
    }

    /** These {@code count} bytes are the probe, and must not be cut. */
    boolean probes(int seq, int count) {
        return probing && seq == probeStart && count == probeEnd - probeStart;
    }

    /**
     * Loss recovery has found {@code count} bytes lost, the first of them {@code seq}.
     *
     * @return true if that is the probe and nothing else, which is no sign of congestion (RFC 4821 section 7.5)
     */
    boolean probeLost(int seq, int count) {
        boolean lost = probes(seq, count);
        if (lost) {
            t.layer.parts().mib().count(Counter.TCP_EXT_TCP_MTUP_FAIL);
            tooLarge = Math.min(tooLarge, count + t.optionBytes());
        }
        probing = false; // among other losses it says nothing
        return lost;
    }

    private TcpConfig config() {
        return t.layer.parts().config();
    }

    private PathMtuCache cache() {
        return t.layer.pathMtus();
    }

    private int inUse() {
        return t.sendMss + t.optionBytes();
    }

    private int headers() {
        return t.path.headerLength() + TcpLayer.HEADER;
    }

    private static int nextPlateau(int current) {
        for (int plateau : PLATEAUS) {
            if (plateau < current) {
                return plateau;
            }
        }
        return LEAST_MTU;
    }
}
