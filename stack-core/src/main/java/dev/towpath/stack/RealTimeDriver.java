package dev.towpath.stack;

import dev.towpath.link.DeviceWait;
import dev.towpath.time.Clock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs a core in real time, by whoever waits. A wake-up costs more than a segment, so the thread that waits for a frame
 * takes it in itself.
 *
 * <p>At most one thread at a time holds the <em>token</em>: it polls the core, and between polls sleeps in the device
 * with the lock released. What changes hands, and where:
 *
 * <pre>
 *   token free, somebody arrives             it takes the token                                  {@link #await}
 *   token held by another application        it parks; the holder's polls signal it              {@link #await}
 *   background holds it, nobody else waits   it names itself heir, kicks, parks; the             {@link #await}
 *                                            background thread steps back and wakes it           {@link #stepBack}
 *   holder has what it waited for            it leaves; with others parked the background        {@link #stepBack}
 *                                            thread is told to go on, else nobody is
 *   nobody has polled for a while            the background thread takes the token               {@link #watch}
 *   somebody always finds work at once       it polls on the way; the background thread, if it      {@link #look}
 *                                            holds the token, is told to step back
 *   virtual thread arrives                   polls once without sleeping, parks, and the         {@link #await}
 *                                            background thread drives
 * </pre>
 *
 * <p>Whoever parks while the token is free tells the background thread ({@link #lookAfterOthers}); so a parked thread
 * always has somebody who polls for it or is about to. All fields are guarded by the lock, but for
 * what the background thread looks at without it ({@link #polls}, {@link #alerted}). A device's own wake-up is
 * sticky, so a kick between publishing {@link #sleepingUntil} and the sleep itself is not lost.
 */
final class RealTimeDriver implements Driver {
    private static final Logger LOGGER = System.getLogger(RealTimeDriver.class.getName());

    /** {@link #sleepingUntil} of a driver that is not asleep, or has been kicked. */
    private static final long AWAKE = Long.MIN_VALUE;

    /** How often the background thread looks whether anybody drives. */
    private static final long LOOK_NANOS = 1_000_000;

    /** How long after there were several waiters the background thread is left to drive for one alone. */
    private static final long CROWD_NANOS = 10_000_000;

    /**
     * Longest sleep while there has been traffic in the last {@link #BUSY_NANOS}. It is shorter than TCP's shortest
     * timers, so that a send that arms one need not kick the sleeper.
     */
    private static final long NAP_NANOS = 10_000_000;

    /** How long a virtual thread waits for its turn at the lock before it looks whether it is free. */
    private static final long OUT_OF_TURN_NANOS = 1_000_000;

    private static final long BUSY_NANOS = 500_000_000;

    /**
     * Fair, so that a driver with more work at hand does not overtake those who wait for the lock; callers may
     * ({@link #enter}).
     */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Condition tokenFree = lock.newCondition();

    private final String name;
    private final Machine machine;
    private final DeviceWait wait;
    private final Clock clock;
    private final AdaptiveSpin spin;
    private final Thread background;

    private @Nullable Thread token;
    /** The waiter for which the background thread is to step back. */
    private @Nullable WaitPoint heir;
    /** The background thread is to step back, for a thread that looks by itself. */
    private boolean dismissed;
    /** What the token's holder waits for, and that point's signals when it began. */
    private @Nullable WaitPoint awaited;

    private int seenByHolder;
    /** When the token's holder wakes by itself, or {@link #AWAKE}. */
    private long sleepingUntil = AWAKE;

    /** Written under the lock; the background thread reads it without, so that looking disturbs nobody. */
    private final AtomicLong polls = new AtomicLong();

    private long lastTrafficNanos;
    private long lastCrowdNanos;

    private int parked;
    private @Nullable WaitPoint parkedPoints;
    /** The background thread watches without a time limit, since the token's holder sleeps. */
    private boolean dozing;
    /** The background thread is to drive if nobody does. */
    private boolean needed;
    /** The background thread is to look at all this under the lock: set with each {@link #alert}. */
    private volatile boolean alerted;

    private boolean running = true;
    private boolean devicesClosed;
    private @Nullable Throwable failure;
    private long nowNanos;

    /** A driver that {@link #start} sets going. {@code wait} watches all of the machine's devices. */
    RealTimeDriver(String name, Machine machine, DeviceWait wait, Clock clock, long spinNanos) {
        this.name = name;
        this.machine = machine;
        this.wait = wait;
        this.clock = clock;
        this.spin = new AdaptiveSpin(spinNanos);
        this.nowNanos = clock.nanoTime();
        this.lastTrafficNanos = nowNanos - BUSY_NANOS;
        this.lastCrowdNanos = nowNanos - CROWD_NANOS;
        this.background = new Thread(this::runInBackground, "towpath-" + name);
        background.setDaemon(true);
    }

    /** Starts the background thread. */
    void start() {
        background.start();
    }

    @Override
    public void enter() {
        if (!lock.tryLock()) {
            if (VirtualThreads.current()) {
                lockOutOfTurn();
            } else {
                lock.lock();
            }
        }
        tick();
    }

    /**
     * Before JDK 24 a virtual thread that holds a monitor, as in {@code AbstractInterruptibleChannel.close}, keeps its
     * carrier while it waits for the lock. If all carriers are kept like that, the virtual thread whose turn it is has
     * none to take it on. So whoever is virtual takes the lock when it is free, turn or not.
     */
    private void lockOutOfTurn() {
        boolean interrupted = false;
        boolean locked = false;
        while (!locked) {
            try {
                locked = lock.tryLock() || lock.tryLock(OUT_OF_TURN_NANOS, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void leave() {
        try {
            settle();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(WaitPoint point, long deadlineNanos) {
        int seen = point.signals;
        boolean virtual = VirtualThreads.current();
        settle();
        if (virtual && point.signals == seen) {
            pollOnce();
        }
        boolean interrupted = false;
        while (running && point.signals == seen && nowNanos < deadlineNanos) {
            interrupted = Thread.currentThread().isInterrupted();
            if (interrupted) {
                break;
            }
            if (token == null && !virtual) {
                drive(point, seen, deadlineNanos);
            } else {
                lookAfterOthers(true);
                askForToken(point, virtual);
                park(point, deadlineNanos);
            }
        }
        lookAfterOthers(false);
        return !interrupted;
    }

    @Override
    public void look() {
        boolean lookedAfter = parked > 0 || (token != null && token != background);
        if (!running || lookedAfter) {
            return;
        }
        if (token != null) { // two threads that take turns at each frame would wake one another all the time
            dismissed = true;
            kick();
        }
        tick();
        int ignored = pollOnce();
        tick();
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public WaitPoint newWaitPoint() {
        return new WaitPoint(lock);
    }

    @Override
    public boolean running() {
        return running;
    }

    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void close(Runnable closeDevices) {
        enter();
        try {
            if (running) {
                machine.shut();
                settle();
                stop();
            }
            while (token != null) {
                tokenFree.awaitUninterruptibly();
            }
            if (!devicesClosed) {
                devicesClosed = true;
                closeDevices.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds the token until {@code point} is signalled, the deadline has come, or the thread is interrupted or told to
     * step back.
     */
    private void drive(WaitPoint point, int seen, long deadlineNanos) {
        Thread me = Thread.currentThread();
        token = me;
        awaited = point;
        seenByHolder = seen;
        try {
            tick();
            while (running && point.signals == seen && nowNanos < deadlineNanos && !me.isInterrupted()) {
                if (me == background && toStepBack()) {
                    break;
                }
                boolean moreAtOnce = pollOnce() >= BUDGET;
                boolean done = !running || point.signals != seen;
                if (moreAtOnce) {
                    giveWay();
                } else if (!done) {
                    sleepUntil(Math.min(deadlineNanos, machine.nextDeadline()), me != background);
                }
                tick();
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            token = null;
            awaited = null;
            stepBack(me == background);
        }
    }

    private boolean toStepBack() {
        return dismissed || (heir != null && heir.parked > 0);
    }

    private int pollOnce() {
        polls.setPlain(polls.getPlain() + 1);
        try {
            int frames = machine.poll(nowNanos, BUDGET);
            if (frames > 0) {
                lastTrafficNanos = nowNanos;
                spin.found();
            }
            return frames;
        } catch (RuntimeException | Error e) {
            fail(e);
            return 0;
        }
    }

    /** Lets those in who wait for the lock. */
    private void giveWay() {
        if (lock.hasQueuedThreads()) {
            lock.unlock();
            lock.lock();
        }
    }

    private void sleepUntil(long untilNanos, boolean maySpin) {
        long idleNanos = nowNanos - lastTrafficNanos;
        long sleepNanos = untilNanos == NEVER ? NEVER : untilNanos - nowNanos;
        if (untilNanos <= nowNanos) {
            giveWay();
            return;
        }
        if (maySpin && spin.looksAgain(idleNanos)) {
            lock.unlock();
            Thread.onSpinWait();
            lock.lock();
            return;
        }
        if (idleNanos < BUSY_NANOS) {
            sleepNanos = Math.min(sleepNanos, NAP_NANOS);
        }
        sleepingUntil = sleepNanos == NEVER ? NEVER : nowNanos + sleepNanos;
        lock.unlock();
        try {
            wait.await(sleepNanos);
        } finally {
            lock.lock();
            sleepingUntil = AWAKE;
        }
    }

    /** The token is free again: see that whoever is left behind has a driver. */
    private void stepBack(boolean fromBackground) {
        tokenFree.signalAll();
        if (fromBackground) {
            if (heir != null) {
                heir.wake();
            }
        } else if (parked > 0) {
            lastCrowdNanos = nowNanos;
            lookAfterOthers(false);
        } else if (dozing) {
            alert();
        }
        heir = null;
        dismissed = false;
    }

    /** Tells the background thread to drive if somebody is parked (or the caller is about to be) and nobody drives. */
    private void lookAfterOthers(boolean aboutToPark) {
        if (token == null && (parked > 0 || aboutToPark) && !needed) {
            needed = true;
            alert();
        }
    }

    /**
     * A thread that is alone in waiting drives itself: the background thread is kicked out, once, and stays out while
     * the thread keeps coming.
     */
    private void askForToken(WaitPoint point, boolean virtual) {
        if (parked > 0 || (token != null && token != background)) {
            lastCrowdNanos = nowNanos;
        } else if (token != null && !virtual && nowNanos - lastCrowdNanos >= CROWD_NANOS) {
            heir = point;
            kick();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // await, its caller, loops
    private void park(WaitPoint point, long deadlineNanos) {
        if (point.parked++ == 0) {
            link(point);
        }
        parked++;
        try {
            if (deadlineNanos == NEVER) {
                point.condition().await();
            } else {
                long ignored = point.condition().awaitNanos(deadlineNanos - nowNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parked--;
            if (--point.parked == 0) {
                unlink(point);
            }
            tick();
        }
    }

    /**
     * The core has been called: send what follows, and see that the sleeping driver wakes in time for what has been
     * armed, and at once if the call has brought what it waits for (a close, or data over loopback).
     */
    private void settle() {
        if (!running) {
            return;
        }
        try {
            machine.flush();
            boolean asleep = sleepingUntil != AWAKE;
            boolean holderIsDone = awaited != null && awaited.signals != seenByHolder;
            if (asleep && (holderIsDone || machine.nextDeadline() < sleepingUntil)) {
                kick();
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void kick() {
        if (sleepingUntil != AWAKE) {
            sleepingUntil = AWAKE;
            wait.wake();
        }
    }

    private void tick() {
        nowNanos = clock.nanoTime();
        machine.time(nowNanos);
    }

    private void runInBackground() {
        lock.lock();
        try {
            WaitPoint nobody = newWaitPoint();
            while (running) {
                watch();
                if (running && token == null) {
                    drive(nobody, nobody.signals, NEVER);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when waiters need a driver, or when nobody has polled from one look to the next. */
    private void watch() {
        boolean idle = false;
        while (running && !(token == null && (needed || idle))) {
            long seen = polls.getPlain();
            needed = false;
            alerted = false;
            dozing = token != null && idle;
            lock.unlock();
            try {
                seen = dozing ? doze(seen) : lookOut(seen);
            } finally {
                lock.lock();
                dozing = false;
            }
            idle = polls.getPlain() == seen;
        }
        needed = false;
    }

    /** Without the lock: returns what {@link #polls} was at the last look, when nobody has polled since or is alerted. */
    private long lookOut(long polledBefore) {
        long seen = polledBefore;
        while (true) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            Thread.interrupted(); // nobody has a reason to, and parking would end at once from then on
            long now = polls.getOpaque();
            if (alerted || now == seen) {
                return seen;
            }
            seen = now;
        }
    }

    /** Without the lock: returns when alerted. */
    private long doze(long polledBefore) {
        while (!alerted) {
            LockSupport.park(this);
            Thread.interrupted();
        }
        return polledBefore;
    }

    /** Under the lock: the background thread is to look at what has changed. */
    private void alert() {
        alerted = true;
        LockSupport.unpark(background);
    }

    /** The core is broken: nobody may call it again, and everybody is told. */
    private void fail(Throwable cause) {
        if (!running) {
            return;
        }
        failure = cause;
        stop();
        LOGGER.log(Level.ERROR, "the stack '" + name + "' has failed; its sockets report ENETDOWN", cause);
    }

    private void stop() {
        running = false;
        for (WaitPoint point = parkedPoints; point != null; point = point.following) {
            point.wake();
        }
        alert();
        kick();
    }

    private void link(WaitPoint point) {
        point.previous = null;
        point.following = parkedPoints;
        if (parkedPoints != null) {
            parkedPoints.previous = point;
        }
        parkedPoints = point;
    }

    private void unlink(WaitPoint point) {
        if (point.previous != null) {
            point.previous.following = point.following;
        } else {
            parkedPoints = point.following;
        }
        if (point.following != null) {
            point.following.previous = point.previous;
        }
        point.previous = null;
        point.following = null;
    }
}
