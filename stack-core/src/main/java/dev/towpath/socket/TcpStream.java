package dev.towpath.socket;

import static dev.towpath.socket.SocketConstants.MSG_DONTWAIT;
import static dev.towpath.socket.SocketConstants.MSG_MORE;
import static dev.towpath.socket.SocketConstants.MSG_PEEK;
import static dev.towpath.socket.SocketConstants.MSG_TRUNC;
import static dev.towpath.socket.SocketConstants.MSG_WAITALL;
import static dev.towpath.socket.SocketConstants.POLLIN;
import static dev.towpath.socket.SocketConstants.POLLOUT;

import dev.towpath.ip.TransportError;
import dev.towpath.stack.NetworkStack;
import dev.towpath.tcp.Tcb;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TcpSocket} does with its connection once it has one: bytes out, bytes in. {@code send} and {@code recv}
 * are the Berkeley calls; {@code trySend} and {@code tryRecv} wait as long as they are told, and that they would have to
 * wait longer is a return value, not an exception.
 */
abstract sealed class TcpStream extends InetSocket permits TcpSocket {
    @Nullable
    Tcb tcb;
    /** The connection's failure has been reported: from now on it is an end of stream. */
    boolean failureTaken;
    /** The end of stream has been reported: a reset that comes later is news for the sender only. */
    boolean endSeen;

    TcpStream(NetworkStack stack) {
        super(stack);
    }

    @Override
    public int send(ByteBuffer data, int flags) throws ErrnoException {
        enter("send");
        try {
            int sent = put(data, has(flags, MSG_MORE), patience(flags, sendTimeoutNanos));
            return transferred("send", sent);
        } finally {
            driver.leave();
        }
    }

    /**
     * Sends what remains in {@code data}; its position advances by what was taken.
     *
     * @param waitNanos how long to wait for room: 0 not at all, a negative time for ever
     * @return bytes taken, all if it waits for ever; {@link #WOULD_BLOCK} if none could be taken in time
     */
    public int trySend(ByteBuffer data, long waitNanos) throws ErrnoException {
        enter("send");
        try {
            return put(data, false, waitNanos);
        } finally {
            driver.leave();
        }
    }

    /** {@link #trySend(ByteBuffer, long)} of {@code length} buffers from {@code offset} on, as one stretch of the stream. */
    public long trySend(ByteBuffer[] data, int offset, int length, long waitNanos) throws ErrnoException {
        enter("send");
        try {
            Tcb t = connection("send");
            long deadline = deadlineIn(waitNanos);
            int next = offset;
            long sent = 0;
            while (true) {
                if (!t.handshaking()) {
                    if (!mayStillSend(t, sent > 0)) {
                        return sent;
                    }
                    for (; next < offset + length; next++) {
                        sent += t.send(data[next], false);
                        if (data[next].hasRemaining()) {
                            break;
                        }
                    }
                    if (next == offset + length) {
                        return sent;
                    }
                }
                if (!awaitOr("send", POLLOUT, deadline, sent > 0)) {
                    return sent > 0 ? sent : WOULD_BLOCK;
                }
            }
        } finally {
            driver.leave();
        }
    }

    private int put(ByteBuffer data, boolean moreFollows, long waitNanos) throws ErrnoException {
        Tcb t = connection("send");
        long deadline = deadlineIn(waitNanos);
        int begin = data.position();
        while (true) {
            if (!t.handshaking()) {
                if (!mayStillSend(t, data.position() > begin)) {
                    return data.position() - begin;
                }
                int ignored = t.send(data, moreFollows);
                if (!data.hasRemaining()) {
                    return data.position() - begin;
                }
            }
            boolean some = data.position() > begin;
            if (!awaitOr("send", POLLOUT, deadline, some)) {
                return some ? data.position() - begin : WOULD_BLOCK;
            }
        }
    }

    /**
     * True if sending makes sense. If not: false if some was taken already, so that the failure keeps for the next
     * call.
     */
    private boolean mayStillSend(Tcb t, boolean some) throws ErrnoException {
        boolean fails = (t.failure() != null && !failureTaken) || t.outputEnded();
        if (!fails) {
            return true;
        }
        if (some) {
            return false;
        }
        TransportError failure = takeFailure(t);
        // As in Linux: one who has said goodbye, and then resets, has not broken his word.
        boolean afterFin = failure == TransportError.CONNECTION_RESET && t.peerFinished();
        throw new ErrnoException(failure == null || afterFin ? Errno.EPIPE : Errno.of(failure), "send", peerText());
    }

