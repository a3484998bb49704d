package dev.towpath.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A selector's selected keys: a program may take keys out, only the selector puts them in. Each key knows its place, so
 * that neither costs an allocation, as a hash set's would at each selection.
 */
final class SelectedKeys extends AbstractSet<SelectionKey> {
    private @Nullable TowpathKey[] keys = new @Nullable TowpathKey[16];
    private int size;
    /** Counts changes: whoever iterates is told of those that it has not made. */
    private int changes;

    /** For the selector; nothing if it is there already. */
    void insert(TowpathKey key) {
        if (key.selectedAt >= 0) {
            return;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
        }
        key.selectedAt = size;
        keys[size++] = key;
        changes++;
    }

    @Override
    public boolean contains(@Nullable Object object) {
        return object instanceof TowpathKey key
                && key.selectedAt >= 0
                && key.selectedAt < size
                && keys[key.selectedAt] == key;
    }

    @Override
    public boolean remove(@Nullable Object object) {
        if (!contains(object) || !(object instanceof TowpathKey key)) {
            return false;
        }
        TowpathKey last = keys[--size];
        keys[size] = null;
        if (last != null && last != key) {
            keys[key.selectedAt] = last;
            last.selectedAt = key.selectedAt;
        }
        key.selectedAt = -1;
        changes++;
        return true;
    }

    @Override
    public void clear() {
        for (int i = 0; i < size; i++) {
            TowpathKey key = keys[i];
            if (key != null) {
                key.selectedAt = -1;
            }
            keys[i] = null;
        }
        size = 0;
        changes++;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return new Keys();
    }

    /** In the order in which they were selected, until one is removed: the last then takes its place. */
    private final class Keys implements Iterator<SelectionKey> {
        private int next;
        private int seen = changes;
        private @Nullable TowpathKey current;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public SelectionKey next() {
            checkChanges();
            TowpathKey key = next < size ? keys[next] : null;
            if (key == null) {
                throw new NoSuchElementException("all of the selected keys have been returned");
            }
            next++;
            current = key;
            return key;
        }

        @Override
        public void remove() {
            TowpathKey key = current;
            if (key == null) {
                throw new IllegalStateException("next has not been called since the last removal");
            }
            checkChanges();
            boolean ignored = SelectedKeys.this.remove(key);
            next--;
            seen = changes;
            current = null;
        }

        private void checkChanges() {
            if (changes != seen) {
                throw new ConcurrentModificationException("the selected keys have changed during the iteration");
            }
        }
    }
}
