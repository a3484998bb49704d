package dev.towpath.arp;

import dev.towpath.buffer.Frame;
import dev.towpath.time.Timer;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * One IPv4 neighbour on a link: what {@link ArpLayer} knows about it and the packets that wait for it.
 * {@link NeighbourCache} owns it; a path keeps a reference for speed and asks for a new one once this one is
 * {@link #removed}.
 */
public final class Neighbour {
    /** How much is known, after RFC 4861 section 7.3.2. */
    public enum State {
        /** Asked for by broadcast; packets wait. */
        INCOMPLETE,
        /** Known, and lately shown to be right. */
        REACHABLE,
        /** Known, but for long not shown to be right; that is found out when it is used. */
        STALE,
        /** Used while stale: the transport has a moment to show that the neighbour answers. */
        DELAY,
        /** Asked again by unicast. */
        PROBE,
        /** Did not answer: packets fail at once for a while. */
        FAILED
    }

    final int address;
    final Timer timer;
    State state = State.INCOMPLETE;
    long mac;
    int requests;
    long failedUntilNanos;

    /** Used since the cache has last looked for one to evict. */
    boolean used;
    /** The transport has heard from it since it became reachable. */
    boolean confirmed;

    boolean removed;

    @Nullable
    Frame oldest;

    @Nullable
    Frame newest;

    int queued;

    @Nullable
    Neighbour nextInBucket;

    @Nullable
    Neighbour older;

    @Nullable
    Neighbour younger;

    Neighbour(int address, ArpLayer arp) {
        this.address = address;
        this.timer = new Timer(nowNanos -> arp.expired(this, nowNanos));
    }

    /** Its IPv4 address. */
    public IpAddress address() {
        return IpAddress.v4(address);
    }

    /** Its Ethernet address, or null while unknown. */
    public @Nullable MacAddress mac() {
        return resolved() ? new MacAddress(mac) : null;
    }

    /** How much is known about it. */
    public State state() {
        return state;
    }

    /** No longer in the cache: whoever holds it must ask for it again. */
    public boolean removed() {
        return removed;
    }

    /**
     * The transport has made progress through this neighbour, so that it need not be asked whether it is there (RFC
     * 4861 section 7.3.1).
     */
    public void confirm() {
        confirmed = true;
    }

    /** Its Ethernet address is known. */
    public boolean resolved() {
        return state != State.INCOMPLETE && state != State.FAILED;
    }

    void enqueue(Frame packet) {
        packet.next = null;
        Frame last = newest;
        if (last == null) {
            oldest = packet;
        } else {
            last.next = packet;
        }
        newest = packet;
        queued++;
    }

    @Nullable
    Frame dequeue() {
        Frame first = oldest;
        if (first != null) {
            oldest = first.next;
            if (oldest == null) {
                newest = null;
            }
            first.next = null;
            queued--;
        }
        return first;
    }

    @Override
    public String toString() {
        return address() + " " + state + (resolved() ? " " + mac() : "");
    }
}
