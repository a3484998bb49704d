package dev.towpath.stack;

import org.jspecify.annotations.Nullable;

/** Runs one host of a {@link Simulation}: to wait is to run the whole simulation. */
final class SimulationDriver implements Driver, Participant {
    private final Simulation simulation;
    private final String name;
    private final Machine machine;
    private boolean running = true;
    /** Tells the simulation that {@link #nextEventNanos} may have changed. */
    private Runnable changed = () -> {};

    SimulationDriver(Simulation simulation, String name, Machine machine) {
        this.simulation = simulation;
        this.name = name;
        this.machine = machine;
    }

    /** What calls to this host, and frames that arrive at it, tell the simulation by. */
    void onChange(Runnable toCall) {
        changed = toCall;
    }

    @Override
    public void act(long nowNanos) {
        int ignored = machine.poll(nowNanos, BUDGET);
    }

    @Override
    public long nextEventNanos() {
        return running ? machine.nextDeadline() : NEVER;
    }

    @Override
    public void enter() {
        simulation.enter();
        machine.time(simulation.nowNanos());
    }

    @Override
    public void leave() {
        try {
            if (running) {
                machine.flush();
            }
        } finally {
            changed.run();
            simulation.leave();
        }
    }

    /** Nothing: what arrives is an event of its own in the simulation. */
    @Override
    public void look() {}

    @Override
    public boolean await(WaitPoint point, long deadlineNanos) {
        int seen = point.signals;
        machine.flush();
        changed.run();
        while (running && point.signals == seen && simulation.nowNanos() < deadlineNanos) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (!simulation.step(deadlineNanos)) {
                throw new IllegalStateException("the simulation is at rest at " + simulation.now()
                        + ": nothing can happen any more that a blocked call on host '" + name
                        + "' waits for; let a peer act first, use Simulation.after, or set a time-out");
            }
        }
        machine.time(simulation.nowNanos());
        return true;
    }

    @Override
    public long nowNanos() {
        return simulation.nowNanos();
    }

    @Override
    public WaitPoint newWaitPoint() {
        return new WaitPoint(null);
    }

    @Override
    public boolean running() {
        return running;
    }

    /** An exception in a simulated host goes straight to the test that drives it. */
    @Override
    public @Nullable Throwable failure() {
        return null;
    }

    @Override
    public void close(Runnable closeDevices) {
        enter();
        try {
            if (running) {
                machine.shut();
                machine.flush();
                running = false;
                closeDevices.run();
                changed.run();
            }
        } finally {
            simulation.leave();
        }
    }
}
