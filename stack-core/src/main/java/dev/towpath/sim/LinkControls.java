package dev.towpath.sim;

import dev.towpath.link.Impairment;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What can be said about a {@link Link}, that is both its directions, and about each {@link Direction} alone. All of it
 * may be said again while the simulation runs: it holds for what is sent from then on.
 *
 * <p>A frame waits in a queue, leaves at the link's rate, and is then on its way for the delay; what befalls it befalls
 * it there. Unless told otherwise a link has no limit of rate, no delay and no flaw.
 *
 * @param <S> what the methods return: the object itself
 */
public abstract sealed class LinkControls<S extends LinkControls<S>> permits Link, Direction {
    LinkControls() {}

    abstract S self();

    abstract S change(UnaryOperator<Impairment> how);

    /** Propagation delay, each way. */
    public S delay(Duration oneWay) {
        return change(was -> was.withDelay(oneWay));
    }

    /** Up to so much is added to the delay, evenly distributed; frames stay in order. */
    public S jitter(Duration most) {
        return change(was -> was.withJitter(most));
    }

    /** Bits a second, 0 for no limit; the queue before it holds 1000 frames unless told otherwise. */
    public S rate(long bitsPerSecond) {
        return change(was -> was.withRate(bitsPerSecond, was.queueBytes()));
    }

    /** Bytes of frames that may wait, besides the one that is leaving; what comes then is dropped. */
    public S queueBytes(long bytes) {
        return change(was -> was.withRate(was.bitsPerSecond(), bytes));
    }

    /** Frames that may wait, however short they are. */
    public S queueFrames(int frames) {
        return change(was -> was.withQueueFrames(frames));
    }

    /**
     * Marks packets (RFC 3168: CE) that find more than so many bytes waiting. Those whose sender does not speak ECN
     * pass unmarked, and are dropped only where the queue is full.
     */
    public S markAbove(long bytes) {
        return change(was -> was.withMarkingAbove(bytes));
    }

    /** Probability that a frame is lost, each for itself. */
    public S loss(double probability) {
        return change(was -> was.withLoss(probability));
    }

    /**
     * Losses in bursts, besides those by {@link #loss} (the model of Gilbert and Elliott): with probability
     * {@code begin} a burst begins, with probability {@code end} it ends, and in between all frames are lost.
     */
    public S bursts(double begin, double end) {
        return bursts(begin, end, 1);
    }

    /** As {@link #bursts(double, double)}, but within a burst a frame is lost with a probability of its own. */
    public S bursts(double begin, double end, double loss) {
        return change(was -> was.withBursts(begin, end, loss));
    }

    /** Probability that a frame arrives twice. */
    public S duplication(double probability) {
        return change(was -> was.withDuplication(probability));
    }

    /** Probability that a frame is held back for so long, and overtaken by those behind it. */
    public S reordering(double probability, Duration extra) {
        return change(was -> was.withReordering(probability, extra));
    }

    /** Probability that a bit of a frame is flipped. */
    public S corruption(double probability) {
        return change(was -> was.withCorruption(probability));
    }

    /** Loses exactly these frames, counted from 1 and from now; each direction counts for itself. */
    public abstract S drop(long... numbers);

    /**
     * Loses the frames that {@code which} says yes to, from now on; replaces an earlier choice. It is asked about every
     * frame, so it may count.
     */
    public abstract S dropIf(Predicate<Packet> which);

    /** Pulls the cable: all that is sent from now on is lost. Nobody is told. */
    public abstract S down();

    /** Puts the cable back. */
    public abstract S up();
}
