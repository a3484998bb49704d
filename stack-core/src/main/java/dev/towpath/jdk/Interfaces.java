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
     * The stack's interface of the same name, the one that is loopback too, or else the one that has one of its
     * addresses.
     *
     * @throws SocketException if there is none
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
        throw new SocketException("No such device: " + stack + " has no interface '" + meant.getName()
                + "'; its interfaces are "
                + all.stream().map(InterfaceInfo::name).toList());
    }

    /** The interface as the JDK knows it; null if {@code name} is empty, or the kernel has no interface of that name. */
    public static @Nullable NetworkInterface named(String name) throws SocketException {
        return name.isEmpty() ? null : NetworkInterface.getByName(name);
    }
}
