package dev.towpath.tcp;

import dev.towpath.demux.Binding;
import dev.towpath.ip.Path;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A passive OPEN (RFC 9293 section 3.10.1): LISTEN, with the SYN queue of connections whose handshake is under way and
 * the accept queue of those that the application has not taken yet. All calls under the stack's lock.
 */
public final class Listener {
    /**
     * Handshakes under way are allowed at least this often, however short the accept queue: they cost little and most
     * end well.
     */
    private static final int LEAST_SYN_QUEUE = 128;

    private final TcpLayer layer;
    private final Binding binding;
    private TcpSettings settings;
    private final ListenerEvents events;
    private final Set<Tcb> synQueue = new LinkedHashSet<>();
    private final ArrayDeque<Tcb> acceptQueue = new ArrayDeque<>();
    private int backlog;
    private boolean closed;
    private boolean cookiesSent;
    private long cookiesSentAt;

    Listener(TcpLayer layer, Binding binding, int backlog, TcpSettings settings, ListenerEvents events) {
        this.layer = layer;
        this.binding = binding;
        this.settings = settings;
        this.events = events;
        backlog(backlog);
    }

    /** Where it listens. */
    public Binding binding() {
        return binding;
    }

    /** The first settings of connections that it accepts. */
    public TcpSettings settings() {
        return settings;
    }

    /** The first settings of those that it accepts from now on. */
    public void settings(TcpSettings first) {
        settings = first;
    }

    /** Changes the length of the accept queue; at least 1. */
    public void backlog(int connections) {
        this.backlog = Math.max(1, connections);
    }

    /** Connections that {@link #accept} would return. */
    public int pending() {
        return acceptQueue.size();
    }

    /**
     * The oldest established connection, which the caller then owns, or null. It may have been reset meanwhile: see
     * {@link Tcb#failure}.
     */
    public @Nullable Tcb accept() {
        Tcb t = acceptQueue.poll();
        if (t != null) {
            t.listener = null;
        }
        return t;
    }

    /** Ends it: connections not accepted are reset. The binding stays the caller's. Idempotent. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        binding.receiver(null);
        for (Tcb t : Set.copyOf(synQueue)) {
            t.abort();
        }
        for (Tcb t = accept(); t != null; t = accept()) {
            t.abort();
        }
    }

    /**
     * A segment has arrived in LISTEN (RFC 9293 section 3.10.7.2).
     *
     * @param old the connection in TIME-WAIT whose tuple it may take over
     */
    void arrived(Segment seg, @Nullable TimeWait old) {
        // First, check for a RST: "An incoming RST should be ignored."
        if (seg.rst()) {
            layer.parts().mib().drop(DropReason.TCP_NO_SOCKET);
            return;
        }
        // Second, check for an ACK: nothing has been sent that it could acknowledge, but for a cookie.
        if (seg.ackFlag()) {
            if (!seg.syn() && cookieArrived(seg)) {
                return;
            }
            layer.parts().mib().drop(DropReason.TCP_NO_SOCKET);
            layer.transmitter().refuse(seg);
            return;
        }
        // Third, check for a SYN. With a FIN it is nobody's honest opening, and Linux drops it too.
        if (!seg.syn() || seg.fin()) {
            layer.parts().mib().drop(DropReason.TCP_BAD_FLAGS);
            return;
        }
        admit(seg, old);
    }

    /** Takes an honest SYN in, if there is room for what it may become. */
    private void admit(Segment seg, @Nullable TimeWait old) {
        // A tuple that was in use is not a forged one, and known peers make no flood.
        boolean synRoom = old != null || synQueue.size() < Math.max(backlog, LEAST_SYN_QUEUE);
        boolean cookie = !synRoom && layer.parts().config().synCookies();
        if (!mayEstablish()) {
            dropForWantOfRoom(DropReason.TCP_ACCEPT_QUEUE_FULL);
            layer.parts().mib().count(Counter.TCP_EXT_LISTEN_OVERFLOWS);
        } else if (layer.parts().buffers().scarce()) {
            dropForWantOfRoom(DropReason.TCP_NO_MEMORY); // the peer will try again, and a cookie would promise memory
        } else if (cookie) {
            sendCookie(seg);
        } else if (synRoom) {
            synArrived(seg, old);
        } else {
            dropForWantOfRoom(DropReason.TCP_SYN_QUEUE_FULL);
            layer.parts().mib().count(Counter.TCP_EXT_TCP_REQ_Q_FULL_DROP);
        }
    }

