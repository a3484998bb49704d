package dev.towpath.tcp;

import dev.towpath.tcp.congestion.CongestionControl;

/**
 * What of the congestion window has been used (RFC 7661): it may grow only by what was in flight when it was full, and
 * what goes unused for a time-out shrinks, as gently as Linux does it. So an application that pauses, or sends little,
 * does not come back with a burst that the path never saw.
 */
final class WindowUse {
    private boolean fullNow;
    /** What was sent before {@link #fullEnd} was in flight when the window was full. */
    private boolean full;

    private int fullEnd;
    /** Most bytes in flight since {@link #since}, in which time the window was never full. */
    private int most;

    private long since;

    /** It is the window that holds the sender back now. */
    boolean isFull() {
        return fullNow;
    }

    /** SND.UNA moves on from {@code una}: the ACK answers something that was in flight when the window was full. */
    boolean wasFull(int una) {
        full = full && SeqNum.lessThan(una, fullEnd);
        return full;
    }

    /** All that the window allows is in flight. */
    void filled(Tcb t, long now) {
        fullNow = true;
        full = true;
        fullEnd = t.sndNxt;
        most = 0;
        since = now;
    }

    /** Something else holds the sender back: the application, the peer's window, the link's queue. */
    void notFilled(Tcb t, long now) {
        fullNow = false;
        int flight = t.sndNxt - t.sndUna;
        if (flight == 0) {
            return; // idle, which is seen to when it ends
        }
        most = Math.max(most, flight);
        if (now - since > t.rtt.rtoNanos()) {
            if (most < t.congestion.cwnd()) {
                t.congestion.underused(most);
            }
            most = flight;
            since = now;
        }
    }

    /** Data is sent with nothing in flight: each time-out of silence has halved the window (RFC 5681 section 4.1). */
    void resumes(Tcb t, long now) {
        int enough = CongestionControl.initialWindow(t.sendMss);
        long rto = t.rtt.rtoNanos();
        long idle = now - Math.max(t.lastSent, since);
        if (idle <= rto) {
            return; // a pause between two answers, say: what it uses of the window is seen to with the rest
        }
        for (; idle > rto && t.congestion.cwnd() > enough; idle -= rto) {
            t.congestion.underused(0);
        }
        most = 0;
        since = now;
    }
}
