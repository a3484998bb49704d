package dev.towpath.tcp;

import dev.towpath.time.Timer;

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
    private boolean awaiting;
    private int awaitedTimestamp;
    private int lastTimestamp;
    private long awaitedSince;

    private int space;
    private long roundStart = Timer.NEVER;
    private long readInRound;

    /** A segment with our timestamp {@code value} leaves; the first of those with the same value is what counts. */
    void sent(int value, long now) {
        if (!awaiting && value != lastTimestamp) {
            awaiting = true;
            awaitedTimestamp = value;
            awaitedSince = now;
        }
        lastTimestamp = value;
    }

    /** Data has come that echoes our timestamp {@code echo}: it left the peer after it had heard that. */
    void dataArrived(int echo, long now) {
        if (awaiting && SeqNum.atMost(awaitedTimestamp, echo)) {
            awaiting = false;
            if (echo == awaitedTimestamp) {
                leastNanos = Math.min(leastNanos, now - awaitedSince);
            }
        }
    }

    /** The least round-trip time seen from here, or {@link Timer#NEVER}. */
    long leastNanos() {
        return leastNanos;
    }

    /** The most bytes that the application has read in a round trip. */
    int space() {
        return space;
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
        if (roundStart == Timer.NEVER) {
            roundStart = now;
        }
        readInRound += bytes;
        long elapsed = now - roundStart;
        if (elapsed <= 0 || elapsed < roundTrip) {
            return 0;
        }
        int perRoundTrip = (int) Math.min(1 << 30, (long) ((double) readInRound * roundTrip / elapsed));
        roundStart = now;
        readInRound = 0;
        if (perRoundTrip <= space) {
            return 0;
        }
        // A peer in slow start sends twice as much in the next round trip.
        boolean doubling = perRoundTrip - space > space / 2;
        space = perRoundTrip;
        return (int) Math.min(1 << 30, (doubling ? 2L : 1L) * WINDOWS * perRoundTrip);
    }
}
