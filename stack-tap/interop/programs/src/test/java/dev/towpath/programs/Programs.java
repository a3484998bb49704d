package dev.towpath.programs;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.towpath.tap.KernelInterface;
import dev.towpath.tap.Namespaces;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What the tests of programs have in common. */
final class Programs {
    private static final AtomicInteger PORT = new AtomicInteger(8000);

    private Programs() {}

    /** Skips the test, and says why, where no program can get a TAP; brings up what there is otherwise. */
    static void assumePossible() throws IOException {
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
        KernelInterface.loopbackUp();
        Keys.useHere();
    }

    /** A port that no test has had: the namespace is this run's alone. */
    static int port() {
        return PORT.incrementAndGet();
    }

    /** A system property that the build sets. */
    static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), () -> "the build sets " + name);
    }
}
