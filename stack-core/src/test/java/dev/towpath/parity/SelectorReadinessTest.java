package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** When a key is ready for what. */
class SelectorReadinessTest extends ParityTest {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

    private SelectionKey register(SelectableChannel channel, int interest) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector(), interest);
    }

    /** Selects once, however long it takes, and returns what the key is ready for. */
    private static int selected(SelectionKey key) throws IOException {
        key.selector().selectedKeys().clear();
        assertThat(key.selector().select(10_000)).as("keys selected in time").isEqualTo(1);
        return key.readyOps();
    }

    private static int selectedNow(SelectionKey key) throws IOException {
        key.selector().selectedKeys().clear();
        return key.selector().selectNow() == 0 ? 0 : key.readyOps();
    }

    @Test
    void readableAsLongAsThereIsSomething() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        assertThat(selectedNow(key)).isZero();
        connection.far().write(bytes("abc"));
        assertThat(selected(key)).isEqualTo(READ);
        assertThat(selectedNow(key)).isEqualTo(READ);
        connection.near().read(ByteBuffer.allocate(2));
        assertThat(selectedNow(key)).isEqualTo(READ);
        connection.near().read(ByteBuffer.allocate(2));
        assertThat(selectedNow(key)).isZero();
    }

    @Test
    void readableWhenDataWasThereBeforeTheRegistration() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abc"));
        assertThat(selected(register(connection.near(), READ))).isEqualTo(READ);
    }

    @Test
    void writableUntilTheBufferIsFullAndThenAgain() throws IOException {
        Connection connection = nonBlockingConnection();
        SelectionKey key = register(connection.near(), WRITE);
        assertThat(selected(key)).isEqualTo(WRITE);
        assertThat(selected(key)).isEqualTo(WRITE);
        int sent = fill(connection.near());
        assertThat(selectedNow(key)).isZero();
        drain(connection.far(), sent);
        assertThat(selected(key)).isEqualTo(WRITE);
        assertThat(connection.near().write(bytes("more"))).isEqualTo(4);
    }

    /** Writes until nothing more fits, the peer's buffer being full too. */
    private static int fill(SocketChannel channel) throws IOException {
        ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
        int sent = 0;
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, WRITE);
            // What has gone to the peer's buffer makes room again a little later.
            while (selector.select(200) > 0) {
                sent += channel.write(much.clear());
                selector.selectedKeys().clear();
            }
        }
        return sent;
    }

    private static void drain(SocketChannel channel, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
        for (int received = 0; received < count; ) {
            received += channel.read(into.clear());
        }
    }

    @Test
    void readableAtTheEnd() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        connection.far().shutdownOutput();
        assertThat(selected(key)).isEqualTo(READ);
        assertThat(connection.near().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(selectedNow(key)).isEqualTo(READ);
    }

    @Test
    void readableAndWritableAfterAReset() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        connection.far().setOption(StandardSocketOptions.SO_LINGER, 0).close();
        assertThat(selected(key)).isEqualTo(READ);
        key.interestOps(READ | WRITE);
        assertThat(selectedNow(key)).isEqualTo(READ | WRITE);
        assertThat(Outcome.of(() -> connection.near().read(ByteBuffer.allocate(1))))
                .isEqualTo("SocketException");
        assertThat(selectedNow(key)).isEqualTo(READ | WRITE);
        key.interestOps(WRITE);
        assertThat(selectedNow(key)).isEqualTo(WRITE);
    }

    @Test
    void readableAndWritableAfterAClose() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ | WRITE);
        connection.far().close();
        while (selected(key) != (READ | WRITE)) {}
        assertThat(connection.near().write(bytes("x"))).isEqualTo(1);
    }

    @Test
    void withoutInterestNothingIsSelectedNotEvenAReset() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), 0);
        connection.far().write(bytes("abc"));
        assertThat(selectedNow(key)).isZero();
        connection.far().setOption(StandardSocketOptions.SO_LINGER, 0).close();
        assertThat(key.selector().select(100)).isZero();
        key.interestOps(READ);
        assertThat(selected(key)).isEqualTo(READ);
    }

    @Test
    void shutDownForReadingIsReadable() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        connection.near().shutdownInput();
        assertThat(selected(key)).isEqualTo(READ);
    }

    @Test
    void shutDownForWritingIsWritable() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), WRITE);
        connection.near().shutdownOutput();
        assertThat(selected(key)).isEqualTo(WRITE);
    }

    @Test
    void acceptableAsLongAsConnectionsWait() throws IOException {
        ServerSocketChannel listener = listening();
        SelectionKey key = register(listener, SelectionKey.OP_ACCEPT);
        assertThat(selectedNow(key)).isZero();
        farSocketChannel().connect(listener.getLocalAddress());
        farSocketChannel().connect(listener.getLocalAddress());
        assertThat(selected(key)).isEqualTo(SelectionKey.OP_ACCEPT);
        closing(listener.accept());
        assertThat(selected(key)).isEqualTo(SelectionKey.OP_ACCEPT);
        closing(listener.accept());
        assertThat(selectedNow(key)).isZero();
    }

    /** As poll has it on Linux: a socket that was never connected has hung up, and so is ready for all. */
    @Test
    void anUnconnectedChannelIsReadyForAnything() throws IOException {
        SelectionKey key = register(socketChannel(), READ | WRITE);
        assertThat(selectedNow(key)).isEqualTo(READ | WRITE);
        key.interestOps(SelectionKey.OP_CONNECT);
        assertThat(selectedNow(key)).isEqualTo(SelectionKey.OP_CONNECT);
    }

    @Test
    void onlyWhatIsOfInterestIsReady() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        connection.far().write(bytes("abc"));
        assertThat(selected(key)).isEqualTo(READ);
        key.interestOps(WRITE);
        assertThat(selectedNow(key)).isEqualTo(WRITE);
        key.interestOps(READ | WRITE);
        assertThat(selectedNow(key)).isEqualTo(READ | WRITE);
        key.interestOps(0);
        assertThat(selectedNow(key)).isZero();
    }

    @Test
    void aSelectedKeyGathersWhatBecomesReady() throws IOException {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ | WRITE);
        Selector selector = key.selector();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(WRITE);
        assertThat(selector.selectNow()).isZero();
        connection.far().write(bytes("abc"));
        while (selector.selectNow() == 0) {
            Thread.onSpinWait();
        }
        assertThat(key.readyOps()).isEqualTo(READ | WRITE);
        connection.near().read(ByteBuffer.allocate(10));
        assertThat(selector.selectNow()).isZero();
        assertThat(key.readyOps()).isEqualTo(READ | WRITE);
    }

    @Test
    void severalSelectorsWatchOneChannel() throws IOException {
        Connection connection = connection();
        SelectionKey reading = register(connection.near(), READ);
        SelectionKey writing = register(connection.near(), WRITE);
        assertThat(selected(writing)).isEqualTo(WRITE);
        assertThat(selectedNow(reading)).isZero();
        connection.far().write(bytes("abc"));
        assertThat(selected(reading)).isEqualTo(READ);
        assertThat(selected(writing)).isEqualTo(WRITE);
        reading.cancel();
        reading.selector().selectNow();
        assertThat(selected(writing)).isEqualTo(WRITE);
        assertThat(connection.near().isRegistered()).isTrue();
    }

    @Test
    void manyKeysAreReadyAtOnce() throws IOException {
        Selector selector = selector();
        for (int i = 0; i < 50; i++) {
            Connection connection = nonBlockingConnection();
            connection.near().register(selector, WRITE, i);
        }
        assertThat(selector.select(10_000)).isEqualTo(50);
        assertThat(selector.selectedKeys()).hasSize(50);
    }

    @Test
    void dataThatArrivesWakesASelect() throws Exception {
        Connection connection = connection();
        SelectionKey key = register(connection.near(), READ);
        Background<Integer> selecting =
                Background.start(() -> key.selector().select()).awaitBlocked();
        connection.far().write(bytes("abc"));
        assertThat(selecting.result()).isEqualTo(1);
    }

    @Test
    void bothEndsOfALoopInOneSelector() throws IOException {
        if (network().near() != network().far()) {
            return;
        }
        Connection connection = nonBlockingConnection();
        connection.far().configureBlocking(false);
        Selector selector = selector();
        connection.near().register(selector, READ);
        connection.far().register(selector, READ);
        connection.near().write(bytes("0"));
        int rounds = 0;
        ByteBuffer buffer = ByteBuffer.allocate(1);
        while (rounds < 1000) {
            assertThat(selector.select(10_000)).isEqualTo(1);
            SocketChannel channel =
                    (SocketChannel) selector.selectedKeys().iterator().next().channel();
            selector.selectedKeys().clear();
            assertThat(channel.read(buffer.clear())).isEqualTo(1);
            assertThat(channel.write(buffer.flip())).isEqualTo(1);
            rounds++;
        }
    }
}
