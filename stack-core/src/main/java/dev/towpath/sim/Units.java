package dev.towpath.sim;

import java.time.Duration;

/** Short names for times, rates and sizes; made for {@code import static}. */
public final class Units {
    private Units() {}

    /** Microseconds. */
    public static Duration micros(long count) {
        return Duration.ofNanos(Math.multiplyExact(count, 1000L));
    }

    /** Milliseconds. */
    public static Duration ms(long count) {
        return Duration.ofMillis(count);
    }

    /** Seconds. */
    public static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    /** Minutes. */
    public static Duration minutes(long count) {
        return Duration.ofMinutes(count);
    }

    /** Thousands of bits a second. */
    public static long kbit(long count) {
        return Math.multiplyExact(count, 1000L);
    }

    /** Millions of bits a second. */
    public static long mbit(long count) {
        return Math.multiplyExact(count, 1_000_000L);
    }

    /** Thousands of millions of bits a second. */
    public static long gbit(long count) {
        return Math.multiplyExact(count, 1_000_000_000L);
    }

    /** Thousands of bytes. */
    public static int kB(int count) {
        return Math.multiplyExact(count, 1000);
    }

    /** Millions of bytes. */
    public static int MB(int count) {
        return Math.multiplyExact(count, 1_000_000);
    }
}
