package dev.towpath.udp;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.GroupLayer;
import dev.towpath.ip.SourceFilter;
import dev.towpath.ip.TransportError;
import dev.towpath.wire.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The multicast groups that one endpoint has joined, each on an interface, and whom it wants to hear there (RFC 9776
 * section 3.1; the calls of RFC 3678 section 4.1, with Linux's errors). All calls under the stack lock.
 *
 * <p>A datagram asks one hash chain, however many groups this endpoint or others are in.
 */
public final class Memberships {
    private static final int SPREAD = 0x9e37_79b9;

    private final GroupLayer ip;
    private @Nullable Membership[] buckets = new @Nullable Membership[4];
    private int size;

    private static final class Membership {
        final int interfaceIndex;
        final IpAddress group;
        SourceFilter filter;

        @Nullable
        Membership next;

        Membership(int interfaceIndex, IpAddress group, SourceFilter filter) {
            this.interfaceIndex = interfaceIndex;
            this.group = group;
            this.filter = filter;
        }
    }

    Memberships(GroupLayer ip) {
        this.ip = ip;
    }

    /** Joins, whoever sends (IP_ADD_MEMBERSHIP). Null on success; ADDRESS_IN_USE if it is a member already. */
    public @Nullable TransportError join(int interfaceIndex, IpAddress group) {
        if (find(interfaceIndex, group.high(), group.low()) != null) {
            return TransportError.ADDRESS_IN_USE;
        }
        add(new Membership(interfaceIndex, group, SourceFilter.ALL));
        return null;
    }

    /** Leaves, however it has joined (IP_DROP_MEMBERSHIP). Null on success; ADDRESS_NOT_AVAILABLE if it is no member. */
    public @Nullable TransportError leave(int interfaceIndex, IpAddress group) {
        Membership m = find(interfaceIndex, group.high(), group.low());
        if (m == null) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        change(m, SourceFilter.NONE);
        return null;
    }

    /**
     * Joins to hear {@code source} only, or besides others so joined (IP_ADD_SOURCE_MEMBERSHIP). Null on success;
     * WRONG_FILTER_MODE if it hears all but some, ADDRESS_NOT_AVAILABLE if it hears that source already.
     */
    public @Nullable TransportError joinSource(int interfaceIndex, IpAddress group, IpAddress source) {
        Membership m = find(interfaceIndex, group.high(), group.low());
        if (m == null) {
            SourceFilter only = SourceFilter.NONE.with(source);
            add(new Membership(interfaceIndex, group, only));
            return null;
        }
        if (m.filter.excludes() && m.filter.size() > 0) {
            return TransportError.WRONG_FILTER_MODE;
        }
        if (m.filter.lists(source)) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        change(m, m.filter.excludes() ? SourceFilter.NONE.with(source) : m.filter.with(source));
        return null;
    }

    /** Undoes {@link #joinSource} (IP_DROP_SOURCE_MEMBERSHIP); with its last source the membership ends. */
    public @Nullable TransportError leaveSource(int interfaceIndex, IpAddress group, IpAddress source) {
        Membership m = find(interfaceIndex, group.high(), group.low());
        if (m == null) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        if (m.filter.excludes()) {
            return TransportError.WRONG_FILTER_MODE;
        }
        if (!m.filter.lists(source)) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        change(m, m.filter.without(source));
        return null;
    }

    /**
     * Hears everybody but {@code source}, and others so blocked (IP_BLOCK_SOURCE). Null on success; WRONG_FILTER_MODE if it
     * hears only some, ADDRESS_NOT_AVAILABLE if it is no member, or blocks that source already.
     */
    public @Nullable TransportError block(int interfaceIndex, IpAddress group, IpAddress source) {
        return block(interfaceIndex, group, source, true);
    }

    /** Undoes {@link #block} (IP_UNBLOCK_SOURCE). */
    public @Nullable TransportError unblock(int interfaceIndex, IpAddress group, IpAddress source) {
        return block(interfaceIndex, group, source, false);
    }

    private @Nullable TransportError block(int interfaceIndex, IpAddress group, IpAddress source, boolean on) {
        Membership m = find(interfaceIndex, group.high(), group.low());
        if (m == null) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        if (!m.filter.excludes()) {
            return TransportError.WRONG_FILTER_MODE;
        }
        if (m.filter.lists(source) == on) {
            return TransportError.ADDRESS_NOT_AVAILABLE;
        }
        change(m, on ? m.filter.with(source) : m.filter.without(source));
        return null;
    }

    /**
     * Is a multicast for this endpoint?
     *
     * @param othersToo what it is to say of groups that it has not joined (IP_MULTICAST_ALL)
     */
    boolean takes(Frame frame, boolean othersToo) {
        Membership m = size == 0 ? null : find(frame.interfaceIndex, frame.destinationHigh, frame.destinationLow);
        return m == null ? othersToo : m.filter.wants(frame.sourceHigh, frame.sourceLow);
    }

    /** Leaves all. */
    void close() {
        for (Membership head : buckets) {
            for (Membership m = head; m != null; m = m.next) {
                ip.listen(m.interfaceIndex, m.group, m.filter, SourceFilter.NONE);
            }
        }
        buckets = new @Nullable Membership[4];
        size = 0;
    }

    private void change(Membership m, SourceFilter after) {
        SourceFilter before = m.filter;
        m.filter = after;
        if (after.isNone()) {
            remove(m);
        }
        ip.listen(m.interfaceIndex, m.group, before, after);
    }

    private void add(Membership added) {
        if (size == buckets.length) {
            @Nullable Membership[] old = buckets;
            buckets = new @Nullable Membership[2 * old.length];
            for (Membership head : old) {
                for (Membership m = head; m != null; ) {
                    Membership next = m.next;
                    push(m);
                    m = next;
                }
            }
        }
        push(added);
        size++;
        ip.listen(added.interfaceIndex, added.group, SourceFilter.NONE, added.filter);
    }

    private void push(Membership m) {
        int bucket = bucketOf(m.interfaceIndex, m.group.high(), m.group.low());
        m.next = buckets[bucket];
        buckets[bucket] = m;
    }

    private void remove(Membership gone) {
        int bucket = bucketOf(gone.interfaceIndex, gone.group.high(), gone.group.low());
        Membership before = null;
        for (Membership m = buckets[bucket]; m != gone && m != null; m = m.next) {
            before = m;
        }
        if (before == null) {
            buckets[bucket] = gone.next;
        } else {
            before.next = gone.next;
        }
        size--;
    }

    private @Nullable Membership find(int interfaceIndex, long high, long low) {
        Membership m = buckets[bucketOf(interfaceIndex, high, low)];
        while (m != null && (m.group.low() != low || m.group.high() != high || m.interfaceIndex != interfaceIndex)) {
            m = m.next;
        }
        return m;
    }

    private int bucketOf(int interfaceIndex, long high, long low) {
        int hash = (Long.hashCode(high * 31 + low) + interfaceIndex) * SPREAD;
        return hash >>> (Integer.numberOfLeadingZeros(buckets.length) + 1);
    }
}
