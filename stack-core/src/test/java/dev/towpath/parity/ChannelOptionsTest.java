package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Socket options: which there are, how they begin, and what comes of values. */
class ChannelOptionsTest extends ParityTest {
    private static final List<SocketOption<?>> ALL = List.of(
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_REUSEPORT,
            StandardSocketOptions.SO_BROADCAST,
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.IP_TOS,
            StandardSocketOptions.IP_MULTICAST_IF,
            StandardSocketOptions.IP_MULTICAST_TTL,
            StandardSocketOptions.IP_MULTICAST_LOOP,
            ExtendedSocketOptions.TCP_QUICKACK,
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            ExtendedSocketOptions.SO_INCOMING_NAPI_ID);

    private static final String UNSUPPORTED = "UnsupportedOperationException";

    private interface Opener {
        NetworkChannel open() throws IOException;
    }

    private Map<String, Opener> channels() {
        Map<String, Opener> channels = new LinkedHashMap<>();
        channels.put("SocketChannel", this::socketChannel);
        channels.put("connected", () -> connection().near());
        channels.put("ServerSocketChannel", this::serverSocketChannel);
        channels.put("DatagramChannel", this::datagramChannel);
        return channels;
    }

    @Test
    void supportedOptions() throws IOException {
        StateTable table = new StateTable("options-supported.txt", world);
        table.rewrite(Difference.NO_NAPI_ID, " SO_INCOMING_NAPI_ID", "");
        table.rewrite(Difference.NO_NAPI_ID, "SO_INCOMING_NAPI_ID ", "");
        table.oursFollowsJdk17();
        table.rewrite(Difference.NO_OOBINLINE, " SO_OOBINLINE", "");
        channels()
                .forEach((name, opener) -> table.put(name, "supportedOptions", Outcome.of(() -> names(opener.open()))));
        table.check();
    }

    private static String names(NetworkChannel channel) {
        Set<SocketOption<?>> options = channel.supportedOptions();
        return options.stream()
                .sorted(Comparator.comparing(SocketOption::name))
                .map(SocketOption::name)
                .collect(Collectors.joining(" "));
    }

    @Test
    void valuesAtTheBeginning() throws IOException {
        StateTable table = new StateTable("options-defaults.txt", world);
        table.except(Difference.NO_NAPI_ID, ".* SO_INCOMING_NAPI_ID.*", UNSUPPORTED);
        for (Map.Entry<String, Opener> entry : channels().entrySet()) {
            NetworkChannel channel = entry.getValue().open();
            for (SocketOption<?> option : ALL) {
                table.put(entry.getKey(), option.name(), Outcome.of(() -> value(channel, option)));
            }
        }
        table.check();
    }

    /** Sizes are the system's affair, as long as they are there. */
    private static @Nullable Object value(NetworkChannel channel, SocketOption<?> option) throws IOException {
        Object value = channel.getOption(option);
        boolean size = option == StandardSocketOptions.SO_SNDBUF || option == StandardSocketOptions.SO_RCVBUF;
        return size ? "positive: " + ((Integer) value > 0) : value;
    }

    @Test
    void valuesThatWereSet() throws IOException {
        StateTable table = new StateTable("options-set.txt", world);
        table.except(Difference.NO_NAPI_ID, ".* SO_INCOMING_NAPI_ID.*", UNSUPPORTED);
        for (Map.Entry<String, Opener> entry : channels().entrySet()) {
            for (SocketOption<?> option : ALL) {
                for (Object each : option.type() == Boolean.class ? new Object[] {true, false} : integers(option)) {
                    NetworkChannel channel = entry.getValue().open();
                    String cell = option.name() + "=" + each;
                    table.put(entry.getKey(), cell, Outcome.of(() -> setAndGet(channel, option, each)));
                }
            }
        }
        table.check();
    }

    private static Object[] integers(SocketOption<?> option) {
        if (option.type() != Integer.class) {
            return new Object[0];
        }
        boolean size = option == StandardSocketOptions.SO_SNDBUF || option == StandardSocketOptions.SO_RCVBUF;
        return size ? new Object[] {-1, 30_000} : new Object[] {-1, 0, 1, 42, 255, 256, 100_000};
    }

    @SuppressWarnings("unchecked")
    private static <T> @Nullable Object setAndGet(NetworkChannel channel, SocketOption<T> option, Object value)
            throws IOException {
        channel.setOption(option, (T) value);
        return value(channel, option);
    }

    @Test
    void buffersAreAtLeastWhatWasAskedFor() throws IOException {
        for (Opener opener : channels().values()) {
            NetworkChannel channel = opener.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 30_000);
            assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThanOrEqualTo(30_000);
        }
    }

    @Test
    void setOptionReturnsTheChannel() throws IOException {
        for (Opener opener : channels().values()) {
            NetworkChannel channel = opener.open();
            assertThat(channel.setOption(StandardSocketOptions.SO_REUSEADDR, true))
                    .isSameAs(channel);
        }
    }

    @Test
    void nullsAndForeignOptions() throws IOException {
        StateTable table = new StateTable("options-refused.txt", world);
        for (Map.Entry<String, Opener> entry : channels().entrySet()) {
            NetworkChannel channel = entry.getValue().open();
            table.put(entry.getKey(), "getOption(null)", Outcome.of(() -> channel.getOption(null)));
            table.put(entry.getKey(), "setOption(null, true)", Outcome.of(() -> channel.setOption(null, true)));
            table.put(
                    entry.getKey(),
                    "setOption(SO_RCVBUF, null)",
                    Outcome.of(() -> channel.setOption(StandardSocketOptions.SO_RCVBUF, null)));
            table.put(entry.getKey(), "getOption(unknown)", Outcome.of(() -> channel.getOption(new Unknown())));
            table.put(entry.getKey(), "setOption(unknown)", Outcome.of(() -> channel.setOption(new Unknown(), 1)));
        }
        table.check();
    }

    private record Unknown() implements SocketOption<Integer> {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    }

    @Test
    void optionsOfClosedChannels() throws IOException {
        StateTable table = new StateTable("options-closed.txt", world);
        table.except(Difference.NO_NAPI_ID, ".* SO_INCOMING_NAPI_ID", UNSUPPORTED);
        for (Map.Entry<String, Opener> entry : channels().entrySet()) {
            NetworkChannel channel = entry.getValue().open();
            Set<SocketOption<?>> before = channel.supportedOptions();
            channel.close();
            for (SocketOption<?> option : ALL) {
                table.put(entry.getKey(), option.name(), Outcome.of(() -> channel.getOption(option)));
            }
            assertThat(channel.supportedOptions()).isEqualTo(before);
        }
        table.check();
    }
}
