package dev.towpath.igmp;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.Path;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.mib.Counter;
import dev.towpath.wire.IgmpHeader;
import dev.towpath.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes and sends messages on one interface: single ones of versions 1 and 2, and reports of version 3, record by
 * record, in as many messages as they need.
 */
final class ReportWriter {
    private static final IpAddress ALL_ROUTERS = IpAddress.v4(0xe000_0002);

    /** RFC 9776 section 4.2.14: where all routers of version 3 listen. */
    private static final IpAddress V3_ROUTERS = IpAddress.v4(0xe000_0016);

    /** "Internetwork control", TTL 1 (RFC 9776 section 4). */
    private static final int TRAFFIC_CLASS = 0xc0;

    private static final int TTL = 1;

    /** The IP header with Router Alert. */
    private static final int IP_HEADER = 24;

    private final IgmpLayer.Parts parts;
    private final NetworkInterface on;
    /** A report has this many bytes at most. */
    private final int room;

    /** The report that is being written, or null. */
    private @Nullable Frame report;

    private int records;

    ReportWriter(IgmpLayer.Parts parts, NetworkInterface on) {
        this.parts = parts;
        this.on = on;
        this.room = Math.min(on.device().mtu(), 0xffff) - IP_HEADER;
    }

    /** Says in version 1 or 2 that this host is in {@code group}. */
    void join(int group, int version) {
        Frame frame = message(IgmpHeader.LENGTH, version == 1 ? IgmpHeader.REPORT_V1 : IgmpHeader.REPORT_V2, group);
        parts.mib().count(Counter.IGMP_OUT_REPORTS);
        send(frame, IpAddress.v4(group));
    }

    /** Says in version 2 that this host has left {@code group}. */
    void leave(int group) {
        Frame frame = message(IgmpHeader.LENGTH, IgmpHeader.LEAVE, group);
        parts.mib().count(Counter.IGMP_OUT_LEAVES);
        send(frame, ALL_ROUTERS);
    }

    /**
     * Adds a record to the report. What does not fit goes into the next one; a list of sources to leave out can't be
     * divided, so its end is not reported (RFC 9776 section 4.2.16).
     */
    void record(int type, int group, List<IpAddress> sources) {
        if (report != null && left() < IgmpHeader.RECORD_LENGTH + 4 * sources.size()) {
            flush();
        }
        boolean divisible = type != IgmpHeader.MODE_IS_EXCLUDE && type != IgmpHeader.CHANGE_TO_EXCLUDE;
        int from = 0;
        do {
            int fit = Math.min(sources.size() - from, (left() - IgmpHeader.RECORD_LENGTH) / 4);
            append(type, group, sources.subList(from, from + fit));
            from += fit;
            if (from < sources.size()) {
                flush();
            }
        } while (divisible && from < sources.size());
    }

    /** Sends what has been written. */
    void flush() {
        Frame frame = report;
        if (frame == null) {
            return;
        }
        IgmpHeader.write(frame.bytes(), frame.transport, IgmpHeader.REPORT_V3, records);
        report = null;
        records = 0;
        parts.mib().count(Counter.IGMP_OUT_REPORTS);
        send(frame, V3_ROUTERS);
    }

    private int left() {
        Frame frame = report;
        return room - (frame == null ? IgmpHeader.LENGTH : frame.end - frame.transport);
    }

    private void append(int type, int group, List<IpAddress> sources) {
        Frame frame = report;
        if (frame == null) {
            frame = message(room, IgmpHeader.REPORT_V3, 0);
            frame.end = frame.transport + IgmpHeader.LENGTH;
            report = frame;
        }
        IgmpHeader.writeRecord(frame.bytes(), frame.end, type, group, sources.size());
        for (int i = 0; i < sources.size(); i++) {
            IgmpHeader.writeSource(frame.bytes(), frame.end, i, sources.get(i).v4());
        }
        frame.end += IgmpHeader.RECORD_LENGTH + 4 * sources.size();
        records++;
    }

    private Frame message(int length, int type, int rest) {
        Frame frame = parts.frames().take(Frame.HEADROOM + length);
        frame.transport = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + length;
        IgmpHeader.write(frame.bytes(), frame.transport, type, rest);
        return frame;
    }

    private void send(Frame frame, IpAddress to) {
        Path path = parts.ip().routeBy(on.index(), null, to);
        if (path == null) {
            throw new AssertionError("a multicast without a source of its own can go by any interface");
        }
        IgmpHeader.fillChecksum(frame.bytes(), frame.words(), frame.transport, frame.end - frame.transport);
        parts.ip().sendAlert(path, frame, IgmpLayer.PROTOCOL, TTL, TRAFFIC_CLASS);
    }
}
