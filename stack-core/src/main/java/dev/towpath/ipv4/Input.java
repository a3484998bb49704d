package dev.towpath.ipv4;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpError;
import dev.towpath.ip.TransportHandler;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a packet on its way up: header, options, source, destination (RFC 1122 section 3.2.1), reassembly,
 * delivery.
 */
final class Input {
    /** What the two ECN bits of packets say (RFC 3168 section 5), by their value. */
    private static final Counter[] ECN_FIELDS = {
        Counter.IP_EXT_IN_NO_ECT_PKTS,
        Counter.IP_EXT_IN_ECT1_PKTS,
        Counter.IP_EXT_IN_ECT0_PKTS,
        Counter.IP_EXT_IN_CE_PKTS
    };

    private static final int IGMP = 2;

    private final Ipv4Layer layer;
    private final Reassembler reassembler;
    private final Mib mib;
    private final @Nullable TransportHandler[] handlers = new @Nullable TransportHandler[256];

    /** Addresses that were right on a packet for this host, and where it came in; the next one most often has the same. */
    private @Nullable NetworkInterface rightInterface;

    private int rightSource;
    private int rightDestination;

    Input(Ipv4Layer layer, Reassembler reassembler, Mib mib) {
        this.layer = layer;
        this.reassembler = reassembler;
        this.mib = mib;
    }

    void register(int protocol, TransportHandler handler) {
        handlers[protocol] = handler;
    }

    @Nullable
    TransportHandler handler(int protocol) {
        return handlers[protocol];
    }

    /**
     * What this host sends to a group goes to its own listeners too, as if it had come in where it goes out (RFC 1112
     * section 6.1). Its header is not there yet; {@code frame} is lent.
     */
    void loop(Frame frame, Ipv4Path path, int protocol, int hopLimit, int trafficClass) {
        TransportHandler handler = handlers[protocol];
        if (handler == null || (path.multicast() && !hears(path.via, path.destination, path.source, protocol))) {
            return;
        }
        mib.count(Counter.IP_IN_RECEIVES);
        mib.count(Counter.IP_IN_DELIVERS);
        frame.interfaceIndex = path.via.index();
        frame.sourceHigh = 0;
        frame.sourceLow = IpAddress.lowOfV4(path.source);
        frame.destinationHigh = 0;
        frame.destinationLow = IpAddress.lowOfV4(path.destination);
        frame.hopLimit = hopLimit;
        frame.trafficClass = trafficClass;
        frame.protocol = protocol;
        frame.destinationGroup = true;
        handler.receive(frame);
        frame.destinationGroup = false;
    }

    /** A packet from {@code frame.network} on, lent. */
    void receive(Frame frame) {
        mib.count(Counter.IP_IN_RECEIVES);
        int at = frame.network;
        DropReason wrong = wrongHeader(frame);
        if (wrong != null) {
            mib.count(Counter.IP_IN_HDR_ERRORS);
            mib.drop(wrong);
            return;
        }
        mib.count(ECN_FIELDS[Ipv4Header.trafficClass(frame.bytes(), at) & 3]);
        frame.end = at + Ipv4Header.totalLength(frame.bytes(), at); // what follows is the link's padding
        wrong = wrongAddress(frame);
        if (wrong != null) {
            mib.count(Counter.IP_IN_ADDR_ERRORS);
            mib.drop(wrong);
            return;
        }
        if (!Ipv4Header.isFragment(frame.bytes(), at)) {
            deliver(frame);
            return;
        }
        Frame whole = reassembler.add(frame);
        if (whole != null) {
            deliver(whole);
            whole.release();
        }
    }

    private static @Nullable DropReason wrongHeader(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        Ipv4Header.Fault fault = Ipv4Header.validate(bytes, frame.words(), at, frame.end - at);
        if (fault != Ipv4Header.Fault.NONE) {
            return reason(fault);
        }
        int length = Ipv4Header.headerLength(bytes, at);
        boolean plain = length == Ipv4Header.MIN_LENGTH;
        return plain || Ipv4Options.wellFormed(bytes, at + Ipv4Header.MIN_LENGTH, at + length)
                ? null
                : DropReason.IP_BAD_OPTIONS;
    }

