package dev.towpath.tap;

import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What tests on a TAP have in common. */
public final class TapTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TapTests() {}

    /** Skips the test, and says why, where this JVM is not in a private network namespace or can't make a TAP device there. */
    public static void assumeTap() {
        if (!"private".equals(System.getProperty("towpath.namespace"))) {
            abort("not in a private network namespace: "
                    + System.getProperty(
                            "towpath.namespace.missing",
                            "run by Failsafe (mvn verify), which enters one with .build/jvm/bin/java"));
        }
        String obstacle = Namespaces.tapObstacle();
        if (obstacle != null) {
            abort("no TAP device: " + obstacle);
        }
    }

    /** Waits until {@code condition} holds; fails after a generous time. */
    public static void awaitUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
            }
            Thread.onSpinWait();
        }
    }
}
