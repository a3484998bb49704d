package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.IcmpHeader;
import dev.towpath.wire.Ipv4Header;
import java.nio.ByteBuffer;

/** What a router says about packets that it could not forward, and its answers to echo requests (RFC 792, RFC 1812). */
final class RouterErrors {
    /** Type and code of an error. */
    static final int TIME_EXCEEDED = IcmpHeader.TIME_EXCEEDED << 8 | IcmpHeader.IN_TRANSIT;

    /** See {@link #TIME_EXCEEDED}. */
    static final int NO_ROUTE = IcmpHeader.DESTINATION_UNREACHABLE << 8 | IcmpHeader.NETWORK;

    /** See {@link #TIME_EXCEEDED}. */
    static final int NO_ANSWER = IcmpHeader.DESTINATION_UNREACHABLE << 8 | IcmpHeader.HOST;

    /** See {@link #TIME_EXCEEDED}. */
    static final int FRAGMENTATION_NEEDED = IcmpHeader.DESTINATION_UNREACHABLE << 8 | IcmpHeader.FRAGMENTATION_NEEDED;

    private static final int ICMP = 1;
    private static final int TTL = 64;
    /** RFC 1812 section 4.3.2.3: as much of the packet as fits into 576 bytes. */
    private static final int MOST = 576;

    private final Router router;

    RouterErrors(Router router) {
        this.router = router;
    }

    /** Tells the sender of {@code about}, which is only read; {@code mtu} is that of the next hop, where it matters. */
    void tell(Frame about, int typeAndCode, int mtu) {
        ByteBuffer bytes = about.bytes();
        int at = about.network;
        if (isForbidden(about)) {
            return;
        }
        int quoted = Math.min(about.end - at, MOST - Ipv4Header.MIN_LENGTH - IcmpHeader.LENGTH);
        Frame error = newMessage(IcmpHeader.LENGTH + quoted, Ipv4Header.source(bytes, at));
        // RFC 1191 section 4: the next hop's MTU is in the low 16 bits of what was unused.
        IcmpHeader.write(error.bytes(), error.transport, typeAndCode >>> 8, typeAndCode & 0xff, mtu);
        error.bytes().put(error.transport + IcmpHeader.LENGTH, bytes, at, quoted);
        send(error, sourceFor(about));
    }

    /** Which of its addresses speaks: that of the port by which the packet came. */
    private static int sourceFor(Frame about) {
        return (int) about.destinationLow;
    }

    /** RFC 1812 section 4.3.2.7: no error about an ICMP error, a group, a later fragment, or from nobody. */
    private static boolean isForbidden(Frame about) {
        ByteBuffer bytes = about.bytes();
        int at = about.network;
        int first = Ipv4Header.source(bytes, at) >>> 24;
        int message = at + Ipv4Header.headerLength(bytes, at);
        boolean icmp = Ipv4Header.protocol(bytes, at) == ICMP;
        boolean echo = icmp && message < about.end && IcmpHeader.type(bytes, message) == IcmpHeader.ECHO;
        return first == 0
                || first >= 224
                || about.linkGroup
                || Ipv4Header.fragmentOffset(bytes, at) != 0
                || (icmp && !echo);
    }

    /** Answers an echo request that is for the router; reads it only. */
    void answer(Frame request) {
        ByteBuffer bytes = request.bytes();
        int at = request.network;
        int message = at + Ipv4Header.headerLength(bytes, at);
        int length = request.end - message;
        boolean echo = Ipv4Header.protocol(bytes, at) == ICMP
                && IcmpHeader.validate(length)
                && IcmpHeader.type(bytes, message) == IcmpHeader.ECHO
                && IcmpHeader.checksumValid(request.words(), message, length);
        if (!echo || isForbidden(request)) {
            return;
        }
        Frame reply = newMessage(length, Ipv4Header.source(bytes, at));
        reply.bytes().put(reply.transport, bytes, message, length);
        IcmpHeader.write(reply.bytes(), reply.transport, IcmpHeader.ECHO_REPLY, 0, IcmpHeader.rest(bytes, message));
        send(reply, Ipv4Header.destination(bytes, at));
    }

    private Frame newMessage(int length, int destination) {
        Frame frame = router.frames().take(Frame.HEADROOM + length);
        frame.transport = Frame.HEADROOM;
        frame.network = frame.start = Frame.HEADROOM - Ipv4Header.MIN_LENGTH;
        frame.end = Frame.HEADROOM + length;
        Ipv4Header.setLengths(frame.bytes(), frame.network, Ipv4Header.MIN_LENGTH, 0, Ipv4Header.MIN_LENGTH + length);
        Ipv4Header.setFragment(frame.bytes(), frame.network, 0, 0, 0);
        Ipv4Header.setTtlAndProtocol(frame.bytes(), frame.network, TTL, ICMP);
        Ipv4Header.setAddresses(frame.bytes(), frame.network, 0, destination);
        return frame;
    }

    private void send(Frame message, int source) {
        Ipv4Header.setAddresses(
                message.bytes(), message.network, source, Ipv4Header.destination(message.bytes(), message.network));
        IcmpHeader.fillChecksum(message.bytes(), message.words(), message.transport, message.end - message.transport);
        router.originate(message);
    }
}
