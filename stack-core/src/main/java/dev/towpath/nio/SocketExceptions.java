package dev.towpath.nio;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** What {@code java.net} throws where a channel throws something of its own, as the JDK's adaptors translate it. */
final class SocketExceptions {
    private SocketExceptions() {}

    /** For calls that fail with any {@link IOException}: what is one already stays. */
    static IOException of(Exception e) {
        return e instanceof IOException already ? already : socket(e);
    }

    /** For {@code connect}, where an unresolved name is an unknown host. */
    static IOException ofConnect(Exception e) {
        if (e instanceof UnresolvedAddressException) {
            UnknownHostException unknown = new UnknownHostException();
            unknown.initCause(e);
            return unknown;
        }
        return of(e);
    }

    /**
     * For calls that fail with a {@link SocketException} only.
     *
     * @throws RuntimeException {@code e} itself, where it is of those that the two have in common
     */
    static SocketException socket(Exception e) {
        if (e instanceof SocketException already) {
            return already;
        }
        SocketException thrown = new SocketException(message(e));
        thrown.initCause(e);
        return thrown;
    }

    private static String message(Exception e) {
        if (e instanceof ClosedChannelException) {
            return "Socket is closed";
        }
        if (e instanceof NotYetConnectedException) {
            return "Socket is not connected";
        }
        if (e instanceof AlreadyBoundException) {
            return "Already bound";
        }
        if (e instanceof NotYetBoundException) {
            return "Socket is not bound yet";
        }
        return ofAddressesAndPeers(e);
    }

    private static String ofAddressesAndPeers(Exception e) {
        if (e instanceof AlreadyConnectedException) {
            return "Already connected";
        }
        if (e instanceof ConnectionPendingException) {
            return "Connection already pending";
        }
        if (e instanceof UnsupportedAddressTypeException) {
            return "Unsupported address type";
        }
        if (e instanceof UnresolvedAddressException) {
            return "Unresolved address";
        }
        if (e instanceof RuntimeException unchecked) {
            throw unchecked; // IllegalBlockingModeException, or a wrong argument
        }
        return String.valueOf(e.getMessage());
    }
}
