package dev.towpath.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Scanner;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many bytes, and the JDK's helpers that read from channels and write to them. */
class TransferTest extends ParityTest {
    private static final int SIZE = 24 << 20;

    @TempDir
    Path folder = Path.of("");

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    /** Fast enough for many megabytes in code that is not compiled yet. */
    private static long hash(byte[] bytes) {
        CRC32C hash = new CRC32C();
        hash.update(bytes);
        return hash.getValue();
    }

    /** The hash of all that comes. */
    private static long hashOf(SocketChannel channel, ByteBuffer buffer) throws IOException {
        CRC32C hash = new CRC32C();
        while (channel.read(buffer.clear()) >= 0) {
            hash.update(buffer.flip());
        }
        return hash.getValue();
    }

    private static void writeAndClose(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        channel.shutdownOutput();
    }

    @Test
    void bothWaysAtOnce() throws Exception {
        Connection connection = connection();
        byte[] there = random(SIZE);
        byte[] back = random(SIZE - 1);
        Background<String> writingNear = Background.start(() -> {
            writeAndClose(connection.near(), ByteBuffer.wrap(there));
            return "written";
        });
        Background<String> writingFar = Background.start(() -> {
            writeAndClose(
                    connection.far(),
                    ByteBuffer.allocateDirect(back.length).put(back).flip());
            return "written";
        });
        Background<Long> reading = Background.start(() -> hashOf(connection.near(), ByteBuffer.allocate(77_777)));
        assertThat(hashOf(connection.far(), ByteBuffer.allocateDirect(1 << 16))).isEqualTo(hash(there));
        assertThat(reading.result()).isEqualTo(hash(back));
        assertThat(writingNear.result() + writingFar.result()).isEqualTo("writtenwritten");
    }

    @Test
    void aFileIsTransferredToAChannel() throws Exception {
        Connection connection = connection();
        byte[] content = random(3_000_001);
        Path file = Files.write(folder.resolve("from"), content);
        Background<Long> sending = Background.start(() -> {
            try (FileChannel from = FileChannel.open(file)) {
                long position = 0;
                while (position < from.size()) {
                    position += from.transferTo(position, from.size() - position, connection.near());
                }
                connection.near().shutdownOutput();
                return position;
            }
        });
        assertThat(hashOf(connection.far(), ByteBuffer.allocate(10_000))).isEqualTo(hash(content));
        assertThat(sending.result()).isEqualTo(content.length);
    }

    @Test
    void aFileIsTransferredToANonBlockingChannelUntilItIsFull() throws Exception {
        Connection connection = nonBlockingConnection();
        Path file = folder.resolve("from");
        try (FileChannel from =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            from.write(bytes("x"), (64 << 20) - 1);
            long position = 0;
            long count;
            while ((count = from.transferTo(position, from.size() - position, connection.near())) > 0) {
                position += count;
            }
            assertThat(position).isBetween(1L, from.size() - 1);
        }
    }

    @Test
    void aFileIsTransferredFromAChannel() throws Exception {
        Connection connection = connection();
        byte[] content = random(3_000_001);
        Background<String> writing = Background.start(() -> {
            writeAndClose(connection.far(), ByteBuffer.wrap(content));
            return "written";
        });
        Path file = folder.resolve("to");
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < content.length) {
                position += to.transferFrom(connection.near(), position, content.length - position);
            }
            assertThat(to.transferFrom(connection.near(), position, 1)).isZero();
        }
        assertThat(hash(Files.readAllBytes(file))).isEqualTo(hash(content));
        assertThat(writing.result()).isEqualTo("written");
    }

    @Test
    void streamsOverChannels() throws Exception {
        Connection connection = connection();
        byte[] content = random(1_000_001);
        OutputStream out = Channels.newOutputStream(connection.near());
        InputStream in = Channels.newInputStream(connection.far());
        Background<String> writing = Background.start(() -> {
            out.write(content);
            out.close();
            return "written";
        });
        assertThat(hash(in.readAllBytes())).isEqualTo(hash(content));
        assertThat(in.read()).isEqualTo(-1);
        assertThat(writing.result()).isEqualTo("written");
        assertThat(connection.near().isOpen()).isFalse();
    }

    @Test
    void streamsNeedABlockingChannel() throws IOException {
        Connection connection = nonBlockingConnection();
        InputStream in = Channels.newInputStream(connection.near());
        OutputStream out = Channels.newOutputStream(connection.near());
        assertThat(Outcome.of(() -> in.read())).isEqualTo("IllegalBlockingModeException");
        assertThat(Outcome.when(() -> out.write(1))).isEqualTo("IllegalBlockingModeException");
    }

    @Test
    void transferBetweenStreams() throws Exception {
        Connection connection = connection();
        byte[] content = random(500_000);
        Background<String> writing = Background.start(() -> {
            writeAndClose(connection.near(), ByteBuffer.wrap(content));
            return "written";
        });
        Path file = folder.resolve("to");
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThat(Channels.newInputStream(connection.far()).transferTo(out))
                    .isEqualTo(content.length);
        }
        assertThat(hash(Files.readAllBytes(file))).isEqualTo(hash(content));
        assertThat(writing.result()).isEqualTo("written");
    }

    @Test
    void readersAndScanners() throws IOException {
        Connection connection = connection();
        connection.far().write(ByteBuffer.wrap("first lïne\nsecond line\n42 word\n".getBytes(StandardCharsets.UTF_8)));
        connection.far().shutdownOutput();
        BufferedReader reader = new BufferedReader(Channels.newReader(connection.near(), StandardCharsets.UTF_8));
        assertThat(reader.readLine()).isEqualTo("first lïne");
        assertThat(reader.lines()).containsExactly("second line", "42 word");
        connection.near().write(bytes("7 words"));
        connection.near().close();
        try (Scanner scanner = new Scanner(connection.far(), StandardCharsets.UTF_8)) {
            assertThat(scanner.nextInt()).isEqualTo(7);
            assertThat(scanner.next()).isEqualTo("words");
            assertThat(scanner.hasNext()).isFalse();
        }
    }

    @Test
    void writers() throws IOException {
        Connection connection = connection();
        try (var writer = Channels.newWriter(connection.near(), StandardCharsets.US_ASCII)) {
            writer.write("written");
        }
        assertThat(read(connection.far(), 100)).isEqualTo("written");
    }
}
