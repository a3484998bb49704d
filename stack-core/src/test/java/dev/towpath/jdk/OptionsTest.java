package dev.towpath.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.towpath.socket.TcpSocket;
import dev.towpath.socket.UdpSocket;
import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private final NetworkStack stack = NetworkStack.builder().start();
    private TcpSocket socket;

    @BeforeEach
    void open() throws IOException {
        socket = TcpSocket.open(stack);
    }

    @AfterEach
    void close() {
        stack.close();
    }

    @Test
    void theSetsAreThoseOfTheJdkOnLinuxWhereTheyMeanSomething() throws IOException {
        try (SocketChannel stream = SocketChannel.open();
                ServerSocketChannel server = ServerSocketChannel.open();
                ServerSocket serverSocket = new ServerSocket();
                DatagramChannel datagrams = DatagramChannel.open();
                DatagramSocket datagramSocket = new DatagramSocket()) {
            assertThat(names(Options.STREAM)).isEqualTo(names(stream));
            assertThat(names(Options.SERVER_CHANNEL)).isEqualTo(names(server));
            assertThat(names(Options.SERVER_SOCKET)).isEqualTo(names(serverSocket.supportedOptions()));
            assertThat(names(datagrams)).containsAll(names(Options.DATAGRAM));
            assertThat(names(datagramSocket.supportedOptions())).containsAll(names(Options.DATAGRAM));
        }
    }

    private static Set<String> names(Options options) {
        return names(options.supported());
    }

    private static Set<String> names(NetworkChannel channel) {
        return names(channel.supportedOptions());
    }

    private static Set<String> names(Set<SocketOption<?>> options) {
        return options.stream()
                .map(SocketOption::name)
                // Of the device's queue, and of urgent data in its place, where the stack always leaves it.
                .filter(name -> !name.equals("SO_INCOMING_NAPI_ID") && !name.equals("SO_OOBINLINE"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aLingerTimeIsCutAsTheJdkCutsIt() throws IOException {
        assertThat(setAndGet(StandardSocketOptions.SO_LINGER, -5)).isEqualTo(-1);
        assertThat(setAndGet(StandardSocketOptions.SO_LINGER, 0)).isZero();
        assertThat(setAndGet(StandardSocketOptions.SO_LINGER, 70_000)).isEqualTo(65_535);
    }

    @Test
    void allStandardOptionsOfAStreamKeepTheirValue() throws IOException {
        assertThat(setAndGet(StandardSocketOptions.SO_KEEPALIVE, true)).isTrue();
        assertThat(setAndGet(StandardSocketOptions.TCP_NODELAY, true)).isTrue();
        assertThat(setAndGet(StandardSocketOptions.SO_REUSEADDR, true)).isTrue();
        assertThat(setAndGet(StandardSocketOptions.SO_REUSEPORT, true)).isTrue();
        assertThat(setAndGet(StandardSocketOptions.SO_RCVBUF, 100_000)).isEqualTo(100_000);
        assertThat(setAndGet(StandardSocketOptions.SO_SNDBUF, 100_000)).isEqualTo(100_000);
        assertThat(setAndGet(StandardSocketOptions.IP_TOS, 0x1f)).isEqualTo(0x1c);
        assertThat(setAndGet(StandardSocketOptions.SO_RCVBUF, 0)).isPositive();
    }

    @Test
    void allExtendedOptionsOfAStreamKeepTheirValue() throws IOException {
        assertThat(setAndGet(extended("TCP_KEEPIDLE", Integer.class), 100)).isEqualTo(100);
        assertThat(setAndGet(extended("TCP_KEEPINTERVAL", Integer.class), 10)).isEqualTo(10);
        assertThat(setAndGet(extended("TCP_KEEPCOUNT", Integer.class), 3)).isEqualTo(3);
        assertThat(setAndGet(extended("TCP_QUICKACK", Boolean.class), true)).isTrue();
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> setAndGet(extended("TCP_KEEPIDLE", Integer.class), 0))
                .withMessage("Invalid argument");
    }

    @SuppressWarnings("unchecked")
    private static <T> SocketOption<T> extended(String name, Class<T> type) {
        return (SocketOption<T>) Options.STREAM.supported().stream()
                .filter(option -> option.name().equals(name) && option.type() == type)
                .findAny()
                .orElseThrow();
    }

    @Test
    void whatTheJdkRefusesIsRefusedAlike() {
        assertThatIllegalArgumentException().isThrownBy(() -> setAndGet(StandardSocketOptions.SO_RCVBUF, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> setAndGet(StandardSocketOptions.SO_SNDBUF, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> setAndGet(StandardSocketOptions.IP_TOS, 256));
        assertThatIllegalArgumentException().isThrownBy(() -> setAndGet(StandardSocketOptions.IP_TOS, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.STREAM.set(socket, StandardSocketOptions.SO_LINGER, null));
        assertThatIllegalArgumentException().isThrownBy(OptionsTest.this::setTheWrongType);
        assertThatNullPointerException().isThrownBy(() -> Options.STREAM.set(socket, nothing(), 1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> setAndGet(StandardSocketOptions.SO_BROADCAST, true))
                .withMessage("'SO_BROADCAST' not supported");
    }

    @SuppressWarnings("NullAway") // what programs may pass nevertheless
    private static SocketOption<Integer> nothing() {
        return null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void setTheWrongType() throws IOException {
        Options.STREAM.set(socket, (SocketOption) StandardSocketOptions.SO_RCVBUF, "large");
    }

    @Test
    void datagramSocketsHaveTheirs() throws IOException {
        UdpSocket datagrams = UdpSocket.open(stack);
        Options.DATAGRAM.set(datagrams, StandardSocketOptions.SO_BROADCAST, true);
        Options.DATAGRAM.set(datagrams, StandardSocketOptions.IP_TOS, 16);
        assertThat(Options.DATAGRAM.get(datagrams, StandardSocketOptions.SO_BROADCAST))
                .isTrue();
        assertThat(Options.DATAGRAM.get(datagrams, StandardSocketOptions.IP_TOS))
                .isEqualTo(16);
    }

    private <T> T setAndGet(SocketOption<T> option, T value) throws IOException {
        Options.STREAM.set(socket, option, value);
        return Options.STREAM.get(socket, option);
    }
}
