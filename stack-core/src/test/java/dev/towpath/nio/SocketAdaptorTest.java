package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels as sockets, the kernel's and ours. */
@SuppressWarnings("try") // closing early is what is tested
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketAdaptorTest {
    private final NetworkStack stack = NetworkStack.builder().name("adaptors").start();
    private final SelectorProvider provider;
    private ServerSocketChannel listener;

    SocketAdaptorTest(boolean ours) {
        this.provider = ours ? new TowpathSelectorProvider(stack) : SelectorProvider.provider();
    }

    @BeforeEach
    void listen() throws IOException {
        listener = provider.openServerSocketChannel()
                .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        stack.close();
    }

    @Test
    void aChannelHasOneSocket() throws IOException {
        try (SocketChannel channel = provider.openSocketChannel()) {
            assertThat(channel.socket()).isSameAs(channel.socket());
            assertThat(channel.socket().getChannel()).isSameAs(channel);
            assertThat(listener.socket()).isSameAs(listener.socket());
            assertThat(listener.socket().getChannel()).isSameAs(listener);
        }
    }

    @Test
    void streamsAndChannelShareTheConnection() throws IOException {
        try (SocketChannel client = provider.openSocketChannel()) {
            client.socket().connect(listener.getLocalAddress(), 20_000);
            try (Socket server = listener.socket().accept()) {
                client.write(ByteBuffer.wrap("by channel".getBytes(StandardCharsets.US_ASCII)));
                assertThat(server.getInputStream().readNBytes(10)).asString().isEqualTo("by channel");
                server.getOutputStream().write("by stream".getBytes(StandardCharsets.US_ASCII));
                server.shutdownOutput();
                assertThat(client.socket().getInputStream().readAllBytes())
                        .asString()
                        .isEqualTo("by stream");
                assertThat(server.isOutputShutdown()).isTrue();
                client.socket().getOutputStream().close();
                assertThat(client.isOpen()).isFalse();
                assertThat(client.socket().isClosed()).isTrue();
            }
        }
    }

    @Test
    void whatWaitsTooLongTimesOutAndGoesOn() throws IOException {
        ServerSocket accepting = listener.socket();
        accepting.setSoTimeout(20);
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(accepting::accept)
                .withMessage("Accept timed out");
        try (SocketChannel client = provider.openSocketChannel()) {
            client.connect(listener.getLocalAddress());
            accepting.setSoTimeout(20_000);
            try (Socket server = accepting.accept()) {
                server.setSoTimeout(20);
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> server.getInputStream().read())
                        .withMessage("Read timed out");
                client.write(ByteBuffer.wrap(new byte[] {7}));
                server.setSoTimeout(20_000);
                assertThat(server.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @Test
    void streamsWantABlockingChannel() throws IOException {
        try (SocketChannel client = provider.openSocketChannel()) {
            client.connect(listener.getLocalAddress());
            client.configureBlocking(false);
            assertThatExceptionOfType(IllegalBlockingModeException.class)
                    .isThrownBy(() -> client.socket().getInputStream().read());
            assertThatExceptionOfType(IllegalBlockingModeException.class)
                    .isThrownBy(() -> client.socket().getOutputStream().write(1));
        }
    }

    @Test
    void aRefusedConnectionClosesTheChannel() throws IOException {
        InetSocketAddress nobody = (InetSocketAddress) listener.getLocalAddress();
        listener.close();
        try (SocketChannel client = provider.openSocketChannel()) {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> client.socket().connect(nobody, 20_000))
                    .withMessage("Connection refused");
            assertThat(client.isOpen()).isFalse();
        }
    }
}
