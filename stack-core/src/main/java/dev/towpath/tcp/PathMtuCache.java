package dev.towpath.tcp;

import dev.towpath.wire.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What connections have learned of the paths to their peers, for those that come after them (RFC 1191 section 6.3). Here
 * and not in IP, for only TCP forbids that its packets be fragmented. Bounded, since much of it can be forged.
 */
final class PathMtuCache {
    private static final int MOST = 1024;

    /** The oldest first. */
    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();

    /**
     * A path that does not carry all that the link does.
     *
     * @param mtu bytes of the largest packet that gets through
     * @param untilNanos when a larger one may be tried
     */
    record Entry(int mtu, long untilNanos) {}

    /** What is known of the path to {@code destination}, or null. */
    @Nullable
    Entry find(IpAddress destination, long now) {
        if (entries.isEmpty()) {
            return null;
        }
        Entry entry = entries.get(destination);
        if (entry != null && entry.untilNanos <= now) {
            entries.remove(destination);
            return null;
        }
        return entry;
    }

    void put(IpAddress destination, int mtu, long untilNanos) {
        entries.remove(destination);
        entries.put(destination, new Entry(mtu, untilNanos));
        if (entries.size() > MOST) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    void remove(IpAddress destination) {
        entries.remove(destination);
    }
}
