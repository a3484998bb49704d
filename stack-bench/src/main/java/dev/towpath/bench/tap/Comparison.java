package dev.towpath.bench.tap;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@code compare} writes.
 *
 * @param machine what it ran on
 * @param jdk version of the JVM under the stack
 * @param rounds how often each system had its turn
 * @param seconds of each turn
 * @param measurements in the order in which they were made
 */
public record Comparison(String machine, String jdk, int rounds, double seconds, List<Measurement> measurements) {
    /**
     * One work, with offload or without.
     *
     * @param work the {@link Work}'s word
     * @param offload whether checksums and segmentation are left to the link
     * @param unit of the values
     * @param systems who took part
     */
    public record Measurement(String work, boolean offload, String unit, List<SystemRuns> systems) {
        /** The runs of the system of that name, or null if it did not take part. */
        public @Nullable SystemRuns system(String name) {
            return systems.stream()
                    .filter(each -> each.system().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * The runs of one system.
     *
     * @param system kernel, ceiling or stack
     * @param runs one for each round, so that those of the same index are a pair
     */
    public record SystemRuns(String system, List<Run> runs) {}

    /** All of both, in the order of {@link Work}; of the same work with the same link, the one of {@code after}. */
    static List<Measurement> merge(List<Measurement> before, List<Measurement> after) {
        Comparator<Measurement> order = Comparator.<Measurement, Work>comparing(each -> Work.of(each.work()))
                .thenComparing(Measurement::offload, Comparator.reverseOrder());
        SortedSet<Measurement> all = new TreeSet<>(order);
        all.addAll(after);
        all.addAll(before); // a set keeps what it has
        return List.copyOf(all);
    }
}
