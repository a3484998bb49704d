package dev.towpath.config;

/** Whether a stack uses explicit congestion notification on TCP connections (RFC 3168); as Linux's {@code tcp_ecn}. */
public enum EcnMode {
    /** Neither asks for it nor agrees to it. */
    OFF,
    /** Agrees if the peer asks. */
    PASSIVE,
    /** Asks, and agrees. */
    ON
}
