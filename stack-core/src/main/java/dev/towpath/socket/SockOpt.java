package dev.towpath.socket;

import dev.towpath.info.TcpInfo;
import java.time.Duration;
import java.util.Optional;

/**
 * The socket options, by their Berkeley names. Each knows its level (SOL_SOCKET, IPPROTO_TCP, IPPROTO_UDP or
 * IPPROTO_IP) and the type of its value, so that neither can be mistaken; made for {@code import static}.
 *
 * @param <T> type of the option's value
 */
public final class SockOpt<T> {
    /** Bind although connections in TIME-WAIT, or a more or less specific address, hold the port. */
    public static final SockOpt<Boolean> SO_REUSEADDR = socket("SO_REUSEADDR", Boolean.class);

    /** Several sockets on one port, all with this option; what arrives is spread over them. */
    public static final SockOpt<Boolean> SO_REUSEPORT = socket("SO_REUSEPORT", Boolean.class);

    /** Probe an idle connection (RFC 9293 section 3.8.4); see TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT. */
    public static final SockOpt<Boolean> SO_KEEPALIVE = socket("SO_KEEPALIVE", Boolean.class);

    /** What close does with data that is not acknowledged yet. */
    public static final SockOpt<Linger> SO_LINGER = socket("SO_LINGER", Linger.class);

    /** Most bytes that wait to be received. A stream's buffer grows by itself until this is set. */
    public static final SockOpt<Integer> SO_RCVBUF = socket("SO_RCVBUF", Integer.class);

    /** Most bytes that wait to be acknowledged. A stream's buffer grows by itself until this is set. */
    public static final SockOpt<Integer> SO_SNDBUF = socket("SO_SNDBUF", Integer.class);

    /** How long receiving and accepting wait; {@link Duration#ZERO} for ever. */
    public static final SockOpt<Duration> SO_RCVTIMEO = socket("SO_RCVTIMEO", Duration.class);

    /** How long sending and connecting wait; {@link Duration#ZERO} for ever. */
    public static final SockOpt<Duration> SO_SNDTIMEO = socket("SO_SNDTIMEO", Duration.class);

    /** May send datagrams to broadcast addresses. */
    public static final SockOpt<Boolean> SO_BROADCAST = socket("SO_BROADCAST", Boolean.class);

    /**
     * Bytes per second at most, {@link Long#MAX_VALUE} for no limit. With a limit, segments leave one after the other
     * instead of in bursts.
     */
    public static final SockOpt<Long> SO_MAX_PACING_RATE = socket("SO_MAX_PACING_RATE", Long.class);

    /** The pending error, cleared by reading it; read-only. Empty is C's 0. */
    public static final SockOpt<Optional<Errno>> SO_ERROR = socket("SO_ERROR", optionalErrno());

    /** SOCK_STREAM or SOCK_DGRAM; read-only. */
    public static final SockOpt<Integer> SO_TYPE = socket("SO_TYPE", Integer.class);

    /** The socket listens; read-only. */
    public static final SockOpt<Boolean> SO_ACCEPTCONN = socket("SO_ACCEPTCONN", Boolean.class);

    /** Nagle's algorithm off: small segments leave at once. */
    public static final SockOpt<Boolean> TCP_NODELAY = tcp("TCP_NODELAY", Boolean.class);

    /** Small segments wait until they are full, for at most 200 ms, or until the option is taken back. */
    public static final SockOpt<Boolean> TCP_CORK = tcp("TCP_CORK", Boolean.class);

    /** Acknowledge at once, for a while; false lets ACKs wait for data. As in Linux the stack may change it back. */
    public static final SockOpt<Boolean> TCP_QUICKACK = tcp("TCP_QUICKACK", Boolean.class);

    /** Bytes that may wait to be sent; beyond it the socket is not writable. 0 for as many as SO_SNDBUF allows. */
    public static final SockOpt<Integer> TCP_NOTSENT_LOWAT = tcp("TCP_NOTSENT_LOWAT", Integer.class);

    /** Largest segment: to be offered (set before connect or listen), or in use (once connected). */
    public static final SockOpt<Integer> TCP_MAXSEG = tcp("TCP_MAXSEG", Integer.class);

    /** Seconds without traffic before the first keep-alive probe. */
    public static final SockOpt<Integer> TCP_KEEPIDLE = tcp("TCP_KEEPIDLE", Integer.class);

    /** Seconds between keep-alive probes. */
    public static final SockOpt<Integer> TCP_KEEPINTVL = tcp("TCP_KEEPINTVL", Integer.class);

    /** Unanswered keep-alive probes before the connection is given up. */
    public static final SockOpt<Integer> TCP_KEEPCNT = tcp("TCP_KEEPCNT", Integer.class);

    /**
     * Milliseconds that what was sent may stay unacknowledged, or what was written unsent, before the connection ends
     * with ETIMEDOUT; 0 leaves it to the stack (RFC 5482, locally).
     */
    public static final SockOpt<Integer> TCP_USER_TIMEOUT = tcp("TCP_USER_TIMEOUT", Integer.class);

    /**
     * Congestion control by its name, "cubic" or "reno" (ENOENT for another); a connection may change it at any time,
     * and keeps its window.
     */
    public static final SockOpt<String> TCP_CONGESTION = tcp("TCP_CONGESTION", String.class);

    /** Seconds for which a listener keeps a connection back that brings no data; 0 for none. */
    public static final SockOpt<Integer> TCP_DEFER_ACCEPT = tcp("TCP_DEFER_ACCEPT", Integer.class);

