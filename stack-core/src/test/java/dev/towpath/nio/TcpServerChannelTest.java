package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Binding, accepting, closing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpServerChannelTest {
    private final OneStack one = new OneStack();

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void unboundDoesNotAccept() throws IOException {
        ServerSocketChannel channel = one.provider.openServerSocketChannel();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.toString()).endsWith("[unbound]");
        assertThatThrownBy(channel::accept).isInstanceOf(NotYetBoundException.class);
        assertThat(channel.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
    }

    @Test
    void bindsOnce() throws IOException {
        ServerSocketChannel channel = one.listening();
        SocketAddress address = channel.getLocalAddress();
        assertThat(channel.toString()).contains(address.toString());
        assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(AlreadyBoundException.class);
        ServerSocketChannel other = one.provider.openServerSocketChannel();
        assertThatThrownBy(() -> other.bind(address)).isInstanceOf(BindException.class);
        assertThat(other.bind(null).getLocalAddress()).isNotNull();
    }

    @Test
    void acceptedChannelsWaitUnlessToldOtherwise() throws IOException {
        ServerSocketChannel channel = one.listening();
        SocketChannel client = one.opened();
        client.connect(channel.getLocalAddress());
        channel.configureBlocking(false);
        SocketChannel accepted = channel.accept();
        assertThat(accepted.isBlocking()).isTrue();
        assertThat(accepted.isConnected()).isTrue();
        assertThat(accepted.provider()).isSameAs(one.provider);
        assertThat(channel.accept()).isNull();
    }

    @Test
    void closeAndInterruptEndAccept() throws Exception {
        ServerSocketChannel closed = one.listening();
        OneStack.Call<SocketChannel> accepting = OneStack.blocked(closed::accept);
        closed.close();
        assertThat(accepting.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        ServerSocketChannel interrupted = one.listening();
        accepting = OneStack.blocked(interrupted::accept);
        accepting.thread().interrupt();
        assertThat(accepting.failure()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(interrupted.isOpen()).isFalse();
    }

    @Test
    void closedRefuses() throws IOException {
        ServerSocketChannel channel = one.listening();
        channel.close();
        assertThatThrownBy(channel::accept).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_RCVBUF))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThat(channel.toString()).endsWith("[closed]");
    }

    /** Otherwise than in the JDK, where the port is taken until the selector has noticed. */
    @Test
    void closeGivesThePortBackAtOnce() throws IOException {
        ServerSocketChannel channel = one.listening();
        SocketAddress address = channel.getLocalAddress();
        Selector selector = one.provider.openSelector();
        channel.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        channel.close();
        assertThat(one.provider.openServerSocketChannel().bind(address)).isNotNull();
    }

    @Test
    void timedAcceptGivesUp() throws IOException {
        TcpServerChannel channel = (TcpServerChannel) one.listening();
        assertThatThrownBy(() -> channel.acceptWithin(1_000_000))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Accept timed out");
        SocketChannel client = one.opened();
        client.connect(channel.getLocalAddress());
        assertThat(channel.acceptWithin(Long.MAX_VALUE).isConnected()).isTrue();
        channel.configureBlocking(false);
        assertThatThrownBy(() -> channel.acceptWithin(1)).isInstanceOf(IllegalBlockingModeException.class);
    }

    @Test
    void backlogIsTheListeners() throws IOException {
        ServerSocketChannel channel = one.provider.openServerSocketChannel();
        channel.bind(OneStack.local(0), 3);
        for (int i = 0; i < 3; i++) {
            assertThat(one.opened().connect(channel.getLocalAddress())).isTrue();
        }
        SocketChannel late = one.nonBlocking();
        assertThat(late.connect(channel.getLocalAddress())).isFalse();
        assertThat(late.finishConnect()).isFalse();
        channel.accept();
        late.configureBlocking(true);
        assertThat(late.finishConnect()).isTrue();
    }
}
