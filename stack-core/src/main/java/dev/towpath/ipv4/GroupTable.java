package dev.towpath.ipv4;

import dev.towpath.ip.SourceFilter;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The multicast groups that this host is in on one interface. A look-up costs the same in one group and in many. */
final class GroupTable {
    private static final int SPREAD = 0x9e37_79b9;

    private @Nullable Group[] buckets = new @Nullable Group[4];
    private int size;

    /** Does somebody want what {@code source} sends to {@code group}? Allocates nothing. */
    boolean wants(int group, int source) {
        Group g = size == 0 ? null : find(group);
        return g != null && g.filter().wants(0, IpAddress.lowOfV4(source));
    }

    /** True if this host is in the group, whoever sends. */
    boolean contains(int group) {
        return size > 0 && find(group) != null;
    }

    /** What is wanted of {@code group}. */
    SourceFilter filter(int group) {
        Group g = find(group);
        return g == null ? SourceFilter.NONE : g.filter();
    }

    /** One listener has changed its mind; returns what is wanted of the group now. */
    SourceFilter change(int group, SourceFilter before, SourceFilter after) {
        Group g = find(group);
        if (g == null) {
            g = new Group(group);
            add(g);
        }
        g.change(before, after);
        if (g.filter().isNone()) {
            remove(g);
        }
        return g.filter();
    }

    /** The groups, lowest address first. */
    List<Integer> addresses() {
        List<Integer> all = new ArrayList<>(size);
        for (Group head : buckets) {
            for (Group g = head; g != null; g = g.next) {
                all.add(g.address);
            }
        }
        all.sort(Comparator.naturalOrder());
        return all;
    }

    private @Nullable Group find(int group) {
        Group g = buckets[bucketOf(group)];
        while (g != null && g.address != group) {
            g = g.next;
        }
        return g;
    }

    private void add(Group added) {
        if (size == buckets.length) {
            @Nullable Group[] old = buckets;
            buckets = new @Nullable Group[2 * old.length];
            for (Group head : old) {
                for (Group g = head; g != null; ) {
                    Group next = g.next;
                    push(g);
                    g = next;
                }
            }
        }
        push(added);
        size++;
    }

    private void push(Group g) {
        int bucket = bucketOf(g.address);
        g.next = buckets[bucket];
        buckets[bucket] = g;
    }

    private void remove(Group gone) {
        int bucket = bucketOf(gone.address);
        Group before = null;
        for (Group g = buckets[bucket]; g != gone && g != null; g = g.next) {
            before = g;
        }
        if (before == null) {
            buckets[bucket] = gone.next;
        } else {
            before.next = gone.next;
        }
        gone.next = null;
        size--;
    }

    private int bucketOf(int group) {
        return (group * SPREAD) >>> (Integer.numberOfLeadingZeros(buckets.length) + 1);
    }
}
