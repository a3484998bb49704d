package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;

import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.WaitPoint;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the readiness of many sockets of one stack, like Linux's epoll: interest is told once, and a {@link #poll}
 * costs what is ready, not what is watched. Level-triggered: a socket is reported as long as it is ready. One thread at
 * a time polls; the other calls come from any thread.
 *
 * <p>Each socket calls {@link Registration#ready} when something has changed that is asked for; that puts it into the
 * queue of sockets that poll looks at. It stays there until poll finds that it is no longer ready.
 */
public final class Poller implements Closeable {
    /** Takes what {@link #poll} has found. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called without any lock held, so it may use the socket and the poller, and block.
         *
         * @param ready POLLIN, POLLOUT and so on, as far as asked for; POLLERR and POLLHUP unasked
         * @param attachment what was given to {@link Poller#add}
         */
        void ready(InetSocket socket, int ready, @Nullable Object attachment);
    }

    /** Sockets that one poll reports at most; the others come first next time. */
    private static final int BATCH = 256;

    /** One socket that is watched. */
    private final class Registration extends InetSocket.Watch {
        final InetSocket socket;
        final @Nullable Object attachment;
        /** In the queue of those that may be ready. */
        boolean queued;

        /** Read without the lock, too: the socket may have been removed since poll found it ready. */
        volatile boolean removed;

        @Nullable
        Registration behind;

        Registration(InetSocket socket, int events, @Nullable Object attachment) {
            this.socket = socket;
            this.events = events;
            this.attachment = attachment;
        }

        @Override
        void ready() {
            if (!queued) {
                enqueue(this);
            }
            something.signal();
        }

        @Override
        void socketClosed() {
            drop(this);
        }
    }

    private final NetworkStack stack;
    private final Driver driver;
    private final WaitPoint something;
    private final Map<InetSocket, Registration> registrations = new HashMap<>();
    private @Nullable Registration head;
    private @Nullable Registration tail;
    private int queueLength;
    private boolean woken;
    private boolean closed;

    /** Used by the thread that polls. */
    private boolean polling;

    /** The last {@link #poll} has found something without waiting, so that nobody has looked at the device. */
    private boolean foundAtOnce;

    private final @Nullable Registration[] found = new @Nullable Registration[BATCH];
    private final int[] foundReady = new int[BATCH];

    private Poller(NetworkStack stack) {
        this.stack = stack;
        this.driver = stack.driver();
        this.something = driver.newWaitPoint();
    }

    /** A poller without sockets. */
    public static Poller open(NetworkStack stack) throws ErrnoException {
        Poller poller = new Poller(stack);
        poller.enter("poll");
        poller.driver.leave();
        return poller;
    }

    /** Watches {@code socket} for {@code events} (POLLIN, POLLOUT, POLLRDHUP). A closed socket leaves by itself. */
    public void add(InetSocket socket, int events, @Nullable Object attachment) throws ErrnoException {
        enter("poll");
        try {
            if (socket.stack != stack || registrations.containsKey(socket)) {
                throw new ErrnoException(
                        Errno.EINVAL,
                        "poll",
                        socket.stack != stack ? "the socket is of " + socket.stack : "the socket is watched already");
            }
            if (socket.closed()) {
                throw new ErrnoException(Errno.EBADF, "poll");
            }
            Registration registration = new Registration(socket, events, attachment);
            registrations.put(socket, registration);
            socket.watch(registration);
            registration.ready(); // poll finds out whether it is
        } finally {
            driver.leave();
        }
    }

    /** Changes what is waited for; 0 leaves POLLERR and POLLHUP. */
    public void modify(InetSocket socket, int events) throws ErrnoException {
        enter("poll");
        try {
            Registration registration = registrations.get(socket);
            if (registration == null) {
                throw new ErrnoException(Errno.EINVAL, "poll", "the socket is not watched");
            }
            registration.events = events;
            registration.ready();
        } finally {
            driver.leave();
        }
    }

    /** Watches it no more; nothing if it does not. */
    public void remove(InetSocket socket) {
        driver.enter();
        try {
            Registration registration = registrations.get(socket);
            if (registration != null) {
                drop(registration);
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
        int count = collect(timeoutNanos);
        int handled = 0;
        try {
            for (int i = 0; i < count; i++) {
                Registration registration = found[i];
                found[i] = null;
                if (registration != null && !registration.removed) {
                    handler.ready(registration.socket, foundReady[i], registration.attachment);
                    handled++;
                }
            }
        } finally {
            driver.enter();
            polling = false;
            driver.leave();
        }
        return handled;
    }

    private int collect(long timeoutNanos) throws ErrnoException {
        enter("poll");
        try {
            if (polling) {
                throw new IllegalStateException("another thread, or a handler, polls already; one at a time may");
            }
            long end = driver.nowNanos() + timeoutNanos;
            long deadline = timeoutNanos < 0 || end < driver.nowNanos() ? Driver.NEVER : end;
            if (foundAtOnce) {
                driver.look();
            }
            int count = takeReady();
            foundAtOnce = count > 0;
            while (count == 0 && !woken && driver.nowNanos() < deadline) {
                if (!driver.await(something, deadline)) {
                    throw new ErrnoException(Errno.EINTR, "poll");
                }
                refuse("poll");
                count = takeReady();
            }
            woken = false;
            polling = true;
            return count;
        } finally {
            driver.leave();
        }
    }

    /**
     * Looks once at each socket in the queue: those that are ready are found and go to its end, the others leave it.
     */
    private int takeReady() {
        int count = 0;
        for (int left = queueLength; left > 0 && count < BATCH; left--) {
            Registration first = dequeue();
            if (!first.removed) {
                int ready = first.socket.ready() & (first.events | POLLERR | POLLHUP);
                if (ready != 0) {
                    enqueue(first);
                    found[count] = first;
                    foundReady[count++] = ready;
                }
            }
        }
        return count;
    }

    /**
     * From now on {@code called} is called, from within the stack, when {@link #poll} may have something to find: for an
     * event loop that does not wait in it. It may only take note.
     */
    public void onReady(Runnable called) {
        driver.enter();
        try {
            something.onSignal(called);
        } finally {
            driver.leave();
        }
    }

    /** Ends the {@link #poll} of now, or else the next one. */
    public void wakeup() {
        driver.enter();
        try {
            woken = true;
            something.signal();
        } finally {
            driver.leave();
        }
    }

    /** Sockets watched. */
    public int size() {
        driver.enter();
        try {
            return registrations.size();
        } finally {
            driver.leave();
        }
    }

    /** Watches nothing any more; a poll that waits fails with EBADF. Idempotent. */
    @Override
    public void close() {
        driver.enter();
        try {
            closed = true;
            for (Registration each : registrations.values()) {
                each.removed = true;
                each.socket.unwatch(each);
            }
            registrations.clear();
            something.signal();
        } finally {
            driver.leave();
        }
    }

    private void drop(Registration registration) {
        registration.removed = true;
        registration.socket.unwatch(registration);
        registrations.remove(registration.socket);
    }

    private void enqueue(Registration last) {
        last.queued = true;
        last.behind = null;
        if (tail == null) {
            head = last;
        } else {
            tail.behind = last;
        }
        tail = last;
        queueLength++;
    }

    private Registration dequeue() {
        Registration first = head;
        if (first == null) {
            throw new AssertionError("the queue's length says there is one");
        }
        head = first.behind;
        if (head == null) {
            tail = null;
        }
        first.behind = null;
        first.queued = false;
        queueLength--;
        return first;
    }

    private void enter(String call) throws ErrnoException {
        driver.enter();
        try {
            refuse(call);
        } catch (ErrnoException e) {
            driver.leave();
            throw e;
        }
    }

    private void refuse(String call) throws ErrnoException {
        if (closed) {
            throw new ErrnoException(Errno.EBADF, call, "the poller is closed");
        }
        if (!driver.running()) {
            throw new ErrnoException(Errno.ENETDOWN, call, stack.toString(), driver.failure());
        }
    }
}
