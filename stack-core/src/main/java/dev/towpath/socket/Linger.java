package dev.towpath.socket;

/**
 * The value of SO_LINGER.
 *
 * @param on close waits for what was sent to be acknowledged
 * @param seconds how long at most; 0 resets the connection at once instead
 */
public record Linger(boolean on, int seconds) {
    /** Close returns at once, and what was sent is delivered behind its back: the default. */
    public static final Linger OFF = new Linger(false, 0);

    /** Close resets the connection. */
    public static final Linger RESET = new Linger(true, 0);

    /** Checks the range. */
    public Linger {
        if (seconds < 0) {
            throw new IllegalArgumentException("a linger time is 0 or more seconds, not " + seconds);
        }
    }

    /** Close waits up to {@code seconds}. */
    public static Linger of(int seconds) {
        return new Linger(true, seconds);
    }
}
