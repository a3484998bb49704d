package dev.towpath.config;

/**
 * What all connections of a stack have in common.
 *
 * @param initialRtoNanos before the first RTT sample (RFC 6298 section 2.1)
 * @param minRtoNanos what a time-out exceeds the smoothed round-trip time by at least; deviates from RFC 6298 section 2.4 (1 s in all) as Linux does: 200 ms
 * @param maxRtoNanos RFC 6298 section 2.5
 * @param delayedAckNanos at most 500 ms (RFC 9293 section 3.8.6.3, MUST-40)
 * @param mslNanos maximum segment lifetime; TIME-WAIT lasts two of them
 * @param synR2Nanos how long an unanswered SYN is resent (MUST-23: at least 3 min)
 * @param dataR2Nanos how long unacknowledged data is resent (SHLD-11: at least 100 s)
 * @param userTimeoutNanos TCP_USER_TIMEOUT of a new socket (RFC 5482), or 0 for none
 * @param ecn explicit congestion notification (RFC 3168)
 * @param finWait2Nanos how long FIN-WAIT-2 waits for the peer's FIN once the application has closed
 * @param orphanR2Nanos how long a connection that the application has closed resends, or probes a window that stays closed (SHLD-11: at least 100 s)
 * @param sendBuffer SO_SNDBUF of a new socket, in bytes
 * @param maxSendBuffer what it grows to by itself on a long fat path, unless the application sets SO_SNDBUF
 * @param receiveBuffer SO_RCVBUF of a new socket, in bytes
 * @param maxReceiveBuffer what it grows to by itself on a long fat path, unless the application sets SO_RCVBUF
 * @param maxTimeWait connections in TIME-WAIT at most; the oldest goes first
 * @param maxOrphans connections at most that the application has closed and the peer has not; one more is reset
 * @param synCookies answer SYNs by cookies while the SYN queue is full (RFC 4987 section 3.6)
 * @param challengeAcksPerSecond RFC 5961 section 7, for each connection
 * @param congestionControl TCP_CONGESTION of a new socket: "cubic" (RFC 9438) or "reno" (RFC 5681)
 * @param pathMtuRaiseNanos how long after a path has proved narrow larger segments are tried again (RFC 1191 section 6.3)
 * @param mtuProbing segments get smaller when large ones vanish without a word, and are tried larger again one at a time (RFC 4821)
 * @param pacing segments are spread over the round trip instead of leaving in bursts; a socket that sets SO_MAX_PACING_RATE is paced in any case
 */
