package dev.towpath.tcp;

/**
 * How long the sender was busy, and what held it back meanwhile, as Linux's {@code tcp_chrono} has it. A connection is
 * at each moment in one of these, and its time is added up.
 */
final class SendLimits {
    /** What holds a sender back. */
    enum Limit {
        /** It has nothing to send, and nothing is in flight. */
        IDLE,
        /** It sends as fast as congestion control and the application will have it. */
        BUSY,
        /** The peer's window. */
        RECEIVE_WINDOW,
        /** All that the send buffer holds is in flight, and the application wants to write more. */
        SEND_BUFFER
    }

    /** Of connections that have always been idle. */
    static final SendLimits NONE = new SendLimits();

    private Limit limit = Limit.IDLE;
    private long since;
    private long busy;
    private long receiveWindow;
    private long sendBuffer;

    /** From now on {@code next} is what holds {@code t} back. */
    static void enter(Tcb t, Limit next, long now) {
        if (next != Limit.IDLE && t.limits == NONE) {
            t.limits = new SendLimits();
        }
        t.limits.enter(next, now);
    }

    private void enter(Limit next, long now) {
        if (next == limit) {
            return;
        }
        busy = busyNanos(now);
        receiveWindow = receiveWindowNanos(now);
        sendBuffer = sendBufferNanos(now);
        limit = next;
        since = now;
    }

    /** Time in any state but {@link Limit#IDLE}. */
    long busyNanos(long now) {
        return limit == Limit.IDLE ? busy : busy + now - since;
    }

    long receiveWindowNanos(long now) {
        return receiveWindow + (limit == Limit.RECEIVE_WINDOW ? now - since : 0);
    }

    long sendBufferNanos(long now) {
        return sendBuffer + (limit == Limit.SEND_BUFFER ? now - since : 0);
    }
}
