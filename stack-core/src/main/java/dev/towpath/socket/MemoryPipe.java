package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.stack.NetworkStack;
import java.nio.ByteBuffer;

/**
 * A pipe, as pipe(2) makes it: what is written to its sink is read from its source, in memory, by way of nothing. Its
 * ends belong to a stack only so that threads can wait for them together with that stack's sockets.
 *
 * <p>As in Linux it holds 64 KiB, and a write of at most {@link #ATOMIC} bytes is never split.
 */
public final class MemoryPipe {
    /** Bytes of the longest write that goes in whole or waits (PIPE_BUF). */
    public static final int ATOMIC = 4096;

    private static final int CAPACITY = 65_536;

    private final Source source;
    private final Sink sink;
    /** A ring: {@link #length} bytes from {@link #head} on. Made when the first are written. */
    private byte[] ring = {};

    private int head;
    private int length;

    private MemoryPipe(NetworkStack stack) {
        this.source = new Source(stack);
        this.sink = new Sink(stack);
    }

    /** An empty pipe, both ends open. */
    public static MemoryPipe open(NetworkStack stack) throws ErrnoException {
        MemoryPipe pipe = new MemoryPipe(stack);
        pipe.source.enter("pipe");
        pipe.source.driver.leave();
        return pipe;
    }

    /** Where it is read from. */
    public Source source() {
        return source;
    }

    /** Where it is written to. */
    public Sink sink() {
        return sink;
    }

    private int free() {
        return CAPACITY - length;
    }

    private void put(ByteBuffer data, int count) {
        if (ring.length == 0) {
            ring = new byte[CAPACITY];
        }
        int at = (head + length) % CAPACITY;
        int first = Math.min(count, CAPACITY - at);
        data.get(ring, at, first);
        data.get(ring, 0, count - first);
        length += count;
    }

    private int take(ByteBuffer into) {
        int count = Math.min(into.remaining(), length);
        int first = Math.min(count, CAPACITY - head);
        into.put(ring, head, first);
        into.put(ring, 0, count - first);
        head = (head + count) % CAPACITY;
        length -= count;
        return count;
    }

    /** The end that is read from. */
    public final class Source extends Pollable {
        private Source(NetworkStack stack) {
            super(stack);
        }

        /**
         * Reads what there is, as much as fits into {@code length} buffers from {@code offset} on.
         *
         * @param waitNanos how long to wait for the first byte: 0 not at all, a negative time for ever
         * @return bytes read; {@link #END_OF_STREAM} if the sink is closed; {@link #WOULD_BLOCK} if none came in time
         */
        public long tryRead(ByteBuffer[] into, int offset, int length, long waitNanos) throws ErrnoException {
            enter("read");
            try {
                long deadline = deadlineIn(waitNanos);
                while (true) {
                    long read = 0;
                    boolean full = true;
                    for (int i = offset; full && i < offset + length; i++) {
                        read += take(into[i]);
                        full = !into[i].hasRemaining();
                    }
                    if (read > 0) {
                        sink.changed();
                    }
                    if (read > 0 || full) {
                        return read;
                    }
                    if (sink.closed()) {
                        return END_OF_STREAM;
                    }
                    if (!await("read", POLLIN, deadline)) {
                        return WOULD_BLOCK;
                    }
                }
            } finally {
                driver.leave();
            }
        }

        /** Ends reading: from now on writing fails with EPIPE. Idempotent. */
        @Override
        public void close() {
            driver.enter();
            try {
                if (!closed()) {
                    endWaits();
                    sink.changed();
                }
            } finally {
                driver.leave();
            }
        }

        @Override
        int ready() {
            return (length > 0 ? POLLIN : 0) | (sink.closed() ? POLLHUP : 0);
        }
    }

    /** The end that is written to. */
    public final class Sink extends Pollable {
        private Sink(NetworkStack stack) {
            super(stack);
        }

        /**
         * Writes what remains in {@code length} buffers from {@code offset} on.
         *
         * @param waitNanos how long to wait for room: 0 not at all, a negative time for ever
         * @return bytes written, all if it waits for ever; {@link #WOULD_BLOCK} if none could be written in time
         * @throws ErrnoException EPIPE if the source is closed
         */
        public long tryWrite(ByteBuffer[] data, int offset, int length, long waitNanos) throws ErrnoException {
            enter("write");
            try {
                long deadline = deadlineIn(waitNanos);
                long wanted = 0;
                for (int i = offset; i < offset + length; i++) {
                    wanted += data[i].remaining();
                }
                long written = 0;
                while (true) {
                    if (source.closed() && wanted > 0) {
                        return failed(written);
                    }
                    written += room(wanted) > 0 ? fill(data, offset, length) : 0;
                    if (written == wanted) {
                        return written;
                    }
                    if (!awaitOr("write", POLLOUT, deadline, written > 0)) {
                        return written > 0 ? written : WOULD_BLOCK;
                    }
                }
            } finally {
                driver.leave();
            }
        }

        private long failed(long written) throws ErrnoException {
            if (written == 0) {
                throw new ErrnoException(Errno.EPIPE, "write", "the source is closed");
            }
            return written;
        }

        /** Bytes that may go in now of a write of {@code wanted}. */
        private int room(long wanted) {
            return wanted <= ATOMIC && free() < wanted ? 0 : free();
        }

        private long fill(ByteBuffer[] data, int offset, int length) {
            long written = 0;
            for (int i = offset; i < offset + length && free() > 0; i++) {
                int count = Math.min(data[i].remaining(), free());
                put(data[i], count);
                written += count;
            }
            if (written > 0) {
                source.changed();
            }
            return written;
        }

        /** Ends writing: what has been written can still be read. Idempotent. */
        @Override
        public void close() {
            driver.enter();
            try {
                if (!closed()) {
                    endWaits();
                    source.changed();
                }
            } finally {
                driver.leave();
            }
        }

        @Override
        int ready() {
            return (free() >= ATOMIC ? POLLOUT : 0) | (source.closed() ? POLLERR : 0);
        }
    }
}
