package dev.towpath.igmp;

import dev.towpath.ip.SourceFilter;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.time.Timer;
import dev.towpath.wire.IgmpHeader;
import dev.towpath.wire.IpAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What routers on one interface are told of the groups that this host is in there: changes at once and then again, in
 * case a report gets lost (RFC 9776 section 5.1); answers to queries after a random while, so that not all hosts answer
 * at once (section 5.2); and all of it in version 2 or 1 while a querier of that version is about (section 7.2).
 */
final class Reporter {
    private static final long SECOND = 1_000_000_000L;

    private static final int DEFAULT_ROBUSTNESS = 2;

    /** RFC 9776 section 8.2. */
    private static final long QUERY_INTERVAL = 125 * SECOND;

    /** RFC 9776 section 8.11. */
    private static final long UNSOLICITED_INTERVAL = SECOND;

    /** RFC 2236 section 8.10: the same for version 2. */
    private static final long OLD_UNSOLICITED_INTERVAL = 10 * SECOND;

    private static final long NEVER_HEARD = Long.MIN_VALUE;

    private final IgmpLayer.Parts parts;
    private final NetworkInterface on;
    private final ReportWriter out;
    private final SortedMap<Integer, GroupState> groups = new TreeMap<>();
    /** A general query is answered. */
    private final Timer general = new Timer(now -> answerAll());
    /** Changes are reported again. */
    private final Timer changes = new Timer(now -> repeatChanges());
    /** A querier of an older version has not been heard for so long that it may be gone. */
    private final Timer older = new Timer(this::settleVersion);

    private int robustness = DEFAULT_ROBUSTNESS;
    private int version = 3;
    /** Until when queriers of versions 1 and 2 are thought to be there. */
    private long v1Until = NEVER_HEARD;

    private long v2Until = NEVER_HEARD;

    Reporter(IgmpLayer.Parts parts, NetworkInterface on) {
        this.parts = parts;
        this.on = on;
        this.out = new ReportWriter(parts, on);
    }

    // ---- what this host wants

    void filterChanged(int group, SourceFilter before, SourceFilter after) {
        GroupState g = groups.computeIfAbsent(group, this::newState);
        if (version == 3) {
            g.changed(before, after, robustness);
            reportChange(g);
            out.flush();
            forgetIfDone(g);
            repeatLater();
        } else if (before.isNone()) {
            g.joinReports = robustness - 1;
            join(g);
        } else if (after.isNone()) {
            leave(g);
            parts.wheel().cancel(g.answer);
            groups.remove(group);
        }
    }

    private GroupState newState(int group) {
        return new GroupState(group, now -> answer(group));
    }

    /** RFC 9776 section 5.1: what a state-change report says is computed from the state when it is sent. */
    private void reportChange(GroupState g) {
        SourceFilter now = on.groupFilter(g.group);
        if (g.modeReports > 0) {
            int type = now.excludes() ? IgmpHeader.CHANGE_TO_EXCLUDE : IgmpHeader.CHANGE_TO_INCLUDE;
            out.record(type, g.group, now.sources());
        } else {
            List<IpAddress> allowed = g.changed(now, true);
            List<IpAddress> blocked = g.changed(now, false);
            if (!allowed.isEmpty()) {
                out.record(IgmpHeader.ALLOW_NEW_SOURCES, g.group, allowed);
            }
            if (!blocked.isEmpty()) {
                out.record(IgmpHeader.BLOCK_OLD_SOURCES, g.group, blocked);
            }
        }
        g.reported();
    }

    private void repeatChanges() {
        for (GroupState g : List.copyOf(groups.values())) {
            if (g.changesPending()) {
                reportChange(g);
                forgetIfDone(g);
            }
        }
        out.flush();
        repeatLater();
    }

    private void repeatLater() {
        if (!changes.armed() && groups.values().stream().anyMatch(GroupState::changesPending)) {
            arm(changes, UNSOLICITED_INTERVAL);
        }
    }

    private void forgetIfDone(GroupState g) {
        if (!g.changesPending() && on.groupFilter(g.group).isNone()) {
            parts.wheel().cancel(g.answer);
            groups.remove(g.group);
        }
    }

    // ---- what routers ask

    /** A querier's robustness variable becomes this host's (RFC 9776 section 4.1.6); 0 says nothing. */
    void robustness(int asked) {
        robustness = asked == 0 ? DEFAULT_ROBUSTNESS : asked;
    }

