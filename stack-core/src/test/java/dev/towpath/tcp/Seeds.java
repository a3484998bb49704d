package dev.towpath.tcp;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Seeds for property tests. A failing seed is in the test's display name; {@code -Dtowpath.seed=N} replays it alone,
 * {@code -Dtowpath.seeds=N} tries as many as one likes.
 */
final class Seeds {
    private Seeds() {}

    /** The first {@code count} seeds, or what the system properties say. */
    static List<Long> some(int count) {
        Long one = Long.getLong("towpath.seed");
        if (one != null) {
            return List.of(one);
        }
        return LongStream.range(0, Long.getLong("towpath.seeds", count)).boxed().toList();
    }
}
