package dev.towpath.testing.script;

import java.util.Random;

/**
 * What a {@link LossyWire} does to the segments of one direction. Probabilities are in per mille.
 *
 * @param loss of a segment that vanishes
 * @param duplication of one that arrives twice
 * @param reordering of one that is overtaken by those behind it
 * @param corruption of one that arrives with a byte changed
 * @param delayNanos how long each takes
 * @param nanosPerByte how long the wire is busy with each byte
 * @param queueBytes bytes that wait for the wire at most; what comes then is lost
 */
public record Impairment(
        int loss, int duplication, int reordering, int corruption, long delayNanos, long nanosPerByte, int queueBytes) {
    /** A wire that does nothing to what it carries, in no time. */
    public static final Impairment NONE = new Impairment(0, 0, 0, 0, 0, 0, Integer.MAX_VALUE);

    /** Only delay. */
    public static Impairment delay(long nanos) {
        return new Impairment(0, 0, 0, 0, nanos, 0, Integer.MAX_VALUE);
    }

    /** Everything that happens on a bad day. */
    public static Impairment random(Random random) {
        return new Impairment(
                random.nextInt(100),
                random.nextInt(50),
                random.nextInt(200),
                random.nextInt(30),
                random.nextInt(60_000_000),
                random.nextInt(3000),
                20_000 + random.nextInt(200_000));
    }
}
