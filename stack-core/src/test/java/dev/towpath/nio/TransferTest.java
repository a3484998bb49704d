package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What else of the JDK takes channels: files and streams. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransferTest {
    private static final int SIZE = 3_000_000;

    private final OneStack one = new OneStack();
    private final byte[] content = new byte[SIZE];

    @SuppressWarnings("NullAway.Init")
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("file");
    }

    @BeforeEach
    void write() throws IOException {
        new SplittableRandom(1).nextBytes(content);
        Files.write(file(), content);
    }

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void filesGoOutAndComeIn() throws Exception {
        OneStack.Pair pair = one.pair();
        Path copy = directory.resolve("copy");
        OneStack.Call<Long> sending = OneStack.start(() -> {
            try (FileChannel from = FileChannel.open(file())) {
                long sent = from.transferTo(0, SIZE, pair.near());
                pair.near().shutdownOutput();
                return sent;
            }
        });
        try (FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long received = 0;
            for (long count = 1; count > 0; received += count) {
                count = to.transferFrom(pair.far(), received, SIZE);
            }
            assertThat(received).isEqualTo(SIZE);
        }
        assertThat(sending.get()).isEqualTo(SIZE);
        assertThat(Files.readAllBytes(copy)).isEqualTo(content);
    }

    @Test
    void filesGoOutAsFarAsThereIsRoom() throws IOException {
        OneStack.Pair pair = one.pair();
        pair.near().configureBlocking(false);
        try (FileChannel from = FileChannel.open(file())) {
            long sent = 0;
            for (long count = 1; count > 0; sent += count) {
                count = from.transferTo(sent, SIZE - sent, pair.near());
            }
            assertThat(sent).isPositive();
            assertThat(Channels.newInputStream(pair.far()).readNBytes((int) sent))
                    .isEqualTo(Arrays.copyOf(content, (int) sent));
        }
    }

    @Test
    void streamsAreMadeOfBlockingChannels() throws Exception {
        OneStack.Pair pair = one.pair();
        InputStream in = Channels.newInputStream(pair.far());
        OneStack.Call<byte[]> reading = OneStack.start(in::readAllBytes);
        try (OutputStream out = Channels.newOutputStream(pair.near())) {
            out.write(content);
        }
        assertThat(reading.get()).isEqualTo(content);
        pair.far().configureBlocking(false);
        assertThatThrownBy(in::read).isInstanceOf(IllegalBlockingModeException.class);
    }
}
