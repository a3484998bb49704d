package dev.towpath.tcp;

/**
 * How fast the peer gets what is sent: the bytes that ACKs and SACK blocks tell of in one round, divided by its time. A
 * round begins when something is in flight and ends when what was the last of it is acknowledged, so each lasts a round
 * trip. Per round and not, as in draft-cheng-iccrg-delivery-rate-estimation, per segment: a number per connection costs
 * less than one per segment, and nothing here steers by single ACKs.
 */
final class DeliveryRate {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Of connections that have sent nothing, so that nothing is ever noted here. */
    static final DeliveryRate NONE = new DeliveryRate();

    private long delivered;
    private boolean measuring;
    private int roundEnd;
    private long roundStart;
    private long deliveredBefore;
    private boolean roundAppLimited;
    private long bytesPerSecond;
    private boolean appLimited;

    /** All that may go has gone; {@code idle} if the application could have sent more, and so faster. */
    void sent(int sndUna, int sndNxt, boolean idle, long now) {
        if (measuring || sndUna == sndNxt) {
            return;
        }
        measuring = true;
        roundEnd = sndNxt;
        roundStart = now;
        deliveredBefore = delivered;
        roundAppLimited = idle;
    }

    /** An ACK told of {@code bytes} more that have arrived. */
    void delivered(int bytes, int sndUna, long now) {
        delivered += bytes;
        if (!measuring || SeqNum.lessThan(sndUna, roundEnd)) {
            return;
        }
        measuring = false;
        long nanos = now - roundStart;
        if (nanos <= 0) {
            return;
        }
        long rate = (long) ((double) (delivered - deliveredBefore) * SECOND_NANOS / nanos);
        if (!roundAppLimited || rate >= bytesPerSecond) { // less because the application sent less is no news
            bytesPerSecond = rate;
            appLimited = roundAppLimited;
        }
    }

    /** What was in flight is forgotten. */
    void abandon() {
        measuring = false;
    }

    /** Bytes delivered in all. */
    long deliveredBytes() {
        return delivered;
    }

    /** The rate of the last round that tells, or 0. */
    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** The application did not send enough for it to be the path's rate. */
    boolean appLimited() {
        return appLimited;
    }
}
