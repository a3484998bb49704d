package dev.towpath.socket;

import dev.towpath.ip.TransportError;

/** Why a call failed, by the names of {@code <errno.h>}; each with what it means and what to do about it. */
public enum Errno {
    /** Would block. */
    EAGAIN(
            "the call would have to wait, or has waited as long as its time-out allows",
            "wait for readiness with poll, or raise SO_RCVTIMEO or SO_SNDTIMEO"),
    /** Connecting. */
    EINPROGRESS("the connection is being established", "poll for POLLOUT, then read SO_ERROR"),
    /** Connecting since an earlier call. */
    EALREADY("an earlier connect is still under way", "poll for POLLOUT, then read SO_ERROR"),
    /** Connected already. */
    EISCONN("the socket is connected already", "close it and open another one to talk to somebody else"),
    /** Not connected. */
    ENOTCONN("the socket is not connected", "call connect, or use the socket that accept has returned"),
    /** Nobody listens. */
    ECONNREFUSED("nobody listens on that port of that host", "check address and port, and that the service runs"),
    /** Reset. */
    ECONNRESET("the peer has reset the connection", "close the socket; what was not acknowledged may be lost"),
    /** Aborted here. */
    ECONNABORTED("the connection was given up on this side", "close the socket and connect anew"),
    /** Sending on what is ended. */
    EPIPE("nothing more can be sent on this connection", "stop sending after shutdown, or after the peer has gone"),
    /** No answer. */
    ETIMEDOUT("the peer did not answer in time", "check that the host is up and the way to it, then connect anew"),
    /** Host unreachable. */
    EHOSTUNREACH("the host can't be reached", "check that the host is up, and that it answers ARP on its network"),
    /** Network unreachable. */
    ENETUNREACH("there is no route to that network", "give the stack a route or a gateway that leads there"),
    /** Stack closed. */
    ENETDOWN("the stack is closed, or has failed", "open sockets on a stack that runs; a failure is in the cause"),
    /** Port taken. */
    EADDRINUSE(
            "the address and port are in use",
            "choose another port, close the other socket, or set SO_REUSEADDR or SO_REUSEPORT on both before bind"),
    /** Not ours. */
    EADDRNOTAVAIL(
            "the address is not one of this stack's, or no port is left for it",
            "bind to 0.0.0.0 or to an address of the stack; with no port left, close connections first"),
    /** Family. */
    EAFNOSUPPORT("the address family is not supported", "use AF_INET and IPv4 addresses"),
    /** Protocol. */
    EPROTONOSUPPORT("the protocol does not go with the socket type", "use 0, or IPPROTO_TCP or IPPROTO_UDP"),
    /** Type. */
    ESOCKTNOSUPPORT("the socket type is not supported", "use SOCK_STREAM or SOCK_DGRAM"),
    /** Option, or protocol of the peer. */
    ENOPROTOOPT("the option does not exist for this socket, or the peer does not speak the protocol", "see SockOpt"),
    /** Wrong kind. */
    EOPNOTSUPP(
            "this kind of socket can't do that",
            "use a stream socket for listen and accept, a datagram socket for sendmmsg and recvmmsg"),
    /** No destination. */
    EDESTADDRREQ("a datagram needs a destination", "call connect first, or use sendto"),
    /** No such thing. */
    ENOENT("there is nothing of that name", "the message lists the names there are"),
    /** No such interface. */
    ENODEV(
            "there is no such interface, or none that leads there",
            "name one of the stack's interfaces (NetworkStack.interfaces lists them), or one of their addresses"),
    /** Bad argument. */
    EINVAL("an argument or the socket's state does not allow it", "see the message for which"),
    /** Closed. */
    EBADF("the socket or descriptor is closed, or never was open", "use it only between socket and close"),
    /** Table full. */
    EMFILE("too many descriptors are open", "close some, or build the table with a higher limit"),
    /** Interrupted. */
    EINTR(
            "the thread was interrupted while it waited",
            "the thread's interrupt flag is set; call again if it is not meant"),
    /** Too long. */
    EMSGSIZE("the datagram is too long", "send at most 65,507 bytes at once"),
    /** No memory. */
    ENOBUFS("the stack's memory budget or the device's queue is spent", "try again later, or raise the budget"),
    /** Forbidden. */
    EACCES("not permitted", "set SO_BROADCAST before sending to a broadcast address"),
    /** Not a socket. */
    ENOTSOCK("the descriptor is not a socket", "use a descriptor that socket or accept has returned"),
    /** Bad buffer. */
    EFAULT("the buffer can't be used", "pass offset and length within the array, and a buffer that is not read-only"),
    /** Cannot send any more. */
    ESHUTDOWN("the socket has been shut down", "open another one");

    private final String meaning;
    private final String advice;

    Errno(String meaning, String advice) {
        this.meaning = meaning;
        this.advice = advice;
    }

    static Errno of(TransportError error) {
        return switch (error) {
            case CONNECTION_REFUSED -> ECONNREFUSED;
            case CONNECTION_RESET -> ECONNRESET;
            case CONNECTION_ABORTED -> ECONNABORTED;
            case TIMED_OUT -> ETIMEDOUT;
            case HOST_UNREACHABLE -> EHOSTUNREACH;
            case NETWORK_UNREACHABLE -> ENETUNREACH;
            case PROTOCOL_UNREACHABLE -> ENOPROTOOPT;
            case PROHIBITED -> EACCES;
            case MESSAGE_TOO_LONG -> EMSGSIZE;
            case TOO_MANY_SEGMENTS, WRONG_FILTER_MODE -> EINVAL;
            case NO_BUFFERS -> ENOBUFS;
            case ADDRESS_IN_USE -> EADDRINUSE;
            case ADDRESS_NOT_AVAILABLE -> EADDRNOTAVAIL;
        };
    }

    /** What has happened, in one line. */
    public String meaning() {
        return meaning;
    }

    /** What to do about it, in one line. */
    public String advice() {
        return advice;
    }
}
