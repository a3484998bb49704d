package dev.towpath.nio;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** Calls of {@code java.net} carried out on channels, with the exceptions of {@code java.net}. */
final class RoutedOptions {
    private RoutedOptions() {}

    static <T> void set(NetworkChannel channel, SocketOption<T> name, T value) throws SocketException {
        try {
            NetworkChannel ignored = channel.setOption(name, value);
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    static void bind(NetworkChannel channel, @Nullable SocketAddress local) throws IOException {
        try {
            NetworkChannel ignored = channel.bind(local);
        } catch (AlreadyBoundException | UnresolvedAddressException | ClosedChannelException e) {
            throw socketException(e);
        } catch (UnsupportedAddressTypeException e) {
            throw new IllegalArgumentException("Unsupported address type", e);
        }
    }

    static void bind(ServerSocketChannel channel, @Nullable SocketAddress local, int backlog) throws IOException {
        try {
            ServerSocketChannel ignored = channel.bind(local, backlog);
        } catch (AlreadyBoundException | UnresolvedAddressException | ClosedChannelException e) {
            throw socketException(e);
        } catch (UnsupportedAddressTypeException e) {
            throw new IllegalArgumentException("Unsupported address type", e);
        }
    }

    /** A buffer's size, which java.net wants positive. */
    static int size(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes: it takes at least 1");
        }
        return bytes;
    }

    static SocketException socketException(Exception e) {
        if (e instanceof SocketException known) {
            return known;
        }
        String message = e instanceof ClosedChannelException
                ? "Socket is closed"
                : e instanceof AlreadyBoundException
                        ? "Already bound"
                        : e instanceof UnresolvedAddressException
                                ? "Unresolved address"
                                : String.valueOf(e.getMessage());
        SocketException thrown = new SocketException(message);
        thrown.initCause(e);
        return thrown;
    }
}
