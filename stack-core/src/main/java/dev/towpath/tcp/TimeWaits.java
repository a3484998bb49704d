package dev.towpath.tcp;

import dev.towpath.config.TcpConfig;
import dev.towpath.demux.Flow;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.time.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TIME-WAIT (RFC 9293 section 3.6.1): for two maximum segment lifetimes the tuple is kept, so that the old connection's
 * segments have died out before a new one begins, and the peer's FIN is acknowledged however often it comes.
 *
 * <p>All of them wait equally long, so that they end in the order in which they began: a queue and one timer serve
 * millions. They stay in the table of connections, which thereby knows that their ports are in use.
 */
final class TimeWaits {
    private static final long COARSEST_TICK_NANOS = 1_000_000_000L;

    private final TcpLayer layer;
    private final TcpConfig config;
    private final Timer timer = new Timer(this::expired);
    private @Nullable TimeWait first;
    private @Nullable TimeWait last;
    private int size;

    TimeWaits(TcpLayer layer) {
        this.layer = layer;
        this.config = layer.parts().config();
    }

    /** {@code t} is over, and its tuple begins to wait; beyond the limit the oldest goes early. */
    void begin(Tcb t) {
        TimeWait w = new TimeWait(t);
        boolean replaced = layer.parts().flows().replace(t, w);
        if (!replaced) {
            throw new IllegalStateException(t + " is not in the table of connections");
        }
        layer.parts().mib().count(Counter.TCP_EXT_TW);
        append(w);
        if (size > config.maxTimeWait() && first != null) {
            end(first);
        }
    }

    void forEach(Consumer<Flow> action) {
        for (TimeWait w = first; w != null; w = w.later) {
            action.accept(w);
        }
    }

    /** The stack closes. */
    void clear() {
        while (first != null) {
            end(first);
        }
    }

    /** Takes it out of the table: its tuple is free. */
    void end(TimeWait w) {
        boolean removed = layer.parts().flows().remove(w);
        if (removed) {
            unlink(w);
        }
        if (size == 0) {
            layer.parts().wheel().cancel(timer);
        }
    }

    /**
     * Adds {@code t} to the table of connections, in the place of {@code old} if there is one; returns its initial
     * sequence number, which lies beyond the old one's.
     *
     * @throws IllegalStateException if its tuple is taken
     */
    int succeed(Tcb t, @Nullable TimeWait old) {
        if (old != null) {
            end(old);
            layer.parts().mib().count(Counter.TCP_EXT_TW_RECYCLED);
        }
        if (!layer.parts().flows().add(t)) {
            throw new IllegalStateException("a connection from " + t.localAddress() + ":" + t.localPort() + " to "
                    + t.remoteAddress() + ":" + t.remotePort() + " exists; take another local port");
        }
        int iss = layer.initialSequence().next(t, layer.now());
        return old == null ? iss : InitialSequence.beyond(old.sndNxt, iss);
    }

    /**
     * May this end open a new connection of the same tuple? Where both ends have timestamps, once ours are certain to
     * have grown by the coarsest clock that RFC 7323 section 5.4 allows: then PAWS keeps the old segments out at both
     * ends. This is Linux's tcp_tw_reuse. Otherwise a client could open no more than 273 connections a second to one
     * server, which is what there are ports for.
     */
    boolean mayReopen(TimeWait w) {
        return w.timestamps && layer.now() - (w.endNanos - 2 * config.mslNanos()) > COARSEST_TICK_NANOS;
    }

    private void append(TimeWait w) {
        w.endNanos = layer.now() + 2 * config.mslNanos();
        w.earlier = last;
        w.later = null;
        if (last == null) {
            first = w;
        } else {
            last.later = w;
        }
        last = w;
        size++;
        if (!timer.armed()) {
            layer.parts().wheel().arm(timer, w.endNanos);
        }
    }

    private void unlink(TimeWait w) {
        if (w.earlier == null) {
            first = w.later;
        } else {
            w.earlier.later = w.later;
        }
        if (w.later == null) {
            last = w.earlier;
        } else {
            w.later.earlier = w.earlier;
        }
        size--;
    }

    private void expired(long now) {
        while (first != null && first.endNanos <= now) {
            end(first);
        }
        if (first != null) {
            layer.parts().wheel().arm(timer, first.endNanos);
        }
    }

    // ---- RFC 9293 section 3.10.7.4, TIME-WAIT, in its order ----

