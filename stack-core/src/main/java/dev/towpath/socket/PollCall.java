package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;
import static dev.towpath.socket.SocketConstants.POLLNVAL;

import dev.towpath.stack.Driver;
import dev.towpath.stack.NetworkStack;
import dev.towpath.stack.WaitPoint;
import org.jspecify.annotations.Nullable;

/** One {@link BerkeleySockets#poll}: looks at every descriptor, and if none is ready watches them all until one is. */
final class PollCall {
    private final PollFd[] fds;
    private final @Nullable InetSocket[] sockets;
    private final Driver driver;
    private final NetworkStack stack;

    /** {@code sockets} are those behind {@code fds}, null where there is none. */
    PollCall(NetworkStack stack, PollFd[] fds, @Nullable InetSocket[] sockets) {
        this.stack = stack;
        this.driver = stack.driver();
        this.fds = fds;
        this.sockets = sockets;
    }

    int run(int timeoutMillis) throws ErrnoException {
        driver.enter();
        try {
            refuse();
            int ready = look();
            return ready > 0 || timeoutMillis == 0 ? ready : watch(timeoutMillis);
        } finally {
            driver.leave();
        }
    }

    private int look() {
        int count = 0;
        for (int i = 0; i < fds.length; i++) {
            fds[i].revents = (short) ready(fds[i], sockets[i]);
            if (fds[i].revents != 0) {
                count++;
            }
        }
        return count;
    }

    private static int ready(PollFd fd, @Nullable InetSocket socket) {
        if (fd.fd < 0) {
            return 0;
        }
        if (socket == null || socket.closed()) {
            return POLLNVAL;
        }
        return socket.ready() & (fd.events | POLLERR | POLLHUP);
    }

    private int watch(int timeoutMillis) throws ErrnoException {
        long deadline = timeoutMillis < 0 ? Driver.NEVER : driver.nowNanos() + timeoutMillis * 1_000_000L;
        WaitPoint something = driver.newWaitPoint();
        Pollable.Watch[] watches = new Pollable.Watch[fds.length];
        for (int i = 0; i < fds.length; i++) {
            watches[i] = new Watching(something);
            watches[i].events = fds[i].events;
            InetSocket socket = sockets[i];
            if (socket != null) {
                socket.watch(watches[i]);
            }
        }
        try {
            int ready = 0;
            while (ready == 0 && driver.nowNanos() < deadline) {
                if (!driver.await(something, deadline)) {
                    throw new ErrnoException(Errno.EINTR, "poll");
                }
                refuse();
                ready = look();
            }
            return ready;
        } finally {
            for (int i = 0; i < fds.length; i++) {
                InetSocket socket = sockets[i];
                if (socket != null) {
                    socket.unwatch(watches[i]);
                }
            }
        }
    }

    private void refuse() throws ErrnoException {
        if (!driver.running()) {
            throw new ErrnoException(Errno.ENETDOWN, "poll", stack.toString(), driver.failure());
        }
    }

    static final class Watching extends Pollable.Watch {
        private final WaitPoint something;

        Watching(WaitPoint something) {
            this.something = something;
        }

        @Override
        void ready() {
            something.signal();
        }

        @Override
        void sourceClosed() {
            something.signal();
        }
    }
}
