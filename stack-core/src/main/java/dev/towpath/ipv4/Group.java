package dev.towpath.ipv4;

import dev.towpath.ip.SourceFilter;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A multicast group on one interface: what all of its listeners together want (RFC 9776 section 3.2). Counted, so that
 * one listener's change costs what it lists, however many listeners there are.
 */
final class Group {
    /** By how many listeners a source is wanted, and by how many it is not. */
    private static final class Votes {
        int includes;
        int excludes;
    }

    final int address;

    /** The next one in the same bucket of {@link GroupTable}. */
    @Nullable
    Group next;

    private final Map<IpAddress, Votes> votes = new HashMap<>();
    /** Listeners whose list is of sources that they do not want. */
    private int excluding;

    private SourceFilter filter = SourceFilter.NONE;

    Group(int address) {
        this.address = address;
    }

    /** What they want together. */
    SourceFilter filter() {
        return filter;
    }

    /** One of them has changed its mind. */
    void change(SourceFilter before, SourceFilter after) {
        count(before, -1);
        count(after, 1);
        filter = together();
    }

    private void count(SourceFilter one, int by) {
        if (one.excludes()) {
            excluding += by;
        }
        one.forEach(source -> {
            Votes v = votes.computeIfAbsent(source, s -> new Votes());
            if (one.excludes()) {
                v.excludes += by;
            } else {
                v.includes += by;
            }
            if (v.includes == 0 && v.excludes == 0) {
                votes.remove(source);
            }
        });
    }

    /**
     * RFC 9776 section 3.2: if one listener excludes, unwanted is whom all that exclude do not want and nobody includes;
     * else wanted is whom anybody includes.
     */
    private SourceFilter together() {
        List<IpAddress> listed = new ArrayList<>();
        votes.forEach((source, v) -> {
            boolean unwanted = excluding > 0 && v.excludes == excluding && v.includes == 0;
            if (excluding > 0 ? unwanted : v.includes > 0) {
                listed.add(source);
            }
        });
        return SourceFilter.of(excluding > 0, listed);
    }
}
