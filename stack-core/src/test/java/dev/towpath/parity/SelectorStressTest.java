package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A selector in use while other threads register, change their minds, cancel and close. */
class SelectorStressTest extends ParityTest {
    private static final int CONNECTIONS = 40;

    private final AtomicBoolean finished = new AtomicBoolean();

    /** Selects until told to stop; {@code wakeup} must follow. */
    private Background<Integer> selecting(Selector selector) {
        return Background.start("selecting", () -> {
            int selected = 0;
            while (!finished.get()) {
                selected += selector.select();
                selector.selectedKeys().clear();
            }
            return selected;
        });
    }

    private int finish(Selector selector, Background<Integer> selecting) throws Exception {
        finished.set(true);
        selector.wakeup();
        return selecting.result();
    }

    @Test
    void channelsComeAndGoDuringSelects() throws Exception {
        Selector selector = selector();
        Background<Integer> selecting = selecting(selector);
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = nonBlockingConnection();
            connection.near().register(selector, SelectionKey.OP_READ);
            connection.far().write(bytes("x"));
            selector.wakeup();
            connection.near().close();
        }
        assertThat(finish(selector, selecting)).isGreaterThanOrEqualTo(0);
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void interestChangesAndKeysAreCancelledDuringSelects() throws Exception {
        Selector selector = selector();
        Background<Integer> selecting = selecting(selector);
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = nonBlockingConnection();
            SelectionKey key = connection.near().register(selector, SelectionKey.OP_READ);
            key.interestOps(SelectionKey.OP_WRITE);
            selector.wakeup();
            key.interestOpsAnd(0);
            key.interestOpsOr(SelectionKey.OP_READ);
            key.cancel();
            selector.wakeup();
            assertThat(key.isValid()).isFalse();
        }
        assertThat(finish(selector, selecting)).isGreaterThanOrEqualTo(0);
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void aServerThatSelectsServesManyClients() throws Exception {
        ServerSocketChannel listener = listening();
        listener.configureBlocking(false);
        Selector selector = selector();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Background<Integer> serving = Background.start("serving", () -> {
            while (!finished.get()) {
                selector.select(this::serve);
            }
            return 0;
        });
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel client = farSocketChannel();
            client.connect(listener.getLocalAddress());
            clients.add(client);
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.get(i).write(bytes("client " + (10 + i)));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                assertThat(read(clients.get(i), 9)).isEqualTo("client " + (10 + i));
            }
        }
        for (SocketChannel client : clients) {
            client.shutdownOutput();
            assertThat(read(client, 1)).isEmpty();
        }
        finish(selector, serving);
        selector.selectNow();
        assertThat(selector.keys()).isEqualTo(Set.of(listener.keyFor(selector)));
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                accepted.configureBlocking(false);
                accepted.register(key.selector(), SelectionKey.OP_READ);
                return;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            ByteBuffer buffer = ByteBuffer.allocate(100);
            if (channel.read(buffer) < 0) {
                channel.close();
                return;
            }
            channel.write(buffer.flip());
        } catch (IOException | CancelledKeyException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoThreadsShareASelectorOneAfterTheOther() throws Exception {
        Selector selector = selector();
        Background<Integer> first = Background.start(selector::select).awaitBlocked();
        Background<Integer> second = Background.start(selector::select);
        selector.wakeup();
        assertThat(first.outcome()).isEqualTo("0");
        selector.wakeup();
        assertThat(second.outcome()).isEqualTo("0");
    }
}
