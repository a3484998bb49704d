package dev.towpath.jdk;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK throws where a Berkeley call fails. Programs go by the type, and often enough by the message: both are
 * those of the JDK on Linux, and our exception, which says what to do about it, is the cause.
 */
public final class Exceptions {
    private Exceptions() {}

    /** For a {@code java.net} stream socket: always a {@link SocketException} or a {@link SocketTimeoutException}. */
    public static IOException stream(ErrnoException e) {
        return switch (e.errno()) {
            case EAGAIN -> caused(new SocketTimeoutException(timedOut(e.call())), e);
            case EBADF -> closed(e);
            case EINTR -> caused(new SocketException("Closed by interrupt"), e);
            default -> socketException(e);
        };
    }

    /** For a {@code java.net} datagram socket. */
    public static IOException datagram(ErrnoException e) {
        return e.errno() == Errno.EAGAIN ? caused(new SocketTimeoutException("Receive timed out"), e) : unreachable(e);
    }

    /** For a stream channel; reading and writing fail with a plain {@link IOException}, as they do in the JDK. */
    public static IOException channel(ErrnoException e) {
        IOException closed = channelClosed(e);
        if (closed != null) {
            return closed;
        }
        boolean transfers = isTransfer(e) || e.call().equals("read") || e.call().equals("write"); // pipes
        // A reset read is the one failure of a transfer for which the JDK has a type.
        boolean reset = e.call().equals("recv") && e.errno() == Errno.ECONNRESET;
        return transfers && !reset ? new IOException(message(e), e) : socketException(e);
    }

    /** For a datagram channel. */
    public static IOException datagramChannel(ErrnoException e) {
        IOException closed = channelClosed(e);
        return closed != null ? closed : unreachable(e);
    }

    /** Why a connection could not be established, as SO_ERROR tells it, for a stream channel. */
    public static IOException connect(Errno errno, String detail) {
        return channel(new ErrnoException(errno, "connect", detail, null));
    }

    private static @Nullable IOException channelClosed(ErrnoException e) {
        return switch (e.errno()) {
            case EBADF -> caused(new ClosedChannelException(), e);
            case EINTR -> caused(new ClosedByInterruptException(), e);
            default -> null;
        };
    }

    private static IOException unreachable(ErrnoException e) {
        return switch (e.errno()) {
            case ECONNREFUSED -> caused(new PortUnreachableException(), e);
            case EBADF -> closed(e);
            case EINTR -> caused(new SocketException("Closed by interrupt"), e);
            default -> socketException(e);
        };
    }

    private static IOException closed(ErrnoException e) {
        return caused(new SocketException("Socket closed"), e);
    }

    /** The types by which the JDK tells a failed socket call apart. */
    private static IOException socketException(ErrnoException e) {
        String message = message(e);
        return switch (e.errno()) {
            case ECONNREFUSED, ETIMEDOUT, ENOTCONN ->
                caused(isTransfer(e) ? new SocketException(message) : new ConnectException(message), e);
            case EHOSTUNREACH -> caused(new NoRouteToHostException(message), e);
            case EADDRINUSE, EADDRNOTAVAIL, EACCES -> caused(new BindException(message), e);
            default -> caused(new SocketException(message), e);
        };
    }

    private static boolean isTransfer(ErrnoException e) {
        return e.call().startsWith("recv") || e.call().startsWith("send");
    }

    private static String timedOut(String call) {
        return switch (call) {
            case "connect" -> "Connect timed out";
            case "accept" -> "Accept timed out";
            default -> "Read timed out";
        };
    }

    private static <E extends IOException> E caused(E exception, ErrnoException cause) {
        exception.initCause(cause);
        return exception;
    }

    private static String message(ErrnoException e) {
        return e.errno() == Errno.ECONNRESET && e.call().equals("recv") ? "Connection reset" : strerror(e.errno());
    }

    /** What C's strerror says, which is what the JDK's messages are. */
    private static String strerror(Errno errno) {
        return switch (errno) {
            case EAGAIN -> "Resource temporarily unavailable";
            case EINPROGRESS -> "Operation now in progress";
            case EALREADY -> "Operation already in progress";
            case EISCONN, ENOTCONN, ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE, ETIMEDOUT, ESHUTDOWN ->
                ofConnection(errno);
            case EHOSTUNREACH -> "No route to host";
            case ENETUNREACH -> "Network is unreachable";
            case ENETDOWN -> "Network is down";
            default -> ofArguments(errno);
        };
    }

    private static String ofConnection(Errno errno) {
        return switch (errno) {
            case EISCONN -> "Transport endpoint is already connected";
            case ENOTCONN -> "Transport endpoint is not connected";
            case ECONNREFUSED -> "Connection refused";
            case ECONNRESET -> "Connection reset by peer";
            case ECONNABORTED -> "Software caused connection abort";
            case EPIPE -> "Broken pipe";
            case ETIMEDOUT -> "Connection timed out";
            case ESHUTDOWN -> "Cannot send after transport endpoint shutdown";
            default -> errno.meaning();
        };
    }

    private static String ofArguments(Errno errno) {
        return switch (errno) {
            case EADDRINUSE -> "Address already in use";
            case EADDRNOTAVAIL -> "Cannot assign requested address";
            case EAFNOSUPPORT -> "Address family not supported by protocol";
            case ENOPROTOOPT -> "Protocol not available";
            case EOPNOTSUPP -> "Operation not supported";
            case EDESTADDRREQ -> "Destination address required";
            case EINVAL -> "Invalid argument";
            case EMSGSIZE -> "Message too long";
            case ENOBUFS -> "No buffer space available";
            case EACCES -> "Permission denied";
            case EFAULT -> "Bad address";
            default -> errno.meaning();
        };
    }
}