    /** The connection at this moment; read-only. */
    public static final SockOpt<TcpInfo> TCP_INFO = tcp("TCP_INFO", TcpInfo.class);

    /** Time to live of packets that the socket sends, 1 to 255. */
    public static final SockOpt<Integer> IP_TTL = ip("IP_TTL", Integer.class);

    /** The differentiated services field of packets that the socket sends; its two ECN bits are TCP's own. */
    public static final SockOpt<Integer> IP_TOS = ip("IP_TOS", Integer.class);

    /**
     * Datagrams are not fragmented, here or on the way (BSD's name): one that is too long for the link fails with
     * EMSGSIZE; that one was too long on the way a connected socket hears by its next call. False at first.
     */
    public static final SockOpt<Boolean> IP_DONTFRAG = ip("IP_DONTFRAG", Boolean.class);

    /**
     * Time to live of multicasts that the socket sends, 0 to 255: 1, as at first, stays on the link, 0 on this host (RFC
     * 1112 section 6.1).
     */
    public static final SockOpt<Integer> IP_MULTICAST_TTL = ip("IP_MULTICAST_TTL", Integer.class);

    /** Members on this host hear the multicasts that the socket sends; true at first. */
    public static final SockOpt<Boolean> IP_MULTICAST_LOOP = ip("IP_MULTICAST_LOOP", Boolean.class);

    /**
     * The interface by which the socket's multicasts leave, by its name or an address that it has; empty, as at first,
     * leaves it to the routes.
     */
    public static final SockOpt<String> IP_MULTICAST_IF = ip("IP_MULTICAST_IF", String.class);

    /**
     * As in Linux: the socket hears groups too that it has not joined itself, if another socket of the stack has; true
     * at first.
     */
    public static final SockOpt<Boolean> IP_MULTICAST_ALL = ip("IP_MULTICAST_ALL", Boolean.class);

    /** Joins a group, whoever sends ({@link UdpSocket#join}); can only be set. */
    public static final SockOpt<IpMreq> IP_ADD_MEMBERSHIP = ip("IP_ADD_MEMBERSHIP", IpMreq.class);

    /** Leaves a group ({@link UdpSocket#leave}); can only be set. */
    public static final SockOpt<IpMreq> IP_DROP_MEMBERSHIP = ip("IP_DROP_MEMBERSHIP", IpMreq.class);

    /** Joins a group to hear one source, or one more ({@link UdpSocket#joinSource}); can only be set. */
    public static final SockOpt<IpMreqSource> IP_ADD_SOURCE_MEMBERSHIP =
            ip("IP_ADD_SOURCE_MEMBERSHIP", IpMreqSource.class);

    /** Hears one source less, and leaves the group with the last ({@link UdpSocket#leaveSource}); can only be set. */
    public static final SockOpt<IpMreqSource> IP_DROP_SOURCE_MEMBERSHIP =
            ip("IP_DROP_SOURCE_MEMBERSHIP", IpMreqSource.class);

    /** Hears all of a group but that source ({@link UdpSocket#block}); can only be set. */
    public static final SockOpt<IpMreqSource> IP_BLOCK_SOURCE = ip("IP_BLOCK_SOURCE", IpMreqSource.class);

    /** Undoes IP_BLOCK_SOURCE ({@link UdpSocket#unblock}); can only be set. */
    public static final SockOpt<IpMreqSource> IP_UNBLOCK_SOURCE = ip("IP_UNBLOCK_SOURCE", IpMreqSource.class);

    /**
     * Bytes of each datagram that one call to send is cut into, the last one shorter: up to 128 datagrams and 64 KB at
     * once. 0, as at first, sends each call's data as one datagram. A message may have its own size
     * ({@link MsgHdr#segmentSize}).
     */
    public static final SockOpt<Integer> UDP_SEGMENT = udp("UDP_SEGMENT", Integer.class);

    /**
     * Receive datagrams that came in one frame in one piece, of up to 64 KB; {@link MsgHdr#segmentSize} then tells where
     * one ends and the next begins. Off, they are received one by one.
     */
    public static final SockOpt<Boolean> UDP_GRO = udp("UDP_GRO", Boolean.class);

    private final String level;
    private final String name;
    private final Class<T> type;

    private SockOpt(String level, String name, Class<T> type) {
        this.level = level;
        this.name = name;
        this.type = type;
    }

    private static <T> SockOpt<T> socket(String name, Class<T> type) {
        return new SockOpt<>("SOL_SOCKET", name, type);
    }

    @SuppressWarnings("unchecked") // a class object knows nothing of what is in the Optional
    private static Class<Optional<Errno>> optionalErrno() {
        return (Class<Optional<Errno>>) (Class<?>) Optional.class;
    }

    private static <T> SockOpt<T> tcp(String name, Class<T> type) {
        return new SockOpt<>("IPPROTO_TCP", name, type);
    }

    private static <T> SockOpt<T> ip(String name, Class<T> type) {
        return new SockOpt<>("IPPROTO_IP", name, type);
    }

    private static <T> SockOpt<T> udp(String name, Class<T> type) {
        return new SockOpt<>("IPPROTO_UDP", name, type);
    }

    /** The level by its Berkeley name. */
    public String level() {
        return level;
    }

    /** The option's Berkeley name. */
    public String name() {
        return name;
    }

    /** The type of its value. */
    public Class<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return level + " " + name;
    }
}
