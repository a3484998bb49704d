package dev.towpath.setup;

import dev.towpath.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * The stack that all of a JVM shares, made when it is first asked for. Without {@code towpath.interface} it has
 * loopback alone: 127.0.0.0/8, in memory.
 */
public final class DefaultStack {
    private static @Nullable NetworkStack stack;

    private DefaultStack() {}

    /** The stack; it lives until the JVM ends, and nobody closes it before. */
    public static synchronized NetworkStack get() {
        NetworkStack started = stack;
        if (started == null) {
            started = NetworkStack.builder().name("default").start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "towpath-close"));
            stack = started;
        }
        return started;
    }
}
