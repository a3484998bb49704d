package dev.towpath.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The set of selected keys is a set. */
class SelectedKeysTest {
    private final OneStack one = new OneStack();
    private final SelectedKeys keys = new SelectedKeys();
    private final List<TowpathKey> all = new ArrayList<>();

    @BeforeEach
    void register() throws IOException {
        Selector selector = one.provider.openSelector();
        for (int i = 0; i < 40; i++) {
            all.add((TowpathKey) one.nonBlocking().register(selector, 0));
        }
    }

    @AfterEach
    void close() {
        one.close();
    }

    @Test
    void iteratesInTheOrderOfInsertion() {
        all.forEach(keys::insert);
        all.forEach(keys::insert);
        assertThat(keys).containsExactlyElementsOf(all);
        keys.clear();
        assertThat(keys).isEmpty();
        assertThat(keys.contains(all.get(0))).isFalse();
        keys.insert(all.get(5));
        assertThat(keys).containsExactly(all.get(5));
    }

    @Test
    void removalDuringIterationReachesEachKeyOnce() {
        all.forEach(keys::insert);
        Set<SelectionKey> seen = new HashSet<>();
        int removed = 0;
        for (Iterator<SelectionKey> each = keys.iterator(); each.hasNext(); ) {
            SelectionKey key = each.next();
            assertThat(seen.add(key)).isTrue();
            if (all.indexOf(key) % 3 != 0) {
                each.remove();
                removed++;
                assertThatThrownBy(each::remove).isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(seen).hasSameSizeAs(all);
        assertThat(keys).hasSize(all.size() - removed);
        assertThat(keys).allMatch(key -> all.indexOf(key) % 3 == 0);
    }

    @Test
    void othersChangesEndAnIteration() {
        all.forEach(keys::insert);
        Iterator<SelectionKey> each = keys.iterator();
        each.next();
        keys.remove(all.get(7));
        assertThatThrownBy(each::next).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(() -> new SelectedKeys().iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void behavesAsAHashSetDoes() {
        Set<SelectionKey> expected = new HashSet<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            TowpathKey key = all.get(random.nextInt(all.size()));
            if (random.nextBoolean()) {
                keys.insert(key);
                expected.add(key);
            } else {
                assertThat(keys.remove(key)).isEqualTo(expected.remove(key));
            }
            assertThat(keys.contains(key)).isEqualTo(expected.contains(key));
        }
        assertThat(keys).isEqualTo(expected);
    }
}
