package dev.towpath.tcp;

import dev.towpath.demux.SipHash;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.TcpOptions;

/**
 * SYN cookies (RFC 4987 section 3.6): where a flood of SYNs leaves no room to remember one, our initial sequence number
 * remembers it, and the peer's ACK brings it back.
 *
 * <pre>
 *   ISS   = F(tuple) + SEG.SEQ + (t mod 256) * 2^24 + (G(tuple, t) + index of the MSS) mod 2^24
 *   TSval = our clock, with the low 6 bits       | ECN | SACK | window scale |
 * </pre>
 *
 * <p>F and G are keyed hashes, t counts periods of 64 s. A guess is right once in 2^28 times, and only counts while
 * cookies are out. What has no place in the number survives in the timestamp, which the peer echoes: it alone suffers
 * if it changes it.
 */
final class SynCookies {
    /** A cookie is good in the period in which it was made and in the next. */
    static final long VALID_NANOS = 2 * 64_000_000_000L;

    private static final long PERIOD_NANOS = VALID_NANOS / 2;

    /** What an MSS is rounded down to: the least for oddities, Ethernet's with the usual tunnels, jumbo frames. */
    private static final int[] MSS = {Tcb.LEAST_MSS, 536, 1220, 1360, 1400, 1440, 1460, 8960};

    private static final int LOW_24_BITS = 0xff_ffff;

    private static final int OPTION_BITS = 0x3f;
    private static final int SCALE_BITS = 0xf;
    private static final int NO_SCALE = 0xf;
    private static final int SACK_BIT = 0x10;
    private static final int ECN_BIT = 0x20;

    /** An ECN-setup SYN has both (RFC 3168 section 6.1.1). */
    private static final int ECN_SETUP = TcpHeader.ECE | TcpHeader.CWR;

    private final SipHash hash;
    private final Segment remembered = new Segment();

    SynCookies(long key0, long key1) {
        this.hash = new SipHash(key0, key1);
    }

    /** Takes off {@code syn} what could not be remembered, and so must not be agreed on. */
    static void reduce(Segment syn) {
        if (!syn.options.timestamps) {
            syn.options.windowScale = TcpOptions.ABSENT;
            syn.options.sackPermitted = false;
            syn.flags &= ~ECN_SETUP;
        }
    }

    /** The initial sequence number in answer to {@code syn}. */
    int make(Segment syn, long now) {
        long period = Math.floorDiv(now, PERIOD_NANOS);
        int mss = syn.options.mss == TcpOptions.ABSENT ? Tcb.DEFAULT_MSS : syn.options.mss;
        int index = MSS.length - 1;
        while (index > 0 && MSS[index] > mss) {
            index--;
        }
        return f(syn) + syn.seq + ((int) period << 24) + ((g(syn, period) + index) & LOW_24_BITS);
    }

    /** Our timestamp in answer to {@code syn}: the newest not beyond {@code clock} that says what the SYN offered. */
    static int stamp(int clock, Segment syn) {
        int scale = syn.options.windowScale == TcpOptions.ABSENT ? NO_SCALE : syn.options.windowScale;
        int ecn = (syn.flags & ECN_SETUP) == ECN_SETUP ? ECN_BIT : 0;
        int stamp = (clock & ~OPTION_BITS) | scale | ecn | (syn.options.sackPermitted ? SACK_BIT : 0);
        return SeqNum.lessThan(clock, stamp) ? stamp - OPTION_BITS - 1 : stamp;
    }

    /**
     * The SYN whose cookie {@code ack} brings back, as far as it is remembered and until the next call; it has no
     * {@link Segment#syn} flag if there is no cookie, or an old one.
     */
    Segment open(Segment ack, long now) {
        int cookie = ack.ack - 1 - f(ack) - (ack.seq - 1);
        long period = Math.floorDiv(now, PERIOD_NANOS);
        int age = ((int) period - (cookie >>> 24)) & 0xff;
        int index = (cookie - g(ack, period - age)) & LOW_24_BITS;
        boolean good = age <= 1 && index < MSS.length;
        Segment syn = remembered;
        syn.flags = good ? TcpHeader.SYN : 0;
        syn.seq = ack.seq - 1;
        syn.window = ack.window;
        syn.options.clear();
        syn.options.mss = good ? MSS[index] : TcpOptions.ABSENT;
        if (good && ack.options.timestamps) {
            int scale = ack.options.tsEcr & SCALE_BITS;
            syn.options.windowScale =
                    scale == NO_SCALE ? TcpOptions.ABSENT : Math.min(scale, TcpOptions.MAX_WINDOW_SCALE);
            syn.options.sackPermitted = (ack.options.tsEcr & SACK_BIT) != 0;
            syn.flags |= (ack.options.tsEcr & ECN_BIT) != 0 ? ECN_SETUP : 0;
            syn.options.timestamps = true;
            syn.options.tsVal = ack.options.tsVal;
        }
        return syn;
    }

    private int f(Segment seg) {
        return (int) hash(seg, 0, Integer.BYTES);
    }

    private int g(Segment seg, long period) {
        return (int) hash(seg, (period & LOW_24_BITS) << Integer.SIZE, 7);
    }

    private long hash(Segment seg, long more, int tailBytes) {
        long ports = (long) seg.destinationPort() << 16 | seg.sourcePort();
        return hash.hash(
                seg.frame.destinationHigh,
                seg.frame.destinationLow,
                seg.frame.sourceHigh,
                seg.frame.sourceLow,
                more | ports,
                tailBytes);
    }
}