public record TcpConfig(
        long initialRtoNanos,
        long minRtoNanos,
        long maxRtoNanos,
        long delayedAckNanos,
        long mslNanos,
        long synR2Nanos,
        long dataR2Nanos,
        long userTimeoutNanos,
        EcnMode ecn,
        long finWait2Nanos,
        long orphanR2Nanos,
        int sendBuffer,
        int maxSendBuffer,
        int receiveBuffer,
        int maxReceiveBuffer,
        int maxTimeWait,
        int maxOrphans,
        boolean synCookies,
        int challengeAcksPerSecond,
        String congestionControl,
        long pathMtuRaiseNanos,
        boolean mtuProbing,
        boolean pacing) {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000 * MILLIS;

    /** What a stack has unless it is told otherwise. */
    public static final TcpConfig DEFAULT = new Builder().build();

    /** The defaults, to be changed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what is to differ from {@link #DEFAULT}; each method is named after what it sets. */
    public static final class Builder {
        private long initialRtoNanos = SECONDS;
        private long minRtoNanos = 200 * MILLIS;
        private long maxRtoNanos = 120 * SECONDS;
        private long delayedAckNanos = 40 * MILLIS;
        private long mslNanos = 30 * SECONDS;
        private long synR2Nanos = 180 * SECONDS;
        private long dataR2Nanos = 900 * SECONDS;
        private long userTimeoutNanos;
        private EcnMode ecn = EcnMode.PASSIVE;
        private long finWait2Nanos = 60 * SECONDS;
        private long orphanR2Nanos = 100 * SECONDS;
        private int sendBuffer = 1 << 20;
        private int maxSendBuffer = 16 << 20;
        private int receiveBuffer = 1 << 20;
        private int maxReceiveBuffer = 16 << 20;
        private int maxTimeWait = 65_536;
        private int maxOrphans = 65_536;
        private boolean synCookies = true;
        private int challengeAcksPerSecond = 10;
        private String congestionControl = "cubic";
        private long pathMtuRaiseNanos = 600 * SECONDS;
        private boolean mtuProbing = true;
        private boolean pacing;

        private Builder() {}

        /** Sets {@link TcpConfig#initialRtoNanos}. */
        public Builder initialRtoNanos(long value) {
            initialRtoNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#minRtoNanos}. */
        public Builder minRtoNanos(long value) {
            minRtoNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#maxRtoNanos}. */
        public Builder maxRtoNanos(long value) {
            maxRtoNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#delayedAckNanos}. */
        public Builder delayedAckNanos(long value) {
            delayedAckNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#mslNanos}. */
        public Builder mslNanos(long value) {
            mslNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#synR2Nanos}. */
        public Builder synR2Nanos(long value) {
            synR2Nanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#dataR2Nanos}. */
        public Builder dataR2Nanos(long value) {
            dataR2Nanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#userTimeoutNanos}. */
        public Builder userTimeoutNanos(long value) {
            userTimeoutNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#ecn}. */
        public Builder ecn(EcnMode value) {
            ecn = value;
            return this;
        }

        /** Sets {@link TcpConfig#finWait2Nanos}. */
        public Builder finWait2Nanos(long value) {
            finWait2Nanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#orphanR2Nanos}. */
        public Builder orphanR2Nanos(long value) {
            orphanR2Nanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#sendBuffer}. */
        public Builder sendBuffer(int value) {
            sendBuffer = value;
            return this;
        }

        /** Sets {@link TcpConfig#maxSendBuffer}. */
        public Builder maxSendBuffer(int value) {
            maxSendBuffer = value;
            return this;
        }

        /** Sets {@link TcpConfig#receiveBuffer}. */
        public Builder receiveBuffer(int value) {
            receiveBuffer = value;
            return this;
        }

        /** Sets {@link TcpConfig#maxReceiveBuffer}. */
        public Builder maxReceiveBuffer(int value) {
            maxReceiveBuffer = value;
            return this;
        }

        /** Sets {@link TcpConfig#maxTimeWait}. */
        public Builder maxTimeWait(int value) {
            maxTimeWait = value;
            return this;
        }

        /** Sets {@link TcpConfig#maxOrphans}. */
        public Builder maxOrphans(int value) {
            maxOrphans = value;
            return this;
        }

        /** Sets {@link TcpConfig#synCookies}. */
        public Builder synCookies(boolean value) {
            synCookies = value;
            return this;
        }

        /** Sets {@link TcpConfig#challengeAcksPerSecond}. */
        public Builder challengeAcksPerSecond(int value) {
            challengeAcksPerSecond = value;
            return this;
        }

        /** Sets {@link TcpConfig#congestionControl}. */
        public Builder congestionControl(String value) {
            congestionControl = value;
            return this;
        }

        /** Sets {@link TcpConfig#pathMtuRaiseNanos}. */
        public Builder pathMtuRaiseNanos(long value) {
            pathMtuRaiseNanos = value;
            return this;
        }

        /** Sets {@link TcpConfig#mtuProbing}. */
        public Builder mtuProbing(boolean value) {
            mtuProbing = value;
            return this;
        }

        /** Sets {@link TcpConfig#pacing}. */
        public Builder pacing(boolean value) {
            pacing = value;
            return this;
        }

        /** The configuration. */
        public TcpConfig build() {
            return new TcpConfig(
                    initialRtoNanos,
                    minRtoNanos,
                    maxRtoNanos,
                    delayedAckNanos,
                    mslNanos,
                    synR2Nanos,
                    dataR2Nanos,
                    userTimeoutNanos,
                    ecn,
                    finWait2Nanos,
                    orphanR2Nanos,
                    sendBuffer,
                    maxSendBuffer,
                    receiveBuffer,
                    maxReceiveBuffer,
                    maxTimeWait,
                    maxOrphans,
                    synCookies,
                    challengeAcksPerSecond,
                    congestionControl,
                    pathMtuRaiseNanos,
                    mtuProbing,
                    pacing);
        }
    }
}
