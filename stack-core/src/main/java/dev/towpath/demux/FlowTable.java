package dev.towpath.demux;

import org.jspecify.annotations.Nullable;

/** Connected endpoints of all protocols by 5-tuple: open addressing, keyed hash (RFC 6056 and SipHash's reasons: an attacker chooses the tuple), no boxing. */
public final class FlowTable {
    /** An empty table whose hash is keyed with 128 secret bits. */
    public FlowTable(long key0, long key1) {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /** Adds it; false if its key is taken. */
    public boolean add(Flow flow) {
        throw new UnsupportedOperationException();
    }

    /** Removes it; false if it (this object) was not there. */
    public boolean remove(Flow flow) {
        throw new UnsupportedOperationException();
    }

    /** Endpoints in the table whose local port is {@code port}. */
    public int flowsOnPort(int protocol, int port) {
        throw new UnsupportedOperationException();
    }

    /** Keyed hash of the remote end, by which SO_REUSEPORT spreads. */
    public int spread(long remoteHigh, long remoteLow, int remotePort, int localPort) {
        throw new UnsupportedOperationException();
    }

    /** Calls {@code action} for every endpoint; it may not change the table. */
    public void forEach(java.util.function.Consumer<Flow> action) {
        throw new UnsupportedOperationException();
    }

    /** Endpoints in the table. */
    public int size() {
        throw new UnsupportedOperationException();
    }
}
