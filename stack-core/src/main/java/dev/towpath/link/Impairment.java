package dev.towpath.link;

import java.time.Duration;

/**
 * How bad one direction of a link is, as a description: {@link ImpairedDevice} does it.
 *
 * <pre>{@code
 *   Impairment.NONE.withRate(10_000_000, 64_000).withDelay(Duration.ofMillis(20)).withLoss(0.01)
 * }</pre>
 *
 * @param loss probability that a frame is lost
 * @param duplication probability that it arrives twice
 * @param reordering probability that it is held back, so that later ones overtake it
 * @param reorderNanos how long it is held back then
 * @param corruption probability that one of its bits is flipped
 * @param delayNanos propagation delay
 * @param jitterNanos most that is added to the delay, evenly distributed; it changes when frames arrive, not in which
 *     order
 * @param bitsPerSecond rate of the link, or 0 for no limit
 * @param queueBytes room in the queue before the link; what does not fit is dropped
 */
public record Impairment(
        double loss,
        double duplication,
        double reordering,
        long reorderNanos,
        double corruption,
        long delayNanos,
        long jitterNanos,
        long bitsPerSecond,
        long queueBytes) {
    /** A perfect link. */
    public static final Impairment NONE = new Impairment(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Checks the ranges. */
    public Impairment {
        checkProbability("loss", loss);
        checkProbability("duplication", duplication);
        checkProbability("reordering", reordering);
        checkProbability("corruption", corruption);
        checkNotNegative("hold back for", reorderNanos);
        checkNotNegative("delay by", delayNanos);
        checkNotNegative("jitter by", jitterNanos);
        checkNotNegative("have a rate of", bitsPerSecond);
        checkNotNegative("have a queue of", queueBytes);
    }

    /** The same with another probability of loss. */
    public Impairment withLoss(double probability) {
        return new Impairment(
                probability,
                duplication,
                reordering,
                reorderNanos,
                corruption,
                delayNanos,
                jitterNanos,
                bitsPerSecond,
                queueBytes);
    }

    /** The same with another probability of duplication. */
    public Impairment withDuplication(double probability) {
        return new Impairment(
                loss,
                probability,
                reordering,
                reorderNanos,
                corruption,
                delayNanos,
                jitterNanos,
                bitsPerSecond,
                queueBytes);
    }

    /** The same, holding a frame back by {@code extra} with the given probability. */
    public Impairment withReordering(double probability, Duration extra) {
        return new Impairment(
                loss,
                duplication,
                probability,
                extra.toNanos(),
                corruption,
                delayNanos,
                jitterNanos,
                bitsPerSecond,
                queueBytes);
    }

    /** The same with another probability of a flipped bit. */
    public Impairment withCorruption(double probability) {
        return new Impairment(
                loss,
                duplication,
                reordering,
                reorderNanos,
                probability,
                delayNanos,
                jitterNanos,
                bitsPerSecond,
                queueBytes);
    }

    /** The same with another propagation delay. */
    public Impairment withDelay(Duration delay) {
        return new Impairment(
                loss,
                duplication,
                reordering,
                reorderNanos,
                corruption,
                delay.toNanos(),
                jitterNanos,
                bitsPerSecond,
                queueBytes);
    }

    /** The same with up to {@code jitter} of additional delay. */
    public Impairment withJitter(Duration jitter) {
        return new Impairment(
                loss,
                duplication,
                reordering,
                reorderNanos,
                corruption,
                delayNanos,
                jitter.toNanos(),
                bitsPerSecond,
                queueBytes);
    }

    /** The same with another rate, and a queue of so many bytes before it. */
    public Impairment withRate(long rateBitsPerSecond, long roomBytes) {
        return new Impairment(
                loss,
                duplication,
                reordering,
                reorderNanos,
                corruption,
                delayNanos,
                jitterNanos,
                rateBitsPerSecond,
                roomBytes);
    }

    private static void checkProbability(String what, double probability) {
        if (!(probability >= 0 && probability <= 1)) { // not a number is refused too
            throw new IllegalArgumentException(
                    "the probability of " + what + " is a number from 0 to 1, not " + probability);
        }
    }

    private static void checkNotNegative(String what, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a link can't " + what + " " + amount + "; give 0 or more");
        }
    }
}
