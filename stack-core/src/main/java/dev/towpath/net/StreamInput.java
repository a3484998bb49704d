package dev.towpath.net;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** What a socket receives. */
final class StreamInput extends InputStream {
    private final StreamSocketImpl owner;
    private final TcpSocket socket;
    /** One reader at a time; a lock and no monitor, for a virtual thread that waits must not hold one. */
    private final ReentrantLock reading = new ReentrantLock();

    private final ArrayView view = new ArrayView();
    private final byte[] one = new byte[1];
    /** As in the JDK a socket that was reset stays so for its readers. */
    private boolean reset;
    /** As in the JDK the end of the stream stays the end, even after close. */
    private boolean ended;

    private volatile boolean shut;

    StreamInput(StreamSocketImpl owner, TcpSocket socket) {
        this.owner = owner;
        this.socket = socket;
    }

    @Override
    public int read() throws IOException {
        reading.lock();
        try {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        } finally {
            reading.unlock();
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        reading.lock();
        try {
            if (ended) {
                return -1;
            }
            checkOpen();
            if (reset) {
                throw new SocketException("Connection reset");
            }
            return shut ? -1 : receive(into, offset, length);
        } finally {
            reading.unlock();
        }
    }

    private int receive(byte[] into, int offset, int length) throws IOException {
        int received;
        try {
            received = socket.tryRecv(view.of(into, offset, length), owner.readPatience());
        } catch (ErrnoException e) {
            reset = e.errno() == Errno.ECONNRESET;
            throw owner.failure(e);
        }
        if (received == Pollable.WOULD_BLOCK) {
            throw new SocketTimeoutException("Read timed out");
        }
        ended = received == Pollable.END_OF_STREAM;
        return received;
    }

    @Override
    public int available() throws IOException {
        checkOpen();
        if (shut) {
            return 0;
        }
        try {
            return socket.available();
        } catch (ErrnoException e) {
            throw owner.failure(e);
        }
    }

    /** Closes the socket, as {@code Socket} promises for its streams. */
    @Override
    public void close() throws IOException {
        owner.close();
    }

    /** From now on there is nothing to read, even of what has been received already. */
    void end() {
        shut = true;
    }

    private void checkOpen() throws SocketException {
        if (owner.isClosed()) {
            throw new SocketException("Socket closed");
        }
    }
}
