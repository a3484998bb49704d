package dev.towpath.tcp;

/**
 * What a connection tells its socket. Called under the stack lock from within the core: it may only note and signal.
 */
@FunctionalInterface
public interface ConnectionEvents {
    /** Nobody listens yet. */
    ConnectionEvents NONE = tcb -> {};

    /** Something that poll, recv, send, connect, close or linger may be waiting for has changed. */
    void readinessChanged(Tcb tcb);
}
