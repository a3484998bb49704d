package dev.towpath.net;

import dev.towpath.jdk.Options;
import dev.towpath.socket.InetSocket;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options by the numbers of {@link SocketOptions}, which {@code java.net} has used since JDK 1.0, by their names. */
final class NumberedOptions {
    private static final Map<Integer, SocketOption<?>> NAMES = Map.of(
            SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
            SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
            SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
            SocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT,
            SocketOptions.SO_BROADCAST, StandardSocketOptions.SO_BROADCAST,
            SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
            SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
            SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
            SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);

    private NumberedOptions() {}

    static void set(Options options, InetSocket socket, int number, Object value) throws IOException {
        // SO_LINGER is switched off by false, and on by its seconds.
        boolean noLinger = number == SocketOptions.SO_LINGER && Boolean.FALSE.equals(value);
        SocketOption<?> name = name(options, number);
        set(options, socket, name, noLinger ? Integer.valueOf(-1) : value);
    }

    private static <T> void set(Options options, InetSocket socket, SocketOption<T> name, Object value)
            throws IOException {
        options.set(socket, name, name.type().cast(Options.checkType(name, value)));
    }

    static Object get(Options options, InetSocket socket, int number) throws IOException {
        return options.get(socket, name(options, number));
    }

    private static SocketOption<?> name(Options options, int number) throws SocketException {
        SocketOption<?> name = NAMES.get(number);
        if (name == null || !options.supported().contains(name)) {
            throw new SocketException("Unknown option " + number);
        }
        return name;
    }

    /** The value of SO_TIMEOUT in milliseconds. */
    static int timeout(@Nullable Object value) throws SocketException {
        if (!(value instanceof Integer millis)) {
            throw new SocketException("Bad parameter for SO_TIMEOUT: " + value + "; it takes milliseconds");
        }
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        return millis;
    }

    /** What the numbered calls may throw. */
    static SocketException socketException(IOException e) {
        if (e instanceof SocketException already) {
            return already;
        }
        SocketException thrown = new SocketException(e.getMessage());
        thrown.initCause(e);
        return thrown;
    }
}
