package dev.towpath.ip;

import dev.towpath.wire.IpAddress;

/**
 * The way from a local to a remote address as routed when it was asked for: what a transport needs to know to build
 * packets, and what IP needs to send them without looking the route up again. Kept by connections; a path that is no
 * longer {@link #current()} must be asked for anew.
 */
public abstract class Path {
    private final IpAddress source;
    private final IpAddress destination;
    private final long pseudoHeaderSum;

    /** A path between the two addresses. */
    protected Path(IpAddress source, IpAddress destination) {
        this.source = source;
        this.destination = destination;
        this.pseudoHeaderSum =
                TransportChecksum.addressSum(source.high(), source.low(), destination.high(), destination.low());
    }

    /** The local address that packets carry. */
    public final IpAddress source() {
        return source;
    }

    /** The remote address. */
    public final IpAddress destination() {
        return destination;
    }

    /** Unfolded sum over both addresses, the constant part of the pseudo-header. */
    public final long pseudoHeaderSum() {
        return pseudoHeaderSum;
    }

    /** False once routes, addresses or interfaces have changed. */
    public abstract boolean current();

    /** Largest IP packet in bytes that goes through whole, as known now. */
    public abstract int mtu();

    /** Bytes of IP header: 20, or 40 for IPv6. */
    public abstract int headerLength();

    /** Largest IP packet in bytes that the link will cut into segments of {@link #mtu}, or 0. */
    public abstract int maxSuperSegment();

    /** Super-segments may be of UDP too, not of TCP only. */
    public abstract boolean cutsDatagrams();

    /** The link completes transport checksums. */
    public abstract boolean checksumOffload();

    /**
     * A packet that is sent now leaves at once by a link that takes its data from where it lies
     * ({@code LinkDevice.gathers}).
     */
    public boolean gathers() {
        return false;
    }

    /** Frames that fit in the link's queue at once. */
    public abstract int queueFrames();

    /** The link's queue is so full that data should wait where it is. */
    public abstract boolean crowded();

    /** The destination is on a network that this host is on, so that its MTU holds all the way. */
    public abstract boolean onLink();

    /** The destination is a broadcast or multicast address. */
    public abstract boolean group();

    /**
     * The remote end has answered, so whoever is next on the way is there (RFC 4861 section 7.3.1): the neighbour need
     * not be asked. Cheap.
     */
    public void confirm() {}

    /**
     * The remote end has not answered for a while: whoever is next on the way may be gone, and should be asked whether
     * it is there (RFC 9293 section 3.8.3, RFC 1122 section 3.3.1.4). Routes that have changed are followed anyway.
     */
    public void doubt() {}
}
