package dev.towpath.stack;

/**
 * Somebody who acts in a {@link Simulation} at times that he knows himself: a host, a router, an application. He joins
 * by {@link Simulation#add}.
 */
public interface Participant {
    /**
     * When {@link #act} is next worth calling: {@link Long#MIN_VALUE} for at once, {@link Long#MAX_VALUE} for never.
     * Asked again after each {@code act}, and when somebody has said that the answer may have changed.
     */
    long nextEventNanos();

    /** Does what is due now. Called no sooner than asked for; others may come first at the same instant. */
    void act(long nowNanos);
}
