package dev.towpath.setup;

import java.lang.reflect.Method;
import java.net.SocketImpl;
import java.nio.channels.spi.SelectorProvider;

/**
 * The JDK's own sockets and channels, also where Towpath's have taken their place, for programs with a part in both
 * worlds. They are out of reach unless somebody opens the JDK: the agent does, or an option of the JVM.
 */
public final class Kernel {
    private static final String TOWPATH = "dev.towpath.nio.TowpathSelectorProvider";

    private Kernel() {}

    /**
     * Opens the kernel's channels.
     *
     * @throws SetupException if they are out of reach
     */
    public static SelectorProvider provider() {
        SelectorProvider installed = SelectorProvider.provider();
        if (!installed.getClass().getName().equals(TOWPATH)) {
            return installed;
        }
        try {
            Method get = Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get");
            return (SelectorProvider) get.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw outOfReach("--add-exports java.base/sun.nio.ch=", e);
        }
    }

    /**
     * What a {@code Socket}, or with {@code server} a {@code ServerSocket}, of the kernel's does its work with.
     *
     * @throws SetupException if it is out of reach
     */
    public static SocketImpl socketImpl(boolean server) {
        try {
            Method create = SocketImpl.class.getDeclaredMethod("createPlatformSocketImpl", boolean.class);
            create.setAccessible(true);
            return (SocketImpl) create.invoke(null, server);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw outOfReach("--add-opens java.base/java.net=", e);
        }
    }

    private static SetupException outOfReach(String option, Exception cause) {
        Module ours = Kernel.class.getModule();
        return new SetupException(
                "the kernel's sockets are out of reach: destinations besides Towpath's need the JVM's option " + option
                        + (ours.isNamed() ? ours.getName() : "ALL-UNNAMED") + ", or the agent, which does without",
                cause);
    }
}
