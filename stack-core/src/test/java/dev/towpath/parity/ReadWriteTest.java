package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Buffers of every kind, gathered and scattered. */
class ReadWriteTest extends ParityTest {
    /** More than a kernel takes in one call. */
    private static final int MANY_BUFFERS = 2000;

    @Test
    void heapDirectAndSlicedBuffers() throws IOException {
        Connection connection = connection();
        ByteBuffer direct = ByteBuffer.allocateDirect(20)
                .put(bytes("__direct__"))
                .position(2)
                .limit(8);
        ByteBuffer sliced = bytes("..sliced..").position(1).slice().position(1).limit(7);
        ByteBuffer readOnly = bytes("constant").asReadOnlyBuffer();
        for (ByteBuffer each : new ByteBuffer[] {direct, sliced, readOnly}) {
            int before = each.position();
            int count = each.remaining();
            assertThat(connection.near().write(each)).isEqualTo(count);
            assertThat(each.position()).isEqualTo(before + count);
            assertThat(each.hasRemaining()).isFalse();
        }
        assertThat(read(connection.far(), 20)).isEqualTo("directslicedconstant");
    }

    @Test
    void readingFillsFromPositionToLimit() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("0123456789"));
        for (ByteBuffer into : new ByteBuffer[] {
            ByteBuffer.allocate(8),
            ByteBuffer.allocateDirect(8),
            ByteBuffer.wrap(new byte[12], 2, 8).slice()
        }) {
            into.position(2).limit(5);
            assertThat(connection.near().read(into)).isEqualTo(3);
            assertThat(into.position()).isEqualTo(5);
            assertThat(into.get(0)).isZero();
            assertThat(into.get(2)).isBetween((byte) '0', (byte) '9');
        }
        assertThat(read(connection.near(), 1)).isEqualTo("9");
    }

    @Test
    void readReturnsWhatIsThere() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abc"));
        assertThat(connection.near().read(ByteBuffer.allocate(1000))).isEqualTo(3);
    }

    @Test
    void gatheringWritesInOrderAndSkipsEmptyBuffers() throws IOException {
        Connection connection = connection();
        ByteBuffer[] from = {
            bytes("a"),
            bytes(""),
            ByteBuffer.allocateDirect(3).put(bytes("bcd")).flip(),
            bytes("ef")
        };
        assertThat(connection.near().write(from)).isEqualTo(6);
        assertThat(from).noneMatch(ByteBuffer::hasRemaining);
        assertThat(read(connection.far(), 6)).isEqualTo("abcdef");
    }

    @Test
    void gatheringFromAnOffset() throws IOException {
        Connection connection = connection();
        ByteBuffer[] from = {bytes("no"), bytes("yes"), bytes("also"), bytes("no")};
        assertThat(connection.near().write(from, 1, 2)).isEqualTo(7);
        assertThat(from[0].remaining() + from[3].remaining()).isEqualTo(4);
        assertThat(read(connection.far(), 7)).isEqualTo("yesalso");
    }

    @Test
    void scatteringFillsInOrderAndSkipsFullBuffers() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abcdefgh"));
        ByteBuffer[] into = {
            ByteBuffer.allocate(1), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(100)
        };
        assertThat(connection.near().read(into)).isEqualTo(8);
        assertThat(Stream.of(into).map(ParityTest::text)).containsExactly("a", "", "bcd", "efgh");
    }

    @Test
    void scatteringIntoAnOffset() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abcdef"));
        ByteBuffer[] into = {ByteBuffer.allocate(1), ByteBuffer.allocate(2), ByteBuffer.allocate(2)};
        assertThat(connection.near().read(into, 1, 2)).isEqualTo(4);
        assertThat(Stream.of(into).map(ParityTest::text)).containsExactly("", "ab", "cd");
    }

    @Test
    void moreBuffersThanASystemCallTakes() throws IOException {
        Connection connection = connection();
        ByteBuffer[] from = new ByteBuffer[MANY_BUFFERS];
        for (int i = 0; i < from.length; i++) {
            from[i] = ByteBuffer.wrap(new byte[] {(byte) i});
        }
        long written = 0;
        while (written < from.length) {
            written += connection.near().write(from, (int) written, (int) (from.length - written));
        }
        ByteBuffer[] into = Stream.generate(() -> ByteBuffer.allocate(1))
                .limit(MANY_BUFFERS)
                .toArray(ByteBuffer[]::new);
        long count = 0;
        while (count < into.length) {
            count += connection.far().read(into, (int) count, (int) (into.length - count));
        }
        for (int i = 0; i < into.length; i++) {
            assertThat(into[i].get(0)).isEqualTo((byte) i);
        }
    }

    @Test
    void buffersWithoutRoomReadNothing() throws IOException {
        Connection connection = nonBlockingConnection();
        connection.far().write(bytes("abc"));
        ByteBuffer[] none = {ByteBuffer.allocate(0), ByteBuffer.allocate(0)};
        assertThat(connection.near().read(none)).isZero();
        assertThat(connection.near().write(none)).isZero();
        assertThat(connection.near().read(new ByteBuffer[0])).isZero();
        assertThat(connection.near().write(new ByteBuffer[0])).isZero();
    }

    @Test
    void aNullAmongTheBuffersIsRefused() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abc"));
        assertThat(Outcome.of(() -> connection.near().read(withNull()))).isEqualTo("NullPointerException");
        assertThat(Outcome.of(() -> connection.near().write(withNull()))).isEqualTo("NullPointerException");
        assertThat(Outcome.of(() -> connection.near().read((ByteBuffer[]) null)))
                .isEqualTo("NullPointerException");
    }

    private static ByteBuffer[] withNull() {
        return Arrays.copyOf(new ByteBuffer[] {ByteBuffer.allocate(1)}, 2);
    }

    @Test
    void aReadOnlyBufferAmongThoseToFillIsRefused() throws IOException {
        Connection connection = connection();
        connection.far().write(bytes("abc"));
        ByteBuffer[] into = {ByteBuffer.allocate(1), ByteBuffer.allocate(1).asReadOnlyBuffer()};
        assertThat(Outcome.of(() -> connection.near().read(into))).isEqualTo("IllegalArgumentException");
    }

    @Test
    void aNonBlockingWriteTakesAsMuchAsFits() throws IOException {
        Connection connection = nonBlockingConnection();
        SocketChannel near = connection.near();
        ByteBuffer much = ByteBuffer.allocate(64 << 20);
        while (near.write(much) > 0) {}
        assertThat(much.position()).isPositive();
        assertThat(much.hasRemaining()).isTrue();
        int sent = much.position();
        ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
        int received = 0;
        while (received < sent) {
            into.clear();
            received += connection.far().read(into);
        }
        Selector selector = selector();
        near.register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.select(10_000)).isEqualTo(1);
        assertThat(near.write(much)).isPositive();
    }

    @Test
    void aBlockingWriteTakesAll() throws Exception {
        Connection connection = connection();
        ByteBuffer much = ByteBuffer.allocate(16 << 20);
        Background<Integer> writing =
                Background.start(() -> connection.near().write(much)).awaitBlocked();
        ByteBuffer into = ByteBuffer.allocateDirect(1 << 20);
        for (int received = 0; received < much.capacity(); ) {
            into.clear();
            received += connection.far().read(into);
        }
        assertThat(writing.result()).isEqualTo(much.capacity());
        assertThat(much.hasRemaining()).isFalse();
    }

    @Test
    void oneThreadReadsWhileAnotherWrites() throws Exception {
        Connection connection = connection();
        Background<Integer> reading = Background.start(() -> connection.near().read(ByteBuffer.allocate(10)))
                .awaitBlocked();
        assertThat(connection.near().write(bytes("ping"))).isEqualTo(4);
        assertThat(read(connection.far(), 4)).isEqualTo("ping");
        connection.far().write(bytes("pong!"));
        assertThat(reading.result()).isEqualTo(5);
    }

    @Test
    void aSecondReaderWaitsItsTurn() throws Exception {
        Connection connection = connection();
        Background<Integer> first = Background.start(() -> connection.near().read(ByteBuffer.allocate(10)))
                .awaitBlocked();
        Background<Integer> second = Background.start(() -> connection.near().read(ByteBuffer.allocate(10)));
        connection.far().write(bytes("abc"));
        assertThat(first.result()).isEqualTo(3);
        connection.far().write(bytes("de"));
        assertThat(second.result()).isEqualTo(2);
    }
}
