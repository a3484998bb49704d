package dev.towpath.ip;

import dev.towpath.wire.IpAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which senders to a group somebody wants to hear (RFC 9776 section 3): only those listed, or all but those listed.
 * Immutable; who changes his mind takes another one.
 */
public final class SourceFilter {
    /** Nobody: not a member at all. */
    public static final SourceFilter NONE = new SourceFilter(false, new IpAddress[0]);

    /** Everybody: a member whoever sends. */
    public static final SourceFilter ALL = new SourceFilter(true, new IpAddress[0]);

    private static final Comparator<IpAddress> ORDER =
            Comparator.comparingLong(IpAddress::high).thenComparingLong(IpAddress::low);

    private final boolean excludes;
    private final IpAddress[] sources;

    private SourceFilter(boolean excludes, IpAddress[] sorted) {
        this.excludes = excludes;
        this.sources = sorted;
    }

    /** A filter of that mode and list. */
    public static SourceFilter of(boolean excludes, List<IpAddress> sources) {
        if (sources.isEmpty()) {
            return excludes ? ALL : NONE;
        }
        return new SourceFilter(
                excludes, sources.stream().distinct().sorted(ORDER).toArray(IpAddress[]::new));
    }

    /** True for a list of who is not wanted (EXCLUDE), false for one of who is (INCLUDE). */
    public boolean excludes() {
        return excludes;
    }

    /** How many are listed. */
    public int size() {
        return sources.length;
    }

    /** Those listed, in order. */
    public List<IpAddress> sources() {
        return List.of(sources);
    }

    /** Calls {@code action} for each listed one, in order. */
    public void forEach(Consumer<IpAddress> action) {
        for (IpAddress source : sources) {
            action.accept(source);
        }
    }

    /** True if nobody is wanted. */
    public boolean isNone() {
        return !excludes && sources.length == 0;
    }

    /** True if the sender whose address is in the two halves is wanted. Allocates nothing. */
    public boolean wants(long high, long low) {
        return sources.length == 0 ? excludes : lists(high, low) != excludes;
    }

    /** True if {@code source} is in the list, whatever that means. */
    public boolean lists(IpAddress source) {
        return lists(source.high(), source.low());
    }

    /** The same filter with {@code source} in its list too. */
    public SourceFilter with(IpAddress source) {
        IpAddress[] more = Arrays.copyOf(sources, sources.length + 1);
        more[sources.length] = source;
        return of(excludes, Arrays.asList(more));
    }

    /** The same filter without {@code source} in its list. */
    public SourceFilter without(IpAddress source) {
        return of(
                excludes, Arrays.stream(sources).filter(s -> !s.equals(source)).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceFilter that && that.excludes == excludes && Arrays.equals(that.sources, sources);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sources) * 2 + (excludes ? 1 : 0);
    }

    @Override
    public String toString() {
        return (excludes ? "EXCLUDE" : "INCLUDE") + Arrays.toString(sources);
    }

    private boolean lists(long high, long low) {
        int from = 0;
        int to = sources.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            IpAddress s = sources[middle];
            if (s.high() == high && s.low() == low) {
                return true;
            }
            if (s.high() < high || (s.high() == high && s.low() < low)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return false;
    }
}
