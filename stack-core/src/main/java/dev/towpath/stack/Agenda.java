package dev.towpath.stack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who acts next in a {@link Simulation}: a binary heap, ordered by time and, at one instant, by who has been waiting for
 * longest, so that a busy host does not starve the others. What happens costs the logarithm of those who have something
 * ahead of them, and those who have nothing cost nothing.
 *
 * <p>A participant's time changes while it acts, or when somebody else does something to it. Either way its entry is
 * only marked; {@link #first} asks those that are marked before it looks.
 */
final class Agenda {
    /** One participant's place. */
    final class Entry implements Runnable {
        final Participant who;
        long atNanos;
        private long turn;
        private int place = NOWHERE;
        private boolean marked;

        private Entry(Participant who) {
            this.who = who;
        }

        /** Its time may have changed. */
        @Override
        public void run() {
            if (!marked) {
                marked = true;
                changed.add(this);
            }
        }

        private boolean before(Entry other) {
            return atNanos != other.atNanos ? atNanos < other.atNanos : turn < other.turn;
        }
    }

    private static final int NOWHERE = -1;

    private final List<Entry> changed = new ArrayList<>();
    private @Nullable Entry[] heap = new @Nullable Entry[16];
    private int size;
    private long turns;

    /** A new participant, to be asked for its time at once. */
    Entry add(Participant who) {
        Entry entry = new Entry(who);
        entry.run();
        return entry;
    }

    /** Who acts first of all, or null if nobody has anything ahead; times that have passed count as now. */
    @Nullable
    Entry first(long nowNanos) {
        for (int i = 0; i < changed.size(); i++) { // who is asked may mark others
            Entry entry = changed.get(i);
            entry.marked = false;
            place(entry, entry.who.nextEventNanos(), nowNanos);
        }
        changed.clear();
        return size == 0 ? null : heap[0];
    }

    private void place(Entry entry, long whenNanos, long nowNanos) {
        long at = Math.max(whenNanos, nowNanos);
        if (whenNanos == Long.MAX_VALUE) {
            remove(entry);
        } else if (entry.place == NOWHERE || entry.atNanos != at) {
            remove(entry);
            entry.atNanos = at;
            entry.turn = turns++;
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            up(size++, entry);
        }
    }

    /** Takes {@code entry}, which is about to act, out; it is asked for its next time afterwards. */
    void takeOut(Entry entry) {
        remove(entry);
        entry.run();
    }

    private void remove(Entry entry) {
        int hole = entry.place;
        if (hole == NOWHERE) {
            return;
        }
        entry.place = NOWHERE;
        Entry last = at(--size);
        heap[size] = null;
        if (last != entry) {
            down(hole, last);
            if (last.place == hole) {
                up(hole, last);
            }
        }
    }

    private void up(int from, Entry entry) {
        int at = from;
        while (at > 0 && entry.before(at((at - 1) / 2))) {
            put(at, at((at - 1) / 2));
            at = (at - 1) / 2;
        }
        put(at, entry);
    }

    private void down(int from, Entry entry) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < size && at(child + 1).before(at(child))) {
                child++;
            }
            if (child >= size || entry.before(at(child))) {
                break;
            }
            put(at, at(child));
            at = child;
        }
        put(at, entry);
    }

    private void put(int at, Entry entry) {
        heap[at] = entry;
        entry.place = at;
    }

    private Entry at(int index) {
        Entry entry = heap[index];
        if (entry == null) {
            throw new AssertionError("no entry at " + index + " of " + size);
        }
        return entry;
    }
}
