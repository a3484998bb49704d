package dev.towpath.config;

/**
 * What all connections of a stack have in common.
 *
 * @param initialRtoNanos before the first RTT sample (RFC 6298 section 2.1)
 * @param minRtoNanos what a time-out exceeds the smoothed round-trip time by at least; deviates from RFC 6298 section
 *     2.4 (1 s in all) as Linux does: 200 ms
 * @param maxRtoNanos RFC 6298 section 2.5
 * @param delayedAckNanos at most 500 ms (RFC 9293 section 3.8.6.3, MUST-40)
 * @param mslNanos maximum segment lifetime; TIME-WAIT lasts two of them
 * @param synR2Nanos how long an unanswered SYN is resent (MUST-23: at least 3 min)
 * @param dataR2Nanos how long unacknowledged data is resent (SHLD-11: at least 100 s)
 * @param finWait2Nanos how long FIN-WAIT-2 waits for the peer's FIN once the application has closed
 * @param sendBuffer default SO_SNDBUF in bytes
 * @param receiveBuffer default SO_RCVBUF in bytes
 * @param maxTimeWait connections in TIME-WAIT at most; the oldest goes first
 * @param challengeAcksPerSecond RFC 5961 section 7, for each connection
 */
public record TcpConfig(
        long initialRtoNanos,
        long minRtoNanos,
        long maxRtoNanos,
        long delayedAckNanos,
        long mslNanos,
        long synR2Nanos,
        long dataR2Nanos,
        long finWait2Nanos,
        int sendBuffer,
        int receiveBuffer,
        int maxTimeWait,
        int challengeAcksPerSecond) {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000 * MILLIS;

    /** What a stack has unless it is told otherwise. */
    public static final TcpConfig DEFAULT = new TcpConfig(
            SECONDS,
            200 * MILLIS,
            120 * SECONDS,
            40 * MILLIS,
            30 * SECONDS,
            180 * SECONDS,
            900 * SECONDS,
            60 * SECONDS,
            1 << 20,
            1 << 20,
            65_536,
            10);
}
