package dev.towpath.time;

import org.jspecify.annotations.Nullable;

/**
 * The timers of one stack: a hierarchical wheel that counts single nanoseconds. Not thread-safe: guarded by the stack's
 * lock. Its owner calls {@link #poll} when {@link #nextDeadline} has come.
 *
 * <p>A time is read as eleven digits of six bits. A timer sits in the level of the highest digit in which its deadline
 * differs from the wheel's time, in that digit's slot; so the lowest level that is not empty holds the earliest timers,
 * in its lowest slot. When time enters a slot, its timers are placed anew, each in a lower level than before:
 *
 * <pre>
 *   time           ... 12 | 40 | 07 | 33        wheel's time, its four low digits
 *   level 3  slots     13..63                   deadlines that differ from it in this digit first: most armings land here
 *   level 2  slots          41..63
 *   level 1  slots               08..63
 *   level 0  slots                    34..63    one nanosecond a slot
 *   overdue                                     deadlines that the wheel's time has reached already
 * </pre>
 *
 * <p>Arming and cancelling take constant time. Arming an armed timer for later than where it sits is two field writes:
 * it is placed anew when its old place comes up. (An acknowledgement moves the retransmission timer at every segment;
 * almost none of these deadlines ever comes.)
 */
public final class TimerWheel {
    private static final int DIGIT_BITS = 6;
    private static final int SLOTS = 1 << DIGIT_BITS;
    private static final int DIGIT = SLOTS - 1;
    private static final int LEVELS = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;

    /** The list of timers that were armed for a time already reached. */
    private static final int OVERDUE = LEVELS * SLOTS;
    /** The list of timers that {@link #poll} is expiring. */
    private static final int EXPIRING = OVERDUE + 1;

    private static final int NOWHERE = -1;

    /** How many timers {@link #nextDeadline} looks at before it contents itself with an early answer. */
    private static final int LOOK = 32;

    /** First timer of each slot's list, and of the two lists that are none. */
    private final @Nullable Timer[] heads = new @Nullable Timer[EXPIRING + 1];
    /** Occupied slots of each level. */
    private final long[] occupied = new long[LEVELS];
    /** Levels that are not empty. */
    private int levels;

    /** Sorted lists of 2^i timers while {@link #sort} works. */
    private final @Nullable Timer[] runs = new @Nullable Timer[Integer.SIZE];

    private long timeNanos;
    private long armings;
    private int armed;

    /** An empty wheel whose time begins at {@code startNanos}. */
    public TimerWheel(long startNanos) {
        this.timeNanos = startNanos;
    }

    /**
     * Arms or re-arms: {@code timer} expires at the first {@link #poll} at or after {@code deadlineNanos}; armed from
     * within a poll, at a later one. {@link Timer#NEVER} disarms.
     */
    public void arm(Timer timer, long deadlineNanos) {
        if (deadlineNanos == Timer.NEVER) {
            cancel(timer);
            return;
        }
        boolean wasArmed = timer.slot != NOWHERE;
        boolean staysWhereItIs = wasArmed && timer.slot != EXPIRING && deadlineNanos >= timer.placedNanos;
        if (wasArmed && !staysWhereItIs) {
            unlink(timer);
        }
        timer.deadlineNanos = deadlineNanos;
        timer.armingOrder = armings++;
        if (!staysWhereItIs) {
            place(timer);
        }
        if (!wasArmed) {
            armed++;
        }
    }

    /** Disarms; a timer that is not armed stays so. */
    public void cancel(Timer timer) {
        if (timer.slot != NOWHERE) {
            unlink(timer);
            timer.deadlineNanos = Timer.NEVER;
            armed--;
        }
    }

