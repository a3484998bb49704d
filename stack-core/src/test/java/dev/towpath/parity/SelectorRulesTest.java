package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Keys and their sets, waking up, cancelling and closing. */
class SelectorRulesTest extends ParityTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

    private SelectionKey key(Selector selector, int interest) throws IOException {
        return nonBlockingConnection().near().register(selector, interest);
    }

    @Test
    void aKeyThatStaysSelectedIsNotCountedAgain() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.select()).isZero();
        assertThat(selector.selectedKeys()).containsExactly(key);
        selector.selectedKeys().remove(key);
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void selectedKeysCanBeRemovedInEveryWay() throws IOException {
        Selector selector = selector();
        for (int i = 0; i < 4; i++) {
            key(selector, WRITE);
        }
        assertThat(selector.select()).isEqualTo(4);
        var iterator = selector.selectedKeys().iterator();
        iterator.next();
        iterator.remove();
        assertThat(selector.selectedKeys()).hasSize(3);
        selector.selectedKeys()
                .removeAll(Set.of(selector.selectedKeys().iterator().next()));
        assertThat(selector.selectedKeys()).hasSize(2);
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(4);
        assertThat(selector.selectedKeys().removeIf(key -> true)).isTrue();
        assertThat(selector.selectedKeys()).isEmpty();
        selector.select();
        assertThat(selector.selectedKeys().retainAll(Set.of())).isTrue();
    }

    @Test
    void nobodyAddsToTheSets() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        assertThat(Outcome.of(() -> selector.selectedKeys().add(key))).isEqualTo("UnsupportedOperationException");
        assertThat(Outcome.of(() -> selector.selectedKeys().addAll(Set.of(key))))
                .isEqualTo("UnsupportedOperationException");
        assertThat(Outcome.of(() -> selector.keys().add(key))).isEqualTo("UnsupportedOperationException");
        assertThat(Outcome.of(() -> selector.keys().remove(key))).isEqualTo("UnsupportedOperationException");
        assertThat(Outcome.when(() -> selector.keys().clear())).isEqualTo("UnsupportedOperationException");
        assertThat(Outcome.when(() -> {
                    var iterator = selector.keys().iterator();
                    iterator.next();
                    iterator.remove();
                }))
                .isEqualTo("UnsupportedOperationException");
    }

    @Test
    void theSetsAreTheSameEachTime() throws IOException {
        Selector selector = selector();
        assertThat(selector.keys()).isSameAs(selector.keys());
        assertThat(selector.selectedKeys()).isSameAs(selector.selectedKeys());
        assertThat(selector.provider()).isSameAs(network().near());
    }

    @Test
    void keysKnowTheirChannelSelectorAndAttachment() throws IOException {
        Selector selector = selector();
        SocketChannel channel = nonBlockingConnection().near();
        SelectionKey key = channel.register(selector, READ, "mine");
        assertThat(key.channel()).isSameAs(channel);
        assertThat(key.selector()).isSameAs(selector);
        assertThat(key.attachment()).isEqualTo("mine");
        assertThat(channel.keyFor(selector)).isSameAs(key);
        assertThat(channel.keyFor(selector())).isNull();
        assertThat(selector.keys()).containsExactly(key);
    }

    @Test
    void registeringAgainChangesInterestAndAttachment() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, READ);
        key.attach("before");
        assertThat(key.channel().register(selector, WRITE)).isSameAs(key);
        assertThat(key.interestOps()).isEqualTo(WRITE);
        assertThat(key.attachment()).isNull();
        assertThat(selector.keys()).hasSize(1);
    }

    @Test
    void cancelledKeysGoWithTheNextSelect() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        selector.select();
        key.cancel();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.keys()).containsExactly(key);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(selector.selectedKeys()).isEmpty();
        assertThat(key.channel().isRegistered()).isFalse();
    }

    @Test
    void aChannelIsRegisteredAnewAfterItsOldKeyHasGone() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        key.cancel();
        assertThat(Outcome.of(() -> key.channel().register(selector, WRITE))).isEqualTo("CancelledKeyException");
        selector.selectNow();
        SelectionKey again = key.channel().register(selector, WRITE);
        assertThat(again).isNotSameAs(key);
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void aChannelBlocksAgainWhenItsKeysHaveGone() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        SocketChannel channel = (SocketChannel) key.channel();
        assertThat(Outcome.of(() -> channel.configureBlocking(true))).isEqualTo("IllegalBlockingModeException");
        key.cancel();
        selector.selectNow();
        assertThat(channel.configureBlocking(true).isBlocking()).isTrue();
    }

    @Test
    void closingAChannelCancelsItsKeysEverywhere() throws IOException {
        Selector one = selector();
        Selector two = selector();
        SelectionKey first = key(one, WRITE);
        SelectionKey second = first.channel().register(two, READ);
        first.channel().close();
        assertThat(first.isValid() || second.isValid()).isFalse();
        assertThat(one.selectNow() + two.selectNow()).isZero();
        assertThat(one.keys()).isEmpty();
        assertThat(two.keys()).isEmpty();
    }

    @Test
    void thePeerSeesTheEndOnceTheKeyIsGone() throws IOException {
        Selector selector = selector();
        Connection connection = nonBlockingConnection();
        connection.near().register(selector, READ);
        connection.near().close();
        selector.selectNow();
        assertThat(read(connection.far(), 1)).isEmpty();
    }

    @Test
    void closingASelectorFreesItsChannels() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        selector.close();
        selector.close();
        assertThat(key.isValid()).isFalse();
        assertThat(key.channel().isOpen()).isTrue();
        assertThat(key.channel().isRegistered()).isFalse();
        assertThat(key.channel().configureBlocking(true).isBlocking()).isTrue();
        assertThat(((SocketChannel) key.channel()).write(bytes("x"))).isEqualTo(1);
    }

    @Test
    void aWakeupIsKeptForTheNextSelectAndOnlyForIt() throws IOException {
        Selector selector = selector();
        selector.wakeup();
        selector.wakeup();
        assertThat(selector.select()).isZero();
        long before = System.nanoTime();
        assertThat(selector.select(50)).isZero();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(49));
    }

    @Test
    void selectNowUsesTheWakeupUp() throws IOException {
        Selector selector = selector();
        selector.wakeup();
        assertThat(selector.selectNow()).isZero();
        long before = System.nanoTime();
        assertThat(selector.select(50)).isZero();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(49));
    }

    @Test
    void wakeupEndsASelect() throws Exception {
        Selector selector = selector();
        key(selector, READ);
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        selector.wakeup();
        assertThat(selecting.outcome()).isEqualTo("0");
    }

    @Test
    void interruptEndsASelectAndClosesNothing() throws Exception {
        Selector selector = selector();
        SelectionKey key = key(selector, READ);
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        selecting.interrupt();
        assertThat(selecting.outcome()).isEqualTo("0, interrupted");
        assertThat(selector.isOpen() && key.isValid() && key.channel().isOpen()).isTrue();
    }

    @Test
    void whoIsInterruptedDoesNotWait() throws Exception {
        Selector selector = selector();
        Background<Integer> selecting = Background.start(() -> {
            Thread.currentThread().interrupt();
            return selector.select();
        });
        assertThat(selecting.outcome()).isEqualTo("0, interrupted");
        assertThat(selector.isOpen()).isTrue();
    }

    @Test
    void closeEndsASelect() throws Exception {
        Selector selector = selector();
        key(selector, READ);
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        selector.close();
        assertThat(selecting.outcome()).isIn("0", "ClosedSelectorException");
        assertThat(selector.isOpen()).isFalse();
    }

    @Test
    void closeOfAChannelDoesNotEndASelectButItsKeyGoes() throws Exception {
        Selector selector = selector();
        Connection connection = nonBlockingConnection();
        connection.near().register(selector, READ);
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        connection.near().close();
        selector.wakeup();
        assertThat(selecting.outcome()).isEqualTo("0");
        assertThat(selector.keys()).isEmpty();
        assertThat(read(connection.far(), 1)).isEmpty();
    }

    @Test
    void selectWaitsAtLeastAsLongAsItWasTold() throws IOException {
        Selector selector = selector();
        key(selector, READ);
        long before = System.nanoTime();
        assertThat(selector.select(100)).isZero();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(99));
    }

    @Test
    void interestThatChangesDuringASelectCountsWithTheNextAtTheLatest() throws Exception {
        Selector selector = selector();
        SelectionKey key = key(selector, READ);
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        key.interestOps(WRITE);
        selector.wakeup();
        selecting.result();
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(WRITE);
    }

    @Test
    void aChannelIsRegisteredDuringASelect() throws Exception {
        Selector selector = selector();
        Background<Integer> selecting = Background.start(selector::select).awaitBlocked();
        SelectionKey key = key(selector, WRITE);
        selector.wakeup();
        selecting.result();
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
    }

    @Test
    void anActionGetsEachReadyKeyOnceAndNothingIsSelected() throws IOException {
        Selector selector = selector();
        Set<SelectionKey> keys = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            keys.add(key(selector, WRITE));
        }
        key(selector, READ);
        List<SelectionKey> seen = new ArrayList<>();
        assertThat(selector.select(seen::add)).isEqualTo(3);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(selector.selectedKeys()).isEmpty();
        assertThat(selector.selectNow(seen::add)).isEqualTo(3);
        assertThat(selector.select(seen::add, 1000)).isEqualTo(3);
        assertThat(seen).hasSize(9);
    }

    @Test
    void anActionMayNotSelectOrCloseButMayCancel() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, WRITE);
        List<String> outcomes = new ArrayList<>();
        selector.select(ready -> {
            outcomes.add(Outcome.of(selector::selectNow));
            outcomes.add(Outcome.of(() -> selector.selectNow(again -> {})));
            ready.cancel();
        });
        assertThat(outcomes).containsExactly("IllegalStateException", "IllegalStateException");
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(key.isValid()).isFalse();
    }

    @Test
    void theExceptionOfAnActionComesOut() throws IOException {
        Selector selector = selector();
        key(selector, WRITE);
        assertThat(Outcome.of(() -> selector.select(ready -> {
                    throw new IllegalCallerException();
                })))
                .isEqualTo("IllegalCallerException");
        assertThat(selector.selectNow()).isEqualTo(1);
    }

    @Test
    void anActionSeesOnlyWhatIsReadyNow() throws IOException {
        Selector selector = selector();
        SelectionKey key = key(selector, READ | WRITE);
        List<Integer> ready = new ArrayList<>();
        selector.select(each -> ready.add(each.readyOps()));
        key.interestOps(READ);
        assertThat(selector.selectNow(each -> ready.add(each.readyOps()))).isZero();
        assertThat(ready).containsExactly(WRITE);
    }

    @Test
    void closeEndsSelectsAtAnyMoment() throws Exception {
        for (int round = 0; round < 200; round++) {
            Selector selector = network().near().openSelector();
            Background<Integer> selecting = Background.start(selector::select);
            for (int i = 0; i < (round % 10) * 500; i++) {
                Thread.onSpinWait();
            }
            selector.close();
            assertThat(selecting.outcome()).isIn("0", "ClosedSelectorException");
        }
    }

    @Test
    void wakeupsAreNeverLost() throws Exception {
        Selector selector = selector();
        for (int round = 0; round < 200; round++) {
            Background<Integer> selecting = Background.start(selector::select);
            for (int i = 0; i < (round % 10) * 500; i++) {
                Thread.onSpinWait();
            }
            selector.wakeup();
            assertThat(selecting.outcome()).isEqualTo("0");
        }
    }
}
