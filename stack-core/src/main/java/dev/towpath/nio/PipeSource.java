package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLIN;

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

/** The end of a pipe that is read from. */
final class PipeSource extends Pipe.SourceChannel implements StackChannel {
    private final MemoryPipe.Source source;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ByteBuffer[] one = {Buffers.EMPTY};

    PipeSource(SelectorProvider provider, MemoryPipe.Source source) {
        super(provider);
        this.source = source;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        Objects.requireNonNull(into);
        readLock.lock();
        try {
            one[0] = into;
            return (int) receive(one, 0, 1);
        } finally {
            one[0] = Buffers.EMPTY;
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] into) throws IOException {
        return read(into, 0, into.length);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        Buffers.check(into, offset, length);
        readLock.lock();
        try {
            return receive(into, offset, length);
        } finally {
            readLock.unlock();
        }
    }

    private long receive(ByteBuffer[] into, int offset, int length) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        Buffers.checkWritable(into, offset, length);
        boolean blocking = isBlocking();
        long count = 0;
        try {
            if (blocking) {
                begin();
            }
            count = source.tryRead(into, offset, length, blocking ? -1 : 0);
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
        readLock.lock(); // a mode holds for the whole of a call
        readLock.unlock();
    }

    @Override
    protected void implCloseSelectableChannel() {
        source.close();
    }

    @Override
    public Pollable pollable() {
        return source;
    }

    @Override
    public int pollEvents(int interestOps) {
        return POLLIN;
    }

    @Override
    public int readyOps(int events) {
        return (events & POLLIN) != 0 ? SelectionKey.OP_READ : 0;
    }

    @Override
    public void release() {
        source.close();
    }
}
