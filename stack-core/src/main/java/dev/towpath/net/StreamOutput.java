package dev.towpath.net;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** What a socket sends. */
final class StreamOutput extends OutputStream {
    private static final int FOR_EVER = -1;

    private final StreamSocketImpl owner;
    private final TcpSocket socket;
    /** What one call writes stays together. A lock and no monitor, for virtual threads wait in it. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ArrayView view = new ArrayView();
    private final byte[] one = new byte[1];

    StreamOutput(StreamSocketImpl owner, TcpSocket socket) {
        this.owner = owner;
        this.socket = socket;
    }

    @Override
    public void write(int value) throws IOException {
        writing.lock();
        try {
            one[0] = (byte) value;
            write(one, 0, 1);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, data.length);
        writing.lock();
        try {
            if (owner.isClosed()) {
                throw new SocketException("Socket closed");
            }
            ByteBuffer rest = view.of(data, offset, length);
            while (rest.hasRemaining()) {
                int ignored = socket.trySend(rest, FOR_EVER);
            }
        } catch (ErrnoException e) {
            throw owner.failure(e);
        } finally {
            writing.unlock();
        }
    }

    /** Closes the socket, as {@code Socket} promises for its streams. */
    @Override
    public void close() throws IOException {
        owner.close();
    }
}
