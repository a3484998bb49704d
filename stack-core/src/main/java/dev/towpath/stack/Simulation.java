package dev.towpath.stack;

import dev.towpath.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Many hosts in one thread and in virtual time: the same seed and the same calls give the same frames at the same
 * nanoseconds. Time passes only inside {@link #run}, {@link #runUntil} and calls that block on a host's socket: such a
 * call runs the whole simulation until what it waits for has happened.
 *
 * <pre>{@code
 *   try (Simulation net = new Simulation(seed)) {
 *       MemoryWire wire = ...;
 *       NetworkStack server = net.host("server").device(wire.left(), "192.0.2.1/24").start();
 *       NetworkStack client = net.host("client").device(wire.right(), "192.0.2.2/24").start();
 *       ...
 *   }
 * }</pre>
 */
public final class Simulation implements AutoCloseable {
    /** Steps at one instant after which hosts count as caught in an endless exchange. */
    private static final int MAX_STEPS_AT_ONCE = 1_000_000;

    private record Action(long atNanos, long order, Runnable body) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    private final long seed;
    /** Only to tell a second thread off, and for what the first has written to be seen if they take turns. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, NetworkStack> stacks = new LinkedHashMap<>();
    private final Agenda agenda = new Agenda();
    private final PriorityQueue<Action> actions = new PriorityQueue<>();
    private long actionsSoFar;
    private long nowNanos;
    private int stepsAtOnce;

    /** An empty network at time 0. */
    public Simulation(long seed) {
        this.seed = seed;
    }

    /** A new host, to be given devices and started. Its seed follows from the simulation's and its name. */
    public NetworkStack.Builder host(String name) {
        return new NetworkStack.Builder(this).name(name).seed(seed(name)).clock(clock());
    }

    /** The simulation's time, for devices that delay frames. */
    public Clock clock() {
        return this::nowNanos;
    }

    /** A seed that follows from the simulation's and {@code purpose}: for an impairment, a test's data. */
    public long seed(String purpose) {
        long mixed = seed;
        for (int i = 0; i < purpose.length(); i++) {
            mixed = mix(mixed + purpose.charAt(i));
        }
        return mix(mixed);
    }

    /** Time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(nowNanos);
    }

    /**
     * Lets {@code participant} act at its times from now on.
     *
     * @return what to call when somebody else has changed the participant's next time; cheap
     */
    public Runnable add(Participant participant) {
        return agenda.add(participant);
    }

    /** Calls {@code action} after {@code delay} of virtual time, from within whatever drives the simulation then. */
    public void after(Duration delay, Runnable action) {
        actions.add(new Action(nowNanos + delay.toNanos(), actionsSoFar++, action));
    }

    /** Lets {@code time} pass. */
    public void run(Duration time) {
        boolean never = runUntil(() -> false, time);
        assert !never;
    }

    /** Lets time pass until {@code condition} holds, but at most {@code limit}; false if it does not hold even then. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        enter();
        try {
            long end = nowNanos + limit.toNanos();
            while (!condition.getAsBoolean()) {
                if (nowNanos >= end && nextEvent() > end) {
                    return false;
                }
                boolean ignored = step(end);
            }
            return true;
        } finally {
            leave();
        }
    }

    /** Closes every host. */
    @Override
    public void close() {
        stacks.values().forEach(NetworkStack::close);
    }

    /** A host, and what to call when something about it may have changed. */
    Runnable add(NetworkStack stack, SimulationDriver driver) {
        if (stacks.putIfAbsent(stack.name(), stack) != null) {
            throw new IllegalArgumentException("the simulation has a host '" + stack.name()
                    + "' already; give each its own name, since its seed follows from it");
        }
        return add(driver);
    }

    long nowNanos() {
        return nowNanos;
    }

    void enter() {
        if (!lock.tryLock()) {
            throw new IllegalStateException(
                    "a simulation is used by one thread at a time; schedule with Simulation.after"
                            + " what is to happen while a call blocks");
        }
    }

    void leave() {
        lock.unlock();
    }

    /**
     * Lets the next thing happen: one batch of one host, or one action; if none is due now, time moves on to the first
     * that will be.
     *
     * <p>If nothing happens until {@code limitNanos}, time moves on to that.
     *
     * @return false if there is no limit and nothing is left to happen
     */
    boolean step(long limitNanos) {
        long next = nextEvent();
        if (next > nowNanos) {
            stepsAtOnce = 0;
            if (next > limitNanos && limitNanos != Driver.NEVER) {
                nowNanos = Math.max(nowNanos, limitNanos);
                return true;
            }
            if (next == Driver.NEVER) {
                return false;
            }
            nowNanos = next;
        } else if (++stepsAtOnce > MAX_STEPS_AT_ONCE) {
            throw new IllegalStateException("at " + now() + " the hosts have been busy for " + MAX_STEPS_AT_ONCE
                    + " steps without time passing: they answer each other without end");
        }
        Action action = actions.peek();
        if (action != null && action.atNanos <= nowNanos) {
            actions.remove().body.run();
            return true;
        }
        Agenda.Entry first = agenda.first(nowNanos);
        if (first != null && first.atNanos <= nowNanos) {
            agenda.takeOut(first);
            first.who.act(nowNanos);
        }
        return true;
    }

    private long nextEvent() {
        Action action = actions.peek();
        Agenda.Entry first = agenda.first(nowNanos);
        long next = action == null ? Driver.NEVER : action.atNanos;
        return first == null ? next : Math.min(next, first.atNanos);
    }

    /** SplitMix64's finalizer. */
    private static long mix(long z) {
        long x = (z + 0x9e37_79b9_7f4a_7c15L) ^ (z >>> 30);
        x = (x ^ (x >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return x ^ (x >>> 31);
    }
}
