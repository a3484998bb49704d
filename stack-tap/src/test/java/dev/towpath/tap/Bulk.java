package dev.towpath.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.socket.SocketConstants;
import dev.towpath.socket.TcpSocket;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A lot of bytes that follow from a seed, sent through one end of a connection and compared by hash at the other. */
final class Bulk {
    private static final int PIECE = 64 * 1024;

    private final long seed;
    private final long length;

    Bulk(long seed, long length) {
        this.seed = seed;
        this.length = length;
    }

    /** Sends on {@code out} and closes it, while {@code in} is read to its end. */
    void move(OutputStream out, InputStream in) throws Exception {
        start(out, in).await();
    }

    /** Begins to do what {@link #move} does. */
    Moving start(OutputStream out, InputStream in) {
        // a thread each: the common pool may have one only
        return new Moving(
                this,
                CompletableFuture.runAsync(() -> send(out), Bulk::inThread),
                CompletableFuture.supplyAsync(() -> hashOf(in), Bulk::inThread));
    }

    /** Bytes on their way. */
    record Moving(Bulk bulk, CompletableFuture<Void> sent, CompletableFuture<String> received) {
        /** Waits for the last of them and compares. */
        void await() throws Exception {
            sent.get(2, TimeUnit.MINUTES);
            assertThat(received.get(2, TimeUnit.MINUTES))
                    .as("hash, seed " + bulk.seed)
                    .isEqualTo(bulk.hash());
        }
    }

    private static void inThread(Runnable task) {
        Thread thread = new Thread(task, "bulk");
        thread.setDaemon(true);
        thread.start();
    }

    private void send(OutputStream out) {
        try (out) {
            generate(out);
        } catch (IOException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private String hash() throws IOException {
        MessageDigest digest = sha256();
        generate(new OutputStream() {
            @Override
            public void write(int b) {
                digest.update((byte) b);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                digest.update(bytes, offset, count);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private void generate(OutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] piece = new byte[PIECE];
        for (long left = length; left > 0; left -= PIECE) {
            random.nextBytes(piece);
            out.write(piece, 0, (int) Math.min(PIECE, left));
        }
    }

    private static String hashOf(InputStream in) {
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        try {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                digest.update(piece, 0, count);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends on {@code socket}; unlike that of its own stream, its close ends the sending direction only. */
    static OutputStream output(Socket socket) throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(bytes, offset, count);
            }

            @Override
            public void close() throws IOException {
                socket.shutdownOutput();
            }
        };
    }

    /** Sends on {@code socket}; its close ends the sending direction. */
    static OutputStream output(TcpSocket socket) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                int sent = socket.send(ByteBuffer.wrap(bytes, offset, count), 0);
                assertThat(sent).as("a blocking send takes all").isEqualTo(count);
            }

            @Override
            public void close() throws IOException {
                socket.shutdown(SocketConstants.SHUT_WR);
            }
        };
    }

    /** Receives from {@code socket}. */
    static InputStream input(TcpSocket socket) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                int received = socket.recv(ByteBuffer.wrap(bytes, offset, count), 0);
                return received == 0 ? -1 : received;
            }
        };
    }

    /** Reads from {@code in}, but not before {@code stall} has passed. */
    static InputStream late(InputStream in, Duration stall) {
        return new FilterInputStream(in) {
            private boolean begun;

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                if (!begun) {
                    begun = true;
                    LockSupport.parkNanos(stall.toNanos());
                }
                return super.read(bytes, offset, count);
            }
        };
    }

    /** Bytes that follow from {@code seed}. */
    static byte[] bytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
