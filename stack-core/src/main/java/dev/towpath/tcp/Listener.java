package dev.towpath.tcp;

import dev.towpath.demux.Binding;
import org.jspecify.annotations.Nullable;

/** A passive OPEN (RFC 9293 section 3.10.1): its SYN queue and its accept queue. All calls under the stack lock. */
public final class Listener {
    Listener() {}

    /** Where it listens. */
    public Binding binding() {
        throw new UnsupportedOperationException();
    }

    /** The first settings of connections that it accepts. */
    public TcpSettings settings() {
        throw new UnsupportedOperationException();
    }

    /** Changes the length of the accept queue. */
    public void backlog(int backlog) {
        throw new UnsupportedOperationException();
    }

    /** Connections that {@link #accept} would return. */
    public int pending() {
        throw new UnsupportedOperationException();
    }

    /** The oldest established connection, which the caller then owns, or null. */
    public @Nullable Tcb accept() {
        throw new UnsupportedOperationException();
    }

    /** Ends it: connections not accepted are reset. The binding stays the caller's. Idempotent. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
