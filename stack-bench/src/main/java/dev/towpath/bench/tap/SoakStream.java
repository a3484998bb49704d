package dev.towpath.bench.tap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that sends and receives as fast as it can at once, and computes CRC-32C over both: the
 * processor has an instruction for it, so that it holds nothing up.
 */
final class SoakStream {
    private static final int CHUNK = 128 * 1024;

    /** Random bytes that are sent again and again; no power of two, so that no offset that is wrong by one looks right. */
    private static final int BLOCK = (4 << 20) + 4099;

    private static final long REST_NANOS = 1_000_000;

    private final Pipe pipe;
    private final long seed;
    private final Thread sender;
    private final Thread receiver;
    private final CRC32C sentHash = new CRC32C();
    private final CRC32C receivedHash = new CRC32C();
    private long sent;
    private long received;
    private volatile boolean ending;
    private volatile boolean resting;
    private volatile @Nullable IOException failure;

    /** A connection of any kind, blocking. */
    interface Pipe {
        /** Sends some of {@code data}. */
        void send(ByteBuffer data) throws IOException;

        /** Receives into {@code data}; 0 or less at the end. */
        int receive(ByteBuffer data) throws IOException;

        /** Sends FIN. */
        void shutdownOutput() throws IOException;
    }

    /** What has gone through. */
    record Totals(long sent, long received, long sentHash, long receivedHash) {}

    SoakStream(Pipe pipe, long seed) {
        this.pipe = pipe;
        this.seed = seed;
        sender = new Thread(() -> attempt(this::send), "sender");
        receiver = new Thread(() -> attempt(this::receive), "receiver");
        sender.setDaemon(true);
        receiver.setDaemon(true);
    }

    void start() {
        sender.start();
        receiver.start();
    }

    /** Sends nothing for the time being, or goes on. */
    void rest(boolean rest) {
        resting = rest;
    }

    /** Sends no more, and waits for the end of what the peer sends. */
    Totals finish() throws IOException, InterruptedException {
        ending = true;
        sender.join();
        receiver.join();
        IOException why = failure;
        if (why != null) {
            throw why;
        }
        return new Totals(sent, received, sentHash.getValue(), receivedHash.getValue());
    }

    /** Reading or writing. */
    private interface Activity {
        void run() throws IOException;
    }

    private void attempt(Activity activity) {
        try {
            activity.run();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void send() throws IOException {
        byte[] random = new byte[BLOCK];
        new SplittableRandom(seed).nextBytes(random);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).put(random).clear();
        ByteBuffer taken = block.duplicate();
        while (!ending) {
            if (resting) {
                LockSupport.parkNanos(REST_NANOS);
                continue;
            }
            int from = block.position();
            block.limit(Math.min(from + CHUNK, BLOCK));
            pipe.send(block);
            sentHash.update(taken.limit(block.position()).position(from));
            sent += block.position() - from;
            if (block.position() == BLOCK) {
                block.clear();
            }
        }
        pipe.shutdownOutput();
    }

    private void receive() throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        while (pipe.receive(chunk.clear()) > 0) {
            received += chunk.flip().remaining();
            receivedHash.update(chunk);
        }
    }
}
