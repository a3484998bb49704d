package dev.towpath.tcp;

import dev.towpath.ip.Path;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import java.nio.ByteBuffer;

/** The user's calls of RFC 9293 sections 3.10.1 to 3.10.6, and the ways a connection ends. */
final class UserCalls {
    private final TcpLayer layer;
    /** Connections that the application has closed, and the peer has not. */
    private int orphans;

    UserCalls(TcpLayer layer) {
        this.layer = layer;
    }

    /** Active OPEN (section 3.10.1). */
    Tcb open(Path path, int localPort, int remotePort, TcpSettings settings, ConnectionEvents events) {
        Tcb t = new Tcb(layer, path, localPort, remotePort, settings, events);
        int iss = layer.timeWaits().succeed(t, layer.predecessor(t));
        layer.parts().mib().count(Counter.TCP_ACTIVE_OPENS);
        start(t, iss);
        t.enter(State.SYN_SENT);
        return t;
    }

    /** Sets the send variables for a SYN with number {@code iss} that leaves at the end of the batch. */
    void start(Tcb t, int iss) {
        t.iss = iss;
        t.tsOffset = layer.initialSequence().timestampOffset(t);
        t.sndUna = iss;
        t.sndNxt = iss + 1;
        t.sndMax = t.sndNxt;
        t.small.start(iss);
        t.synDue = true;
        t.deadlines().patience.startedAt(layer.now());
        t.deadlines().retransmit = layer.now() + t.rtt.rtoNanos();
        t.touch();
    }

    /** SEND (section 3.10.2). Before the connection is established the data waits in the queue. */
    int send(Tcb t, ByteBuffer data, boolean more) {
        if (t.outputEnded()) {
            return 0;
        }
        int taken = t.sendQueue.add(data, t.sendSpace());
        t.wantsSpace |= data.hasRemaining();
        if (taken == 0 && t.sendQueue.length() == 0 && data.hasRemaining()) {
            layer.awaitMemory(t);
        }
        t.small.written(more);
        t.touch();
        return taken;
    }

    /** RECEIVE (section 3.10.3). Tells the peer of the room this makes once it is worth a segment. */
    int receive(Tcb t, ByteBuffer into, boolean peek) {
        int count = t.receiveQueue.read(into, peek);
        if (count > 0 && !peek && t.state().synchronised()) {
            tune(t, count);
            offerRoom(t);
        }
        return count;
    }

    /** RECEIVE into nowhere: MSG_TRUNC. */
    int discard(Tcb t, int most) {
        int count = t.receiveQueue.discard(most);
        if (count > 0 && t.state().synchronised()) {
            tune(t, count);
            offerRoom(t);
        }
        return count;
    }

    /** The application has read {@code count} bytes: the buffer may have to grow. */
    private void tune(Tcb t, int count) {
        int ceiling = t.settings.maxReceiveBuffer;
        if (t.receiveBuffer() >= ceiling) {
            return;
        }
        int wanted = t.receiveTuning.read(count, t.rtt.minNanos(), layer.now());
        if (wanted > t.receiveBuffer()) {
            t.tunedReceiveBuffer = Math.min(wanted, ceiling);
            t.receiveQueue.capacity(t.receiveCapacity());
        }
    }

    /**
     * Receiver's silly-window avoidance (RFC 9293 section 3.8.6.2.2), and more: a peer that still may send half of what
     * it ever may hears of the room with the next ACK and needs none for this.
     */
    private void offerRoom(Tcb t) {
        int worthIt = Math.min(t.receiveCapacity() / 2, 2 * t.receiveMss);
        boolean peerRunsShort = t.receiveQueue.rcvWnd() < t.receiveQueue.largestWindow() / 2;
        if (peerRunsShort && t.receiveQueue.possibleGrowth() >= worthIt && !t.receiveQueue.finTaken()) {
            t.acks.demand();
            t.touch();
        }
    }

