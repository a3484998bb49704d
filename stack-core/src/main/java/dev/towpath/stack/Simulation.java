package dev.towpath.stack;

import dev.towpath.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Many hosts in one thread and in virtual time: the same seed and the same calls give the same frames at the same nanoseconds. Time passes only inside
 * {@link #run}, {@link #runUntil} and calls that block on a host's socket: such a call runs the whole simulation until what it waits for has happened.
 */
public final class Simulation implements AutoCloseable {
    /** An empty network at time 0. */
    public Simulation(long seed) {
        throw new UnsupportedOperationException();
    }

    /** A new host, to be given devices and started. Its seed follows from the simulation's and its name. */
    public NetworkStack.Builder host(String name) {
        throw new UnsupportedOperationException();
    }

    /** The simulation's time, for devices that delay frames. */
    public Clock clock() {
        throw new UnsupportedOperationException();
    }

    /** A seed that follows from the simulation's and {@code purpose}: for an impairment, a test's data. */
    public long seed(String purpose) {
        throw new UnsupportedOperationException();
    }

    /** Time since the beginning. */
    public Duration now() {
        throw new UnsupportedOperationException();
    }

    /** Calls {@code action} after {@code delay} of virtual time, from within whatever drives the simulation then. */
    public void after(Duration delay, Runnable action) {
        throw new UnsupportedOperationException();
    }

    /** Lets {@code time} pass. */
    public void run(Duration time) {
        throw new UnsupportedOperationException();
    }

    /** Lets time pass until {@code condition} holds, but at most {@code limit}; false if it does not hold even then. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        throw new UnsupportedOperationException();
    }

    /** Closes every host. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
