package dev.towpath.tap;

import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What tests on a TAP have in common. */
public final class TapTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TapTests() {}

    /**
     * Skips the test, and says why, where this JVM is not in a private network namespace or can't make a TAP device
     * there.
     */
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
        awaitValue(what, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
    }

    /** Waits until {@code source} has something; fails after a generous time. */
    public static <T> T awaitValue(String what, Supplier<Optional<T>> source) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<T> value = source.get();
            if (value.isPresent()) {
                return value.get();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
    }
}
