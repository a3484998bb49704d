package dev.towpath.link;

import java.time.Duration;

/**
 * How bad one direction of a link is, as a description that does not change: {@link ImpairedDevice} and the simulator's
 * links do it.
 *
 * <pre>{@code
 *   Impairment.NONE.withRate(10_000_000, 64_000).withDelay(Duration.ofMillis(20)).withLoss(0.01)
 * }</pre>
 */
public final class Impairment {
    /** A perfect link. */
    public static final Impairment NONE = new Impairment();

    // Written only before anybody else sees the object.
    private double loss;
    private double burstBegin;
    private double burstEnd = 1;
    private double burstLoss = 1;
    private double duplication;
    private double reordering;
    private long reorderNanos;
    private double corruption;
    private long delayNanos;
    private long jitterNanos;
    private long bitsPerSecond;
    private long queueBytes;
    private int queueFrames = Integer.MAX_VALUE;
    private long markAboveBytes = Long.MAX_VALUE;

    private Impairment() {}

    private Impairment(Impairment other) {
        loss = other.loss;
        burstBegin = other.burstBegin;
        burstEnd = other.burstEnd;
        burstLoss = other.burstLoss;
        duplication = other.duplication;
        reordering = other.reordering;
        reorderNanos = other.reorderNanos;
        corruption = other.corruption;
        delayNanos = other.delayNanos;
        jitterNanos = other.jitterNanos;
        bitsPerSecond = other.bitsPerSecond;
        queueBytes = other.queueBytes;
        queueFrames = other.queueFrames;
        markAboveBytes = other.markAboveBytes;
    }

    /** The same with another probability of loss. */
    public Impairment withLoss(double probability) {
        Impairment same = new Impairment(this);
        same.loss = checked("loss", probability);
        return same;
    }

    /**
     * The same with losses in bursts besides (the model of Gilbert and Elliott): between a burst's begin and its end
     * frames are lost with a probability of their own.
     *
     * @param begin probability that a burst begins with a frame; 0 for no bursts
     * @param end probability that it ends with a frame: bursts have 1 / {@code end} frames on average
     * @param probability that a frame within a burst is lost
     */
    public Impairment withBursts(double begin, double end, double probability) {
        Impairment same = new Impairment(this);
        same.burstBegin = checked("a burst's begin", begin);
        same.burstEnd = checked("a burst's end", end);
        same.burstLoss = checked("loss in a burst", probability);
        return same;
    }

    /** The same with another probability of duplication. */
    public Impairment withDuplication(double probability) {
        Impairment same = new Impairment(this);
        same.duplication = checked("duplication", probability);
        return same;
    }

    /** The same, holding a frame back by {@code extra} with the given probability, so that later ones overtake it. */
    public Impairment withReordering(double probability, Duration extra) {
        Impairment same = new Impairment(this);
        same.reordering = checked("reordering", probability);
        same.reorderNanos = checked("hold back for", extra.toNanos());
        return same;
    }

    /** The same with another probability of a flipped bit. */
    public Impairment withCorruption(double probability) {
        Impairment same = new Impairment(this);
        same.corruption = checked("corruption", probability);
        return same;
    }

    /** The same with another propagation delay. */
    public Impairment withDelay(Duration delay) {
        Impairment same = new Impairment(this);
        same.delayNanos = checked("delay by", delay.toNanos());
        return same;
    }

    /**
     * The same with up to {@code jitter} of additional delay, evenly distributed; it changes when frames arrive, not in
     * which order.
     */
    public Impairment withJitter(Duration jitter) {
        Impairment same = new Impairment(this);
        same.jitterNanos = checked("jitter by", jitter.toNanos());
        return same;
    }

    /** The same with another rate (0 for no limit), and a queue of so many bytes before it. */
    public Impairment withRate(long rateBitsPerSecond, long roomBytes) {
        Impairment same = new Impairment(this);
        same.bitsPerSecond = checked("have a rate of", rateBitsPerSecond);
        same.queueBytes = checked("have a queue of", roomBytes);
        return same;
    }

    /** The same with a queue of so many frames at most, however short they are; matters where there is a rate. */
    public Impairment withQueueFrames(int frames) {
        Impairment same = new Impairment(this);
        same.queueFrames = (int) checked("have a queue of", frames);
        return same;
    }

    /**
     * The same, marking congestion (RFC 3168: CE) on packets that find more than {@code bytes} waiting before them and
     * can be marked; the others go unmarked. {@link Long#MAX_VALUE} marks nothing.
     */
    public Impairment withMarkingAbove(long bytes) {
        Impairment same = new Impairment(this);
        same.markAboveBytes = checked("mark above", bytes);
        return same;
    }

    /** Probability that a frame is lost, outside bursts. */
    public double loss() {
        return loss;
    }

    /** See {@link #withBursts}. */
    public double burstBegin() {
        return burstBegin;
    }

    /** See {@link #withBursts}. */
    public double burstEnd() {
        return burstEnd;
    }

    /** See {@link #withBursts}. */
    public double burstLoss() {
        return burstLoss;
    }

    /** Probability that a frame arrives twice. */
    public double duplication() {
        return duplication;
    }

    /** Probability that it is held back, so that later ones overtake it. */
    public double reordering() {
        return reordering;
    }

    /** How long it is held back then. */
    public long reorderNanos() {
        return reorderNanos;
    }

    /** Probability that one of its bits is flipped. */
    public double corruption() {
        return corruption;
    }

    /** Propagation delay. */
    public long delayNanos() {
        return delayNanos;
    }

    /** Most that is added to the delay. */
    public long jitterNanos() {
        return jitterNanos;
    }

    /** Rate of the link, or 0 for no limit. */
    public long bitsPerSecond() {
        return bitsPerSecond;
    }

    /** Room in the queue before the link, in bytes; what does not fit is dropped. */
    public long queueBytes() {
        return queueBytes;
    }

    /** Room in the queue before the link, in frames. */
    public int queueFrames() {
        return queueFrames;
    }

    /** Bytes in the queue above which packets are marked. */
    public long markAboveBytes() {
        return markAboveBytes;
    }

    private static double checked(String what, double probability) {
        if (!(probability >= 0 && probability <= 1)) { // not a number is refused too
            throw new IllegalArgumentException(
                    "the probability of " + what + " is a number from 0 to 1, not " + probability);
        }
        return probability;
    }

    private static long checked(String what, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a link can't " + what + " " + amount + "; give 0 or more");
        }
        return amount;
    }
}
