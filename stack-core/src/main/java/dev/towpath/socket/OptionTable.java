package dev.towpath.socket;

import static dev.towpath.socket.SockOpt.SO_RCVTIMEO;
import static dev.towpath.socket.SockOpt.SO_REUSEADDR;
import static dev.towpath.socket.SockOpt.SO_REUSEPORT;
import static dev.towpath.socket.SockOpt.SO_SNDTIMEO;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The options of one kind of socket: how each is read and changed. */
final class OptionTable<S extends InetSocket> {
    /** Reads an option, under the lock. */
    @FunctionalInterface
    interface Reader<S, T> {
        T read(S socket);
    }

    /** Changes an option, under the lock. */
    @FunctionalInterface
    interface Writer<S, T> {
        void write(S socket, T value) throws ErrnoException;
    }

    private record Entry<S>(
            @Nullable Reader<S, ?> reader, @Nullable Writer<S, Object> writer) {}

    private static final int LEAST_BUFFER = 4096;
    private static final int LARGEST_BUFFER = 64 << 20;

    private final Map<SockOpt<?>, Entry<S>> entries = new HashMap<>();

    /** A table with what all sockets have. */
    OptionTable() {
        with(SO_REUSEADDR, s -> s.reuseAddress, (s, on) -> s.reuseAddress = on);
        with(SO_REUSEPORT, s -> s.reusePort, (s, on) -> s.reusePort = on);
        with(
                SO_RCVTIMEO,
                s -> Duration.ofNanos(s.receiveTimeoutNanos),
                (s, time) -> s.receiveTimeoutNanos = nanos(SO_RCVTIMEO, time));
        with(
                SO_SNDTIMEO,
                s -> Duration.ofNanos(s.sendTimeoutNanos),
                (s, time) -> s.sendTimeoutNanos = nanos(SO_SNDTIMEO, time));
    }

    /** Adds an option that can be read and changed. */
    <T> OptionTable<S> with(SockOpt<T> option, Reader<S, T> reader, Writer<S, T> writer) {
        entries.put(
                option,
                new Entry<>(reader, (s, value) -> writer.write(s, option.type().cast(value))));
        return this;
    }

    /** Adds an option that can only be read. */
    <T> OptionTable<S> with(SockOpt<T> option, Reader<S, T> reader) {
        entries.put(option, new Entry<>(reader, null));
        return this;
    }

    /** Adds an option that is rather a call: it can't be read. */
    <T> OptionTable<S> writeOnly(SockOpt<T> option, Writer<S, T> writer) {
        entries.put(
                option,
                new Entry<>(null, (s, value) -> writer.write(s, option.type().cast(value))));
        return this;
    }

    <T> T read(S socket, SockOpt<T> option) throws ErrnoException {
        Reader<S, ?> reader = entry("getsockopt", option).reader;
        if (reader == null) {
            throw new ErrnoException(Errno.ENOPROTOOPT, "getsockopt", option + " can only be set");
        }
        return option.type().cast(reader.read(socket));
    }

    <T> void write(S socket, SockOpt<T> option, T value) throws ErrnoException {
        Writer<S, Object> writer = entry("setsockopt", option).writer;
        if (writer == null) {
            throw new ErrnoException(Errno.ENOPROTOOPT, "setsockopt", option + " can only be read");
        }
        writer.write(socket, value);
    }

    private Entry<S> entry(String call, SockOpt<?> option) throws ErrnoException {
        Entry<S> entry = entries.get(option);
        if (entry == null) {
            throw new ErrnoException(Errno.ENOPROTOOPT, call, option + " is not an option of this kind of socket");
        }
        return entry;
    }

    /** {@code value} if it is in range, EINVAL otherwise. */
    static int within(SockOpt<?> option, int value, int least, int most) throws ErrnoException {
        if (value < least || value > most) {
            throw new ErrnoException(
                    Errno.EINVAL, "setsockopt", option + " is " + least + " to " + most + ", not " + value);
        }
        return value;
    }

    /** A buffer size in bytes: as in Linux, what is too small or too large is brought into range in silence. */
    static int bufferSize(SockOpt<?> option, int bytes) throws ErrnoException {
        int positive = within(option, bytes, 1, Integer.MAX_VALUE);
        return Math.max(LEAST_BUFFER, Math.min(positive, LARGEST_BUFFER));
    }

    private static long nanos(SockOpt<?> option, Duration time) throws ErrnoException {
        if (time.isNegative()) {
            throw new ErrnoException(Errno.EINVAL, "setsockopt", option + " can't be negative: " + time);
        }
        return TimeUnit.NANOSECONDS.convert(time);
    }
}
