package dev.towpath.dns;

import dev.towpath.setup.DefaultStack;
import dev.towpath.setup.SetupException;
import dev.towpath.setup.StackProperties;
import dev.towpath.setup.StackProperty;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The names of a whole JVM on the {@link DefaultStack}, in the terms of {@code java.net}: for its name service, which is
 * a provider from JDK 18 on and before that an agent's affair. Without {@code towpath.nameservers} it stays out of the
 * way.
 *
 * <p>The JVM keeps what it is told for a while of its own ({@code networkaddress.cache.ttl}), however short its TTL.
 */
public final class JvmNames {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile @Nullable StubResolver resolver;

    private JvmNames() {}

    /**
     * True if names are to be looked up here: name servers are given, and this thread is not just making the stack. (A
     * lookup on the way to a stack can't use it; it goes to the JDK's own name service.) Properties that are wrong count
     * too, so that {@link #lookupAllHostAddr} can say what is wrong.
     */
    public static boolean active() {
        return wanted() && !LOCK.isHeldByCurrentThread() && !DefaultStack.beingMade();
    }

    private static boolean wanted() {
        if (System.getProperty(StackProperty.NAMESERVERS.toString()) != null) {
            return true;
        }
        if (System.getProperty(StackProperty.CONFIG.toString()) == null) {
            return false; // which is nearly always so, and costs nothing
        }
        try {
            return !DefaultStack.properties().nameservers().isEmpty();
        } catch (SetupException e) {
            return true;
        }
    }

    /**
     * The addresses of {@code host}, as the JDK 17's name service has it.
     *
     * @throws UnknownHostException if there are none, with what happened
     */
    public static InetAddress[] lookupAllHostAddr(String host) throws UnknownHostException {
        return inet(host, resolver().lookup(host));
    }

    /**
     * The name that belongs to an address of 4 or 16 bytes, as the JDK 17's name service has it.
     *
     * @throws UnknownHostException if there is none, with what happened
     */
    public static String getHostByAddr(byte[] address) throws UnknownHostException {
        return resolver().reverse(IpAddress.of(InetAddress.getByAddress(address)));
    }

    static InetAddress[] inet(String host, List<IpAddress> addresses) throws UnknownHostException {
        InetAddress[] inet = new InetAddress[addresses.size()];
        for (int i = 0; i < inet.length; i++) {
            inet[i] = InetAddress.getByAddress(host, addresses.get(i).toBytes());
        }
        return inet;
    }

    private static StubResolver resolver() throws UnknownHostException {
        StubResolver made = resolver;
        if (made != null) {
            return made;
        }
        LOCK.lock();
        try {
            if (resolver == null) {
                resolver = make(DefaultStack.properties(), DefaultStack.get());
            }
            return resolver;
        } catch (SetupException e) {
            UnknownHostException failure = new UnknownHostException(e.getMessage());
            failure.initCause(e);
            throw failure;
        } finally {
            LOCK.unlock();
        }
    }

    private static StubResolver make(StackProperties properties, NetworkStack stack) {
        StubResolver.Builder described = StubResolver.builder(stack).ownName(hostName());
        properties.nameservers().forEach(described::nameserver);
        properties.search().forEach(described::search);
        return described.build();
    }

    /**
     * What {@code InetAddress.getLocalHost} asks for: it must have an address, and one that can be bound to, which the
     * kernel's is not.
     */
    private static String hostName() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException otherSystem) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "" : name;
        }
    }
}
