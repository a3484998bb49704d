package dev.towpath.jdk;

import dev.towpath.stack.InterfaceInfo;
import dev.towpath.stack.NetworkStack;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a stack's interfaces a program means. The JDK knows the kernel's only, so a program passes one of those: the
 * kernel's end of a TAP has the same name as the stack's end, and loopback is loopback.
 */
public final class Interfaces {
    private Interfaces() {}

    /**
     * The stack's interface of the same name, the one that is loopback too, the one that has one of its addresses, or
     * else the only one that is not loopback: a program on such a stack that names any network means that one.
     *
     * @throws SocketException if there is none; it says which there are
     */
    public static String name(NetworkStack stack, NetworkInterface meant) throws SocketException {
        List<InterfaceInfo> all = stack.interfaces();
        for (InterfaceInfo each : all) {
            if (each.name().equals(meant.getName())) {
                return each.name();
            }
        }
        if (meant.isLoopback()) {
            return all.get(0).name();
        }
        for (InetAddress address : Collections.list(meant.getInetAddresses())) {
            for (InterfaceInfo each : all) {
                if (each.prefixes().stream().anyMatch(prefix -> prefix.startsWith(address.getHostAddress() + "/"))) {
                    return each.name();
                }
            }
        }
        if (all.size() == 2) {
            return all.get(1).name();
        }
        throw new SocketException("No such device: " + stack + " has no interface '" + meant.getName()
                + "'; its interfaces are "
                + all.stream().map(each -> each.name() + " " + each.prefixes()).toList());
    }

    /**
     * The stack's interface as the JDK knows it: the kernel's of the same name, or else the first one that means it.
     * Null if {@code name} is empty or there is none.
     */
    public static @Nullable NetworkInterface named(NetworkStack stack, String name) throws SocketException {
        if (name.isEmpty()) {
            return null;
        }
        NetworkInterface same = NetworkInterface.getByName(name);
        if (same != null) {
            return same;
        }
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (means(each, stack, name)) {
                return each;
            }
        }
        return null;
    }

    /** An interface of the kernel's that means the stack's first network, or loopback if it has none; null for none. */
    public static @Nullable NetworkInterface first(NetworkStack stack) throws SocketException {
        List<InterfaceInfo> all = stack.interfaces();
        return named(stack, all.get(Math.min(1, all.size() - 1)).name());
    }

    private static boolean means(NetworkInterface theirs, NetworkStack stack, String name) {
        try {
            return name(stack, theirs).equals(name);
        } catch (SocketException nothing) {
            return false;
        }
    }
}
