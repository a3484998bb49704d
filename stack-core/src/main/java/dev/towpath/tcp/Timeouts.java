package dev.towpath.tcp;

import dev.towpath.config.TcpConfig;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.time.Timer;
import dev.towpath.time.TimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * What happens when nothing happens: RFC 9293 section 3.10.8, the retransmission timer of RFC 6298, persist, delayed
 * ACK, keep-alive, 2MSL.
 */
final class Timeouts {
    private static final long MOST_PERSIST_NANOS = 60_000_000_000L;

    /**
     * What silly-window avoidance (RFC 9293 section 3.8.6.2.1: 0.1 to 1 s), TCP_CORK and MSG_MORE (Linux: 200 ms) hold
     * back goes after this.
     */
    private static final long OVERRIDE_NANOS = 200_000_000L;

    private final TcpLayer layer;
    private final TcpConfig config;
    private final TimerWheel wheel;

    Timeouts(TcpLayer layer) {
        this.layer = layer;
        this.config = layer.parts().config();
        this.wheel = layer.parts().wheel();
    }

    /** Arms the connection's timer for the earliest of its deadlines. */
    void rearm(Tcb t) {
        Deadlines d = t.settings.userTimeoutNanos == 0 ? t.deadlinesIfAny() : t.deadlines();
        if (d == null) {
            return;
        }
        d.user = d.patience.userTimeout(t, layer.now());
        long earliest = d.earliest();
        if (d.idle()) {
            t.giveDeadlinesBack();
        } else if (earliest != d.timer.deadlineNanos()) {
            wheel.arm(d.timer, earliest);
        }
    }

    /** The connection's timer has expired. */
    void expired(Tcb t, long now) {
        Deadlines d = t.deadlines();
        if (d.ack <= now) {
            d.ack = Timer.NEVER;
            t.acks.demand();
            layer.parts().mib().count(Counter.TCP_EXT_DELAYED_ACKS);
        }
        if (d.pace <= now) {
            d.pace = Timer.NEVER; // output comes at the end of the batch
        }
        if (t.loss instanceof SackRecovery recovery) {
            lossTimers(t, recovery, now);
        }
        if (d.user <= now) {
            giveUp(t);
        }
        if (d.link <= now) {
            d.link = Timer.NEVER;
        }
        if (d.retransmit <= now) {
            retransmitExpired(t, now);
        }
        if (d.keepAlive <= now) {
            keepAliveExpired(t, now);
        }
        if (d.end <= now) {
            layer.userCalls().vanish(t); // an orphan has waited long enough for the peer's FIN
        }
        t.touch();
    }

    private void lossTimers(Tcb t, SackRecovery recovery, long now) {
        if (t.deadlines().reorder <= now) {
            recovery.detect();
        }
        if (t.deadlines().probe <= now) {
            t.deadlines().probe = Timer.NEVER;
            layer.output().tailProbe(t, recovery);
        }
    }

    private void retransmitExpired(Tcb t, long now) {
        if (t.deadlines().persisting) {
            persistExpired(t, now);
        } else if (t.state() == State.SYN_SENT || t.state() == State.SYN_RECEIVED) {
            synExpired(t, now);
        } else {
            dataExpired(t, now);
        }
    }

    private void synExpired(Tcb t, long now) {
        if (t.deadlines().patience.isOver(now, config.synR2Nanos())) {
            giveUp(t); // RFC 9293 MUST-23
            return;
        }
        t.rtt.backOff();
        t.synResent = true;
        t.synDue = true;
        t.deadlines().retransmit = now + t.rtt.rtoNanos();
    }

    /** RFC 6298 sections 5.4 to 5.6. */
    private void dataExpired(Tcb t, long now) {
        if (t.deadlines().patience.isOver(now, r2(t))) {
            giveUp(t);
            return;
        }
        boolean first = t.deadlines().patience.timeouts() == 0;
        if (t.deadlines().patience.timedOut(now)) {
            t.path.doubt(); // RFC 9293 section 3.8.3, (b): "pass negative advice to the IP layer"
        }
        layer.parts().mib().count(Counter.TCP_EXT_TCP_TIMEOUTS);
        if (!t.pathMtu().timedOut()) {
            t.loss.timedOut(t, first);
        }
        t.rtt.resent();
        t.rtt.backOff();
        t.deadlines().retransmit = now + t.rtt.rtoNanos();
    }

