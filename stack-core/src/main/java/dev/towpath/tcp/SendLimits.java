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

    private Limit limit = Limit.IDLE;
    private long since;
    private long busy;
    private long receiveWindow;
    private long sendBuffer;

    /** From now on {@code next} is what holds it back. */
    void enter(Limit next, long now) {
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
