package dev.towpath.igmp;

import dev.towpath.ip.SourceFilter;
import dev.towpath.time.Timer;
import dev.towpath.wire.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is still to be said about one group on one interface; {@link Reporter} owns it. */
final class GroupState {
    /**
     * Sources of queries that are remembered until they are answered. A flood of such queries must not cost memory (RFC
     * 9776 section 9.1): beyond, the whole group is reported, which answers them too.
     */
    private static final int MAX_ASKED = 256;

    final int group;

    /** When a query about the group is answered; of version 1 or 2, also when a join is said again. */
    final Timer answer;

    /** Reports that still are to say how the filter mode has changed. */
    int modeReports;

    /** Of version 1 or 2: how often the join is still to be said unasked. */
    int joinReports;

    /** Of version 2: this host was the last to report the group (RFC 2236 section 3), so that it is the one to leave. */
    boolean lastReporter;

    /** Sources whose change is still to be reported, and how often. */
    private final Map<IpAddress, Integer> changed = new HashMap<>();

    /** Sources asked for, or null if the whole group is. */
    private @Nullable Set<IpAddress> asked;

    GroupState(int group, Timer.Task answer) {
        this.group = group;
        this.answer = new Timer(answer);
    }

    /** Notes what is different, to be reported {@code times} times (RFC 9776 section 5.1). */
    void changed(SourceFilter before, SourceFilter after, int times) {
        if (before.excludes() != after.excludes()) {
            modeReports = times;
            return;
        }
        before.forEach(source -> {
            if (!after.lists(source)) {
                changed.put(source, times);
            }
        });
        after.forEach(source -> {
            if (!before.lists(source)) {
                changed.put(source, times);
            }
        });
    }

    boolean changesPending() {
        return modeReports > 0 || !changed.isEmpty();
    }

    /** Of the sources whose change is to be reported, those that are wanted now, or those that are not. */
    List<IpAddress> changed(SourceFilter now, boolean wanted) {
        List<IpAddress> all = new ArrayList<>();
        for (IpAddress source : changed.keySet()) {
            if (now.wants(source.high(), source.low()) == wanted) {
                all.add(source);
            }
        }
        return SourceFilter.of(false, all).sources(); // in order: the same seed, the same bytes
    }

    /** Its changes have been reported once more. */
    void reported() {
        modeReports = Math.max(0, modeReports - 1);
        changed.replaceAll((source, times) -> times - 1);
        changed.values().removeIf(times -> times == 0);
    }

    /** Nothing is to be said any more. */
    void forget() {
        modeReports = 0;
        joinReports = 0;
        changed.clear();
        asked = null;
    }

    /**
     * A query has come (RFC 9776 section 5.2, rules 3 to 5).
     *
     * @param sources those it asks about; none for the whole group
     */
    void asked(int[] sources) {
        Set<IpAddress> before = asked;
        if (sources.length == 0 || (answer.armed() && before == null)) {
            asked = null;
            return;
        }
        Set<IpAddress> now = before == null || !answer.armed() ? new HashSet<>() : before;
        for (int source : sources) {
            now.add(IpAddress.v4(source));
        }
        asked = now.size() > MAX_ASKED ? null : now;
    }

    /** The sources asked for that are wanted, or null if the whole group is asked for. */
    @Nullable
    List<IpAddress> askedAndWanted(SourceFilter now) {
        Set<IpAddress> sources = asked;
        if (sources == null) {
            return null;
        }
        List<IpAddress> wanted =
                sources.stream().filter(s -> now.wants(s.high(), s.low())).toList();
        return SourceFilter.of(false, wanted).sources();
    }
}
