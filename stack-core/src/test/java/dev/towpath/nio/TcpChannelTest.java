package dev.towpath.nio;

import static dev.towpath.nio.OneStack.bytes;
import static dev.towpath.nio.OneStack.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** States, transfers and the ends of a stream channel. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpChannelTest {
    private static final long SHORT_NANOS = 1_000_000;

    private final OneStack one = new OneStack();

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void newChannelIsNeitherBoundNorConnected() throws IOException {
        SocketChannel channel = one.opened();
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.isBlocking()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.getLocalAddress()).isNull();
        assertThat(channel.getRemoteAddress()).isNull();
        assertThat(channel.toString()).contains("[unconnected]");
        assertThatThrownBy(() -> channel.read(bytes(1))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(bytes(1))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownInput).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownOutput).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::finishConnect).isInstanceOf(NoConnectionPendingException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void bothEndsKnowBothAddresses() throws IOException {
        OneStack.Pair pair = one.pair();
        assertThat(pair.near().getRemoteAddress()).isEqualTo(pair.far().getLocalAddress());
        assertThat(pair.far().getRemoteAddress()).isEqualTo(pair.near().getLocalAddress());
        assertThat(pair.far().isConnected()).isTrue();
        assertThat(pair.near().toString()).contains("[connected local=/127.0.0.1:", " remote=/127.0.0.1:");
        SocketAddress peer = OneStack.address(pair.far());
        assertThatThrownBy(() -> pair.near().connect(peer)).isInstanceOf(AlreadyConnectedException.class);
        assertThat(pair.near().isOpen()).isTrue();
        assertThat(pair.near().finishConnect()).isTrue();
    }

    @Test
    void bindingTakesAPortOnce() throws IOException {
        SocketChannel channel = one.opened().bind(OneStack.local(0));
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        assertThat(local.getPort()).isPositive();
        assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(AlreadyBoundException.class);
        assertThatThrownBy(() -> one.opened().bind(local)).isInstanceOf(BindException.class);
        try (ServerSocketChannel listening = one.listening()) {
            channel.connect(listening.getLocalAddress());
            assertThat(channel.getLocalAddress()).isEqualTo(local);
        }
    }

    @Test
    void addressesAreCheckedBeforeAnythingHappens() throws IOException {
        SocketChannel channel = one.opened();
        assertThatThrownBy(() -> channel.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
                .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> channel.connect(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 1)))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anyAddressAsPeerMeansThisHost() throws IOException {
        try (ServerSocketChannel listening = one.listening()) {
            int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
            SocketChannel channel = one.opened();
            channel.connect(new InetSocketAddress(port));
            assertThat(channel.getRemoteAddress()).isEqualTo(OneStack.local(port));
        }
    }

    @Test
    void refusedConnectClosesTheChannel() throws IOException {
        InetSocketAddress nobody = one.nobody();
        SocketChannel channel = one.opened();
        assertThatThrownBy(() -> channel.connect(nobody))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.isConnectionPending()).isFalse();
        assertThat(channel.toString()).contains("[closed]");
    }

    @Test
    void connectThatDoesNotWaitIsFinishedLater() throws IOException {
        try (ServerSocketChannel listening = one.listening()) {
            SocketChannel channel = one.nonBlocking();
            assertThat(channel.connect(listening.getLocalAddress())).isFalse();
            assertThat(channel.isConnectionPending()).isTrue();
            assertThatThrownBy(() -> channel.connect(listening.getLocalAddress()))
                    .isInstanceOf(ConnectionPendingException.class);
            assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(ConnectionPendingException.class);
            assertThatThrownBy(() -> channel.read(bytes(1))).isInstanceOf(NotYetConnectedException.class);
            channel.configureBlocking(true);
            assertThat(channel.finishConnect()).isTrue();
            assertThat(channel.isConnected()).isTrue();
            assertThat(channel.getLocalAddress()).isNotNull();
        }
    }

    @Test
    void connectThatDoesNotWaitFailsInFinishConnect() throws IOException {
        SocketChannel channel = one.nonBlocking();
        assertThat(channel.connect(one.nobody())).isFalse();
        channel.configureBlocking(true);
        assertThatThrownBy(channel::finishConnect).isInstanceOf(ConnectException.class);
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(channel::finishConnect).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void transfersThatWouldWaitReturnZero() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.near().configureBlocking(false);
        assertThat(pair.near().read(ByteBuffer.allocate(1))).isZero();
        long written = 0;
        ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
        for (int count = 1; count > 0; written += count) {
            count = pair.near().write(chunk.clear());
        }
        assertThat(written).isPositive();
        assertThat(pair.near().write(new ByteBuffer[] {chunk.clear(), chunk})).isZero();
        long read = 0;
        while (read < written) {
            read += pair.far().read(chunk.clear());
        }
        assertThat(read).isEqualTo(written);
    }

    @Test
    void scatterAndGatherKeepTheOrder() throws IOException {
        OneStack.Pair pair = one.pair();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(2).put((byte) 4).put((byte) 5).flip();
        ByteBuffer[] out = {bytes(0), bytes(1, 2, 3), bytes(), direct};
        assertThat(pair.near().write(out, 1, 3)).isEqualTo(5);
        assertThat(out[0].hasRemaining()).isTrue();
        pair.near().shutdownOutput();
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(9)};
        long total = 0;
        for (long count = 0; count >= 0; count = pair.far().read(in)) {
            total += count;
        }
        assertThat(total).isEqualTo(5);
        assertThat(in[0].flip()).isEqualTo(bytes(1));
        assertThat(in[1].flip()).isEqualTo(bytes(2, 3, 4));
        assertThat(in[2].flip()).isEqualTo(bytes(5));
        assertThatThrownBy(() -> pair.near().write(out, 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readOnlyBuffersAreRefused() throws IOException {
        SocketChannel channel = one.pair().near();
        assertThatThrownBy(() -> channel.read(bytes(1).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.read(new ByteBuffer[] {bytes(1).asReadOnlyBuffer()}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void halfCloseEndsOneDirection() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.near().shutdownOutput().shutdownOutput();
        assertThat(pair.far().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> pair.near().write(bytes(1))).isInstanceOf(ClosedChannelException.class);
        pair.far().write(bytes(7));
        assertThat(OneStack.fill(pair.near(), ByteBuffer.allocate(1)).get()).isEqualTo((byte) 7);
        assertThat(pair.near().toString()).contains("connected oshut");
        pair.near().shutdownInput();
        assertThat(pair.near().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(pair.near().toString()).contains("connected ishut oshut");
    }

    @Test
    void shutdownInputForgetsWhatHasArrived() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.far().write(bytes(1, 2, 3));
        OneStack.fill(pair.near(), ByteBuffer.allocate(1));
        pair.near().shutdownInput();
        assertThat(pair.near().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(pair.near().available()).isZero();
    }

    @Test
    void resetIsReportedByEachRead() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.far().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.far().close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pair.near().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
        assertThatThrownBy(() -> pair.near().write(bytes(1))).isInstanceOf(IOException.class);
        assertThat(pair.near().isOpen()).isTrue();
    }

    @Test
    void afterThePeersGoodbyeAResetIsABrokenPipe() throws Exception {
        OneStack.Pair pair = one.pair();
        pair.far().close();
        assertThat(pair.near().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> {
                    while (true) {
                        pair.near().write(bytes(1)); // the first is answered by a reset, a later one tells
                    }
                })
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
    }

    @Test
    void closeEndsCallsThatWait() throws Exception {
        OneStack.Pair pair = one.pair();
        OneStack.Call<Integer> reading = OneStack.blocked(() -> pair.near().read(ByteBuffer.allocate(1)));
        pair.near().close();
        assertThat(reading.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);

        OneStack.Pair full = one.pair();
        OneStack.Call<Integer> writing = OneStack.blocked(() -> writeForEver(full.near()));
        full.near().close();
        assertThat(writing.failure()).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void shutdownEndsCallsThatWait() throws Exception {
        OneStack.Pair pair = one.pair();
        OneStack.Call<Integer> reading = OneStack.blocked(() -> pair.near().read(ByteBuffer.allocate(1)));
        OneStack.Call<Integer> writing = OneStack.blocked(() -> writeForEver(pair.near()));
        pair.near().shutdownInput();
        assertThat(reading.get()).isEqualTo(-1);
        pair.near().shutdownOutput();
        assertThat(writing.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(pair.near().isOpen()).isTrue();
    }

    private static int writeForEver(SocketChannel channel) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
        while (true) {
            channel.write(chunk.clear());
        }
    }

    @Test
    void readersAndWritersDoNotKeepEachOtherOut() throws Exception {
        OneStack.Pair pair = one.pair();
        OneStack.Call<Integer> reading = OneStack.blocked(() -> pair.near().read(ByteBuffer.allocate(1)));
        pair.near().write(bytes(1));
        OneStack.fill(pair.far(), ByteBuffer.allocate(1));
        pair.far().write(bytes(2));
        assertThat(reading.get()).isEqualTo(1);
    }

    @Test
    void interruptClosesTheChannel() throws Exception {
        OneStack.Pair pair = one.pair();
        OneStack.Call<Boolean> interrupted = OneStack.blocked(() -> {
            try {
                pair.near().read(ByteBuffer.allocate(1));
                return false;
            } catch (ClosedByInterruptException e) {
                return Thread.currentThread().isInterrupted();
            }
        });
        interrupted.thread().interrupt();
        assertThat(interrupted.get()).isTrue();
        assertThat(pair.near().isOpen()).isFalse();
        assertThat(pair.far().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void whoIsInterruptedAlreadyDoesNotWait() throws Exception {
        OneStack.Pair pair = one.pair();
        OneStack.Call<Integer> writing = start(() -> {
            Thread.currentThread().interrupt();
            return pair.near().write(bytes(1));
        });
        assertThat(writing.failure()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(pair.near().isOpen()).isFalse();
    }

    @Test
    void interruptDoesNotMatterToCallsThatDoNotWait() throws Exception {
        OneStack.Pair pair = one.pair();
        pair.near().configureBlocking(false);
        assertThat(start(() -> {
                            Thread.currentThread().interrupt();
                            return pair.near().read(ByteBuffer.allocate(1));
                        })
                        .get())
                .isZero();
        assertThat(pair.near().isOpen()).isTrue();
    }

    @Test
    void closedChannelRefusesEverything() throws IOException {
        SocketChannel channel = one.pair().near();
        channel.close();
        channel.close();
        assertThat(channel.isConnected()).isFalse();
        assertThatThrownBy(() -> channel.read(bytes(1))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(bytes(1))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.connect(one.nobody())).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getRemoteAddress).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::shutdownInput).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.configureBlocking(false)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.TCP_NODELAY))
                .isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void optionsReachTheSocket() throws IOException {
        SocketChannel channel = one.opened();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true).setOption(StandardSocketOptions.SO_RCVBUF, 32_768);
        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(32_768);
        assertThat(channel.supportedOptions())
                .contains(StandardSocketOptions.SO_LINGER, StandardSocketOptions.TCP_NODELAY);
    }

    @Test
    void timedCallsGiveUp() throws IOException {
        OneStack.Pair pair = one.pair();
        assertThatThrownBy(() -> pair.near().readWithin(ByteBuffer.allocate(1), SHORT_NANOS))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Read timed out");
        pair.far().writeFully(bytes(1));
        assertThat(pair.near().readWithin(ByteBuffer.allocate(5), Long.MAX_VALUE))
                .isEqualTo(1);
        pair.far().shutdownOutput();
        assertThat(pair.near().readWithin(ByteBuffer.allocate(5), -1)).isEqualTo(-1);
        pair.near().configureBlocking(false);
        assertThatThrownBy(() -> pair.near().readWithin(ByteBuffer.allocate(1), SHORT_NANOS))
                .isInstanceOf(IllegalBlockingModeException.class);
    }

    @Test
    void timedConnectGivesUpAndCloses() throws IOException {
        try (ServerSocketChannel listening = one.provider.openServerSocketChannel()) {
            listening.bind(OneStack.local(0), 1);
            TcpChannel first = one.opened();
            first.connectWithin(listening.getLocalAddress(), TimeUnit.SECONDS.toNanos(50));
            assertThat(first.isConnected()).isTrue();
            TcpChannel second = one.opened(); // the accept queue is full, and its SYN is dropped
            assertThatThrownBy(() -> second.connectWithin(listening.getLocalAddress(), 50 * SHORT_NANOS))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("Connect timed out");
            assertThat(second.isOpen()).isFalse();
        }
    }
}
