package dev.towpath.ip;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/** What transports see of IP: the one seam behind which versions, routes, neighbours and fragmentation live. */
public interface IpLayer {
    /** Protocol number of TCP. */
    int TCP = 6;

    /** Protocol number of UDP. */
    int UDP = 17;

    /** The packet may not be fragmented on the way (IPv4 DF). */
    int DONT_FRAGMENT = 1;

    /** Delivers {@code protocol}'s datagrams and errors to {@code handler}. */
    void register(int protocol, TransportHandler handler);

    /**
     * The way to {@code destination}.
     *
     * @param source the local address to send from, or null to have one chosen (the interface's address nearest to the
     *     destination)
     * @return null if there is no route
     */
    @Nullable
    Path route(@Nullable IpAddress source, IpAddress destination);

    /** True if {@code address} is one of this host's own, loopback included: what may be bound to. */
    boolean isLocal(IpAddress address);

    /** True if {@code address} is a broadcast address of a network that this host is on, or 255.255.255.255. */
    boolean isBroadcast(IpAddress address);

    /**
     * Sends the transport segment from {@code frame.transport} to {@code frame.end}, prepending what lies below; takes
     * ownership. The frame says in its {@code checksum} and {@code segmentSize} what is left to the link. Counted and
     * dropped if it can't be sent.
     *
     * @param hopLimit TTL, or 0 for the default
     * @param trafficClass TOS byte, ECN included
     * @param flags {@link #DONT_FRAGMENT} or 0
     */
    void send(Path path, Frame frame, int protocol, int hopLimit, int trafficClass, int flags);

    /**
     * Answers a received {@code frame} (lent) with an ICMP error, unless RFC 1122 section 3.2.2 forbids it or the rate
     * limit is spent.
     */
    void reject(Frame frame, IpError why);
}
