package dev.towpath.socket;

import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the readiness of many sockets of one stack, like Linux's epoll: interest is told once, and a {@link #poll}
 * costs what is ready, not what is watched. Level-triggered: a socket is reported as long as it is ready. One thread at
 * a time polls; the other calls come from any thread. It is a {@link ReadyList} that knows sockets by themselves.
 */
public final class Poller implements Closeable {
    /** Takes what {@link #poll} has found. */
    @FunctionalInterface
    public interface Handler extends ReadyList.Handler {
        /**
         * Called without any lock held, so it may use the socket and the poller, and block.
         *
         * @param ready POLLIN, POLLOUT and so on, as far as asked for; POLLERR and POLLHUP unasked
         * @param attachment what was given to {@link Poller#add}
         */
        void ready(InetSocket socket, int ready, @Nullable Object attachment);

        @Override
        default void ready(Pollable source, int ready, @Nullable Object attachment) {
            ready((InetSocket) source, ready, attachment);
        }
    }

    private final Driver driver;
    private final ReadyList list;
    private final Map<InetSocket, ReadyList.Interest> interests = new HashMap<>();

    private Poller(NetworkStack stack) throws ErrnoException {
        this.driver = stack.driver();
        this.list = ReadyList.open(stack);
        list.onClosed(interests::remove);
    }

    /** A poller without sockets. */
    public static Poller open(NetworkStack stack) throws ErrnoException {
        return new Poller(stack);
    }

    /** Watches {@code socket} for {@code events} (POLLIN, POLLOUT, POLLRDHUP). A closed socket leaves by itself. */
    public void add(InetSocket socket, int events, @Nullable Object attachment) throws ErrnoException {
        list.enter("poll");
        try {
            if (interests.containsKey(socket)) {
                throw new ErrnoException(Errno.EINVAL, "poll", "the socket is watched already");
            }
            if (socket.closed()) {
                throw new ErrnoException(Errno.EBADF, "poll");
            }
            ReadyList.Interest interest = list.watch(socket, attachment);
            interests.put(socket, interest);
            interest.events(events);
            list.carryOutChanges();
        } finally {
            driver.leave();
        }
    }

    /** Changes what is waited for; 0 leaves POLLERR and POLLHUP. */
    public void modify(InetSocket socket, int events) throws ErrnoException {
        list.enter("poll");
        try {
            ReadyList.Interest interest = interests.get(socket);
            if (interest == null) {
                throw new ErrnoException(Errno.EINVAL, "poll", "the socket is not watched");
            }
            interest.events(events);
            list.carryOutChanges();
        } finally {
            driver.leave();
        }
    }

    /** Watches it no more; nothing if it does not. */
    public void remove(InetSocket socket) {
        driver.enter();
        try {
            ReadyList.Interest interest = interests.remove(socket);
            if (interest != null) {
                interest.cancel();
                list.carryOutChanges();
            }
        } finally {
            driver.leave();
        }
    }

    /**
     * Waits until a socket is ready, {@link #wakeup} is called or the time is over, then calls {@code handler} once for
     * each ready socket.
     *
     * @param timeoutNanos 0 only looks, a negative time waits for ever
     * @return sockets handled
     */
    public int poll(Handler handler, long timeoutNanos) throws ErrnoException {
        return list.poll(handler, timeoutNanos);
    }

    /**
     * From now on {@code called} is called, from within the stack, when {@link #poll} may have something to find: for an
     * event loop that does not wait in it. It may only take note.
     */
    public void onReady(Runnable called) {
        list.onReady(called);
    }

    /** Ends the {@link #poll} of now, or else the next one. */
    public void wakeup() {
        list.wakeup();
    }

    /** Sockets watched. */
    public int size() {
        driver.enter();
        try {
            return interests.size();
        } finally {
            driver.leave();
        }
    }

    /** Watches nothing any more; a poll that waits fails with EBADF. Idempotent. */
    @Override
    public void close() {
        driver.enter();
        try {
            for (ReadyList.Interest each : interests.values()) {
                each.cancel();
            }
            interests.clear();
            list.close();
        } finally {
            driver.leave();
        }
    }
}