    private static DropReason reason(Ipv4Header.Fault fault) {
        return switch (fault) {
            case TOO_SHORT -> DropReason.IP_TOO_SHORT;
            case BAD_VERSION -> DropReason.IP_BAD_VERSION;
            case BAD_HEADER_LENGTH -> DropReason.IP_BAD_HEADER_LENGTH;
            case BAD_TOTAL_LENGTH -> DropReason.IP_BAD_TOTAL_LENGTH;
            case BAD_CHECKSUM -> DropReason.IP_BAD_CHECKSUM;
            case NONE -> throw new AssertionError("nothing is wrong");
        };
    }

    private @Nullable DropReason wrongAddress(Frame frame) {
        NetworkInterface in = layer.networkInterface(frame.interfaceIndex);
        int source = Ipv4Header.source(frame.bytes(), frame.network);
        int destination = Ipv4Header.destination(frame.bytes(), frame.network);
        if (in == rightInterface && source == rightSource && destination == rightDestination && !frame.linkGroup) {
            frame.destinationGroup = false;
            return null;
        }
        if (!in.loopback() && isMartian(in, source, destination)) {
            return DropReason.IP_BAD_SOURCE;
        }
        boolean multicast = Ipv4Layer.isMulticast(destination);
        frame.destinationGroup = multicast || isBroadcast(in, destination);
        if (frame.destinationGroup) {
            int protocol = Ipv4Header.protocol(frame.bytes(), frame.network);
            return multicast && !hears(in, destination, source, protocol) ? DropReason.IP_OTHER_GROUP : null;
        }
        DropReason notForHere = notForHere(in, frame, destination);
        if (notForHere == null) {
            rightInterface = in;
            rightSource = source;
            rightDestination = destination;
        }
        return notForHere;
    }

    private @Nullable DropReason notForHere(NetworkInterface in, Frame frame, int destination) {
        // Any interface takes packets for any address of this host: the weak model of RFC 1122 section 3.3.4.2, as
        // Linux has it. But loopback
        // addresses never come from outside (section 3.2.1.3(g)).
        boolean ours = layer.isOwn(destination) && (in.loopback() || !Ipv4Layer.isLoopback(destination));
        if (!ours) {
            return DropReason.IP_NOT_FOR_US;
        }
        return frame.linkGroup ? DropReason.IP_UNICAST_IN_BROADCAST : null;
    }

    /** This host has other addresses than before. */
    void addressesChanged() {
        rightInterface = null;
    }

    /** Sources that no packet from outside may have (RFC 1122 section 3.2.1.3, RFC 1812 section 5.3.7). */
    private boolean isMartian(NetworkInterface in, int source, int destination) {
        if (source == 0) {
            return destination
                    != Ipv4Layer.BROADCAST; // a host that has no address yet asks for one (section 3.2.1.3(a))
        }
        return !Ipv4Layer.isUnicast(source) || in.isBroadcast(source) || layer.isOwn(source);
    }

    private static boolean isBroadcast(NetworkInterface in, int destination) {
        return destination == Ipv4Layer.BROADCAST || in.isBroadcast(destination);
    }

    /**
     * Every host is in the group of all hosts (RFC 1112 section 4). Of others it hears who is wanted; what routers ask
     * about them it hears from anybody (RFC 9776 section 3.2).
     */
    private static boolean hears(NetworkInterface in, int group, int source, int protocol) {
        return group == Ipv4Layer.ALL_HOSTS
                || in.groups.wants(group, source)
                || (protocol == IGMP && in.groups.contains(group));
    }

    private void deliver(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        frame.sourceHigh = 0;
        frame.sourceLow = IpAddress.lowOfV4(Ipv4Header.source(bytes, at));
        frame.destinationHigh = 0;
        frame.destinationLow = IpAddress.lowOfV4(Ipv4Header.destination(bytes, at));
        frame.hopLimit = Ipv4Header.ttl(bytes, at);
        frame.trafficClass = Ipv4Header.trafficClass(bytes, at);
        frame.transport = at + Ipv4Header.headerLength(bytes, at);
        frame.protocol = Ipv4Header.protocol(bytes, at);
        TransportHandler handler = handlers[frame.protocol];
        if (handler == null) {
            mib.count(Counter.IP_IN_UNKNOWN_PROTOS);
            mib.drop(DropReason.IP_UNKNOWN_PROTOCOL);
            layer.reject(frame, IpError.PROTOCOL_UNREACHABLE);
            return;
        }
        mib.count(Counter.IP_IN_DELIVERS);
        handler.receive(frame);
    }
}
