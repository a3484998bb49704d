package dev.towpath.icmp;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.ip.IpError;
import dev.towpath.ip.Path;
import dev.towpath.ip.TransportHandler;
import dev.towpath.ipv4.ErrorSender;
import dev.towpath.ipv4.Ipv4Layer;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.mib.Mib;
import dev.towpath.time.Clock;
import dev.towpath.wire.IcmpHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * ICMP of one stack: answers echo requests, sends them for others, tells senders about what could not be delivered and
 * transports about what they sent in vain.
 *
 * <p>{@code stack} registers it with IP twice, as the handler of its protocol and as {@link ErrorSender}. Not
 * thread-safe: guarded by the stack's lock.
 */
public final class IcmpLayer implements TransportHandler, ErrorSender {
    /** Protocol number of ICMP. */
    public static final int PROTOCOL = 1;

    /** Largest data of an echo that fits in a datagram. */
    public static final int MAX_ECHO_DATA = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - IcmpHeader.LENGTH;

    /** RFC 1812 section 4.3.2.3: as much of the packet as fits without the error exceeding 576 bytes. */
    private static final int MAX_QUOTE = 576 - Ipv4Header.MIN_LENGTH - IcmpHeader.LENGTH;

    /** Transport bytes that an error must quote to be of use: ports and sequence number. */
    private static final int MIN_QUOTED_DATA = 8;

    /** Precedence "internetwork control" (RFC 1812 section 4.3.2.5). */
    private static final int ERROR_TRAFFIC_CLASS = 0xc0;

    private final Ipv4Layer ip;
    private final FramePool frames;
    private final Clock clock;
    private final LongSupplier random;
    private final Mib mib;
    private final ErrorBudget budget;
    private final List<Echo> echoes = new ArrayList<>();
    /** The way that was answered last: who pings goes on pinging. */
    private @Nullable Path lastPath;

    /** Wires it. */
    public IcmpLayer(IcmpConfig config, Ipv4Layer ip, FramePool frames, Clock clock, LongSupplier random, Mib mib) {
        this.ip = ip;
        this.frames = frames;
        this.clock = clock;
        this.random = random;
        this.mib = mib;
        this.budget = new ErrorBudget(config, random, clock.nanoTime());
    }

    /**
     * Delivers replies to echo requests to {@code listener}.
     *
     * @return the identifier to send them under; not used by others
     */
    public int openEcho(EchoListener listener) {
        if (echoes.size() > 0xffff) {
            throw new IllegalStateException("all 65,536 echo identifiers are in use; close those that are done with");
        }
        int identifier = (int) random.getAsLong() & 0xffff;
        while (listener(identifier) != null) {
            identifier = (identifier + 1) & 0xffff;
        }
        echoes.add(new Echo(identifier, listener));
        return identifier;
    }

    /** Gives the identifier back. Idempotent. */
    public void closeEcho(int identifier) {
        echoes.removeIf(echo -> echo.identifier == identifier);
    }

    /**
     * Sends an echo request with all that remains in {@code payload}, whose position moves to its limit.
     *
     * @throws IllegalArgumentException if that is more than {@link #MAX_ECHO_DATA}
     */
    public void ping(Path path, int identifier, int sequence, ByteBuffer payload) {
        int length = payload.remaining();
        if (length > MAX_ECHO_DATA) {
            throw new IllegalArgumentException("an echo carries at most " + MAX_ECHO_DATA + " bytes, not " + length);
        }
        Frame frame = newMessage(IcmpHeader.LENGTH + length);
        IcmpHeader.write(frame.bytes(), frame.transport, IcmpHeader.ECHO, 0, identifier << 16 | (sequence & 0xffff));
        frame.bytes().put(frame.transport + IcmpHeader.LENGTH, payload, payload.position(), length);
        payload.position(payload.limit());
        mib.count(Counter.ICMP_OUT_ECHOS);
        send(path, frame, 0);
    }

    @Override
    public void receive(Frame frame) {
        mib.count(Counter.ICMP_IN_MSGS);
        int at = frame.transport;
        int length = frame.end - at;
        if (!IcmpHeader.validate(length)) {
            mib.count(Counter.ICMP_IN_ERRORS);
            mib.drop(DropReason.ICMP_TOO_SHORT);
            return;
        }
        if (!IcmpHeader.checksumValid(frame.words(), at, length)) {
            mib.count(Counter.ICMP_IN_ERRORS);
            mib.count(Counter.ICMP_IN_CSUM_ERRORS);
            mib.drop(DropReason.ICMP_BAD_CHECKSUM);
            return;
        }
        frame.payload = at + IcmpHeader.LENGTH;
        switch (IcmpHeader.type(frame.bytes(), at)) {
            case IcmpHeader.ECHO -> echo(frame);
            case IcmpHeader.ECHO_REPLY -> echoReply(frame);
            case IcmpHeader.DESTINATION_UNREACHABLE -> error(frame, Counter.ICMP_IN_DEST_UNREACHS);
            case IcmpHeader.TIME_EXCEEDED -> error(frame, Counter.ICMP_IN_TIME_EXCDS);
            case IcmpHeader.PARAMETER_PROBLEM -> error(frame, Counter.ICMP_IN_PARM_PROBS);
            case IcmpHeader.SOURCE_QUENCH -> ignore(Counter.ICMP_IN_SRC_QUENCHS); // RFC 6633 section 3
            // Deviates: RFC 1122 section 3.2.2.2 wants redirects obeyed. Any neighbour could then take over the
            // traffic.
            case IcmpHeader.REDIRECT -> ignore(Counter.ICMP_IN_REDIRECTS);
            default -> mib.drop(DropReason.ICMP_IGNORED); // RFC 1122 section 3.2.2: silently
        }
    }

