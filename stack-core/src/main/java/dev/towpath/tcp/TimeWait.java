package dev.towpath.tcp;

import dev.towpath.demux.Flow;
import dev.towpath.ip.IpLayer;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a connection in TIME-WAIT: enough to answer the old segments that {@link TimeWaits} waits for, and to
 * know a new SYN from an old one. 88 bytes, where a {@link Tcb} with its parts has more than a thousand.
 */
final class TimeWait extends Flow {
    /** The highest SND.NXT has been. */
    final int sndNxt;

    final int rcvNxt;
    final int rcvWnd;

    /** TS.Recent, if {@link #timestamps}. */
    int tsRecent;

    /** Timestamps were in use. */
    final boolean timestamps;

    final byte rcvScale;
    private final byte hopLimit;
    private final byte trafficClass;

    /** Challenge ACKs in {@link #challengeSecond}, a second of which the low bits are enough here. */
    byte challenges;

    char challengeSecond;

    /** When it is over. */
    long endNanos;

    /** The one that ends before this. */
    @Nullable
    TimeWait earlier;

    @Nullable
    TimeWait later;

    TimeWait(Tcb t) {
        super(IpLayer.TCP, t.localHigh(), t.localLow(), t.localPort(), t.remoteHigh(), t.remoteLow(), t.remotePort());
        this.sndNxt = t.sndMax;
        this.rcvNxt = t.receiveQueue.rcvNxt();
        this.rcvWnd = t.receiveQueue.rcvWnd();
        this.tsRecent = t.tsRecent;
        this.timestamps = t.timestamps;
        this.rcvScale = t.rcvScale;
        this.hopLimit = (byte) t.settings.hopLimit;
        this.trafficClass = (byte) t.settings.trafficClass;
    }

    int hopLimit() {
        return Byte.toUnsignedInt(hopLimit);
    }

    int trafficClass() {
        return Byte.toUnsignedInt(trafficClass);
    }

    /** The window field of an ACK: rounded up, for rounding down would move the right edge left. */
    int windowField() {
        return Math.min((rcvWnd + (1 << rcvScale) - 1) >>> rcvScale, 0xffff);
    }
}
