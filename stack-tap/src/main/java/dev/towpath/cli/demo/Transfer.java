package dev.towpath.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends pseudo-random bytes from one end of a connection to the other and compares the hashes that the ends have
 * computed.
 */
final class Transfer {
    private static final int PIECE = 256 * 1024;
    private static final long PROGRESS_MILLIS = 100;

    private final long length;
    private final ProgressBar progress;
    private final AtomicLong received = new AtomicLong();

    Transfer(long length, ProgressBar progress) {
        this.length = length;
        this.progress = progress;
    }

    /** A way to a connected {@link Stream}. */
    interface End extends Callable<Stream> {
        @Override
        Stream call() throws IOException;
    }

    /**
     * Moves the bytes.
     *
     * @return what to say about it
     * @throws IOException if they did not arrive as they were
     */
    String run(End sender, End receiver) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(2, Transfer::daemon);
        long began = System.nanoTime();
        try {
            Future<String> arrived = threads.submit(() -> receive(receiver));
            Future<String> sent = threads.submit(() -> send(sender));
            String hash = await(arrived, sent);
            progress.done(length, System.nanoTime() - began);
            if (received.get() != length || !hash.equals(await(sent, sent))) {
                throw new IOException("the receiver has other bytes than the sender");
            }
            return ProgressBar.rate(length, System.nanoTime() - began) + " with hashing, sha256 "
                    + hash.substring(0, 16) + "... at both ends";
        } finally {
            threads.shutdownNow();
        }
    }

    private String await(Future<String> future, Future<String> sender) throws IOException, InterruptedException {
        while (true) {
            try {
                return future.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.show(received.get(), length);
                if (sender.isDone()) {
                    failure(sender);
                }
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
    }

    /** Throws what the sender has failed with, if it has. */
    private static void failure(Future<String> sender) throws IOException, InterruptedException {
        try {
            sender.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private String send(End end) throws IOException {
        MessageDigest digest = sha256();
        SplittableRandom random = new SplittableRandom();
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        try (Stream stream = end.call()) {
            for (long left = length; left > 0; left -= piece.limit()) {
                piece.clear();
                while (piece.hasRemaining()) {
                    piece.putLong(random.nextLong());
                }
                piece.flip().limit((int) Math.min(PIECE, left));
                digest.update(piece.duplicate());
                stream.send(piece);
            }
            stream.finish();
            // the receiver's end of stream tells that everything has been taken
            if (stream.receive(piece.clear())) {
                throw new IOException("the receiver has sent something");
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String receive(End end) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        try (Stream stream = end.call()) {
            while (stream.receive(piece.clear())) {
                received.addAndGet(piece.flip().remaining());
                digest.update(piece);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "towpath-transfer");
        thread.setDaemon(true);
        return thread;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
