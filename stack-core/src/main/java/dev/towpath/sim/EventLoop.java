package dev.towpath.sim;

import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.InetSocket;
import dev.towpath.socket.Poller;
import dev.towpath.stack.Participant;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Calls a host's applications when their sockets are ready: one Poller, and a participant that runs it. */
final class EventLoop implements Participant {
    /** What is attached to each socket that is watched. */
    interface Handler {
        /** The socket is ready for some of what is watched, or has failed. */
        void ready(int events) throws ErrnoException;
    }

    private final Poller poller;
    private final Runnable changed;
    private boolean somethingReady;
    private boolean dispatching;

    EventLoop(Host host) throws ErrnoException {
        this.poller = Poller.open(host.stack());
        this.changed = host.net.simulation().add(this);
        poller.onReady(() -> {
            somethingReady = true;
            changed.run();
        });
    }

    void watch(InetSocket socket, int events, Handler handler) throws ErrnoException {
        poller.add(socket, events, handler);
    }

    void watchFor(InetSocket socket, int events) throws ErrnoException {
        poller.modify(socket, events);
    }

    /** A handler that blocks runs the network, but not this host's other handlers. */
    @Override
    public long nextEventNanos() {
        return somethingReady && !dispatching ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public void act(long nowNanos) {
        somethingReady = false;
        dispatching = true;
        try {
            int handled = poller.poll(EventLoop::dispatch, 0);
            somethingReady |= handled > 0; // there may be more than one poll reports
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        } finally {
            dispatching = false;
            changed.run();
        }
    }

    private static void dispatch(InetSocket socket, int events, @Nullable Object handler) {
        try {
            if (handler instanceof Handler known) {
                known.ready(events);
            }
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }
}
