package dev.towpath.tcp;

/** The states of a connection (RFC 9293 section 3.3.2), in the order a connection lives through them. */
public enum State {
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT;

    /** Both ends know each other's initial sequence numbers. */
    public boolean synchronised() {
        return ordinal() >= ESTABLISHED.ordinal();
    }
}
