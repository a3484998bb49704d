package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Connecting: blocking, non-blocking and by way of a selector; and being refused. */
class ConnectTest extends ParityTest {
    private static final String REFUSED = "ConnectException: Connection refused";

    @Test
    void aBlockingConnectIsDoneWhenItReturns() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel();
        assertThat(channel.connect(listener.getLocalAddress())).isTrue();
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.finishConnect()).isTrue();
        assertThat(channel.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
        SocketChannel accepted = closing(listener.accept());
        assertThat(accepted.getRemoteAddress()).isEqualTo(channel.getLocalAddress());
        assertThat(accepted.getLocalAddress()).isEqualTo(channel.getRemoteAddress());
    }

    @Test
    void theAddressOfItselfIsConnectedThroughTheWildcard() throws IOException {
        ServerSocketChannel listener = serverSocketChannel().bind(null);
        SocketChannel channel = socketChannel();
        InetSocketAddress any =
                new InetSocketAddress("0.0.0.0", localOf(listener).getPort());
        assertThat(channel.connect(any)).isTrue();
        assertThat(((InetSocketAddress) channel.getRemoteAddress()).getPort()).isEqualTo(any.getPort());
    }

    @Test
    void openWithAnAddressConnects() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = closing(network().near().openSocketChannel());
        assertThat(channel.connect(listener.getLocalAddress())).isTrue();
        channel.write(bytes("x"));
        assertThat(read(closing(listener.accept()), 1)).isEqualTo("x");
    }

    @Test
    void refusalOfABlockingConnectClosesTheChannel() throws IOException {
        InetSocketAddress closed = closedPort();
        SocketChannel channel = socketChannel();
        assertThat(Outcome.message(() -> channel.connect(closed))).isEqualTo(REFUSED);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(Outcome.of(() -> channel.connect(closed))).isIn("ClosedChannelException", on17());
    }

    /** JDK 17 says so of a channel that was closed before. */
    private static String on17() {
        return Runtime.version().feature() == 17 ? "AsynchronousCloseException" : "ClosedChannelException";
    }

    @Test
    void refusalOfANonBlockingConnectIsFoundByFinishConnect() throws IOException {
        InetSocketAddress closed = closedPort();
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        assertThat(channel.connect(closed)).isFalse();
        assertThat(channel.isConnectionPending()).isTrue();
        assertThat(Outcome.message(() -> {
                    while (!channel.finishConnect()) {
                        Thread.onSpinWait();
                    }
                }))
                .isEqualTo(REFUSED);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
    }

    @Test
    void refusalMakesTheKeyConnectable() throws IOException {
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(closedPort());
        Selector selector = selector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_CONNECT);
        assertThat(Outcome.message(channel::finishConnect)).isEqualTo(REFUSED);
        assertThat(key.isValid()).isFalse();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aBlockingFinishConnectWaitsForTheEnd() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(listener.getLocalAddress());
        channel.configureBlocking(true);
        assertThat(channel.finishConnect()).isTrue();
        assertThat(channel.isConnected()).isTrue();
    }

    @Test
    void aBlockingFinishConnectIsRefused() throws IOException {
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(closedPort());
        channel.configureBlocking(true);
        assertThat(Outcome.message(channel::finishConnect)).isEqualTo(REFUSED);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connectableUntilFinishedThenWritable() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        channel.connect(listener.getLocalAddress());
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.isConnectable()).isTrue();
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isEqualTo(1);
        assertThat(channel.finishConnect()).isTrue();
        key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        selector.selectedKeys().clear();
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
    }

    @Test
    void aPendingConnectIsNeitherReadableNorWritable() throws IOException {
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(silentPort());
        Selector selector = selector();
        channel.register(selector, SelectionKey.OP_CONNECT | SelectionKey.OP_WRITE | SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        assertThat(channel.finishConnect()).isFalse();
        assertThat(channel.getLocalAddress()).isNull();
    }

    @Test
    void aPendingConnectEndsWhenTheQueueHasRoom() throws IOException {
        ServerSocketChannel listener = farListening(1);
        SocketChannel channel = socketChannel();
        channel.configureBlocking(false);
        channel.connect(listener.getLocalAddress());
        channel.configureBlocking(true);
        Background<Boolean> finishing = Background.start(channel::finishConnect);
        closing(listener.accept());
        assertThat(Outcome.of(finishing::result)).isEqualTo("true");
    }

    @Test
    void tcpHasNoWayToABroadcastAddress() throws IOException {
        SocketChannel channel = socketChannel();
        assertThat(Outcome.message(() -> channel.connect(new InetSocketAddress("255.255.255.255", 9))))
                .isEqualTo("SocketException: Network is unreachable");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void port0IsRefused() throws IOException {
        SocketChannel channel = socketChannel();
        assertThat(Outcome.message(() -> channel.connect(far(0)))).isEqualTo(REFUSED);
    }

    @Test
    void anIpv6AddressIsOfTheWrongType() throws IOException {
        SocketChannel channel = socketChannel();
        assertThat(Outcome.of(() -> channel.connect(new InetSocketAddress("2001:db8::1", 9))))
                .isEqualTo("UnsupportedAddressTypeException");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void theSamePairOfPortsCannotBeConnectedTwice() throws IOException {
        ServerSocketChannel listener = farListening();
        SocketChannel first = socketChannel();
        first.connect(listener.getLocalAddress());
        SocketChannel second = socketChannel();
        assertThat(Outcome.of(() -> second.bind(first.getLocalAddress()))).isEqualTo("BindException");
        assertThat(first.isConnected()).isTrue();
    }
}
