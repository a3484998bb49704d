package dev.towpath.tcp;

/** What a listener tells its socket. Called under the stack lock from within the core: it may only note and signal. */
@FunctionalInterface
public interface ListenerEvents {
    /** A connection has come to the accept queue. */
    void acceptable(Listener listener);
}
