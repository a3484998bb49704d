package dev.towpath.nio;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A channel's registration with a {@link RoutedSelector}: it stands for one with the selector of the channel's side. */
final class RoutedKey extends AbstractSelectionKey {
    private final ReentrantLock lock = new ReentrantLock();
    private final AbstractSelectableChannel channel;
    private final RoutedSelector selector;
    private @Nullable SelectionKey inner;
    private int interestOps;
    private volatile int readyOps;

    /** What the selection under way has found. */
    private int found;

    RoutedKey(AbstractSelectableChannel channel, RoutedSelector selector, int ops) {
        this.channel = channel;
        this.selector = selector;
        this.interestOps = ops;
    }

    /** From now on {@code actual} decides what is ready. */
    void selectBy(AbstractSelectableChannel actual) throws IOException {
        lock.lock();
        try {
            SelectionKey before = inner;
            inner = actual.register(selector.innerFor(actual), interestOps, this);
            if (before != null) {
                before.cancel();
            }
            selector.changed();
        } finally {
            lock.unlock();
        }
    }

    /** It has been cancelled. */
    void end() {
        if (channel instanceof RoutedChannel routed) {
            routed.leave(this); // first, and without our lock: an exchange under way takes the channel's before ours
        }
        cancelInner();
    }

    /** The key that it stands for is cancelled, too. */
    void cancelInner() {
        lock.lock();
        try {
            SelectionKey last = inner;
            if (last != null) {
                last.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        lock.lock();
        try {
            ensureValid();
            return interestOps;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SelectionKey interestOps(int ops) {
        lock.lock();
        try {
            ensureValid();
            if ((ops & ~channel.validOps()) != 0) {
                throw new IllegalArgumentException(
                        "the operations " + ops + " are not among the channel's valid ones, " + channel.validOps());
            }
            interestOps = ops;
            SelectionKey now = inner;
            if (now != null) {
                now.interestOps(ops);
            }
            return this;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int readyOps() {
        ensureValid();
        return readyOps;
    }

    /** Takes note of what {@code side}, the key of the channel that does the work, has ready; false if it is over. */
    boolean found(SelectionKey side) {
        try {
            found = side.readyOps();
            return true;
        } catch (CancelledKeyException e) {
            return false; // another thread has been quicker
        }
    }

    /** What has been found is what is ready. */
    void replaceReady() {
        readyOps = found;
    }

    /** What has been found is ready, too; false if that is nothing new. */
    boolean addReady() {
        int before = readyOps;
        readyOps = before | found;
        return readyOps != before;
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }
}
