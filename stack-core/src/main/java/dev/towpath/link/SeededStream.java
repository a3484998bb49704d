package dev.towpath.link;

/**
 * A stream of random numbers that a seed and a purpose determine (SplitMix64: Steele, Lea, Flood, 2014). Whoever needs
 * chance for two things takes two streams, so that drawing more for the one does not change what the other sees.
 */
public final class SeededStream {
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    /** The stream for {@code purpose} among those of {@code seed}. */
    public SeededStream(long seed, String purpose) {
        long mixed = mix(seed);
        for (int i = 0; i < purpose.length(); i++) {
            mixed = mix(mixed + GOLDEN_GAMMA + purpose.charAt(i));
        }
        this.state = mixed;
    }

    /** Any of 2^64 numbers. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    public double nextDouble() {
        return (nextLong() >>> 11) * UNIT;
    }

    /** From 0 (inclusive) to {@code bound} (exclusive), which is positive. */
    public long nextBelow(long bound) {
        return (long) (nextDouble() * bound);
    }

    /** True with the given probability; draws one number, whatever it is. */
    public boolean chance(double probability) {
        return nextDouble() < probability;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }
}
