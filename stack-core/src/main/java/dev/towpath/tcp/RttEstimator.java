package dev.towpath.tcp;

import dev.towpath.config.TcpConfig;
import dev.towpath.time.Timer;

/**
 * Round-trip time and retransmission time-out of one connection (RFC 6298). One segment at a time is measured, or with
 * SACK all, and none that was sent twice (Karn's algorithm, section 3); where that leaves nothing, the echo of a
 * timestamp tells which copy is meant.
 */
final class RttEstimator {
    /** Clock granularity G of RFC 6298 section 2.3: the timer wheel is exact, the driver's sleep is not. */
    private static final long GRANULARITY_NANOS = 1_000_000L;

    private final TcpConfig config;
    private long srttNanos;
    private long rttvarNanos;
    private long rtoNanos;
    private boolean sampled;
    private final WindowedMin min = new WindowedMin();
    /** There is a sample of the ACK under way. */
    private boolean fresh;

    /** The timer was too hasty, and is to learn from data beyond {@link #adaptBeyond}. */
    private boolean adapting;

    private int adaptBeyond;
    /** The ACK under way acknowledges such data. */
    private boolean adapts;

    private int measuredEnd;
    /** {@link Timer#NEVER} while nothing is measured. */
    private long measuredSince = Timer.NEVER;

    RttEstimator(TcpConfig config) {
        this.config = config;
        this.rtoNanos = config.initialRtoNanos();
    }

    /** The time-out for the next transmission. */
    long rtoNanos() {
        return rtoNanos;
    }

    /** There has been a sample. */
    boolean sampled() {
        return sampled;
    }

    /** Smoothed round-trip time, or 0 before the first sample. */
    long srttNanos() {
        return srttNanos;
    }

    /** Mean deviation of the round-trip time. */
    long rttvarNanos() {
        return rttvarNanos;
    }

    /** The least round-trip time of late, or {@link Timer#NEVER} before the first sample. */
    long minNanos() {
        return min.value();
    }

    /** Data up to {@code end} was sent for the first time; it is measured if nothing else is. */
    void sent(int end, long now) {
        if (measuredSince == Timer.NEVER) {
            measuredEnd = end;
            measuredSince = now;
        }
    }

    /** Something was sent again: what is being measured can no longer be told from its copy. */
    void resent() {
        measuredSince = Timer.NEVER;
    }

    /** An ACK up to {@code ack} has come. */
    void acknowledged(int ack, long now) {
        fresh = false;
        adapts = adapting && SeqNum.lessThan(adaptBeyond, ack);
        if (measuredSince != Timer.NEVER && SeqNum.atMost(measuredEnd, ack)) {
            long since = measuredSince;
            measuredSince = Timer.NEVER;
            sample(now - since, now);
        }
    }

    /**
     * The ACK under way, which acknowledges something new, echoes a timestamp of ours that is {@code millis} old (RFC
     * 7323 section 4.1). Coarse, and with the peer's delay in it: used only if there is no better sample.
     */
    void echoed(int millis, long now) {
        if (!fresh && millis >= 0 && millis * GRANULARITY_NANOS <= config.maxRtoNanos()) {
            sample(Math.max(1, millis) * GRANULARITY_NANOS, now);
        }
    }

    /** RFC 6298 sections 2.2 and 2.3. A new sample also ends back-off. */
    void sample(long rttNanos, long now) {
        min.add(rttNanos, now);
        fresh = true;
        if (!sampled) {
            sampled = true;
            srttNanos = rttNanos;
            rttvarNanos = rttNanos / 2;
        } else {
            rttvarNanos += (Math.abs(srttNanos - rttNanos) - rttvarNanos) / 4;
            srttNanos += (rttNanos - srttNanos) / 8;
        }
        if (adapts) {
            adapts = false;
            adapting = false;
            srttNanos = Math.max(srttNanos, rttNanos);
            rttvarNanos = Math.max(rttvarNanos, rttNanos / 2);
        }
        // The minimum bounds the variance and not the sum, as in Linux: on a long and steady path the RTO must leave
        // room for a delayed ACK too.
        setRto(srttNanos + Math.max(config.minRtoNanos(), Math.max(GRANULARITY_NANOS, 4 * rttvarNanos)));
    }

    /**
     * The timer was too hasty: the first sample of data beyond {@code end}, which had not been sent then, adapts it at
     * once (RFC 4015 section 3.2). Not the ACK that told of it: where all that was lost is an ACK, its delay is the
     * time-out itself, and the timer would feed on it.
     */
    void timeoutWasSpurious(int end) {
        adapting = true;
        adaptBeyond = end;
    }

    /** The timer has expired: back off (RFC 6298 section 5.5). */
    void backOff() {
        setRto(2 * rtoNanos);
    }

    /**
     * RFC 6298 section 5.7: after a SYN time-out data begins with at least this, unless a sample has come meanwhile.
     */
    void restartAfterSynTimeout(long rto) {
        if (!sampled) {
            rtoNanos = Math.max(config.minRtoNanos(), rto);
        }
    }

    private void setRto(long nanos) {
        rtoNanos = Math.min(Math.max(nanos, config.minRtoNanos()), config.maxRtoNanos());
    }
}
