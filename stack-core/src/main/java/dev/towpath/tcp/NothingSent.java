package dev.towpath.tcp;

import dev.towpath.info.TcpInfo;

/**
 * Loss recovery before there is anything to lose. Many connections are opened and then only listened on, or wait for
 * their first request for hours; so {@link SackRecovery} or {@link NewRenoRecovery} is made when the first data is sent.
 * One for all connections: it remembers nothing.
 */
final class NothingSent implements LossRecovery {
    static final NothingSent INSTANCE = new NothingSent();

    private NothingSent() {}

    /** Data is sent, or the FIN. */
    private static LossRecovery begin(Tcb t) {
        LossRecovery recovery = t.sackPermitted ? new SackRecovery(t) : new NewRenoRecovery(t);
        t.loss = recovery;
        t.delivery = new DeliveryRate();
        return recovery;
    }

    @Override
    public void sent(Tcb t, int start, int end, boolean fresh) {
        begin(t).sent(t, start, end, fresh);
    }

    /** A SYN is not lost data: {@link Timeouts} sends it again. */
    @Override
    public int pipe(Tcb t) {
        return t.sndNxt - t.sndUna;
    }

    @Override
    public int window(Tcb t) {
        return t.congestion.cwnd();
    }

    @Override
    public int lost(Tcb t) {
        return 0;
    }

    @Override
    public int lostStart() {
        return 0;
    }

    @Override
    public int lostLength() {
        return 0;
    }

    @Override
    public boolean urgent() {
        return false;
    }

    @Override
    public void resent(Tcb t, int count) {
        begin(t).resent(t, count);
    }

    /** What a peer reports that has got nothing is for the one who knows what to believe. */
    @Override
    public boolean arrived(Tcb t, Segment seg, int acked, boolean limited) {
        boolean silent = acked == 0 && seg.options.sackCount == 0;
        return !silent && begin(t).arrived(t, seg, acked, limited);
    }

    @Override
    public void timedOut(Tcb t, boolean first) {
        begin(t).timedOut(t, first);
    }

    @Override
    public void tooBig(Tcb t) {
        begin(t).tooBig(t);
    }

    @Override
    public void nothingInFlight(Tcb t) {}

    @Override
    public boolean calm(Tcb t) {
        return t.sackPermitted;
    }

    @Override
    public void report(TcpInfo info) {}
}
