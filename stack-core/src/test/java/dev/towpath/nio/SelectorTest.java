package dev.towpath.nio;

import static dev.towpath.nio.OneStack.bytes;
import static dev.towpath.nio.OneStack.start;
import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.stack.NetworkStack;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys, their sets, and what is ready when. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelectorTest {
    private final OneStack one = new OneStack();

    @SuppressWarnings("NullAway.Init") // by open
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        selector = one.provider.openSelector();
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        one.close();
    }

    private SelectionKey register(SocketChannel channel, int ops) throws IOException {
        return channel.configureBlocking(false).register(selector, ops);
    }

    @Test
    void readyKeysStayUntilTheyAreTakenOut() throws IOException {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), OP_READ);
        assertThat(selector.selectNow()).isZero();
        pair.far().write(bytes(1));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.isReadable()).isTrue();
        assertThat(selector.selectNow()).isZero(); // nothing about it is new
        pair.near().read(ByteBuffer.allocate(9));
        assertThat(selector.selectNow()).isZero();
        assertThat(key.readyOps()).isEqualTo(OP_READ); // as the contract has it
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.selectedKeys()).isEmpty();
        pair.far().write(bytes(1));
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void readyOperationsAddUpInTheSelectedSet() throws IOException {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), OP_READ | OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(OP_WRITE);
        pair.far().write(bytes(1));
        pair.near().configureBlocking(false);
        while (selector.select(10_000) == 0) {}
        assertThat(key.readyOps()).isEqualTo(OP_READ | OP_WRITE);
        key.interestOps(OP_READ);
        assertThat(selector.selectNow()).isZero();
        assertThat(key.readyOps()).isEqualTo(OP_READ | OP_WRITE);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(OP_READ);
    }

    @Test
    void connectIsReadyWhileItIsPendingOnly() throws IOException {
        try (ServerSocketChannel listening = one.listening()) {
            SocketChannel channel = one.nonBlocking();
            channel.connect(listening.getLocalAddress());
            SelectionKey key = channel.register(selector, OP_CONNECT);
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.isConnectable()).isTrue();
            assertThat(channel.finishConnect()).isTrue();
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isZero();
            key.interestOps(OP_WRITE);
            assertThat(selector.select()).isEqualTo(1);
            assertThat(key.isWritable()).isTrue();
        }
    }

    @Test
    void failedConnectIsReady() throws IOException {
        SocketChannel channel = one.nonBlocking();
        channel.connect(one.nobody());
        SelectionKey key = channel.register(selector, OP_CONNECT);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.isConnectable()).isTrue();
        assertThatThrownBy(channel::finishConnect).isInstanceOf(ConnectException.class);
        assertThat(key.isValid()).isFalse();
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void acceptIsReady() throws IOException {
        try (ServerSocketChannel listening = one.listening()) {
            listening.configureBlocking(false).register(selector, OP_ACCEPT);
            assertThat(selector.selectNow()).isZero();
            one.nonBlocking().connect(listening.getLocalAddress());
            assertThat(selector.select()).isEqualTo(1);
            assertThat(listening.accept()).isNotNull();
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isZero();
        }
    }

    @Test
    void errorsMakeAllOfInterestReady() throws IOException {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), OP_READ);
        pair.far().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.far().close();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(OP_READ);
        key.interestOps(OP_WRITE);
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(OP_WRITE);
    }

    @Test
    void whoIsInterestedInNothingHearsOfNothing() throws IOException {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), 0);
        pair.far().write(bytes(1));
        pair.far().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.far().close();
        assertThat(selector.select(20)).isZero();
        assertThat(key.interestOpsOr(OP_READ)).isZero();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.interestOpsAnd(0)).isEqualTo(OP_READ);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void interestMayChangeWhileAnotherThreadSelects() throws Exception {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), 0);
        pair.far().write(bytes(1));
        OneStack.Call<Integer> selecting = OneStack.blocked(() -> selector.select());
        key.interestOps(OP_READ); // counts from the next selection on
        selector.wakeup();
        assertThat(selecting.get()).isZero();
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void wakeupIsRememberedOnce() throws IOException {
        selector.wakeup().wakeup();
        assertThat(selector.select()).isZero();
        assertThat(selector.select(1)).isZero();
        selector.wakeup();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.select(1)).isZero();
        assertThatThrownBy(() -> selector.select(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interruptWakesUp() throws Exception {
        OneStack.Call<Boolean> selecting = OneStack.blocked(() -> {
            selector.select();
            boolean interrupted = Thread.interrupted();
            selector.select(1);
            return interrupted;
        });
        selecting.thread().interrupt();
        assertThat(selecting.get()).isTrue();
        assertThat(selector.isOpen()).isTrue();
    }

    @Test
    void whoIsInterruptedAlreadyStillFindsWhatIsReady() throws Exception {
        OneStack.Pair pair = one.pair();
        register(pair.near(), OP_WRITE);
        assertThat(start(() -> {
                            Thread.currentThread().interrupt();
                            return selector.select();
                        })
                        .get())
                .isEqualTo(1);
    }

    @Test
    void closeEndsASelection() throws Exception {
        SelectionKey key = register(one.opened(), 0);
        OneStack.Call<Integer> selecting = OneStack.blocked(() -> selector.select());
        selector.close();
        assertThat(selecting.get()).isZero();
        assertThat(key.isValid()).isFalse();
        assertThat(key.channel().isRegistered()).isFalse();
        assertThat(key.channel().isOpen()).isTrue();
        assertThatThrownBy(() -> selector.select()).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.keys()).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.selectedKeys()).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> key.channel().register(selector, 0)).isInstanceOf(ClosedSelectorException.class);
        assertThat(selector.wakeup()).isSameAs(selector);
        selector.close();
    }

    @Test
    void cancelledKeysGoWithTheNextSelection() throws IOException {
        SocketChannel channel = one.nonBlocking();
        SelectionKey key = channel.register(selector, OP_READ, "attached");
        assertThat(key.attachment()).isEqualTo("attached");
        assertThat(channel.keyFor(selector)).isSameAs(key);
        key.cancel();
        assertThat(selector.keys()).containsExactly(key);
        assertThatThrownBy(key::interestOps).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(key::readyOps).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> key.interestOpsOr(OP_READ)).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> channel.register(selector, OP_READ)).isInstanceOf(CancelledKeyException.class);
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
        assertThat(channel.isRegistered()).isFalse();
        SelectionKey again = channel.register(selector, OP_CONNECT);
        assertThat(selector.selectNow()).isEqualTo(1); // unconnected: as in Linux, the end of both directions
        assertThat(selector.selectedKeys()).containsExactly(again);
    }

    @Test
    void closedChannelSaysGoodbyeAtOnceAndGoesWithTheNextSelection() throws IOException {
        OneStack.Pair pair = one.pair();
        register(pair.near(), OP_READ);
        pair.near().close();
        assertThat(pair.far().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(selector.keys()).hasSize(1);
        assertThat(one.stack.connections())
                .anyMatch(each ->
                        each.state().equals("FIN-WAIT-2") || each.state().equals("FIN_WAIT_2"));
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
        assertThat(pair.near().isRegistered()).isFalse();
    }

    @Test
    void keySetsAreTheSelectors() throws IOException {
        SelectionKey key = register(one.opened(), OP_CONNECT);
        assertThatThrownBy(() -> selector.keys().remove(key)).isInstanceOf(UnsupportedOperationException.class);
        selector.selectNow();
        assertThatThrownBy(() -> selector.selectedKeys().add(key)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(selector.selectedKeys().remove(key)).isTrue();
        assertThat(selector.selectedKeys().remove(key)).isFalse();
    }

    @Test
    void onlyItsOwnKindIsTaken() throws IOException {
        assertThatThrownBy(() -> one.opened().register(selector, OP_READ))
                .isInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> one.nonBlocking().register(selector, OP_ACCEPT))
                .isInstanceOf(IllegalArgumentException.class);
        try (SocketChannel kernels = SelectorProvider.provider().openSocketChannel()) {
            kernels.configureBlocking(false);
            if (!(kernels instanceof StackChannel)) {
                assertThatThrownBy(() -> kernels.register(selector, OP_READ))
                        .isInstanceOf(IllegalSelectorException.class);
            }
        }
        try (NetworkStack other = NetworkStack.builder().start()) {
            SocketChannel foreign = new TowpathSelectorProvider(other).openSocketChannel();
            foreign.configureBlocking(false);
            assertThatThrownBy(() -> foreign.register(selector, OP_READ)).isInstanceOf(IllegalSelectorException.class);
        }
        SelectionKey key = register(one.opened(), OP_READ);
        assertThatThrownBy(() -> key.interestOps(OP_ACCEPT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> key.interestOpsOr(OP_ACCEPT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> key.channel().configureBlocking(true))
                .isInstanceOf(IllegalBlockingModeException.class);
    }

    @Test
    void oneChannelMayBeWithSeveralSelectors() throws IOException {
        OneStack.Pair pair = one.pair();
        register(pair.near(), OP_READ);
        try (Selector second = one.provider.openSelector()) {
            pair.near().register(second, OP_READ | OP_WRITE);
            pair.far().write(bytes(1));
            assertThat(selector.select()).isEqualTo(1);
            assertThat(second.select()).isEqualTo(1);
            pair.near().close();
            second.selectNow();
            assertThat(pair.near().isRegistered()).isTrue();
            selector.selectNow();
            assertThat(pair.near().isRegistered()).isFalse();
        }
    }

    @Test
    void actionsTakeWhatIsReady() throws IOException {
        OneStack.Pair pair = one.pair();
        SelectionKey key = register(pair.near(), OP_READ | OP_WRITE);
        pair.far().write(bytes(1));
        OneStack.fill(pair.far(), ByteBuffer.allocate(0));
        List<SelectionKey> taken = new ArrayList<>();
        assertThat(selector.select(taken::add)).isEqualTo(1);
        assertThat(selector.selectNow(taken::add)).isEqualTo(1);
        assertThat(selector.select(taken::add, 1000)).isEqualTo(1);
        assertThat(taken).containsExactly(key, key, key);
        assertThat(selector.selectedKeys()).isEmpty();
        assertThatThrownBy(() -> selector.select(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void actionsMayNotSelectButMayDoAllElse() throws IOException {
        SelectionKey first = register(one.pair().near(), OP_WRITE);
        SelectionKey second = register(one.pair().near(), OP_WRITE);
        assertThatThrownBy(() -> selector.select(key -> selectQuietly()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("select in progress");
        assertThat(selector.select(key -> {
                    first.cancel();
                    second.cancel();
                }))
                .isEqualTo(1);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        register(one.pair().near(), OP_WRITE);
        assertThatThrownBy(() -> selector.select(key -> closeQuietly())).isInstanceOf(ClosedSelectorException.class);
    }

    private void selectQuietly() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void closeQuietly() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreThanOneBatchIsFoundInTheEnd() throws IOException {
        int channels = 1500;
        for (int i = 0; i < channels; i++) {
            one.nonBlocking().register(selector, OP_CONNECT);
        }
        int found = 0;
        while (found < channels) {
            found += selector.select();
        }
        assertThat(selector.selectedKeys()).hasSize(channels);
    }

    @Test
    void theEndOfTheStackEndsASelection() throws Exception {
        OneStack.Call<Integer> selecting = OneStack.blocked(() -> selector.select());
        one.stack.close();
        assertThat(selecting.failure()).isInstanceOf(IOException.class);
    }
}