    /** CLOSE (section 3.10.4): the FIN goes behind what is queued. */
    void shutdownOutput(Tcb t) {
        if (t.outputEnded()) {
            return;
        }
        switch (t.state()) {
            case SYN_SENT -> {
                vanish(t); // section 3.10.4: delete the TCB
                t.tellSocket();
            }
            case SYN_RECEIVED -> t.finQueued = true; // FIN-WAIT-1 follows once it is established
            case ESTABLISHED -> {
                t.finQueued = true;
                t.enter(State.FIN_WAIT_1);
            }
            case CLOSE_WAIT -> {
                t.finQueued = true;
                t.enter(State.LAST_ACK);
            }
            default -> throw new IllegalStateException("output is open in " + t.state());
        }
        t.touch();
    }

    void shutdownInput(Tcb t) {
        t.inputShut = true;
        t.tellSocket();
    }

    void close(Tcb t) {
        boolean adopted = t.orphan || t.state() == State.CLOSED;
        t.orphan = true;
        t.events = ConnectionEvents.NONE;
        if (t.state() == State.CLOSED) {
            t.receiveQueue.release();
            return;
        }
        orphans += adopted ? 0 : 1;
        if (t.available() > 0 || (t.state() == State.SYN_RECEIVED && t.listener != null)) {
            // RFC 9293 section 3.10.4, RFC 2525 section 2.17: what was acknowledged will never be read, and the peer
            // must know.
            layer.parts().mib().count(Counter.TCP_EXT_TCP_ABORT_ON_CLOSE);
            abort(t);
            return;
        }
        shutdownOutput(t);
        if (t.state() == State.FIN_WAIT_2) {
            waitForFin(t);
        }
        if (orphans > layer.parts().config().maxOrphans() && t.state() != State.CLOSED) {
            // As Linux: nobody is left who would notice what these cost.
            layer.parts().mib().count(Counter.TCP_EXT_TCP_ABORT_ON_MEMORY);
            layer.transmitter().reset(t);
            fail(t, TransportError.CONNECTION_ABORTED);
        }
    }

    /** Nobody reads any more: the peer's FIN is awaited, but not for ever (as Linux; the RFC has no limit). */
    void waitForFin(Tcb t) {
        t.deadlines().end = layer.now() + layer.parts().config().finWait2Nanos();
        t.touch();
    }

    /**
     * ABORT (section 3.10.5). Deviates in TIME-WAIT, which has left the connection: it goes on, as in Linux, for it is
     * the old segments that are waited out, and the RFC would delete it.
     */
    void abort(Tcb t) {
        switch (t.state()) {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT ->
                layer.transmitter().reset(t);
            default -> {} // the peer knows of nothing, or has said all that it had to say
        }
        fail(t, TransportError.CONNECTION_ABORTED);
        t.receiveQueue.release();
    }

    /** The connection is lost. What was received before stays readable. */
    void fail(Tcb t, TransportError error) {
        if (t.failure == null) {
            t.failure = error;
        }
        vanish(t);
        t.tellSocket();
    }

    /** Enters CLOSED: nothing of it is left but what the application has not read. */
    void vanish(Tcb t) {
        if (t.state() == State.CLOSED) {
            return;
        }
        Listener listener = t.listener;
        if (listener != null) {
            listener.forget(t);
        }
        orphans -= t.orphan ? 1 : 0;
        t.enter(State.CLOSED);
        layer.parts().flows().remove(t);
        t.giveDeadlinesBack();
        t.loss.nothingInFlight(t);
        t.sendQueue.release();
        layer.awaitsMemoryNoMore(t);
        boolean nobodyReads = t.orphan || !t.established; // data that came with a SYN whose handshake failed
        if (nobodyReads || t.available() == 0) {
            t.receiveQueue.release();
        }
    }

    /**
     * Enters TIME-WAIT (section 3.6.1). For its user the connection is over, and {@link TimeWaits} needs no more of it
     * than a few numbers: it is CLOSED, as in Linux, and what holds it now holds only what the application has not
     * read.
     */
    void timeWait(Tcb t) {
        if (t.acks.due()) {
            layer.transmitter().ack(t);
        }
        layer.timeWaits().begin(t);
        vanish(t);
    }

    void settingsChanged(Tcb t) {
        t.receiveQueue.capacity(t.receiveCapacity());
        t.updateCongestionControl();
        if (t.state().synchronised()) {
            t.updateSendMss();
            layer.timeouts().restartKeepAlive(t);
        }
        t.touch();
    }
}