    /** An error about an echo request of ours. */
    @Override
    public void receiveError(IpError error, int mtu, Frame quote) {
        ByteBuffer bytes = quote.bytes();
        int at = quote.transport;
        EchoListener listener =
                IcmpHeader.type(bytes, at) == IcmpHeader.ECHO ? listener(IcmpHeader.identifier(bytes, at)) : null;
        if (listener != null) {
            listener.failed(error, IcmpHeader.sequence(bytes, at));
        }
    }

    @Override
    public void sendError(Frame frame, IpError why) {
        int typeAndCode = typeAndCode(why);
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        int source = Ipv4Header.source(bytes, at);
        if (isForbidden(frame, source)) {
            return;
        }
        Path path = pathBack(source, Ipv4Header.destination(bytes, at));
        if (path == null || path.group()) {
            return; // not a single host
        }
        if (!ip.isLocal(path.destination()) && !budget.spend(source, clock.nanoTime())) {
            mib.count(Counter.ICMP_OUT_RATE_LIMITED);
            mib.drop(DropReason.ICMP_RATE_LIMITED);
            return;
        }
        int quoted = Math.min(frame.end - at, MAX_QUOTE);
        Frame error = newMessage(IcmpHeader.LENGTH + quoted);
        IcmpHeader.write(error.bytes(), error.transport, typeAndCode >>> 8, typeAndCode & 0xff, 0);
        error.bytes().put(error.transport + IcmpHeader.LENGTH, bytes, at, quoted);
        mib.count(Counter.ICMP_OUT_ERRORS);
        mib.count(
                typeAndCode >>> 8 == IcmpHeader.TIME_EXCEEDED
                        ? Counter.ICMP_OUT_TIME_EXCDS
                        : Counter.ICMP_OUT_DEST_UNREACHS);
        send(path, error, ERROR_TRAFFIC_CLASS);
    }