    @Override
    public int recv(ByteBuffer into, int flags) throws ErrnoException {
        if (into.isReadOnly()) {
            throw new ErrnoException(Errno.EFAULT, "recv", "the buffer is read-only");
        }
        enter("recv");
        try {
            int received = get(into, flags, patience(flags, receiveTimeoutNanos));
            return received == END_OF_STREAM ? 0 : transferred("recv", received);
        } finally {
            driver.leave();
        }
    }

    /**
     * Receives what there is, as much as fits into {@code into}; its position advances by what was copied.
     *
     * @param waitNanos how long to wait for the first byte: 0 not at all, a negative time for ever
     * @return bytes received, {@link #END_OF_STREAM}, or {@link #WOULD_BLOCK} if none came in time
     */
    public int tryRecv(ByteBuffer into, long waitNanos) throws ErrnoException {
        enter("recv");
        try {
            return get(into, 0, waitNanos);
        } finally {
            driver.leave();
        }
    }

    /** {@link #tryRecv(ByteBuffer, long)} into {@code length} buffers from {@code offset} on, one after the other. */
    public long tryRecv(ByteBuffer[] into, int offset, int length, long waitNanos) throws ErrnoException {
        enter("recv");
        try {
            Tcb t = connection("recv");
            long deadline = deadlineIn(waitNanos);
            while (true) {
                long received = 0;
                boolean full = true;
                for (int i = offset; full && i < offset + length; i++) {
                    received += t.receive(into[i], false);
                    full = !into[i].hasRemaining();
                }
                if (received > 0 || full) {
                    return received;
                }
                if (ended(t, false)) {
                    return END_OF_STREAM;
                }
                if (!await("recv", POLLIN, deadline)) {
                    return WOULD_BLOCK;
                }
            }
        } finally {
            driver.leave();
        }
    }

    /** Bytes that can be received without waiting (FIONREAD). */
    public int available() throws ErrnoException {
        enter("ioctl");
        try {
            return connection("ioctl").available();
        } finally {
            driver.leave();
        }
    }

    private int get(ByteBuffer into, int flags, long waitNanos) throws ErrnoException {
        Tcb t = connection("recv");
        long deadline = deadlineIn(waitNanos);
        boolean peek = has(flags, MSG_PEEK);
        boolean all = has(flags, MSG_WAITALL) && !peek;
        int begin = into.position();
        while (true) {
            take(t, into, peek, has(flags, MSG_TRUNC));
            int received = into.position() - begin;
            if (!into.hasRemaining() || (received > 0 && !all)) {
                return received;
            }
            if (ended(t, received > 0)) {
                return received > 0 ? received : END_OF_STREAM;
            }
            if (!awaitOr("recv", POLLIN, deadline, received > 0)) {
                return received > 0 ? received : WOULD_BLOCK;
            }
        }
    }

    /** As in Linux, {@code discard} throws away what would have been copied. */
    private static void take(Tcb t, ByteBuffer into, boolean peek, boolean discard) {
        if (discard && !peek) {
            into.position(into.position() + t.discard(into.remaining()));
        } else {
            int ignored = t.receive(into, peek);
        }
    }

    /**
     * Nothing is queued: will nothing come any more? Throws the failure, once, unless {@code some} was received before
     * it.
     */
    private boolean ended(Tcb t, boolean some) throws ErrnoException {
        if (t.failure() != null && !failureTaken && !endSeen) {
            if (some) {
                return true;
            }
            TransportError failure = takeFailure(t);
            throw new ErrnoException(Errno.of(failure == null ? TransportError.CONNECTION_ABORTED : failure), "recv");
        }
        boolean ended = t.inputEnded();
        if (ended && !t.wasEstablished()) {
            throw new ErrnoException(Errno.ENOTCONN, "recv");
        }
        endSeen |= ended && !some;
        return ended;
    }

    /** How long a Berkeley call waits: not at all, as long as the socket's time-out says (0 for ever), or for ever. */
    final long patience(int flags, long timeoutNanos) {
        if (nonBlocking || has(flags, MSG_DONTWAIT)) {
            return 0;
        }
        return timeoutNanos == 0 ? -1 : timeoutNanos;
    }

    private static int transferred(String call, int count) throws ErrnoException {
        if (count == WOULD_BLOCK) {
            throw new ErrnoException(Errno.EAGAIN, call);
        }
        return count;
    }

    final Tcb connection(String call) throws ErrnoException {
        Tcb t = tcb;
        if (t == null) {
            throw new ErrnoException(Errno.ENOTCONN, call, peerText());
        }
        return t;
    }

    /** Whom the socket is connected to, or why it is not, for messages. */
    abstract String peerText();

    final @Nullable TransportError takeFailure(Tcb t) {
        TransportError failure = failureTaken ? null : t.failure();
        failureTaken |= failure != null;
        return failure;
    }
}
