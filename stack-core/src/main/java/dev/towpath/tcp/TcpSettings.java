package dev.towpath.tcp;

import dev.towpath.tcp.congestion.Algorithm;

/**
 * The socket options of one connection; a listener's are the first values of those it accepts. Most connections have the
 * same, so they share one object until one of them wants to differ: {@link #own} before a change, under the stack lock,
 * then {@link Tcb#settingsChanged}.
 */
public final class TcpSettings {
    private static final long SECOND = 1_000_000_000L;

    /** TCP_NODELAY: Nagle's algorithm off. */
    public boolean noDelay;

    /** TCP_CORK: no segment below the MSS, for at most 200 ms. */
    public boolean cork;

    /** TCP_QUICKACK as a connection begins with it. */
    public boolean quickAck = true;

    /** TCP_NOTSENT_LOWAT: bytes not sent yet beyond which no more are taken; 0 for no such limit. */
    public int notSentLowWater;

    /** SO_KEEPALIVE (RFC 9293 section 3.8.4, off by default). */
    public boolean keepAlive;

    /** TCP_KEEPIDLE: idle time before the first keep-alive; at least 2 h by default (MUST-28). */
    public long keepIdleNanos = 7200 * SECOND;

    /** TCP_KEEPINTVL: time between keep-alives. */
    public long keepIntervalNanos = 75 * SECOND;

    /** TCP_KEEPCNT: unanswered keep-alives before the connection is given up. */
    public int keepCount = 9;

    /**
     * TCP_USER_TIMEOUT: how long what was sent may stay unacknowledged, or what was written unsent (RFC 5482, locally);
     * 0 leaves it to R2.
     */
    public long userTimeoutNanos;

    /** TCP_MAXSEG: largest segment to offer and to send, or 0 for what the path allows. */
    public int maxSegment;

    /** TCP_DEFER_ACCEPT: how long a listener keeps a connection back that brings no data, or 0. */
    public long deferAcceptNanos;

    /** SO_SNDBUF: most bytes that wait in the send ring; the first value if {@link #maxSendBuffer} is larger. */
    public int sendBuffer;

    /** What the send buffer may grow to by itself; 0 if it stays as it is, because somebody has set SO_SNDBUF. */
    public int maxSendBuffer;

    /**
     * SO_RCVBUF: most bytes in the receive ring, and so the largest window; the first value if
     * {@link #maxReceiveBuffer} is larger.
     */
    public int receiveBuffer;

    /** What the receive buffer may grow to by itself; 0 if it stays as it is, because somebody has set SO_RCVBUF. */
    public int maxReceiveBuffer;

    /** TCP_CONGESTION: may change at any time, and the window stays. */
    public Algorithm congestion = Algorithm.CUBIC;

    /** What congestion control allows is spread over the round trip. */
    public boolean pacing;

    /** SO_MAX_PACING_RATE: bytes per second at most; {@link Long#MAX_VALUE} for no limit. A limit implies pacing. */
    public long maxPacingRate = Long.MAX_VALUE;

    /** TTL of what it sends; 0 for the default. */
    public int hopLimit;

    /** IP_TOS: the differentiated services field of what it sends (RFC 9293 section 3.9.1.8, MUST-48). */
    public int trafficClass;

    /** Somebody else has them too, or may have. */
    private boolean shared;

    /** Settings with buffers of the given sizes, which stay so. */
    public TcpSettings(int sendBuffer, int receiveBuffer) {
        this.sendBuffer = sendBuffer;
        this.receiveBuffer = receiveBuffer;
    }

    /** SO_SNDBUF: the send buffer has this size from now on. */
    public void fixSendBuffer(int bytes) {
        sendBuffer = bytes;
        maxSendBuffer = 0;
    }

    /** SO_RCVBUF: the receive buffer has this size from now on. */
    public void fixReceiveBuffer(int bytes) {
        receiveBuffer = bytes;
        maxReceiveBuffer = 0;
    }

    boolean paced() {
        return pacing || maxPacingRate < Long.MAX_VALUE;
    }

    /** These, for one more who has them: from now on nobody may change them. */
    public TcpSettings share() {
        shared = true;
        return this;
    }

    /** These, or a copy if they are shared: what whoever wants to change them has to change instead. */
    public TcpSettings own() {
        return shared ? copy() : this;
    }

    private TcpSettings copy() {
        TcpSettings copy = new TcpSettings(sendBuffer, receiveBuffer);
        copy.maxSendBuffer = maxSendBuffer;
        copy.maxReceiveBuffer = maxReceiveBuffer;
        copy.noDelay = noDelay;
        copy.cork = cork;
        copy.quickAck = quickAck;
        copy.notSentLowWater = notSentLowWater;
        copy.keepAlive = keepAlive;
        copy.keepIdleNanos = keepIdleNanos;
        copy.keepIntervalNanos = keepIntervalNanos;
        copy.keepCount = keepCount;
        copy.userTimeoutNanos = userTimeoutNanos;
        copy.maxSegment = maxSegment;
        copy.congestion = congestion;
        copy.deferAcceptNanos = deferAcceptNanos;
        copy.pacing = pacing;
        copy.maxPacingRate = maxPacingRate;
        copy.hopLimit = hopLimit;
        copy.trafficClass = trafficClass;
        return copy;
    }
}
