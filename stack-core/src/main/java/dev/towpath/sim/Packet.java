package dev.towpath.sim;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.PacketText;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.UdpHeader;

/** A frame on a {@link Link}, to look at. Valid only during the call that it is given to. */
public final class Packet {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Frame frame;
    private final int network;
    private final int transport;
    private final int protocol;
    private final boolean ip;

    Packet(Frame frame) {
        this.frame = frame;
        this.network = frame.start + EthernetHeader.LENGTH;
        this.ip = EthernetHeader.type(frame.bytes(), frame.start) == EthernetHeader.IPV4
                && Ipv4Header.validate(frame.bytes(), frame.words(), network, frame.end - network)
                        == Ipv4Header.Fault.NONE;
        this.transport = ip ? network + Ipv4Header.headerLength(frame.bytes(), network) : frame.end;
        boolean first = ip && Ipv4Header.fragmentOffset(frame.bytes(), network) == 0;
        int claimed = first ? Ipv4Header.protocol(frame.bytes(), network) : -1;
        this.protocol = isWhole(claimed) ? claimed : -1;
    }

    private boolean isWhole(int claimed) {
        return switch (claimed) {
            case TCP -> TcpHeader.validate(frame.bytes(), transport, end() - transport);
            case UDP -> end() - transport >= UdpHeader.LENGTH;
            default -> true;
        };
    }

    private int end() {
        return Math.min(frame.end, network + Ipv4Header.totalLength(frame.bytes(), network));
    }

    /** Bytes of the whole frame. */
    public int length() {
        return frame.length();
    }

    /** True for IPv4. */
    public boolean isIp() {
        return ip;
    }

    /** True for a TCP segment. */
    public boolean isTcp() {
        return protocol == TCP;
    }

    /** True for a UDP datagram. */
    public boolean isUdp() {
        return protocol == UDP;
    }

    /** Who sent it; 0.0.0.0 unless it is IPv4. */
    public IpAddress source() {
        return ip ? IpAddress.v4(Ipv4Header.source(frame.bytes(), network)) : IpAddress.ANY_V4;
    }

    /** For whom it is; 0.0.0.0 unless it is IPv4. */
    public IpAddress destination() {
        return ip ? IpAddress.v4(Ipv4Header.destination(frame.bytes(), network)) : IpAddress.ANY_V4;
    }

    /** The TCP or UDP port that it comes from, else 0. */
    public int sourcePort() {
        return isTcp() || isUdp() ? frame.bytes().getShort(transport) & 0xffff : 0;
    }

    /** The TCP or UDP port that it goes to, else 0. */
    public int destinationPort() {
        return isTcp() || isUdp() ? frame.bytes().getShort(transport + 2) & 0xffff : 0;
    }

    /** A TCP segment with all the flags of {@code letters}, as in tcpdump: S, F, R, P, U, E, W and {@code .} for ACK. */
    public boolean has(String letters) {
        String flags = isTcp() ? PacketText.tcpFlags(TcpHeader.flags(frame.bytes(), transport)) : "";
        return !flags.isEmpty() && letters.chars().allMatch(letter -> flags.indexOf(letter) >= 0);
    }

    /** SEG.SEQ of a TCP segment, else 0. */
    public int sequence() {
        return isTcp() ? TcpHeader.sequence(frame.bytes(), transport) : 0;
    }

    /** Bytes that TCP or UDP carries in it. */
    public int payload() {
        if (isTcp()) {
            return end() - transport - TcpHeader.headerLength(frame.bytes(), transport);
        }
        return isUdp() ? end() - transport - UdpHeader.LENGTH : 0;
    }

    /** One line, as tcpdump would write it. */
    @Override
    public String toString() {
        return PacketText.ofFrame(frame.bytes(), frame.start, frame.end);
    }
}
