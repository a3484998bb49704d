package dev.towpath.jdk;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.InetSocket;
import dev.towpath.socket.Linger;
import dev.towpath.socket.SockOpt;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's options of one kind of socket, as the stack's. The sets are those of the JDK on Linux but for
 * SO_INCOMING_NAPI_ID, which has no meaning here.
 *
 * <p>The options of module {@code jdk.net}, TCP_KEEPIDLE and the like, are found by name: a run-time image may be
 * without that module, and then no program can ask for them.
 */
public final class Options {
    /** Of {@code Socket} and {@code SocketChannel}. */
    public static final Options STREAM = new Options()
            .same(StandardSocketOptions.SO_KEEPALIVE, SockOpt.SO_KEEPALIVE)
            .same(StandardSocketOptions.TCP_NODELAY, SockOpt.TCP_NODELAY)
            .with(StandardSocketOptions.SO_SNDBUF, SockOpt.SO_SNDBUF, Options::bufferSize, bytes -> bytes)
            .with(StandardSocketOptions.SO_LINGER, SockOpt.SO_LINGER, Options::linger, Options::seconds)
            .with(StandardSocketOptions.IP_TOS, SockOpt.IP_TOS, Options::trafficClass, tos -> tos)
            .common()
            .ofConnections();

    /** Of {@code ServerSocketChannel}. */
    public static final Options SERVER_CHANNEL = new Options().common().ofConnections();

    /** Of {@code ServerSocket}. */
    public static final Options SERVER_SOCKET = new Options()
            .with(StandardSocketOptions.IP_TOS, SockOpt.IP_TOS, Options::trafficClass, tos -> tos)
            .common()
            .ofConnections();

    /** Of {@code DatagramSocket} and {@code DatagramChannel}. */
    public static final Options DATAGRAM = new Options()
            .same(StandardSocketOptions.SO_BROADCAST, SockOpt.SO_BROADCAST)
            .with(StandardSocketOptions.SO_SNDBUF, SockOpt.SO_SNDBUF, Options::bufferSize, bytes -> bytes)
            .with(StandardSocketOptions.IP_TOS, SockOpt.IP_TOS, Options::trafficClass, tos -> tos)
            .with(StandardSocketOptions.IP_MULTICAST_TTL, SockOpt.IP_MULTICAST_TTL, Options::timeToLive, ttl -> ttl)
            .same(StandardSocketOptions.IP_MULTICAST_LOOP, SockOpt.IP_MULTICAST_LOOP)
            .multicastInterface()
            .common()
            .extended("IP_DONTFRAGMENT", SockOpt.IP_DONTFRAG);

    private static final int MOST_LINGER_SECONDS = 65_535;

    /** One value for another: a program's for the stack's, or back. */
    @FunctionalInterface
    private interface Conversion<A, B> {
        B of(A value);
    }

    /** How one option is read and changed. */
    private interface Entry {
        @Nullable
        Object read(InetSocket socket) throws IOException;

        void write(InetSocket socket, Object value) throws IOException;
    }

    private final Map<SocketOption<?>, Entry> entries = new LinkedHashMap<>();

    private Options() {}

    /** The options that there are. */
    public Set<SocketOption<?>> supported() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * The option's value; null only for IP_MULTICAST_IF, as long as it has not been set.
     *
     * @throws NullPointerException if {@code option} is null
     * @throws UnsupportedOperationException if this kind of socket does not have it
     */
    @SuppressWarnings("NullAway") // the JDK's method has no way to say that IP_MULTICAST_IF may be null
    public <T> T get(InetSocket socket, SocketOption<T> option) throws IOException {
        Entry entry = entry(option);
        try {
            return option.type().cast(entry.read(socket));
        } catch (ErrnoException e) {
            throw Exceptions.stream(e);
        }
    }

    /**
     * Changes the option.
     *
     * @throws NullPointerException if {@code option} is null
     * @throws UnsupportedOperationException if this kind of socket does not have it
     * @throws IllegalArgumentException if the value is null, or none of the option's
     * @throws SocketException if the stack does not take the value
     */
    public <T> void set(InetSocket socket, SocketOption<T> option, @Nullable T value) throws IOException {
        Entry entry = entry(option);
        Object checked = checkType(option, value);
        try {
            entry.write(socket, checked);
        } catch (ErrnoException e) {
            throw Exceptions.stream(e);
        }
    }

