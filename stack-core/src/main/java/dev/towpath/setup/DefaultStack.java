package dev.towpath.setup;

import dev.towpath.link.PcapWriter;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stack that all of a JVM shares, made when it is first asked for of what the system properties say. Without
 * {@code towpath.interface} it has loopback alone: 127.0.0.0/8, in memory.
 */
public final class DefaultStack {
    /** How long the JVM's end may be put off by a peer that does not acknowledge. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final ReentrantLock LOCK = new ReentrantLock();

    private static Consumer<Runnable> atEnd =
            end -> Runtime.getRuntime().addShutdownHook(new Thread(end, "towpath-end"));
    private static @Nullable StackProperties properties;
    private static @Nullable StackHost host;
    private static @Nullable Routes routes;

    private DefaultStack() {}

    /**
     * The stack; it lives until the JVM ends, and nobody closes it before. What has been sent by then is delivered.
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
    public static @Nullable Routes routes() {
        LOCK.lock();
        try {
            if (routes == null && !properties().destinations().isEmpty()) {
                routes = new Routes(
                        get(), properties().destinations(), properties().listen());
            }
            return routes;
        } finally {
            LOCK.unlock();
        }
    }

    /** The stack with what belongs to it, as {@link #get}. */
    public static StackHost host() {
        LOCK.lock();
        try {
            StackHost started = host;
            if (started == null) {
                StackHost made = properties().start();
                atEnd.accept(() -> end(made));
                host = made;
                started = made;
            }
            return started;
        } finally {
            LOCK.unlock();
        }
    }

    /** True if the current thread is just making it: what is needed on the way can't ask for the stack. */
    public static boolean beingMade() {
        return LOCK.isHeldByCurrentThread();
    }

    /**
     * What the system properties said when they were first asked for; no stack is made for that.
     *
     * @throws SetupException if they are wrong
     */
    public static StackProperties properties() {
        LOCK.lock();
        try {
            StackProperties read = properties;
            if (read == null) {
                read = StackProperties.system();
                properties = read;
            }
            return read;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * From now on {@code registrar} is told what to do at the JVM's end: for who can do that after the program's own
     * shutdown hooks, which may still have something to send. Unless told otherwise it is a hook like theirs.
     */
    public static void atEnd(Consumer<Runnable> registrar) {
        LOCK.lock();
        try {
            atEnd = registrar;
        } finally {
            LOCK.unlock();
        }
    }

    /** Its threads may still run, so the stack is not closed beneath them: it goes with the JVM. */
    private static void end(StackHost made) {
        made.stack().finish(PATIENCE);
        PcapWriter capture = made.capture();
        if (capture != null) {
            try {
                capture.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the capture is not complete", e);
            }
        }
    }
}