    private void dropForWantOfRoom(DropReason reason) {
        layer.parts().mib().drop(reason);
        layer.parts().mib().count(Counter.TCP_EXT_LISTEN_DROPS);
    }

    private void synArrived(Segment seg, @Nullable TimeWait old) {
        Tcb t = create(seg);
        if (t == null) {
            return;
        }
        int iss = layer.timeWaits().succeed(t, old);
        begin(t, seg, iss);
        if (settings.deferAcceptNanos > 0) {
            t.deadlines().awaitData = layer.now() + settings.deferAcceptNanos;
        }
        seg.dropSyn();
        layer.arrival().textWithSyn(t, seg);
    }

    /** A connection in answer to {@code seg} that nobody knows of yet; null if there is no way back. */
    private @Nullable Tcb create(Segment seg) {
        Path path = layer.transmitter().pathBack(seg.frame);
        if (path == null || path.group()) {
            layer.parts().mib().drop(DropReason.IP_NO_ROUTE);
            return null;
        }
        return new Tcb(layer, path, seg.destinationPort(), seg.sourcePort(), settings.share(), ConnectionEvents.NONE);
    }

    private void begin(Tcb t, Segment syn, int iss) {
        layer.parts().mib().count(Counter.TCP_PASSIVE_OPENS);
        t.listener = this;
        synQueue.add(t);
        layer.arrival().learnFromSyn(t, syn);
        t.ecn.listenerHears(layer.parts().config().ecn(), syn);
        layer.userCalls().start(t, iss);
        t.enter(State.SYN_RECEIVED);
    }

    /**
     * The SYN queue is full (RFC 4987 section 3.6): what would be remembered goes into the SYN-ACK, is sent once, and
     * is forgotten. Data with the SYN is not taken: the peer sends it again.
     */
    private void sendCookie(Segment seg) {
        Tcb t = create(seg);
        if (t == null) {
            return;
        }
        layer.parts().mib().count(Counter.TCP_EXT_TCP_REQ_Q_FULL_DO_COOKIES);
        layer.parts().mib().count(Counter.TCP_EXT_SYNCOOKIES_SENT);
        SynCookies.reduce(seg);
        layer.arrival().learnFromSyn(t, seg);
        t.ecn.listenerHears(layer.parts().config().ecn(), seg);
        t.iss = layer.synCookies().make(seg, layer.now());
        t.tsOffset = layer.initialSequence().timestampOffset(t);
        t.tsOffset += SynCookies.stamp(t.tsNow(), seg) - t.tsNow();
        t.enter(State.SYN_RECEIVED);
        layer.transmitter().syn(t);
        cookiesSentAt = layer.now();
        cookiesSent = true;
    }

    /** If {@code seg} brings a cookie back, what it stands for becomes a connection at once; else false. */
    private boolean cookieArrived(Segment seg) {
        if (!cookiesSent || layer.now() - cookiesSentAt > SynCookies.VALID_NANOS) {
            return false; // none is out: whoever guesses can't be right
        }
        Segment syn = layer.synCookies().open(seg, layer.now());
        if (!syn.syn()) {
            layer.parts().mib().count(Counter.TCP_EXT_SYNCOOKIES_FAILED);
            return false;
        }
        if (!mayEstablish()) { // as if the ACK were lost: what the peer sends next brings the cookie again
            dropForWantOfRoom(DropReason.TCP_ACCEPT_QUEUE_FULL);
            layer.parts().mib().count(Counter.TCP_EXT_LISTEN_OVERFLOWS);
            return true;
        }
        Tcb t = create(seg);
        if (t != null && layer.parts().flows().add(t)) {
            layer.parts().mib().count(Counter.TCP_EXT_SYNCOOKIES_RECV);
            begin(t, syn, seg.ack - 1);
            t.synDue = false;
            layer.arrival().arrived(t, seg);
        }
        return true;
    }

    /** The accept queue has room for one more. */
    boolean mayEstablish() {
        return acceptQueue.size() < backlog;
    }

    /** The handshake of {@code t} is complete. */
    void established(Tcb t) {
        synQueue.remove(t);
        acceptQueue.add(t);
        events.acceptable(this);
    }

    /**
     * {@code t} has ended before the application took it. One that was established stays in the accept queue and is
     * accepted as a failed connection.
     */
    void forget(Tcb t) {
        if (synQueue.remove(t)) {
            t.listener = null;
        }
    }
}
