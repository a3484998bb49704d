package dev.towpath.time;

/** The machine's monotonic clock: what a stack in real time is built with. */
public enum SystemClock implements Clock {
    /** The only one. */
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
