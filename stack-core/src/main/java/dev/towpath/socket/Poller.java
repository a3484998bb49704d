package dev.towpath.socket;

import dev.towpath.stack.NetworkStack;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the readiness of many sockets of one stack, like Linux's epoll: interest is told once, and a {@link #poll} costs what is ready, not what is
 * watched. Level-triggered: a socket is reported as long as it is ready. One thread at a time polls; the other calls come from any thread.
 */
public final class Poller implements Closeable {
    /** Takes what {@link #poll} has found. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called without any lock held, so it may use the socket, the poller and block.
         *
         * @param ready POLLIN, POLLOUT and so on, as far as asked for; POLLERR and POLLHUP unasked
         * @param attachment what was given to {@link Poller#add}
         */
        void ready(InetSocket socket, int ready, @Nullable Object attachment);
    }

    Poller() {}

    /** A poller without sockets. */
    public static Poller open(NetworkStack stack) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Watches {@code socket} for {@code events} (POLLIN, POLLOUT, POLLRDHUP). A closed socket leaves by itself. */
    public void add(InetSocket socket, int events, @Nullable Object attachment) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Changes what is waited for; 0 leaves POLLERR and POLLHUP. */
    public void modify(InetSocket socket, int events) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Watches it no more. */
    public void remove(InetSocket socket) {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until a socket is ready, {@link #wakeup} is called or the time is over, then calls {@code handler} once for each ready socket.
     *
     * @param timeoutNanos 0 only looks, a negative time waits for ever
     * @return sockets handled
     */
    public int poll(Handler handler, long timeoutNanos) throws ErrnoException {
        throw new UnsupportedOperationException();
    }

    /** Ends the {@link #poll} of now, or else the next one. */
    public void wakeup() {
        throw new UnsupportedOperationException();
    }

    /** Watches nothing any more; a poll that waits fails with EBADF. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
