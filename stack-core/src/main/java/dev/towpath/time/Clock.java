package dev.towpath.time;

/** Where time comes from: the machine's clock, or a simulation's. */
@FunctionalInterface
public interface Clock {
    /** Nanoseconds since an arbitrary origin; never goes back. */
    long nanoTime();
}