    private void persistExpired(Tcb t, long now) {
        if (t.deadlines().patience.isOver(now, r2(t))) {
            giveUp(t); // RFC 9293 section 3.8.6.1: forever only while the peer answers
            return;
        }
        if (t.deadlines().patience.timedOut(now)) {
            t.path.doubt();
        }
        t.deadlines().persistNanos = Math.min(2 * t.deadlines().persistNanos, MOST_PERSIST_NANOS);
        t.deadlines().retransmit = now + t.deadlines().persistNanos;
        layer.output().probe(t);
    }

    /**
     * Nothing is in flight and something waits: for the window, or {@code smallOnly} because it would make a small
     * segment.
     */
    void startPersist(Tcb t, boolean smallOnly) {
        t.deadlines().persisting = true;
        t.deadlines().persistNanos = smallOnly ? OVERRIDE_NANOS : Math.min(t.rtt.rtoNanos(), MOST_PERSIST_NANOS);
        t.deadlines().retransmit = layer.now() + t.deadlines().persistNanos;
    }

    /** Data flows again. */
    void stopPersist(Tcb t) {
        t.deadlines().persisting = false;
        t.deadlines().patience.progress();
        restartRetransmit(t);
    }

    /** RFC 6298 sections 5.2 and 5.3: stopped when all is acknowledged, restarted when some is. */
    void restartRetransmit(Tcb t) {
        boolean inFlight = t.sndNxt != t.sndUna;
        t.deadlines().retransmit = inFlight ? layer.now() + t.rtt.rtoNanos() : Timer.NEVER;
    }

    /** The peer was heard, or SO_KEEPALIVE was switched: keep-alive counts from now. */
    void restartKeepAlive(Tcb t) {
        t.keepAlivesUnanswered = 0;
        boolean on = t.settings.keepAlive && t.state().synchronised();
        t.deadlines().keepAlive = on ? layer.now() + t.settings.keepIdleNanos : Timer.NEVER;
    }

    private void keepAliveExpired(Tcb t, long now) {
        // RFC 9293 MUST-27: only when nothing has come for the interval; data in flight is watched by the
        // retransmission timer already.
        long idleSince = t.lastHeard + t.settings.keepIdleNanos;
        if (t.keepAlivesUnanswered == 0 && now < idleSince) {
            t.deadlines().keepAlive = idleSince;
        } else if (t.sndNxt != t.sndUna) {
            t.deadlines().keepAlive = now + t.settings.keepIdleNanos;
        } else if (keptAliveInVain(t, now)) {
            giveUp(t);
        } else {
            t.keepAlivesUnanswered++;
            t.deadlines().keepAlive = now + t.settings.keepIntervalNanos;
            layer.transmitter().keepAlive(t);
        }
    }

    /** With a user time-out it decides, and not the number of probes, as in Linux. */
    private static boolean keptAliveInVain(Tcb t, long now) {
        return t.settings.userTimeoutNanos == 0
                ? t.keepAlivesUnanswered >= t.settings.keepCount
                : t.keepAlivesUnanswered > 0 && now - t.lastHeard >= t.settings.userTimeoutNanos;
    }

    /** R2 of data in flight; a user time-out takes its place (RFC 9293 MUST-21: set by the application). */
    private long r2(Tcb t) {
        long r2 = t.settings.userTimeoutNanos == 0 ? config.dataR2Nanos() : Timer.NEVER;
        return t.orphan ? Math.min(r2, config.orphanR2Nanos()) : r2;
    }

    private void giveUp(Tcb t) {
        layer.parts().mib().count(Counter.TCP_EXT_TCP_ABORT_ON_TIMEOUT);
        if (t.established) {
            layer.transmitter().reset(t);
        } else {
            layer.parts().mib().count(Counter.TCP_ATTEMPT_FAILS);
        }
        layer.userCalls().fail(t, reason(t));
    }

    private static TransportError reason(Tcb t) {
        @Nullable TransportError soft = t.softError;
        return soft != null ? soft : TransportError.TIMED_OUT;
    }
}
