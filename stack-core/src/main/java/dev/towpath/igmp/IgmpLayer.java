package dev.towpath.igmp;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpError;
import dev.towpath.ip.SourceFilter;
import dev.towpath.ip.TransportHandler;
import dev.towpath.ipv4.GroupListener;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.ipv4.NetworkInterface;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.time.TimerWheel;
import dev.towpath.wire.IgmpHeader;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * IGMP of one stack: takes queries in, and hears from IP what this host wants of groups; a {@link Reporter} for each
 * interface decides what routers are told.
 *
 * <p>{@code stack} registers it with IP twice, as the handler of its protocol and as {@link GroupListener}. Not
 * thread-safe: guarded by the stack's lock.
 */
public final class IgmpLayer implements TransportHandler, GroupListener {
    /** Protocol number of IGMP. */
    public static final int PROTOCOL = 2;

    /** RFC 9776 section 7.1: a query of 8 bytes with the code 0 is of version 1, and answered within 10 s. */
    private static final int V1_MAX_RESPONSE = 100;

    private static final long TENTH_NANOS = 100_000_000L;

    /** What IGMP is made of. */
    public record Parts(Ipv4Layer ip, FramePool frames, TimerWheel wheel, Clock clock, LongSupplier random, Mib mib) {}

    private final Parts parts;
    private final Mib mib;
    /** By interface index; those on which there was something to do. */
    private final SortedMap<Integer, Reporter> reporters = new TreeMap<>();

    /** Wires it. */
    public IgmpLayer(Parts parts) {
        this.parts = parts;
        this.mib = parts.mib();
    }

    @Override
    public void filterChanged(NetworkInterface on, int group, SourceFilter before, SourceFilter after) {
        reporter(on).filterChanged(group, before, after);
    }

    @Override
    public void receive(Frame frame) {
        mib.count(Counter.IGMP_IN_MSGS);
        ByteBuffer bytes = frame.bytes();
        int at = frame.transport;
        int length = frame.end - at;
        if (!IgmpHeader.validate(bytes, at, length)) {
            wrong(DropReason.IGMP_TOO_SHORT);
            return;
        }
        if (!IgmpHeader.checksumValid(frame.words(), at, length)) {
            mib.count(Counter.IGMP_IN_CSUM_ERRORS);
            wrong(DropReason.IGMP_BAD_CHECKSUM);
            return;
        }
        NetworkInterface in = parts.ip().interfaces().get(frame.interfaceIndex);
        switch (IgmpHeader.type(bytes, at)) {
            case IgmpHeader.QUERY -> query(in, bytes, at, length);
            case IgmpHeader.REPORT_V1, IgmpHeader.REPORT_V2 -> report(in, IgmpHeader.group(bytes, at));
            default -> mib.drop(DropReason.IGMP_IGNORED); // for routers, or unknown (RFC 9776 section 4)
        }
    }

    /** Routers do not complain about reports. */
    @Override
    public void receiveError(IpError error, int mtu, Frame quote) {}

    /** Leaves all groups, and says so, once. */
    public void close() {
        reporters.values().forEach(Reporter::close);
        reporters.clear();
    }

    /** The version is told by length and code (RFC 9776 section 7.1). */
    private void query(NetworkInterface in, ByteBuffer bytes, int at, int length) {
        mib.count(Counter.IGMP_IN_QUERIES);
        int group = IgmpHeader.group(bytes, at);
        if (length != IgmpHeader.LENGTH && length < IgmpHeader.QUERY_LENGTH) {
            wrong(DropReason.IGMP_BAD_LENGTH);
            return;
        }
        if (group != 0 && group >>> 28 != 0xe) {
            wrong(DropReason.IGMP_BAD_GROUP);
            return;
        }
        if (in.loopback()) {
            mib.drop(DropReason.IGMP_IGNORED); // no router is there
            return;
        }
        Reporter reporter = reporter(in);
        int code = IgmpHeader.maxRespCode(bytes, at);
        if (length >= IgmpHeader.QUERY_LENGTH) {
            reporter.robustness(IgmpHeader.robustness(bytes, at));
            reporter.query(group, IgmpHeader.decoded(code) * TENTH_NANOS, sources(bytes, at));
        } else if (code == 0) {
            reporter.olderQuerier(1, V1_MAX_RESPONSE * TENTH_NANOS);
            reporter.query(0, V1_MAX_RESPONSE * TENTH_NANOS, new int[0]);
        } else {
            if (group == 0) {
                reporter.olderQuerier(2, code * TENTH_NANOS);
            }
            reporter.query(group, code * TENTH_NANOS, new int[0]);
        }
    }

    private static int[] sources(ByteBuffer bytes, int at) {
        int[] sources = new int[IgmpHeader.sources(bytes, at)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = IgmpHeader.source(bytes, at, i);
        }
        return sources;
    }

    private void report(NetworkInterface in, int group) {
        mib.count(Counter.IGMP_IN_REPORTS);
        Reporter reporter = reporters.get(in.index());
        if (reporter == null || !reporter.heardReport(group)) {
            mib.drop(DropReason.IGMP_IGNORED);
        }
    }

    private void wrong(DropReason why) {
        mib.count(Counter.IGMP_IN_ERRORS);
        mib.drop(why);
    }

    private Reporter reporter(NetworkInterface on) {
        return reporters.computeIfAbsent(on.index(), index -> new Reporter(parts, on));
    }
}
