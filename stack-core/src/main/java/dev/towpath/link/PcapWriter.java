package dev.towpath.link;

import dev.towpath.buffer.Frame;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A capture file that Wireshark and tcpdump read: pcap with nanosecond time stamps. Several devices, in several
 * threads, may write to one.
 *
 * <pre>
 *   file:    magic 0xa1b23c4d | major 2 | minor 4 | zone 0 | accuracy 0 | snapshot length | link type 1 (Ethernet)
 *   packet:  seconds | nanoseconds | bytes here | bytes on the wire | the bytes ...
 * </pre>
 *
 * <p>Its owner closes it, and hears only then whether anything went wrong: traffic must not suffer from a full disk, so
 * after a failed write it writes no more and says nothing.
 */
public final class PcapWriter implements Closeable {
    /** Most bytes of a packet that are written: more than any frame has. */
    public static final int SNAPSHOT_LENGTH = 262_144;

    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    private static final int ETHERNET = 1;
    private static final int PACKET_HEADER = 16;
    private static final int BUFFER = 2 * (SNAPSHOT_LENGTH + PACKET_HEADER);
    private static final long SECOND = 1_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final OutputStream file;
    private final long epochNanos;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable IOException failure;
    private boolean closed;

    /**
     * Writes to {@code file}, in large pieces, and closes it in the end.
     *
     * @param epochNanos nanoseconds from 1970 to the moment at which the devices' clock shows 0; 0 will do for virtual
     *     time
     */
    public PcapWriter(OutputStream file, long epochNanos) {
        this.file = file;
        this.epochNanos = epochNanos;
        buffer.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4);
        buffer.putInt(0).putInt(0).putInt(SNAPSHOT_LENGTH).putInt(ETHERNET);
    }

    /**
     * Writes to a file, which is made anew.
     *
     * @param epochNanos nanoseconds from 1970 to the moment at which the devices' clock shows 0; 0 will do for virtual
     *     time
     */
    public static PcapWriter open(Path file, long epochNanos) throws IOException {
        // Not a FileChannel: that closes itself when an interrupted thread writes to it.
        return new PcapWriter(new FileOutputStream(file.toFile()), epochNanos);
    }

    /**
     * Writes a frame as it passes at {@code nowNanos}; the frame is only read. A checksum that is left to a device is
     * written complete.
     */
    public void write(Frame frame, long nowNanos) {
        lock.lock();
        try {
            int length = frame.length();
            int kept = Math.min(length, SNAPSHOT_LENGTH);
            if (failure != null || closed || !makeRoom(PACKET_HEADER + kept)) {
                return;
            }
            long time = epochNanos + nowNanos;
            buffer.putInt((int) Math.floorDiv(time, SECOND)).putInt((int) Math.floorMod(time, SECOND));
            buffer.putInt(kept).putInt(length);
            int at = buffer.position();
            buffer.put(at, frame.bytes(), frame.start, kept);
            buffer.position(at + kept);
            if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
                int field = at + frame.checksumStart + frame.checksumOffset - frame.start;
                int checksum = PartialChecksum.of(frame);
                buffer.put(field, (byte) (checksum >>> 8)).put(field + 1, (byte) checksum);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes out what is buffered, as far as that works. */
    public void flush() {
        lock.lock();
        try {
            if (!closed) {
                drain();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes out what is buffered and closes the file. Idempotent.
     *
     * @throws IOException if any of it failed, now or earlier
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            drain();
            closed = true;
            try (file) {
                if (failure != null) {
                    throw new IOException("the capture is not complete: " + failure.getMessage(), failure);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean makeRoom(int bytes) {
        if (buffer.remaining() < bytes) {
            drain();
        }
        return failure == null;
    }

    private void drain() {
        try {
            if (failure == null) {
                file.write(buffer.array(), 0, buffer.position());
                file.flush();
            }
        } catch (IOException e) {
            failure = e;
        }
        buffer.clear();
    }
}
