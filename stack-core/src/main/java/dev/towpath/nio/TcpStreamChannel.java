package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.SHUT_RD;
import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.jdk.Exceptions;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Pollable;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connected half of a {@link TcpChannel}: reading, writing, and the end of each direction.
 *
 * <p>One thread at a time reads, and one writes; each side has its lock, and connecting and binding take both, reading
 * first. Closing takes neither: the socket ends the calls that wait on it. The locks are no monitors, so that a virtual
 * thread that waits leaves its carrier.
 */
abstract class TcpStreamChannel extends SocketChannel {
    final TcpSocket socket;
    final ReentrantLock readLock = new ReentrantLock();
    final ReentrantLock writeLock = new ReentrantLock();

    volatile boolean inputShut;
    volatile boolean outputShut;
    /** A read has found that the peer has reset the connection; guarded by the read lock. */
    private boolean reset;

    // Where one buffer becomes several; each guarded by its lock.
    private final ByteBuffer[] readInto = {Buffers.EMPTY};
    private final ByteBuffer[] writeFrom = {Buffers.EMPTY};

    TcpStreamChannel(SelectorProvider provider, TcpSocket socket) {
        super(provider);
        this.socket = socket;
    }

    /**
     * Throws if there is no connection to read from or to write to.
     *
     * @throws NotYetConnectedException if there has not been one
     */
    abstract void ensureConnected() throws ClosedChannelException;

    @Override
    public int read(ByteBuffer into) throws IOException {
        Objects.requireNonNull(into);
        readLock.lock();
        try {
            ensureConnected();
            readInto[0] = into;
            return (int) orZero(receive(readInto, 0, 1, isBlocking(), -1));
        } finally {
            readInto[0] = Buffers.EMPTY;
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        readLock.lock();
        try {
            ensureConnected();
            return orZero(receive(into, offset, length, isBlocking(), -1));
        } finally {
            readLock.unlock();
        }
    }

    /**
     * Reads, and waits {@code waitNanos} for the first byte; a negative time is for ever.
     *
     * @return bytes read, at least one if there is room, or -1 at the end of the stream
     * @throws IllegalBlockingModeException if the channel is not in blocking mode
     * @throws SocketTimeoutException if none came in time
     */
    int readWithin(ByteBuffer into, long waitNanos) throws IOException {
        readLock.lock();
        try {
            ensureConnected();
            ensureBlocking();
            readInto[0] = into;
            long count = receive(readInto, 0, 1, true, waitNanos);
            if (count == Pollable.WOULD_BLOCK) {
                throw new SocketTimeoutException("Read timed out");
            }
            return (int) count;
        } finally {
            readInto[0] = Buffers.EMPTY;
            readLock.unlock();
        }
    }

    private long receive(ByteBuffer[] into, int offset, int length, boolean blocking, long waitNanos)
            throws IOException {
        long count = 0;
        try {
            if (blocking) {
                begin();
            }
            if (!inputOver()) {
                Buffers.checkWritable(into, offset, length);
                count = socket.tryRecv(into, offset, length, blocking ? waitNanos : 0);
            }
        } catch (ErrnoException e) {
            throwUnlessShut(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(count > 0);
            }
        }
        return inputShut && count <= 0 ? Pollable.END_OF_STREAM : count;
    }

    /** As in the JDK a reset is reported by each read, where a socket of Berkeley reports it once. */
    private boolean inputOver() throws SocketException {
        if (reset) {
            throw new SocketException("Connection reset");
        }
        return inputShut;
    }

    private void throwUnlessShut(ErrnoException e) throws IOException {
        reset |= e.errno() == Errno.ECONNRESET;
        if (!inputShut) {
            throw Exceptions.channel(e);
        }
    }

    /** Bytes that a read would return now. */
    int available() throws IOException {
        ensureConnected();
        try {
            return inputShut ? 0 : socket.available();
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        }
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        Objects.requireNonNull(data);
        writeLock.lock();
        try {
            ensureConnected();
            writeFrom[0] = data;
            return (int) transmit(writeFrom, 0, 1, isBlocking());
        } finally {
            writeFrom[0] = Buffers.EMPTY;
            writeLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] data, int offset, int length) throws IOException {
        Buffers.check(data, offset, length);
        writeLock.lock();
        try {
            ensureConnected();
            return transmit(data, offset, length, isBlocking());
        } finally {
            writeLock.unlock();
        }
    }

    /**
     * Writes all of {@code data}.
     *
     * @throws IllegalBlockingModeException if the channel is not in blocking mode
     */
    void writeFully(ByteBuffer data) throws IOException {
        writeLock.lock();
        try {
            ensureConnected();
            ensureBlocking();
            writeFrom[0] = data;
            while (data.hasRemaining()) {
                long ignored = transmit(writeFrom, 0, 1, true);
            }
        } finally {
            writeFrom[0] = Buffers.EMPTY;
            writeLock.unlock();
        }
    }

    private long transmit(ByteBuffer[] data, int offset, int length, boolean blocking) throws IOException {
        long count = 0;
        try {
            if (blocking) {
                begin();
            }
            ensureOutput();
            if (Buffers.anyRemaining(data, offset, length)) { // as in the JDK: nothing to write cannot fail
                count = socket.trySend(data, offset, length, blocking ? -1 : 0);
            }
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            endWrite(blocking, count > 0);
        }
        return orZero(count);
    }

    private static long orZero(long count) {
        return count == Pollable.WOULD_BLOCK ? 0 : count;
    }

    private void ensureOutput() throws ClosedChannelException {
        ensureOpen();
        if (outputShut) {
            throw new ClosedChannelException();
        }
    }

    private void endWrite(boolean blocking, boolean some) throws AsynchronousCloseException {
        if (blocking) {
            if (Closing.byInterrupt()) {
                begin();
            }
            end(some);
        }
        if (!some && outputShut) {
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        ensureConnected();
        if (!inputShut) {
            inputShut = true;
            shutdown(SHUT_RD);
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        ensureConnected();
        if (!outputShut) {
            outputShut = true;
            shutdown(SHUT_WR);
        }
        return this;
    }

    private void shutdown(int how) throws IOException {
        try {
            socket.shutdown(how);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOTCONN) { // the connection is over, which is what was asked for
                throw Exceptions.channel(e);
            }
        }
    }

    final void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    final void ensureBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }
}
