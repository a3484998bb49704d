package dev.towpath.demux;

import dev.towpath.wire.IpAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connected endpoints of all protocols by 5-tuple: open addressing, keyed hash (an attacker chooses the tuple), no
 * boxing.
 *
 * <p>Linear probing over two parallel arrays: the hashes ({@code tags}, 0 for an empty slot) lie close together, so
 * that a probe stays in one cache line, and the endpoint itself is looked at only when its whole hash is equal. Removal
 * moves later entries of the run back instead of leaving a tombstone, so that a table in which connections come and go
 * never slows down.
 */
public final class FlowTable {
    private static final int SMALLEST = 64;

    /** Bytes of ports and protocol in the hashed message. */
    private static final int PORTS_BYTES = 5;

    private final SipHash hash;
    private final @Nullable PortCounts[] countsByProtocol = new @Nullable PortCounts[256];
    private int[] tags = new int[SMALLEST];
    private @Nullable Flow[] flows = new @Nullable Flow[SMALLEST];
    private int size;

    /** An empty table whose hash is keyed with 128 secret bits. */
    public FlowTable(long key0, long key1) {
        this.hash = new SipHash(key0, key1);
    }

    /** The endpoint with this key, or null. Allocates nothing. */
    public @Nullable Flow find(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        int tag = tag(protocol, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        return find(tag, protocol, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
    }

    private @Nullable Flow find(
            int tag,
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        int mask = tags.length - 1;
        for (int i = tag & mask; tags[i] != 0; i = (i + 1) & mask) {
            if (tags[i] == tag) {
                Flow flow = flows[i];
                if (flow != null
                        && flow.has(protocol, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort)) {
                    return flow;
                }
            }
        }
        return null;
    }

    /** Adds it; false if its key is taken. */
    public boolean add(Flow flow) {
        int tag = tag(flow);
        if (find(
                        tag,
                        flow.protocol(),
                        flow.localHigh,
                        flow.localLow,
                        flow.localPort,
                        flow.remoteHigh,
                        flow.remoteLow,
                        flow.remotePort)
                != null) {
            return false;
        }
        // At five eighths full a miss looks at four slots on average, within one or two cache lines.
        if (8L * (size + 1) > 5L * tags.length) {
            grow();
        }
        place(tag, flow);
        size++;
        counts(flow.protocol()).add(flow.localPort, 1);
        return true;
    }

    /** Removes it; false if it (this object) was not there. */
    public boolean remove(Flow flow) {
        int tag = tag(flow);
        int mask = tags.length - 1;
        for (int i = tag & mask; tags[i] != 0; i = (i + 1) & mask) {
            if (flows[i] == flow) {
                closeGap(i);
                size--;
                counts(flow.protocol()).add(flow.localPort, -1);
                return true;
            }
        }
        return false;
    }

    /** Puts {@code next}, which has the same key, in the place of {@code flow}; false if that was not there. */
    public boolean replace(Flow flow, Flow next) {
        int tag = tag(flow);
        int mask = tags.length - 1;
        for (int i = tag & mask; tags[i] != 0; i = (i + 1) & mask) {
            if (flows[i] == flow) {
                flows[i] = next;
                return true;
            }
        }
        return false;
    }

    /** Endpoints in the table whose local port is {@code port}. */
    public int flowsOnPort(int protocol, int port) {
        PortCounts counts = countsByProtocol[protocol];
        return counts == null ? 0 : counts.of(port);
    }

    /** Keyed hash of the remote end, by which SO_REUSEPORT spreads. */
    public int spread(long remoteHigh, long remoteLow, int remotePort, int localPort) {
        return (int) hash(0, 0, 0, localPort, remoteHigh, remoteLow, remotePort);
    }

    /** Calls {@code action} for every endpoint; it may not change the table. */
    public void forEach(Consumer<Flow> action) {
        for (Flow flow : flows) {
            if (flow != null) {
                action.accept(flow);
            }
        }
    }

    /** Endpoints in the table. */
    public int size() {
        return size;
    }

    private void grow() {
        if (tags.length == 1 << 30) {
            throw new IllegalStateException("the table holds " + size + " connections and can't grow; refuse new ones");
        }
        int[] oldTags = tags;
        @Nullable Flow[] oldFlows = flows;
        tags = new int[oldTags.length * 2];
        flows = new @Nullable Flow[tags.length];
        for (int i = 0; i < oldTags.length; i++) {
            Flow flow = oldFlows[i];
            if (flow != null) {
                place(oldTags[i], flow);
            }
        }
    }

    private void place(int tag, Flow flow) {
        int mask = tags.length - 1;
        int i = tag & mask;
        while (tags[i] != 0) {
            i = (i + 1) & mask;
        }
        tags[i] = tag;
        flows[i] = flow;
    }

    /**
     * Empties slot {@code gap}: an entry behind it in the run moves into it if the gap lies between the entry's first
     * choice and where it sits.
     */
    private void closeGap(int gap) {
        int mask = tags.length - 1;
        for (int i = (gap + 1) & mask; tags[i] != 0; i = (i + 1) & mask) {
            int wayFromHome = (i - tags[i]) & mask;
            int wayFromGap = (i - gap) & mask;
            if (wayFromHome >= wayFromGap) {
                tags[gap] = tags[i];
                flows[gap] = flows[i];
                gap = i;
            }
        }
        tags[gap] = 0;
        flows[gap] = null;
    }

    private PortCounts counts(int protocol) {
        PortCounts counts = countsByProtocol[protocol];
        if (counts == null) {
            counts = new PortCounts();
            countsByProtocol[protocol] = counts;
        }
        return counts;
    }

    private int tag(Flow flow) {
        return tag(
                flow.protocol(),
                flow.localHigh,
                flow.localLow,
                flow.localPort,
                flow.remoteHigh,
                flow.remoteLow,
                flow.remotePort);
    }

    private int tag(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        int tag = (int) hash(protocol, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        return tag == 0 ? 1 : tag;
    }

    private long hash(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        long ports = (long) protocol << 32 | (long) localPort << 16 | remotePort;
        if (IpAddress.isV4(localHigh, localLow) && IpAddress.isV4(remoteHigh, remoteLow)) {
            return hash.hash(localLow << 32 | (remoteLow & 0xffff_ffffL), ports, PORTS_BYTES);
        }
        return hash.hash(localHigh, localLow, remoteHigh, remoteLow, ports, PORTS_BYTES);
    }

    /** Endpoints per local port of one protocol, in pages made at first use. */
    private static final class PortCounts {
        private static final int PAGE = 256;

        private final int[] @Nullable [] pages = new int[PAGE] @Nullable [];

        int of(int port) {
            int[] page = pages[port / PAGE];
            return page == null ? 0 : page[port % PAGE];
        }

        void add(int port, int amount) {
            int[] page = pages[port / PAGE];
            if (page == null) {
                page = new int[PAGE];
                pages[port / PAGE] = page;
            }
            page[port % PAGE] += amount;
        }
    }
}
