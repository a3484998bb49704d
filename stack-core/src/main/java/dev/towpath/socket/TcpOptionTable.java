package dev.towpath.socket;

import static dev.towpath.socket.OptionTable.bufferSize;
import static dev.towpath.socket.OptionTable.within;
import static dev.towpath.socket.SockOpt.IP_TOS;
import static dev.towpath.socket.SockOpt.IP_TTL;
import static dev.towpath.socket.SockOpt.SO_ACCEPTCONN;
import static dev.towpath.socket.SockOpt.SO_ERROR;
import static dev.towpath.socket.SockOpt.SO_KEEPALIVE;
import static dev.towpath.socket.SockOpt.SO_LINGER;
import static dev.towpath.socket.SockOpt.SO_MAX_PACING_RATE;
import static dev.towpath.socket.SockOpt.SO_RCVBUF;
import static dev.towpath.socket.SockOpt.SO_SNDBUF;
import static dev.towpath.socket.SockOpt.SO_TYPE;
import static dev.towpath.socket.SockOpt.TCP_CONGESTION;
import static dev.towpath.socket.SockOpt.TCP_CORK;
import static dev.towpath.socket.SockOpt.TCP_DEFER_ACCEPT;
import static dev.towpath.socket.SockOpt.TCP_INFO;
import static dev.towpath.socket.SockOpt.TCP_KEEPCNT;
import static dev.towpath.socket.SockOpt.TCP_KEEPIDLE;
import static dev.towpath.socket.SockOpt.TCP_KEEPINTVL;
import static dev.towpath.socket.SockOpt.TCP_MAXSEG;
import static dev.towpath.socket.SockOpt.TCP_NODELAY;
import static dev.towpath.socket.SockOpt.TCP_NOTSENT_LOWAT;
import static dev.towpath.socket.SockOpt.TCP_QUICKACK;
import static dev.towpath.socket.SockOpt.TCP_USER_TIMEOUT;

import dev.towpath.tcp.congestion.Algorithm;

/** The options of a stream socket. */
final class TcpOptionTable {
    /** What packets carry unless IP_TTL says otherwise. */
    static final int DEFAULT_TTL = 64;

    private static final long MILLI_NANOS = 1_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** The limits that Linux has. */
    private static final int MOST_KEEPALIVE_SECONDS = 32_767;

    private static final int MOST_KEEPALIVE_PROBES = 127;
    /** The two bits of IP_TOS that are TCP's own (RFC 3168 section 5). */
    private static final int ECN_BITS = 3;

    private static final int LEAST_SEGMENT = 88;
    private static final int MOST_SEGMENT = 32_767;

    private TcpOptionTable() {}

    static OptionTable<TcpSocket> make() {
        OptionTable<TcpSocket> table = new OptionTable<TcpSocket>()
                .with(SO_TYPE, s -> SocketConstants.SOCK_STREAM)
                .with(SO_ERROR, TcpSocket::takeError)
                .with(SO_ACCEPTCONN, TcpSocket::listens)
                .with(TCP_INFO, TcpSocket::info)
                .with(SO_LINGER, s -> s.linger, (s, linger) -> s.linger = linger)
                .with(
                        SO_RCVBUF,
                        TcpSocket::receiveBuffer,
                        (s, bytes) -> s.ownSettings().fixReceiveBuffer(bufferSize(SO_RCVBUF, bytes)))
                .with(
                        SO_SNDBUF,
                        TcpSocket::sendBuffer,
                        (s, bytes) -> s.ownSettings().fixSendBuffer(bufferSize(SO_SNDBUF, bytes)))
                .with(
                        TCP_MAXSEG,
                        TcpSocket::maxSegment,
                        (s, bytes) ->
                                s.ownSettings().maxSegment = within(TCP_MAXSEG, bytes, LEAST_SEGMENT, MOST_SEGMENT))
                .with(
                        SO_MAX_PACING_RATE,
                        s -> s.settings().maxPacingRate,
                        (s, rate) -> s.ownSettings().maxPacingRate = pacingRate(rate))
                .with(
                        TCP_CONGESTION,
                        s -> s.settings().congestion.linuxName(),
                        (s, name) -> s.ownSettings().congestion = algorithm(name))
                .with(
                        IP_TTL,
                        s -> s.settings().hopLimit == 0 ? DEFAULT_TTL : s.settings().hopLimit,
                        (s, ttl) -> s.ownSettings().hopLimit = within(IP_TTL, ttl, 1, 255))
                .with(
                        IP_TOS,
                        s -> s.settings().trafficClass,
                        (s, tos) -> s.ownSettings().trafficClass = within(IP_TOS, tos, 0, 255) & ~ECN_BITS)
                .with(
                        TCP_DEFER_ACCEPT,
                        s -> (int) (s.settings().deferAcceptNanos / SECOND_NANOS),
                        (s, seconds) -> s.ownSettings().deferAcceptNanos = Math.max(0, seconds) * SECOND_NANOS);
        return patience(smallSegments(table));
    }