    /**
     * RFC 1122 section 3.2.2: no error about an ICMP error, to a broadcast or multicast address of IP or link, about a
     * later fragment, or to a source that is not a single host. An unknown ICMP type might be an error.
     */
    private static boolean isForbidden(Frame frame, int source) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        int first = source >>> 24;
        boolean singleHost = first != 0 && first < 224;
        return frame.linkGroup
                || frame.destinationGroup
                || !singleHost
                || Ipv4Header.fragmentOffset(bytes, at) != 0
                || (Ipv4Header.protocol(bytes, at) == PROTOCOL && !isEcho(frame, at));
    }

    private static boolean isEcho(Frame frame, int at) {
        int message = at + Ipv4Header.headerLength(frame.bytes(), at);
        return message < frame.end && IcmpHeader.type(frame.bytes(), message) == IcmpHeader.ECHO;
    }

    private static int typeAndCode(IpError why) {
        return switch (why) {
            case NETWORK_UNREACHABLE -> unreachable(IcmpHeader.NETWORK);
            case HOST_UNREACHABLE -> unreachable(IcmpHeader.HOST);
            case PROTOCOL_UNREACHABLE -> unreachable(IcmpHeader.PROTOCOL);
            case PORT_UNREACHABLE -> unreachable(IcmpHeader.PORT);
            case PROHIBITED -> unreachable(13);
            case HOP_LIMIT_EXCEEDED -> IcmpHeader.TIME_EXCEEDED << 8 | IcmpHeader.IN_TRANSIT;
            case REASSEMBLY_TIME_EXCEEDED -> IcmpHeader.TIME_EXCEEDED << 8 | IcmpHeader.IN_REASSEMBLY;
            case PACKET_TOO_BIG, SOURCE_ROUTE_FAILED, PARAMETER_PROBLEM ->
                throw new IllegalArgumentException(
                        why + " is for routers to say; a host that receives a packet has no cause");
        };
    }

    private static int unreachable(int code) {
        return IcmpHeader.DESTINATION_UNREACHABLE << 8 | code;
    }

    /**
     * Echo requests to a group are not answered (RFC 1122 section 3.2.2.6 permits it): they have been used to multiply
     * floods.
     */
    private void echo(Frame frame) {
        mib.count(Counter.ICMP_IN_ECHOS);
        Path path = null;
        if (!frame.linkGroup && !frame.destinationGroup) {
            path = pathBack((int) frame.sourceLow, (int) frame.destinationLow);
        }
        if (path == null) {
            mib.drop(DropReason.ICMP_IGNORED);
            return;
        }
        int length = frame.end - frame.transport;
        Frame reply = newMessage(length);
        reply.bytes().put(reply.transport, frame.bytes(), frame.transport, length);
        IcmpHeader.write(
                reply.bytes(),
                reply.transport,
                IcmpHeader.ECHO_REPLY,
                0,
                IcmpHeader.rest(frame.bytes(), frame.transport));
        mib.count(Counter.ICMP_OUT_ECHO_REPS);
        send(path, reply, frame.trafficClass);
    }

    private void echoReply(Frame frame) {
        mib.count(Counter.ICMP_IN_ECHO_REPS);
        EchoListener listener = listener(IcmpHeader.identifier(frame.bytes(), frame.transport));
        if (listener == null) {
            mib.drop(DropReason.ICMP_UNEXPECTED_REPLY);
        } else {
            listener.reply(frame, IcmpHeader.sequence(frame.bytes(), frame.transport));
        }
    }

    private void ignore(Counter counter) {
        mib.count(counter);
        mib.drop(DropReason.ICMP_IGNORED);
    }

    /** Hands the error to whoever sent the quoted packet, if it can be a packet of ours. */
    private void error(Frame frame, Counter counter) {
        mib.count(counter);
        ByteBuffer bytes = frame.bytes();
        IpError error = errorOf(IcmpHeader.type(bytes, frame.transport), IcmpHeader.code(bytes, frame.transport));
        if (error == null) {
            mib.drop(DropReason.ICMP_IGNORED);
            return;
        }
        int mtu = error == IpError.PACKET_TOO_BIG ? IcmpHeader.nextHopMtu(bytes, frame.transport) : 0;
        frame.network = frame.payload;
        if (!isSoundQuote(frame) || !ip.deliverError(error, mtu, frame)) {
            mib.drop(DropReason.ICMP_BAD_QUOTE);
        }
    }

    /** Its checksum and total length are not looked at: routers on the way have changed one and cut off the other. */
    private static boolean isSoundQuote(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        int at = frame.network;
        int length = frame.end - at;
        if (length < Ipv4Header.MIN_LENGTH + MIN_QUOTED_DATA) {
            return false;
        }
        int headerLength = Ipv4Header.headerLength(bytes, at);
        return Ipv4Header.version(bytes, at) == 4
                && headerLength >= Ipv4Header.MIN_LENGTH
                && headerLength + MIN_QUOTED_DATA <= length;
    }

    private static @Nullable IpError errorOf(int type, int code) {
        return switch (type) {
            case IcmpHeader.TIME_EXCEEDED ->
                switch (code) {
                    case IcmpHeader.IN_TRANSIT -> IpError.HOP_LIMIT_EXCEEDED;
                    case IcmpHeader.IN_REASSEMBLY -> IpError.REASSEMBLY_TIME_EXCEEDED;
                    default -> null;
                };
            case IcmpHeader.PARAMETER_PROBLEM -> IpError.PARAMETER_PROBLEM;
            default ->
                switch (code) { // RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1
                    case 0, 6, 11 -> IpError.NETWORK_UNREACHABLE;
                    case 1, 7, 8, 12 -> IpError.HOST_UNREACHABLE;
                    case IcmpHeader.PROTOCOL -> IpError.PROTOCOL_UNREACHABLE;
                    case IcmpHeader.PORT -> IpError.PORT_UNREACHABLE;
                    case IcmpHeader.FRAGMENTATION_NEEDED -> IpError.PACKET_TOO_BIG;
                    case 5 -> IpError.SOURCE_ROUTE_FAILED;
                    case 9, 10, 13, 14, 15 -> IpError.PROHIBITED;
                    default -> null;
                };
        };
    }

    private Frame newMessage(int length) {
        Frame frame = frames.take(Frame.HEADROOM + length);
        frame.transport = Frame.HEADROOM;
        frame.end = Frame.HEADROOM + length;
        return frame;
    }

    private void send(Path path, Frame frame, int trafficClass) {
        IcmpHeader.fillChecksum(frame.bytes(), frame.words(), frame.transport, frame.end - frame.transport);
        mib.count(Counter.ICMP_OUT_MSGS);
        ip.send(path, frame, PROTOCOL, 0, trafficClass, 0);
    }

    /** The way back to {@code source}, from the address that it has sent to. */
    private @Nullable Path pathBack(int source, int destination) {
        Path path = lastPath;
        if (path == null
                || !path.current()
                || path.destination().v4() != source
                || path.source().v4() != destination) {
            path = ip.route(IpAddress.v4(destination), IpAddress.v4(source));
            lastPath = path;
        }
        return path;
    }

    private @Nullable EchoListener listener(int identifier) {
        for (int i = 0; i < echoes.size(); i++) {
            if (echoes.get(i).identifier == identifier) {
                return echoes.get(i).listener;
            }
        }
        return null;
    }

    private record Echo(int identifier, EchoListener listener) {}
}
