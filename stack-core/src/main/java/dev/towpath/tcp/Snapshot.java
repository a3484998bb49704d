package dev.towpath.tcp;

import dev.towpath.info.TcpInfo;
import dev.towpath.tcp.congestion.CongestionControl;
import dev.towpath.time.Timer;

/** Reads off a connection what TCP_INFO tells of it. */
final class Snapshot {
    private final Tcb t;
    private final TcpInfo info = new TcpInfo();

    private Snapshot(Tcb t) {
        this.t = t;
    }

    static TcpInfo of(Tcb t) {
        Snapshot snapshot = new Snapshot(t);
        snapshot.agreed();
        snapshot.times();
        snapshot.congestion();
        snapshot.carried();
        snapshot.buffers();
        return snapshot.info;
    }

    private void agreed() {
        info.state = t.state().toString();
        info.congestionControl = t.settings.congestion.linuxName();
        info.timestamps = t.timestamps;
        info.sack = t.sackPermitted;
        info.windowScale = t.scaling;
        info.ecn = t.ecn.agreed();
        info.sndWscale = t.sndScale;
        info.rcvWscale = t.rcvScale;
        info.sndMss = t.sendMss;
        info.rcvMss = t.acks.fullSegment();
        info.advmss = t.receiveMss;
        int headers = t.path.headerLength() + TcpLayer.HEADER;
        info.pmtu = (int) Math.min(t.path.mtu(), (long) t.pathMtuLimit() + headers);
    }

    private void times() {
        long now = t.layer.now();
        info.rttNanos = t.rtt.srttNanos();
        info.rttvarNanos = t.rtt.rttvarNanos();
        info.minRttNanos = orZero(t.rtt.minNanos());
        info.rcvRttNanos = orZero(t.receiveTuning.leastNanos());
        info.rtoNanos = t.rtt.rtoNanos();
        info.atoNanos = t.layer.parts().config().delayedAckNanos();
        info.lastDataSentNanos = t.stats.dataSegsOut == 0 ? 0 : now - t.lastSent;
        info.lastDataRecvNanos = t.stats.dataSegsIn == 0 ? 0 : now - t.stats.lastDataRecv;
        info.lastAckRecvNanos = t.stats.segsIn == 0 ? 0 : now - t.stats.lastAckRecv;
        info.busyTimeNanos = t.limits.busyNanos(now);
        info.rwndLimitedNanos = t.limits.receiveWindowNanos(now);
        info.sndbufLimitedNanos = t.limits.sendBufferNanos(now);
    }

    private void congestion() {
        info.sndCwndBytes = t.loss.window(t);
        info.sndCwnd = info.sndCwndBytes / Math.max(1, t.sendMss);
        int ssthresh = t.congestion.ssthresh();
        info.sndSsthreshBytes = ssthresh >= CongestionControl.UNLIMITED ? Integer.MAX_VALUE : ssthresh;
        info.unackedBytes = t.sndNxt - t.sndUna;
        info.lostBytes = t.loss.lost(t);
        t.loss.report(info);
        if (info.caState == TcpInfo.CaState.OPEN && t.ecn.cutCovers(t.sndUna)) {
            info.caState = TcpInfo.CaState.CWR;
        }
        info.reordSeen = Integer.toUnsignedLong(t.stats.reordSeen);
        info.dsackDups = Integer.toUnsignedLong(t.stats.dsackDups);
        info.totalRetrans = Integer.toUnsignedLong(t.stats.totalRetrans);
        info.bytesRetrans = t.stats.bytesRetrans;
        info.pacingRate = Pacer.rate(t);
        info.deliveryRate = t.delivery.bytesPerSecond();
        info.deliveryRateAppLimited = t.delivery.appLimited();
    }

    private void carried() {
        info.bytesSent = t.stats.bytesSent;
        info.bytesAcked = t.stats.bytesAcked;
        info.bytesReceived = t.receiveQueue.received();
        info.deliveredBytes = t.delivery.deliveredBytes();
        info.deliveredCe = Integer.toUnsignedLong(t.stats.deliveredCe);
        info.segsOut = Integer.toUnsignedLong(t.stats.segsOut);
        info.segsIn = Integer.toUnsignedLong(t.stats.segsIn);
        info.dataSegsOut = Integer.toUnsignedLong(t.stats.dataSegsOut);
        info.dataSegsIn = Integer.toUnsignedLong(t.stats.dataSegsIn);
        info.rcvOoopack = Integer.toUnsignedLong(t.stats.rcvOoopack);
        info.notsentBytes = t.unsent();
    }

    private void buffers() {
        info.sndWnd = t.sndWnd;
        info.rcvWnd = t.receiveQueue.rcvWnd();
        info.sndBuf = t.sendBuffer();
        info.rcvBuf = t.receiveBuffer();
        info.rcvSpace = t.receiveTuning.space();
    }

    private static long orZero(long nanos) {
        return nanos == Timer.NEVER ? 0 : nanos;
    }
}
