package dev.towpath.tcp;

/**
 * Arithmetic on the circle of 32-bit sequence numbers (RFC 9293 section 3.4). Never compare sequence numbers with
 * {@code <}.
 */
public final class SeqNum {
    private SeqNum() {}

    /** {@code a} comes before {@code b}. */
    public static boolean lessThan(int a, int b) {
        return a - b < 0;
    }

    /** {@code a} comes before {@code b} or is the same. */
    public static boolean atMost(int a, int b) {
        return a - b <= 0;
    }

    /** The later of the two. */
    public static int max(int a, int b) {
        return lessThan(a, b) ? b : a;
    }

    /** The earlier of the two. */
    public static int min(int a, int b) {
        return lessThan(a, b) ? a : b;
    }

    /** {@code number} lies in the {@code size} numbers from {@code start} on. */
    public static boolean inWindow(int number, int start, int size) {
        return Integer.compareUnsigned(number - start, size) < 0;
    }
}