    /**
     * A query, to be answered within {@code maxNanos}.
     *
     * @param group 0 for all of them
     * @param sources those that it asks about, or none
     */
    void query(int group, long maxNanos, int[] sources) {
        if (version < 3) {
            queryOld(group, maxNanos);
            return;
        }
        long due = parts.clock().nanoTime() + delay(maxNanos);
        if (general.armed() && general.deadlineNanos() <= due) {
            return; // rule 1: that answer says it all
        }
        if (group == 0) {
            parts.wheel().arm(general, due);
            return;
        }
        GroupState g = groups.get(group);
        if (g != null && !on.groupFilter(group).isNone()) {
            g.asked(sources);
            parts.wheel().arm(g.answer, Math.min(due, g.answer.deadlineNanos()));
        }
    }

    /** RFC 2236 section 3: each group has its own delay, so that another member's report makes this host's needless. */
    private void queryOld(int group, long maxNanos) {
        for (GroupState g : groups.values()) {
            if (group == 0 || g.group == group) {
                long due = parts.clock().nanoTime() + delay(maxNanos);
                parts.wheel().arm(g.answer, Math.min(due, g.answer.deadlineNanos()));
            }
        }
    }

    private void answerAll() {
        for (GroupState g : groups.values()) {
            currentState(g);
        }
        out.flush();
    }

    private void answer(int group) {
        GroupState g = groups.get(group);
        if (g == null) {
            return;
        }
        if (version < 3) {
            join(g);
            return;
        }
        SourceFilter now = on.groupFilter(group);
        List<IpAddress> wanted = g.askedAndWanted(now);
        if (wanted == null) {
            currentState(g);
        } else if (!wanted.isEmpty()) {
            out.record(IgmpHeader.MODE_IS_INCLUDE, group, wanted);
        }
        out.flush();
    }

    private void currentState(GroupState g) {
        SourceFilter now = on.groupFilter(g.group);
        if (!now.isNone()) {
            int type = now.excludes() ? IgmpHeader.MODE_IS_EXCLUDE : IgmpHeader.MODE_IS_INCLUDE;
            out.record(type, g.group, now.sources());
        }
    }

    // ---- versions 1 and 2

    /**
     * A general query of an older version: reports are of that version until no such querier has been heard for a while
     * (RFC 9776 section 8.12).
     */
    void olderQuerier(int queriersVersion, long maxResponseNanos) {
        long now = parts.clock().nanoTime();
        long until = now + DEFAULT_ROBUSTNESS * QUERY_INTERVAL + maxResponseNanos;
        if (queriersVersion == 1) {
            v1Until = until;
        } else {
            v2Until = until;
        }
        settleVersion(now);
    }

    private void settleVersion(long now) {
        boolean v1 = v1Until > now;
        boolean v2 = v2Until > now;
        int settled = v1 ? 1 : v2 ? 2 : 3;
        if (v1 || v2) {
            parts.wheel().arm(older, v1 ? v1Until : v2Until);
        }
        if (settled == version) {
            return;
        }
        // RFC 9776 section 7.2.1: all pending responses and retransmissions are cancelled
        version = settled;
        stop();
        groups.values().removeIf(g -> on.groupFilter(g.group).isNone());
    }

    private void join(GroupState g) {
        out.join(g.group, version);
        g.lastReporter = true;
        if (g.joinReports > 0) {
            g.joinReports--;
            arm(g.answer, OLD_UNSOLICITED_INTERVAL);
        }
    }

    /** Of version 1 nothing is said. */
    private void leave(GroupState g) {
        if (version == 2 && g.lastReporter) {
            out.leave(g.group);
        }
    }

    /** Another member has reported {@code group}; false if that means nothing here. */
    boolean heardReport(int group) {
        GroupState g = version < 3 ? groups.get(group) : null;
        if (g == null) {
            return false;
        }
        g.lastReporter = false;
        g.joinReports = 0;
        parts.wheel().cancel(g.answer);
        return true;
    }

    // ---- end

    /** Says good-bye, once: there will be nobody to repeat it. */
    void close() {
        stop();
        for (GroupState g : groups.values()) {
            SourceFilter now = on.groupFilter(g.group);
            if (version < 3) {
                leave(g);
            } else if (now.excludes()) {
                out.record(IgmpHeader.CHANGE_TO_INCLUDE, g.group, List.of());
            } else if (!now.isNone()) {
                out.record(IgmpHeader.BLOCK_OLD_SOURCES, g.group, now.sources());
            }
        }
        out.flush();
        groups.clear();
        parts.wheel().cancel(older);
    }

    private void stop() {
        parts.wheel().cancel(general);
        parts.wheel().cancel(changes);
        for (GroupState g : groups.values()) {
            parts.wheel().cancel(g.answer);
            g.forget();
        }
    }

    private void arm(Timer timer, long mostNanos) {
        parts.wheel().arm(timer, parts.clock().nanoTime() + delay(mostNanos));
    }

    /** Up to {@code mostNanos}, at random. */
    private long delay(long mostNanos) {
        return mostNanos == 0 ? 0 : 1 + Long.remainderUnsigned(parts.random().getAsLong(), mostNanos);
    }
}
