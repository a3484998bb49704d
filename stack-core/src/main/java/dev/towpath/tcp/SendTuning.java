package dev.towpath.tcp;

import dev.towpath.time.Timer;

/**
 * How large the send buffer should be: two congestion windows, as Linux has it, so that a full window is in flight while
 * the application fills the next. But not more than pays: on a fast and short path the window grows by the queue that
 * it makes, and what the path itself holds (its rate times its least round trip) is the better measure.
 */
final class SendTuning {
    /** What the path holds, how often: loss recovery and a rising rate need some room. */
    private static final int PATHS = 4;

    private SendTuning() {}

    /** Lets the send buffer of {@code t} grow if it is the application that waits for it. */
    static void grow(Tcb t) {
        int now = t.sendBuffer();
        if (!t.wantsSpace || now >= t.settings.maxSendBuffer || t.rtt.minNanos() == Timer.NEVER) {
            return;
        }
        double path = t.delivery.bytesPerSecond() * (t.rtt.minNanos() / 1e9);
        long wanted = Math.min(2L * t.loss.window(t), (long) (PATHS * path));
        if (wanted > now) {
            t.tunedSendBuffer = (int) Math.min(wanted, t.settings.maxSendBuffer);
            t.tellIfWritable();
        }
    }
}
