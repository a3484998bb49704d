package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A pipe carries bytes one way, within one program. */
class PipeTest extends ParityTest {
    private Pipe pipe() throws IOException {
        Pipe pipe = network().near().openPipe();
        closing(pipe.source());
        closing(pipe.sink());
        return pipe;
    }

    @Test
    void whatGoesInComesOut() throws IOException {
        Pipe pipe = pipe();
        assertThat(pipe.sink().write(bytes("hello"))).isEqualTo(5);
        ByteBuffer into = ByteBuffer.allocate(3);
        assertThat(pipe.source().read(into)).isEqualTo(3);
        assertThat(text(into)).isEqualTo("hel");
        into = ByteBuffer.allocateDirect(10);
        assertThat(pipe.source().read(into)).isEqualTo(2);
        assertThat(text(into)).isEqualTo("lo");
        assertThat(pipe.source().provider()).isSameAs(network().near());
        assertThat(pipe.sink().provider()).isSameAs(network().near());
    }

    @Test
    void gatheredAndScattered() throws IOException {
        Pipe pipe = pipe();
        assertThat(pipe.sink().write(new ByteBuffer[] {bytes("no"), bytes("ab"), bytes("cd")}, 1, 2))
                .isEqualTo(4);
        ByteBuffer[] into = {ByteBuffer.allocate(1), ByteBuffer.allocate(10)};
        assertThat(pipe.source().read(into)).isEqualTo(4);
        assertThat(text(into[0]) + "," + text(into[1])).isEqualTo("a,bcd");
    }

    @Test
    void theSourceEndsWhenTheSinkIsClosed() throws IOException {
        Pipe pipe = pipe();
        pipe.sink().write(bytes("last"));
        pipe.sink().close();
        ByteBuffer into = ByteBuffer.allocate(10);
        assertThat(pipe.source().read(into)).isEqualTo(4);
        assertThat(pipe.source().read(into)).isEqualTo(-1);
        assertThat(pipe.source().read(into)).isEqualTo(-1);
    }

    @Test
    void theSinkBreaksWhenTheSourceIsClosed() throws IOException {
        Pipe pipe = pipe();
        pipe.source().close();
        assertThat(Outcome.message(() -> pipe.sink().write(bytes("x")))).isEqualTo("IOException: Broken pipe");
        assertThat(pipe.sink().isOpen()).isTrue();
    }

    @Test
    void theSourceIsReadableAndTheSinkWritableUntilItIsFull() throws IOException {
        Pipe pipe = pipe();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        Selector selector = selector();
        SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ);
        SelectionKey sink = pipe.sink().register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(sink);
        ByteBuffer much = ByteBuffer.allocate(1 << 22);
        while (pipe.sink().write(much) > 0) {}
        assertThat(much.hasRemaining()).isTrue();
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(source);
        while (pipe.source().read(ByteBuffer.allocate(10_000)) > 0) {}
        selector.selectedKeys().clear();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(sink);
    }

    @Test
    void theEndMakesTheSourceReadable() throws IOException {
        Pipe pipe = pipe();
        pipe.source().configureBlocking(false);
        Selector selector = selector();
        SelectionKey key = pipe.source().register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pipe.sink().close();
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.isReadable()).isTrue();
    }

    @Test
    void aClosedSourceMakesTheSinkWritable() throws IOException {
        Pipe pipe = pipe();
        pipe.sink().configureBlocking(false);
        while (pipe.sink().write(ByteBuffer.allocate(10_000)) > 0) {}
        Selector selector = selector();
        SelectionKey key = pipe.sink().register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.selectNow()).isZero();
        pipe.source().close();
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(key.isWritable()).isTrue();
    }

    @Test
    void aWriterWakesAReaderAndAReaderAWriter() throws Exception {
        Pipe pipe = pipe();
        Background<Integer> reading = Background.start(() -> pipe.source().read(ByteBuffer.allocate(10)))
                .awaitBlocked();
        pipe.sink().write(bytes("abc"));
        assertThat(reading.result()).isEqualTo(3);
        Background<Integer> writing = Background.start(() -> pipe.sink().write(ByteBuffer.allocate(5_000_000)))
                .awaitBlocked();
        int count = 0;
        while (count < 5_000_000) {
            count += pipe.source().read(ByteBuffer.allocate(100_000));
        }
        assertThat(writing.result()).isEqualTo(5_000_000);
    }

    @Test
    void manyBytesThroughStreams() throws Exception {
        Pipe pipe = pipe();
        byte[] content = new byte[1_000_001];
        new SplittableRandom(1).nextBytes(content);
        Background<String> writing = Background.start(() -> {
            try (var out = Channels.newOutputStream(pipe.sink())) {
                out.write(content);
            }
            return "written";
        });
        assertThat(Channels.newInputStream(pipe.source()).readAllBytes()).isEqualTo(content);
        assertThat(writing.result()).isEqualTo("written");
    }

    @Test
    void oneSelectorTakesPipesAndSockets() throws IOException {
        Pipe pipe = pipe();
        pipe.source().configureBlocking(false);
        Selector selector = selector();
        SelectionKey source = pipe.source().register(selector, SelectionKey.OP_READ);
        Connection connection = nonBlockingConnection();
        SelectionKey socket = connection.near().register(selector, SelectionKey.OP_READ);
        pipe.sink().write(bytes("x"));
        connection.far().write(bytes("y"));
        while (selector.selectedKeys().size() < 2) {
            selector.select(10_000);
        }
        assertThat(selector.selectedKeys()).containsExactlyInAnyOrder(source, socket);
    }
}
