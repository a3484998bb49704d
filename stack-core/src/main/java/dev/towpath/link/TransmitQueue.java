package dev.towpath.link;

import java.util.Arrays;

/**
 * The queue before a link of some rate, and the card that empties it: who is admitted, and when his last bit leaves.
 * Only the frames' times and lengths are here; they themselves travel on. A frame whose first bit has left waits no
 * more.
 */
final class TransmitQueue {
    private static final long BITS_PER_BYTE_NANOS = 8_000_000_000L;

    /** When each frame that waits begins to leave, and its length: a ring of a power of two. */
    private long[] starts = new long[64];

    private int[] lengths = new int[64];
    private int head;
    private int waiting;
    private long waitingBytes;
    private long freeNanos = Long.MIN_VALUE;

    /** Bytes that wait. */
    long waitingBytes(long nowNanos) {
        int mask = starts.length - 1;
        while (waiting > 0 && starts[head & mask] <= nowNanos) {
            waitingBytes -= lengths[head & mask];
            head++;
            waiting--;
        }
        return waitingBytes;
    }

    /**
     * Lets a frame wait for its turn; a link that is idle takes it at once, even without a queue.
     *
     * @return when its last bit has left, or {@link Long#MAX_VALUE} if there is no room
     */
    long pass(int length, Impairment link, long nowNanos) {
        long rate = link.bitsPerSecond();
        long before = waitingBytes(nowNanos);
        long start = Math.max(nowNanos, freeNanos);
        if (rate == 0) { // behind what a limit of before still holds back
            return start;
        }
        if (start > nowNanos) {
            if (before + length > link.queueBytes() || waiting >= link.queueFrames()) {
                return Long.MAX_VALUE;
            }
            add(start, length);
        }
        freeNanos = start + (length * BITS_PER_BYTE_NANOS + rate - 1) / rate;
        return freeNanos;
    }

    private void add(long start, int length) {
        if (waiting == starts.length) {
            grow();
        }
        int at = head + waiting++ & starts.length - 1;
        starts[at] = start;
        lengths[at] = length;
        waitingBytes += length;
    }

    private void grow() {
        int old = starts.length;
        int first = head & old - 1;
        long[] longerStarts = Arrays.copyOfRange(starts, first, first + 2 * old);
        int[] longerLengths = Arrays.copyOfRange(lengths, first, first + 2 * old);
        System.arraycopy(starts, 0, longerStarts, old - first, first);
        System.arraycopy(lengths, 0, longerLengths, old - first, first);
        starts = longerStarts;
        lengths = longerLengths;
        head = 0;
    }
}
