package dev.towpath.demux;

/**
 * A connected endpoint: the 5-tuple under which {@link FlowTable} finds it. Its key never changes while it is in the
 * table.
 */
public abstract class Flow {
    // Narrow, for millions of connections in TIME-WAIT are little more than this key.
    final byte protocol;
    final long localHigh;
    final long localLow;
    final long remoteHigh;
    final long remoteLow;
    final char localPort;
    final char remotePort;

    /** An endpoint with this key, not yet in any table. */
    protected Flow(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        this.protocol = (byte) protocol;
        this.localHigh = localHigh;
        this.localLow = localLow;
        this.localPort = (char) localPort;
        this.remoteHigh = remoteHigh;
        this.remoteLow = remoteLow;
        this.remotePort = (char) remotePort;
    }

    final boolean has(
            int protocol,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        return this.remoteLow == remoteLow
                && this.remotePort == remotePort
                && this.localPort == localPort
                && this.localLow == localLow
                && protocol() == protocol
                && this.remoteHigh == remoteHigh
                && this.localHigh == localHigh;
    }

    /** IP protocol number. */
    public final int protocol() {
        return Byte.toUnsignedInt(protocol);
    }

    /** The local address's most significant half. */
    public final long localHigh() {
        return localHigh;
    }

    /** The local address's least significant half. */
    public final long localLow() {
        return localLow;
    }

    /** The remote address's most significant half. */
    public final long remoteHigh() {
        return remoteHigh;
    }

    /** The remote address's least significant half. */
    public final long remoteLow() {
        return remoteLow;
    }

    /** 1 to 65535. */
    public final int localPort() {
        return localPort;
    }

    /** 1 to 65535. */
    public final int remotePort() {
        return remotePort;
    }
}
