package dev.towpath.tcp;

import dev.towpath.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * How large the receive buffer should be (dynamic right-sizing, as Linux has it): so many times what the application
 * reads in a round trip that neither the buffer nor the window is what holds the peer back. It only grows, for what was
 * offered can't be taken back, and a buffer that nobody fills costs nothing.
 *
 * <p>The round trip is the least ever seen. On a fast and short path a larger window only makes a longer queue, and its
 * delay must not be taken for distance, or the buffer would grow to its ceiling everywhere.
 */
final class ReceiveTuning {
    /** Windows that the buffer holds: the peer sends one while the one before is read and acknowledged. */
    private static final int WINDOWS = 2;

    private long leastNanos = Timer.NEVER;
    private int awaitedTimestamp;
    private int lastTimestamp;
    /** {@link Timer#NEVER} while no echo is awaited. */
    private long awaitedSince = Timer.NEVER;

    /** Null before the application has read anything. */
    private @Nullable Reading reading;

    /** What the application takes. */
    private static final class Reading {
        int space;
        long roundStart;
        long readInRound;
    }

    /** A segment with our timestamp {@code value} leaves; the first of those with the same value is what counts. */
    void sent(int value, long now) {
        if (awaitedSince == Timer.NEVER && value != lastTimestamp) {
            awaitedTimestamp = value;
            awaitedSince = now;
        }
        lastTimestamp = value;
    }

    /** Data has come that echoes our timestamp {@code echo}: it left the peer after it had heard that. */
    void dataArrived(int echo, long now) {
        if (awaitedSince != Timer.NEVER && SeqNum.atMost(awaitedTimestamp, echo)) {
            if (echo == awaitedTimestamp) {
                leastNanos = Math.min(leastNanos, now - awaitedSince);
            }
            awaitedSince = Timer.NEVER;
        }
    }

    /** The least round-trip time seen from here, or {@link Timer#NEVER}. */
    long leastNanos() {
        return leastNanos;
    }

    /** The most bytes that the application has read in a round trip. */
    int space() {
        return reading == null ? 0 : reading.space;
    }

    /**
     * The application has taken {@code bytes} bytes; {@code senderNanos} is the least round trip that our own data, or
     * the handshake, has seen.
     *
     * @return bytes that the buffer should hold, or 0 for no more than before
     */
    int read(int bytes, long senderNanos, long now) {
        long roundTrip = Math.min(leastNanos, senderNanos);
        if (roundTrip == Timer.NEVER) {
            return 0; // no timestamps and a SYN that was sent twice: nothing to go by
        }
        Reading r = reading;
        if (r == null) {
            r = new Reading();
            r.roundStart = now;
            reading = r;
        }
        r.readInRound += bytes;
        long elapsed = now - r.roundStart;
        if (elapsed <= 0 || elapsed < roundTrip) {
            return 0;
        }
        int perRoundTrip = (int) Math.min(1 << 30, (long) ((double) r.readInRound * roundTrip / elapsed));
        r.roundStart = now;
        r.readInRound = 0;
        if (perRoundTrip <= r.space) {
            return 0;
        }
        // A peer in slow start sends twice as much in the next round trip.
        boolean doubling = perRoundTrip - r.space > r.space / 2;
        r.space = perRoundTrip;
        return (int) Math.min(1 << 30, (doubling ? 2L : 1L) * WINDOWS * perRoundTrip);
    }
}
