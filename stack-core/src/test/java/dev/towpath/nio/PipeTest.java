package dev.towpath.nio;

import static dev.towpath.nio.OneStack.bytes;
import static dev.towpath.nio.OneStack.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pipes in memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeTest {
    private final OneStack one = new OneStack();

    @SuppressWarnings("NullAway.Init") // by open
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        pipe = one.provider.openPipe();
    }

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(pipe.sink().write(new ByteBuffer[] {bytes(1, 2), bytes(), bytes(3)}))
                .isEqualTo(3);
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(4)};
        assertThat(pipe.source().read(in)).isEqualTo(3);
        assertThat(in[0].flip()).isEqualTo(bytes(1));
        assertThat(in[1].flip()).isEqualTo(bytes(2, 3));
        pipe.sink().write(bytes(4));
        pipe.sink().close();
        assertThat(pipe.source().read(ByteBuffer.allocate(9))).isEqualTo(1);
        assertThat(pipe.source().read(ByteBuffer.allocate(9))).isEqualTo(-1);
    }

    @Test
    void bytesGoAroundTheRingUnharmed() throws Exception {
        int total = 1 << 20;
        byte[] sent = new byte[total];
        new SplittableRandom(1).nextBytes(sent);
        OneStack.Call<Integer> writing = start(() -> pipe.sink().write(ByteBuffer.wrap(sent)));
        ByteBuffer received = ByteBuffer.allocate(total);
        while (received.hasRemaining()) {
            received.limit(Math.min(received.capacity(), received.position() + 9_999));
            pipe.source().read(received);
            received.limit(received.capacity());
        }
        assertThat(received.array()).isEqualTo(sent);
        assertThat(writing.get()).isEqualTo(total);
    }

    @Test
    void brokenPipe() throws IOException {
        pipe.source().close();
        assertThatThrownBy(() -> pipe.sink().write(bytes(1)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
        pipe.sink().close();
        assertThatThrownBy(() -> pipe.sink().write(bytes(1))).isExactlyInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.source().read(bytes(1))).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void endsThatDoNotWait() throws IOException {
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        assertThat(pipe.source().read(ByteBuffer.allocate(1))).isZero();
        assertThat(pipe.sink().write(ByteBuffer.allocate(65_000))).isEqualTo(65_000);
        assertThat(pipe.sink().write(ByteBuffer.allocate(1000))).isZero(); // small writes go whole or not at all
        assertThat(pipe.sink().write(ByteBuffer.allocate(5000))).isEqualTo(536);
        assertThatThrownBy(() -> pipe.source().read(bytes(1).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bothEndsCanBeSelected() throws IOException {
        try (Selector selector = one.provider.openSelector()) {
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
            SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ);
            SelectionKey sink = pipe.sink().register(selector, SelectionKey.OP_WRITE);
            selector.select();
            assertThat(selector.selectedKeys()).containsExactly(sink);
            pipe.sink().write(ByteBuffer.allocate(64_000));
            selector.selectedKeys().clear();
            selector.select();
            assertThat(selector.selectedKeys()).containsExactly(source); // less than a page is free
            pipe.source().read(ByteBuffer.allocate(64_000));
            selector.selectedKeys().clear();
            selector.select();
            assertThat(selector.selectedKeys()).containsExactly(sink);
            pipe.sink().close();
            selector.selectedKeys().clear();
            selector.select();
            assertThat(selector.selectedKeys()).containsExactly(source);
            assertThat(pipe.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void closeAndInterruptEndCallsThatWait() throws Exception {
        OneStack.Call<Integer> reading = OneStack.blocked(() -> pipe.source().read(ByteBuffer.allocate(1)));
        pipe.source().close();
        assertThat(reading.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
        Pipe other = one.provider.openPipe();
        OneStack.Call<Integer> writing = OneStack.blocked(() -> other.sink().write(ByteBuffer.allocate(100_000)));
        writing.thread().interrupt();
        assertThat(writing.failure()).isInstanceOf(ClosedByInterruptException.class);
        assertThat(other.sink().isOpen()).isFalse();
    }
}
