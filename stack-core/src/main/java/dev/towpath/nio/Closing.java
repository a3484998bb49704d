package dev.towpath.nio;

import static dev.towpath.socket.SocketConstants.SHUT_WR;

import dev.towpath.jdk.Exceptions;
import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.socket.Linger;
import dev.towpath.socket.SockOpt;
import dev.towpath.socket.TcpSocket;
import java.io.IOException;

/** How channels close their sockets: at once, or in two steps where selectors still know the channel. */
final class Closing {
    private Closing() {}

    /**
     * Says farewell to the peer and leaves the socket open.
     *
     * @return false if there is nothing to be said, so that it is better closed at once
     */
    static boolean begin(TcpSocket socket) {
        try {
            if (socket.option(SockOpt.SO_LINGER).equals(Linger.RESET)) {
                return false;
            }
            socket.option(SockOpt.SO_LINGER, Linger.OFF); // the thread that selects must not linger
            socket.shutdown(SHUT_WR);
            return true;
        } catch (ErrnoException overAlready) {
            return false;
        }
    }

    /**
     * Whether a call that may have blocked has to {@code begin()} once more before it ends, which closes the channel:
     * {@link Thread#interrupt} of JDK 25 wakes the thread first and closes its channel afterwards, and finds none when
     * the call has ended by then.
     */
    static boolean byInterrupt() {
        return Thread.currentThread().isInterrupted();
    }

    /** Closes it for good. */
    static void close(TcpSocket socket) throws IOException {
        try {
            socket.close();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EINTR) { // it is closed all the same, and has not waited as long as SO_LINGER says
                throw Exceptions.channel(e);
            }
        }
    }
}