    /**
     * The earliest time at which {@link #poll} has work to do, exact or early, never late; {@link Timer#NEVER} if none
     * is armed. It is early only when many timers share the first slot; polling then spreads them.
     */
    public long nextDeadline() {
        for (int slot = firstSlot(); slot != NOWHERE; slot = firstSlot()) {
            long earliest = Timer.NEVER;
            int looked = 0;
            for (Timer timer = heads[slot]; timer != null; ) {
                if (looked++ == LOOK) {
                    return startOf(slot);
                }
                Timer following = timer.following;
                if (timer.deadlineNanos
                        != timer.placedNanos) { // re-armed for later since: it may belong behind others now
                    unlink(timer);
                    place(timer);
                }
                if (timer.slot == slot) {
                    earliest = Math.min(earliest, timer.deadlineNanos);
                }
                timer = following;
            }
            if (earliest != Timer.NEVER) {
                return earliest;
            }
        }
        return Timer.NEVER;
    }

    /**
     * Expires all that is due at {@code nowNanos}, earliest deadline first and in arming order within one; returns how
     * many. What a task arms waits for the next poll even if it is due, so that a task that arms itself for now can't
     * hold up the caller for ever.
     */
    public int poll(long nowNanos) {
        Timer due = sort(takeDue(nowNanos));
        if (due == null) {
            return 0;
        }
        Timer previous = null;
        for (Timer timer = due; timer != null; timer = timer.following) {
            timer.slot = EXPIRING;
            timer.placedNanos = timer.deadlineNanos;
            timer.previous = previous;
            previous = timer;
        }
        heads[EXPIRING] = due;

        int expired = 0;
        for (Timer timer = due; timer != null; timer = heads[EXPIRING]) {
            cancel(timer);
            expired++;
            timer.task.expired(nowNanos);
        }
        return expired;
    }

    /** Timers armed. */
    public int armed() {
        return armed;
    }

    /**
     * Moves the wheel's time to {@code nowNanos}; returns what is due, chained by {@code following}, and places anew
     * what shared a slot with it.
     */
    private @Nullable Timer takeDue(long nowNanos) {
        // Not empty if a task of the poll before has thrown: those behind it are still to be expired.
        Timer entered = takeList(EXPIRING, null);
        entered = takeList(OVERDUE, entered);
        if (nowNanos > timeNanos) {
            entered = takeEntered(nowNanos, entered);
            timeNanos = nowNanos;
        }
        Timer due = null;
        for (Timer timer = entered; timer != null; ) {
            Timer following = timer.following;
            if (timer.deadlineNanos <= nowNanos) {
                timer.following = due;
                due = timer;
            } else {
                place(timer);
            }
            timer = following;
        }
        return due;
    }

    /**
     * Empties the slots that begin at or before {@code nowNanos}; their timers are chained in front of {@code chain}.
     */
    private @Nullable Timer takeEntered(long nowNanos, @Nullable Timer chain) {
        Timer entered = chain;
        for (int rest = levels; rest != 0; rest &= rest - 1) {
            int level = Integer.numberOfTrailingZeros(rest);
            long slots = occupied[level];
            boolean sameTurn = differingLevel(nowNanos) <= level;
            if (sameTurn) {
                slots &= (2L << digit(nowNanos, level)) - 1; // shifts to 0 for the last digit: all of them
            }
            for (long left = slots; left != 0; left &= left - 1) {
                entered = takeList(level * SLOTS + Long.numberOfTrailingZeros(left), entered);
            }
            occupied[level] &= ~slots;
            if (occupied[level] == 0) {
                levels &= ~(1 << level);
            }
            if (sameTurn) {
                break; // the digits above have not changed
            }
        }
        return entered;
    }

    private @Nullable Timer takeList(int slot, @Nullable Timer chain) {
        Timer taken = chain;
        for (Timer timer = heads[slot]; timer != null; ) {
            Timer following = timer.following;
            timer.previous = null;
            timer.following = taken;
            taken = timer;
            timer = following;
        }
        heads[slot] = null;
        return taken;
    }

