package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.jdk.Exceptions;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.MemoryPipe;
import dev.towpath.socket.Pollable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** The end of a pipe that is written to. */
final class PipeSink extends Pipe.SinkChannel implements StackChannel {
    private final MemoryPipe.Sink sink;
    private final ReentrantLock writeLock = new ReentrantLock();
    private final ByteBuffer[] one = {Buffers.EMPTY};

    PipeSink(SelectorProvider provider, MemoryPipe.Sink sink) {
        super(provider);
        this.sink = sink;
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
        Objects.requireNonNull(data);
        writeLock.lock();
        try {
            one[0] = data;
            return (int) send(one, 0, 1);
        } finally {
            one[0] = Buffers.EMPTY;
            writeLock.unlock();
        }
    }

    @Override
    public long write(ByteBuffer[] data) throws IOException {
        return write(data, 0, data.length);
    }

    @Override
    public long write(ByteBuffer[] data, int offset, int length) throws IOException {
        Buffers.check(data, offset, length);
        writeLock.lock();
        try {
            return send(data, offset, length);
        } finally {
            writeLock.unlock();
        }
    }

    private long send(ByteBuffer[] data, int offset, int length) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        boolean blocking = isBlocking();
        long count = 0;
        try {
            if (blocking) {
                begin();
            }
            count = sink.tryWrite(data, offset, length, blocking ? -1 : 0);
        } catch (ErrnoException e) {
            throw Exceptions.channel(e);
        } finally {
            if (blocking) {
                if (Closing.byInterrupt()) {
                    begin();
                }
                end(count > 0);
            }
        }
        return count == Pollable.WOULD_BLOCK ? 0 : count;
    }

    @Override
    @SuppressWarnings("LockNotBeforeTry") // to have had the lock is all: whoever is in a call has left it
    protected void implConfigureBlocking(boolean block) {
        writeLock.lock(); // a mode holds for the whole of a call
        writeLock.unlock();
    }

    @Override
    protected void implCloseSelectableChannel() {
        sink.close();
    }

    @Override
    public Pollable pollable() {
        return sink;
    }

    @Override
    public int pollEvents(int interestOps) {
        return POLLOUT;
    }

    @Override
    public int readyOps(int events) {
        return (events & POLLOUT) != 0 ? SelectionKey.OP_WRITE : 0;
    }

    @Override
    public void release() {
        sink.close();
    }
}
