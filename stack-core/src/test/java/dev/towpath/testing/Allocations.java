package dev.towpath.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Shows that a piece of the data path allocates nothing: not a byte, once it has been compiled and its pools are
 * filled.
 */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int WARM_UP_CALLS = 20_000;
    private static final int COUNTED_CALLS = 10_000;
    private static final int ATTEMPTS = 20;

    private Allocations() {}

    /**
     * Runs {@code step} many times and asserts that a run of many calls allocates nothing. It tries several times,
     * since the compiler may still be at work and what only the interpreter allocates does not count; something that
     * allocates at each call never passes.
     */
    public static void assertNone(Runnable step) {
        repeat(step, WARM_UP_CALLS);
        long allocated = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && allocated != 0; attempt++) {
            allocated = Math.min(allocated, bytesOf(step));
        }
        assertThat(allocated)
                .as("bytes allocated in %d calls (best of %d attempts)", COUNTED_CALLS, ATTEMPTS)
                .isZero();
    }

    /** What each call of {@code step} allocates, once it is warm; {@code step} must keep what it measures. */
    public static long bytesPerCall(Runnable step) {
        repeat(step, WARM_UP_CALLS);
        return bytesOf(step) / COUNTED_CALLS;
    }

    private static long bytesOf(Runnable step) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(step, COUNTED_CALLS);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void repeat(Runnable step, int calls) {
        for (int i = 0; i < calls; i++) {
            step.run();
        }
    }
}
