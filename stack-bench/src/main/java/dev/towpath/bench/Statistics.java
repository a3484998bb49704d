package dev.towpath.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What many figures of the same thing come to. */
public final class Statistics {
    private Statistics() {}

    /** The middle one, or the mean of the two middle ones; nothing of nothing. */
    public static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    /**
     * The median of the ratios of each round's pair: what drifts from round to round has hit both of them. Pairs of
     * which one has failed (is 0) do not count.
     */
    public static OptionalDouble ratio(List<Double> values, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), others.size()); i++) {
            if (values.get(i) > 0 && others.get(i) > 0) {
                ratios.add(values.get(i) / others.get(i));
            }
        }
        return median(ratios);
    }
}
