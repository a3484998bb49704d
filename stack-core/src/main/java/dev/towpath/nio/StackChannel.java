package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.POLLERR;
import static dev.towpath.socket.SocketConstants.POLLHUP;

import dev.towpath.socket.Pollable;
import java.io.IOException;
import java.nio.channels.Channel;

/**
 * What a selector needs of a channel of the stack: every channel that it takes extends
 * {@link java.nio.channels.SelectableChannel} and implements this.
 */
interface StackChannel extends Channel {
    /** What becomes ready. */
    Pollable pollable();

    /** The events of poll (POLLIN, POLLOUT) that {@code interestOps}, at least one operation, wait for. */
    int pollEvents(int interestOps);

    /** The operations that {@code events} make possible in the channel's state, whether anybody is interested or not. */
    int readyOps(int events);

    /**
     * The channel has been closed and is registered with no selector any more: what close has left open for their sake
     * ends now. May be called although close has left nothing.
     */
    void release() throws IOException;

    /**
     * The operations that are ready for one who is interested in {@code interestOps}. As in the JDK an error and the
     * end of both directions make all of them ready: each of them would tell.
     */
    static int readyOps(StackChannel channel, int events, int interestOps) {
        return over(events) ? interestOps : channel.readyOps(events) & interestOps;
    }

    /** There is an error, or both directions have ended. */
    static boolean over(int events) {
        return (events & (POLLERR | POLLHUP)) != 0;
    }
}
