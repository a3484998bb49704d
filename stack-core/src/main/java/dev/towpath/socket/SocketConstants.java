package dev.towpath.socket;

/**
 * The small integers of {@code <sys/socket.h>} and {@code <poll.h>}, with Linux's values; made for
 * {@code import static}.
 */
public final class SocketConstants {
    /** IPv4. */
    public static final int AF_INET = 2;

    /** A byte stream: TCP. */
    public static final int SOCK_STREAM = 1;

    /** Datagrams: UDP. */
    public static final int SOCK_DGRAM = 2;

    /** With a socket type, or to accept4: the new socket never waits. */
    public static final int SOCK_NONBLOCK = 0x800;

    /** TCP's protocol number. */
    public static final int IPPROTO_TCP = 6;

    /** UDP's protocol number. */
    public static final int IPPROTO_UDP = 17;

    /** Look at what has come without taking it. */
    public static final int MSG_PEEK = 0x2;

    /**
     * Datagrams: return the full length even if it did not fit. Streams: throw away instead of copying, as Linux does.
     */
    public static final int MSG_TRUNC = 0x20;

    /** Do not wait, whatever the socket's mode. */
    public static final int MSG_DONTWAIT = 0x40;

    /** Streams: wait until the whole buffer is filled, or the stream ends. */
    public static final int MSG_WAITALL = 0x100;

    /** Accepted and without effect: there are no signals here. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** More is to come: do not send a small segment yet. */
    public static final int MSG_MORE = 0x8000;

    /** For recvmmsg: wait for the first message only. */
    public static final int MSG_WAITFORONE = 0x10000;

    /** Messages that one sendmmsg or recvmmsg takes at most; more are taken by the next. */
    public static final int UIO_MAXIOV = 1024;

    /** For shutdown: no more receiving. */
    public static final int SHUT_RD = 0;

    /** For shutdown: no more sending. */
    public static final int SHUT_WR = 1;

    /** For shutdown: neither. */
    public static final int SHUT_RDWR = 2;

    /** The longest accept queue. */
    public static final int SOMAXCONN = 4096;

    /** There is something to receive or to accept, or the stream has ended. */
    public static final int POLLIN = 0x1;

    /** Sending would not wait. */
    public static final int POLLOUT = 0x4;

    /** An error is pending; always reported. */
    public static final int POLLERR = 0x8;

    /** Both directions have ended; always reported. */
    public static final int POLLHUP = 0x10;

    /** Not an open descriptor; always reported. */
    public static final int POLLNVAL = 0x20;

    /** The peer has ended its direction. */
    public static final int POLLRDHUP = 0x2000;

    private SocketConstants() {}
}