    /** Links a timer that is in no list where its deadline belongs. */
    private void place(Timer timer) {
        long deadline = timer.deadlineNanos;
        int slot = OVERDUE;
        if (deadline > timeNanos) {
            int level = differingLevel(deadline);
            int digit = digit(deadline, level);
            slot = level * SLOTS + digit;
            occupied[level] |= 1L << digit;
            levels |= 1 << level;
        }
        timer.placedNanos = deadline;
        timer.slot = slot;
        timer.previous = null;
        Timer head = heads[slot];
        timer.following = head;
        if (head != null) {
            head.previous = timer;
        }
        heads[slot] = timer;
    }

    private void unlink(Timer timer) {
        int slot = timer.slot;
        Timer previous = timer.previous;
        Timer following = timer.following;
        if (following != null) {
            following.previous = previous;
        }
        if (previous != null) {
            previous.following = following;
        } else {
            heads[slot] = following;
            if (following == null && slot < OVERDUE) {
                vacate(slot / SLOTS, slot % SLOTS);
            }
        }
        timer.previous = null;
        timer.following = null;
        timer.slot = NOWHERE;
    }

    private void vacate(int level, int digit) {
        occupied[level] &= ~(1L << digit);
        if (occupied[level] == 0) {
            levels &= ~(1 << level);
        }
    }

    private int firstSlot() {
        if (heads[EXPIRING] != null) {
            return EXPIRING;
        }
        if (heads[OVERDUE] != null) {
            return OVERDUE;
        }
        if (levels == 0) {
            return NOWHERE;
        }
        int level = Integer.numberOfTrailingZeros(levels);
        return level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
    }

    /** The first nanosecond of a slot: the wheel's time with that digit, and zeros behind. */
    private long startOf(int slot) {
        if (slot >= OVERDUE) {
            return timeNanos;
        }
        int shift = slot / SLOTS * DIGIT_BITS;
        long above = (key(timeNanos) >>> shift & ~(long) DIGIT) << shift;
        return key(above | (long) (slot % SLOTS) << shift);
    }

    /** The level of the highest digit in which {@code nanos} differs from the wheel's time. */
    private int differingLevel(long nanos) {
        return (Long.SIZE - 1 - Long.numberOfLeadingZeros((nanos ^ timeNanos) | 1)) / DIGIT_BITS;
    }

    private static int digit(long nanos, int level) {
        return (int) (key(nanos) >>> (level * DIGIT_BITS)) & DIGIT;
    }

    /**
     * Between a time and its digits: a monotonic clock may show negative times, whose digits must come before the
     * positive ones'.
     */
    private static long key(long nanos) {
        return nanos ^ Long.MIN_VALUE;
    }

    /**
     * Sorts a chain by {@link Timer#before}: a merge sort from the bottom up, since chains can't be indexed and nothing
     * may be allocated.
     */
    private @Nullable Timer sort(@Nullable Timer chain) {
        if (chain == null || chain.following == null) {
            return chain; // as at almost every poll
        }
        for (Timer timer = chain; timer != null; ) {
            Timer following = timer.following;
            timer.following = null;
            Timer run = timer;
            int i = 0;
            for (Timer other = runs[0]; other != null; other = runs[++i]) {
                run = merge(other, run);
                runs[i] = null;
            }
            runs[i] = run;
            timer = following;
        }
        Timer sorted = null;
        for (int i = 0; i < runs.length; i++) {
            Timer run = runs[i];
            if (run != null) {
                sorted = sorted == null ? run : merge(run, sorted);
                runs[i] = null;
            }
        }
        return sorted;
    }

    private static Timer merge(Timer one, Timer other) {
        Timer a = one;
        Timer b = other;
        Timer first = a.before(b) ? a : b;
        Timer last = null;
        while (a != null && b != null) {
            Timer next = a.before(b) ? a : b;
            if (next == a) {
                a = a.following;
            } else {
                b = b.following;
            }
            if (last != null) {
                last.following = next;
            }
            last = next;
        }
        if (last != null) {
            last.following = a != null ? a : b;
        }
        return first;
    }
}
