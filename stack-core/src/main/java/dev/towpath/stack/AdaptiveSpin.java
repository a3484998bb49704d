package dev.towpath.stack;

/**
 * Whether a driver that has nothing to do looks again at once or goes to sleep. Looking again pays where the next frame
 * comes sooner than a thread wakes; on a busy machine whoever would send it waits for our core. So spinning that was in
 * vain many times in a row is tried only now and then.
 */
final class AdaptiveSpin {
    private static final int MANY = 8;
    private static final int TRY_AGAIN_AFTER = 64;

    private final long spinNanos;
    private boolean spinning;
    private int inVain;
    private int passedOver;

    /** Spins until {@code spinNanos} after the last frame; 0 never spins. */
    AdaptiveSpin(long spinNanos) {
        this.spinNanos = spinNanos;
    }

    /** True to look again, false to sleep, {@code idleNanos} after the last frame. */
    boolean looksAgain(long idleNanos) {
        if (idleNanos >= spinNanos) {
            if (spinning) {
                spinning = false;
                inVain++;
            }
            return false;
        }
        if (!spinning && inVain >= MANY && ++passedOver < TRY_AGAIN_AFTER) {
            return false;
        }
        spinning = true;
        passedOver = 0;
        return true;
    }

    /** A frame has come. */
    void found() {
        if (spinning) {
            spinning = false;
            inVain = 0;
        }
    }
}