    private static OptionTable<TcpSocket> smallSegments(OptionTable<TcpSocket> table) {
        return table.with(TCP_NODELAY, s -> s.settings().noDelay, TcpSocket::noDelay)
                .with(TCP_CORK, s -> s.settings().cork, (s, on) -> s.ownSettings().cork = on)
                .with(TCP_QUICKACK, TcpSocket::quickAck, TcpSocket::quickAck)
                .with(
                        TCP_NOTSENT_LOWAT,
                        s -> s.settings().notSentLowWater,
                        (s, bytes) -> s.ownSettings().notSentLowWater =
                                within(TCP_NOTSENT_LOWAT, bytes, 0, Integer.MAX_VALUE));
    }

    private static long pacingRate(long rate) throws ErrnoException {
        if (rate <= 0) {
            throw new ErrnoException(Errno.EINVAL, "setsockopt", SO_MAX_PACING_RATE + " is positive, not " + rate);
        }
        return rate;
    }

    private static Algorithm algorithm(String name) throws ErrnoException {
        Algorithm algorithm = Algorithm.named(name);
        if (algorithm == null) {
            throw new ErrnoException(
                    Errno.ENOENT, "setsockopt", TCP_CONGESTION + " is one of " + Algorithm.names() + ", not " + name);
        }
        return algorithm;
    }

    private static OptionTable<TcpSocket> patience(OptionTable<TcpSocket> table) {
        return table.with(
                        TCP_USER_TIMEOUT,
                        s -> (int) (s.settings().userTimeoutNanos / MILLI_NANOS),
                        (s, millis) -> s.ownSettings().userTimeoutNanos =
                                within(TCP_USER_TIMEOUT, millis, 0, Integer.MAX_VALUE) * MILLI_NANOS)
                .with(SO_KEEPALIVE, s -> s.settings().keepAlive, (s, on) -> s.ownSettings().keepAlive = on)
                .with(
                        TCP_KEEPIDLE,
                        s -> (int) (s.settings().keepIdleNanos / SECOND_NANOS),
                        (s, seconds) -> s.ownSettings().keepIdleNanos =
                                within(TCP_KEEPIDLE, seconds, 1, MOST_KEEPALIVE_SECONDS) * SECOND_NANOS)
                .with(
                        TCP_KEEPINTVL,
                        s -> (int) (s.settings().keepIntervalNanos / SECOND_NANOS),
                        (s, seconds) -> s.ownSettings().keepIntervalNanos =
                                within(TCP_KEEPINTVL, seconds, 1, MOST_KEEPALIVE_SECONDS) * SECOND_NANOS)
                .with(
                        TCP_KEEPCNT,
                        s -> s.settings().keepCount,
                        (s, probes) ->
                                s.ownSettings().keepCount = within(TCP_KEEPCNT, probes, 1, MOST_KEEPALIVE_PROBES));
    }
}