    /**
     * A value that is of the option's type, even where a raw type has let another one through.
     *
     * @throws IllegalArgumentException if it is not, or null
     */
    public static Object checkType(SocketOption<?> option, @Nullable Object value) {
        if (value == null || !option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "' of " + option.name() + ", which takes a "
                    + option.type().getSimpleName());
        }
        return value;
    }

    private Entry entry(SocketOption<?> option) {
        if (option == null) {
            throw new NullPointerException("the option is null");
        }
        Entry entry = entries.get(option);
        if (entry == null) {
            throw new UnsupportedOperationException("'" + option.name() + "' not supported");
        }
        return entry;
    }

    private Options common() {
        return same(StandardSocketOptions.SO_REUSEADDR, SockOpt.SO_REUSEADDR)
                .same(StandardSocketOptions.SO_REUSEPORT, SockOpt.SO_REUSEPORT)
                .with(StandardSocketOptions.SO_RCVBUF, SockOpt.SO_RCVBUF, Options::bufferSize, bytes -> bytes);
    }

    /** What module jdk.net adds for TCP; a listener has them for the connections that it will accept. */
    private Options ofConnections() {
        return extended("TCP_KEEPIDLE", SockOpt.TCP_KEEPIDLE)
                .extended("TCP_KEEPINTERVAL", SockOpt.TCP_KEEPINTVL)
                .extended("TCP_KEEPCOUNT", SockOpt.TCP_KEEPCNT)
                .extended("TCP_QUICKACK", SockOpt.TCP_QUICKACK);
    }

    private <T> Options extended(String name, SockOpt<T> ours) {
        SocketOption<T> option = find(name, ours.type());
        return option == null ? this : same(option, ours);
    }

    /** The option of that name and type in module jdk.net, where there is one. */
    @SuppressWarnings("unchecked") // the type is compared
    private static <T> @Nullable SocketOption<T> find(String name, Class<T> type) {
        try {
            Object found = ClassLoader.getPlatformClassLoader()
                    .loadClass("jdk.net.ExtendedSocketOptions")
                    .getField(name)
                    .get(null);
            return found instanceof SocketOption<?> option && option.type() == type ? (SocketOption<T>) option : null;
        } catch (ReflectiveOperationException notInThisRuntime) {
            return null;
        }
    }

    private <T> Options same(SocketOption<T> option, SockOpt<T> ours) {
        return with(option, ours, value -> value, value -> value);
    }

    private <A, B> Options with(
            SocketOption<A> option, SockOpt<B> ours, Conversion<A, B> toOurs, Conversion<B, A> fromOurs) {
        entries.put(option, new Entry() {
            @Override
            public Object read(InetSocket socket) throws ErrnoException {
                return fromOurs.of(socket.option(ours));
            }

            @Override
            public void write(InetSocket socket, Object value) throws ErrnoException {
                socket.option(ours, toOurs.of(option.type().cast(value)));
            }
        });
        return this;
    }

    /** The one option that has no value at first. */
    private Options multicastInterface() {
        entries.put(StandardSocketOptions.IP_MULTICAST_IF, new Entry() {
            @Override
            public @Nullable Object read(InetSocket socket) throws IOException {
                return Interfaces.named(socket.stack(), socket.option(SockOpt.IP_MULTICAST_IF));
            }

            @Override
            public void write(InetSocket socket, Object value) throws IOException {
                socket.option(SockOpt.IP_MULTICAST_IF, Interfaces.name(socket.stack(), (NetworkInterface) value));
            }
        });
        return this;
    }

    private static int timeToLive(int ttl) {
        if (ttl < 0 || ttl > 255) {
            throw new IllegalArgumentException("Invalid TTL/hop value " + ttl + "; it is 0 to 255");
        }
        return ttl;
    }

    /** 0 asks for the least there is. */
    private static int bufferSize(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("Invalid send/receive buffer size " + bytes + "; it is 0 bytes or more");
        }
        return Math.max(1, bytes);
    }

    private static int trafficClass(int tos) {
        if (tos < 0 || tos > 255) {
            throw new IllegalArgumentException("Invalid IP_TOS value " + tos + "; it is 0 to 255");
        }
        return tos;
    }

    private static Linger linger(int seconds) {
        return seconds < 0 ? Linger.OFF : Linger.of(Math.min(seconds, MOST_LINGER_SECONDS));
    }

    private static int seconds(Linger linger) {
        return linger.on() ? linger.seconds() : -1;
    }
}