    /** A segment for a connection in TIME-WAIT, which {@link #reopenedBy} has not taken for a new one. */
    void arrived(TimeWait w, Segment seg) {
        boolean done = firstCheckSequence(w, seg) || secondCheckReset(w, seg) || fourthCheckSyn(w, seg);
        if (done) {
            return;
        }
        if (!seg.ackFlag()) { // fifth
            layer.parts().mib().drop(DropReason.TCP_NO_ACK);
        } else if (SeqNum.lessThan(w.sndNxt, seg.ack)) {
            layer.parts().mib().drop(DropReason.TCP_BAD_ACK);
            challengeAck(w);
        } else if (seg.length > 0) { // seventh, eighth: behind its own FIN the peer has nothing to say
            layer.parts().mib().drop(DropReason.TCP_AFTER_CLOSE);
            layer.transmitter().ack(w);
        }
    }

    private boolean firstCheckSequence(TimeWait w, Segment seg) {
        boolean stamped = w.timestamps && seg.options.timestamps;
        boolean old = stamped && !seg.rst() && SeqNum.lessThan(seg.options.tsVal, w.tsRecent);
        if (old || !SegmentArrival.acceptable(seg, w.rcvNxt, w.rcvWnd)) {
            boolean left = SeqNum.lessThan(seg.seq, w.rcvNxt);
            DropReason outside = left ? DropReason.TCP_DUPLICATE : DropReason.TCP_OUT_OF_WINDOW;
            layer.parts().mib().drop(old ? DropReason.TCP_PAWS : outside);
            answerUnacceptable(w, seg);
            return true;
        }
        if (stamped && SeqNum.atMost(seg.seq, w.rcvNxt) && SeqNum.atMost(w.tsRecent, seg.options.tsVal)) {
            w.tsRecent = seg.options.tsVal;
        }
        return false;
    }

    private void answerUnacceptable(TimeWait w, Segment seg) {
        if (seg.rst()) {
            return;
        }
        if (seg.fin() && seg.end() == w.rcvNxt) { // "a retransmission of the remote FIN. Acknowledge it, and restart"
            unlink(w);
            append(w);
        }
        if (seg.length > 0 && !seg.syn()) {
            layer.transmitter().ack(w);
        } else {
            challengeAck(w);
        }
    }

    /** RFC 1337 section 3, fix F1: no reset ends TIME-WAIT. */
    private boolean secondCheckReset(TimeWait w, Segment seg) {
        if (!seg.rst()) {
            return false;
        }
        layer.parts().mib().drop(DropReason.TCP_BAD_RESET);
        if (seg.seq != w.rcvNxt) {
            challengeAck(w); // RFC 5961 section 3.2
        }
        return true;
    }

    private boolean fourthCheckSyn(TimeWait w, Segment seg) {
        if (!seg.syn()) {
            return false;
        }
        layer.parts().mib().drop(DropReason.TCP_UNEXPECTED_SYN);
        layer.parts().mib().count(Counter.TCP_EXT_TCP_SYN_CHALLENGE);
        // RFC 5961 section 4.2, as RFC 9293 has it here. Deviates: RFC 6191 section 2 would drop such a SYN silently;
        // but our ACK makes a peer that has restarted reset this end, and then its next SYN is answered.
        challengeAck(w);
        return true;
    }

    /** Limited for each tuple, as {@link SegmentArrival} does it for each connection. */
    private void challengeAck(TimeWait w) {
        char second = (char) (layer.now() / 1_000_000_000L);
        if (second != w.challengeSecond) {
            w.challengeSecond = second;
            w.challenges = 0;
        }
        if (w.challenges < Math.min(Byte.MAX_VALUE, config.challengeAcksPerSecond())) {
            w.challenges++;
            layer.parts().mib().count(Counter.TCP_EXT_TCP_CHALLENGE_ACK);
            layer.transmitter().ack(w);
        }
    }

    /**
     * True if this SYN can't be an old one and may take the tuple (RFC 9293 section 3.6.1, MAY-2; RFC 6191 section 2):
     * the peer's timestamps have grown, or else its sequence numbers.
     *
     * <p>Deviates: where only the SYN has timestamps, RFC 6191 would accept any. Old segments without the option are
     * still accepted on a connection that has it (see {@link SegmentArrival}), so only the numbers can tell.
     */
    boolean reopenedBy(TimeWait w, Segment seg) {
        if (!seg.syn() || seg.ackFlag() || seg.rst() || seg.fin()) {
            return false;
        }
        boolean beyond = SeqNum.atMost(w.rcvNxt, seg.seq);
        if (!w.timestamps || !seg.options.timestamps || seg.options.tsVal == w.tsRecent) {
            return beyond;
        }
        return SeqNum.lessThan(w.tsRecent, seg.options.tsVal);
    }
}
