package dev.towpath.nio;

import dev.towpath.testing.Allocations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading, writing and selecting allocate nothing once they are warm. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AllocationTest {
    private final OneStack one = new OneStack();

    @AfterEach
    void close() {
        one.close();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void assertNone(Step step) {
        Allocations.assertNone(() -> {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void echo(SocketChannel near, SocketChannel far, ByteBuffer buffer) throws IOException {
        buffer.clear();
        near.write(buffer);
        buffer.clear();
        while (buffer.hasRemaining()) {
            far.read(buffer);
        }
    }

    @Test
    void blockingTransfers() throws IOException {
        OneStack.Pair pair = one.pair();
        ByteBuffer heap = ByteBuffer.allocate(500);
        ByteBuffer direct = ByteBuffer.allocateDirect(500);
        assertNone(() -> {
            echo(pair.near(), pair.far(), heap);
            echo(pair.far(), pair.near(), direct);
        });
    }

    @Test
    void transfersThatDoNotWait() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.near().setOption(StandardSocketOptions.TCP_NODELAY, true); // nothing goes back that could bring the ACK
        pair.near().configureBlocking(false);
        pair.far().configureBlocking(false);
        Selector selector = one.provider.openSelector();
        pair.far().register(selector, SelectionKey.OP_READ);
        ByteBuffer[] many = {ByteBuffer.allocate(100), ByteBuffer.allocateDirect(100)};
        ByteBuffer buffer = ByteBuffer.allocate(200);
        assertNone(() -> {
            many[0].clear();
            many[1].clear();
            pair.near().write(many);
            buffer.clear();
            while (buffer.hasRemaining()) {
                selector.select();
                pair.far().read(buffer);
            }
            pair.far().read(buffer.clear()); // would wait
            selector.selectedKeys().clear();
        });
    }

    @Test
    void selections() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.far().setOption(StandardSocketOptions.TCP_NODELAY, true);
        pair.near().configureBlocking(false);
        Selector selector = one.provider.openSelector();
        SelectionKey key = pair.near().register(selector, SelectionKey.OP_READ);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertNone(() -> {
            pair.far().write(buffer.clear());
            while (selector.select() == 0) {}
            selector.selectedKeys().clear();
            pair.near().read(buffer.clear());
            key.interestOps(0);
            selector.selectNow();
            key.interestOps(SelectionKey.OP_READ);
            selector.wakeup();
            selector.select(1000);
        });
    }

    @Test
    void pipes() throws IOException {
        Pipe pipe = one.provider.openPipe();
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        assertNone(() -> {
            pipe.sink().write(buffer.clear());
            pipe.source().read(buffer.clear());
        });
    }
}
