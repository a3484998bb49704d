package dev.towpath.setup;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The stack that all of a JVM shares, made when it is first asked for of what the system properties say. Without
 * {@code towpath.interface} it has loopback alone: 127.0.0.0/8, in memory.
 */
public final class DefaultStack {
    private static @Nullable StackProperties properties;
    private static @Nullable StackHost host;
    private static @Nullable Routes routes;

    private DefaultStack() {}

    /**
     * The stack; it lives until the JVM ends, and nobody closes it before.
     *
     * @throws SetupException if it can't be made as the properties say
     */
    public static NetworkStack get() {
        return host().stack();
    }

    /**
     * Whose an address is, if {@code towpath.destinations} leaves a part of the world to the kernel; null if everything
     * is the stack's.
     *
     * @throws SetupException as {@link #get}
     */
    public static synchronized @Nullable Routes routes() {
        if (routes == null && !properties().destinations().isEmpty()) {
            routes = new Routes(get(), properties().destinations(), properties().listen());
        }
        return routes;
    }

    /** The stack with what belongs to it, as {@link #get}. */
    public static synchronized StackHost host() {
        StackHost started = host;
        if (started == null) {
            StackHost made = properties().start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(made), "towpath-close"));
            host = made;
            started = made;
        }
        return started;
    }

    /**
     * What the system properties said when they were first asked for; no stack is made for that.
     *
     * @throws SetupException if they are wrong
     */
    public static synchronized StackProperties properties() {
        StackProperties read = properties;
        if (read == null) {
            read = StackProperties.system();
            properties = read;
        }
        return read;
    }

    private static void close(StackHost made) {
        try {
            made.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the capture is not complete", e);
        }
    }
}
