package dev.towpath.tcp.congestion;

import org.jspecify.annotations.Nullable;

/**
 * CUBIC (RFC 9438): beyond the threshold the window follows a cubic curve of the time since the last cut, whatever the
 * round trip, flat where the last loss was and steeper on both sides of it. Where NewReno would be faster, on short and
 * thin paths, it grows as NewReno does.
 *
 * <pre>
 *                                          .
 *   W_max ─ ─ ─ ─ ─ ─.-·─────────·-. ─ ─ ─'      W_cubic(t) = C (t - K)^3 + W_max
 *               .-·'
 *   cwnd_epoch :
 *              0           K                t
 * </pre>
 *
 * Names are the RFC's; windows are in bytes, times in seconds. Only additions, multiplications and StrictMath: results
 * are the same on every machine.
 */
public final class Cubic extends LossBased {
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    /** Section 4.3: as aggressive as NewReno in spite of the shallower cut. */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** Null as long as there has been nothing but slow start. */
    private @Nullable Epoch epoch;

    private @Nullable Epoch before;

    /** One stage of congestion avoidance, and what it remembers of the ones before. */
    private static final class Epoch {
        /** W_max, or 0 if no window was too large since the last time-out. */
        double wMax;
        /** The window before the last cut. */
        double cwndPrior;

        boolean running;
        /** t_epoch. */
        long startNanos;
        /** When the window last could grow. */
        long grownNanos;

        double k;
        /** W_est. */
        double wEst;
        /** The part of a byte that the window should have grown by. */
        double rest;

        void copy(Epoch other) {
            wMax = other.wMax;
            cwndPrior = other.cwndPrior;
            running = other.running;
            startNanos = other.startNanos;
            grownNanos = other.grownNanos;
            k = other.k;
            wEst = other.wEst;
            rest = other.rest;
        }
    }

    /** To be begun. */
    public Cubic() {}

    @Override
    int avoidance(int bytes, AckSample ack) {
        Epoch epoch = epoch();
        if (!epoch.running) {
            beginEpoch(epoch, ack.nowNanos);
        }
        skipIdleness(epoch, ack);
        double t = (ack.nowNanos - epoch.startNanos) / 1e9;
        double windows = Math.min(1, (double) bytes / cwnd());
        epoch.wEst += (epoch.wEst < epoch.cwndPrior ? ALPHA : 1) * mss() * windows; // section 4.3
        if (wCubic(epoch, t) < epoch.wEst && epoch.wEst > cwnd()) {
            return (int) (epoch.wEst - cwnd());
        }
        double target = Math.min(wCubic(epoch, t + ack.srttNanos / 1e9), 1.5 * cwnd()); // section 4.2
        double growth = Math.max(0, target - cwnd()) * windows + epoch.rest; // sections 4.4 and 4.5
        int whole = (int) growth;
        epoch.rest = growth - whole;
        return whole;
    }

    private void beginEpoch(Epoch epoch, long nowNanos) {
        epoch.running = true;
        epoch.startNanos = nowNanos;
        epoch.grownNanos = nowNanos;
        epoch.wEst = cwnd();
        epoch.rest = 0;
        if (epoch.wMax > cwnd()) {
            epoch.k = StrictMath.cbrt((epoch.wMax - cwnd()) / (C * mss()));
        } else { // sections 4.8 and 4.10: no loss to be careful about, after a time-out or HyStart++
            epoch.k = 0;
            epoch.wMax = cwnd();
        }
    }

    /**
     * Section 4.2: t leaves out the time in which the window could not grow for want of data. What this ACK answers was
     * sent in answer to the one before, unless there was a pause in between.
     */
    private void skipIdleness(Epoch epoch, AckSample ack) {
        long pause = ack.rttNanos < 0 ? 0 : ack.nowNanos - ack.rttNanos - epoch.grownNanos;
        epoch.startNanos += Math.max(0, pause);
        epoch.grownNanos = ack.nowNanos;
    }

    private double wCubic(Epoch epoch, double t) {
        double d = t - epoch.k;
        return C * mss() * d * d * d + epoch.wMax;
    }

    /** Sections 4.6 and 4.7. */
    @Override
    int afterCut(int flight) {
        Epoch epoch = epoch();
        boolean makesRoom = cwnd() < epoch.wMax; // fast convergence: the flow has less than last time, others need more
        epoch.wMax = makesRoom ? cwnd() * (1 + BETA) / 2 : cwnd();
        epoch.cwndPrior = cwnd();
        return Math.max((int) (flight * BETA), 2 * mss());
    }

    @Override
    void avoidanceBroken() {
        if (epoch != null) {
            epoch.running = false;
        }
    }

    @Override
    void historyEnds() {
        if (epoch != null) {
            epoch.wMax = 0;
        }
    }

    @Override
    void remember() {
        if (epoch == null) {
            before = null;
            return;
        }
        if (before == null) {
            before = new Epoch();
        }
        before.copy(epoch);
    }

    @Override
    void recall() {
        if (before == null) {
            epoch = null;
        } else {
            epoch().copy(before);
        }
    }

    private Epoch epoch() {
        Epoch existing = epoch;
        if (existing == null) {
            existing = new Epoch();
            epoch = existing;
        }
        return existing;
    }
}
