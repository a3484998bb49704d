package dev.towpath.ip;

/** Why a transport operation failed, in the words of errno. */
public enum TransportError {
    /** ECONNREFUSED: nobody listens there. */
    CONNECTION_REFUSED,
    /** ECONNRESET: the peer reset the connection. */
    CONNECTION_RESET,
    /** ECONNABORTED: this side gave it up, for instance because the stack closed. */
    CONNECTION_ABORTED,
    /** ETIMEDOUT: no answer in time. */
    TIMED_OUT,
    /** EHOSTUNREACH: the host can't be reached. */
    HOST_UNREACHABLE,
    /** ENETUNREACH: there is no route. */
    NETWORK_UNREACHABLE,
    /** ENOPROTOOPT: the peer does not speak the protocol. */
    PROTOCOL_UNREACHABLE,
    /** EACCES: forbidden by a router on the way, or a broadcast without SO_BROADCAST. */
    PROHIBITED,
    /** EMSGSIZE: the message does not fit. */
    MESSAGE_TOO_LONG,
    /** EINVAL: a message that is to be cut into more datagrams than one frame may carry. */
    TOO_MANY_SEGMENTS,
    /** EINVAL: of the group some sources are blocked and not some chosen, or the other way round. */
    WRONG_FILTER_MODE,
    /** ENOBUFS: no memory is left for it. */
    NO_BUFFERS,
    /** EADDRINUSE: the address is taken. */
    ADDRESS_IN_USE,
    /** EADDRNOTAVAIL: the address is not ours, or no ephemeral port is left. */
    ADDRESS_NOT_AVAILABLE
}
