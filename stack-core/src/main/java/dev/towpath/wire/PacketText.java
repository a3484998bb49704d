package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * One line of text about a frame or a packet, much as tcpdump writes it: for tests, traces and people. Reads whatever
 * it is given, however damaged.
 *
 * <pre>
 *   ARP who-has 192.0.2.2 tell 192.0.2.1
 *   192.0.2.1:40000 &gt; 192.0.2.2:80 TCP [S] seq 1000 win 64240 &lt;mss 1460,sackOK,nop,ws 7&gt; len 0
 *   192.0.2.2:80 &gt; 192.0.2.1:40000 TCP [P.] seq 1:101 ack 1001 win 500 len 100
 *   192.0.2.1:53 &gt; 192.0.2.2:5353 UDP len 12
 *   192.0.2.1 &gt; 192.0.2.2 ICMP echo request id 7 seq 1 len 56
 *   192.0.2.2 &gt; 224.0.0.22 IGMP v3 report records 1
 * </pre>
 */
public final class PacketText {
    private static final String TRUNCATED = " [truncated]";

    private static final int ICMP = 1;
    private static final int IGMP = 2;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private static final String FLAG_LETTERS = "SFRPUEW.";
    private static final int[] FLAG_ORDER = {
        TcpHeader.SYN,
        TcpHeader.FIN,
        TcpHeader.RST,
        TcpHeader.PSH,
        TcpHeader.URG,
        TcpHeader.ECE,
        TcpHeader.CWR,
        TcpHeader.ACK
    };

    private PacketText() {}

    /** Text of the Ethernet frame in {@code bytes} (network byte order) from {@code start} to {@code end}. */
    public static String ofFrame(ByteBuffer bytes, int start, int end) {
        int length = end - start;
        if (!EthernetHeader.validate(length)) {
            return "Ethernet [" + length + " bytes]" + TRUNCATED;
        }
        int at = start + EthernetHeader.LENGTH;
        int type = EthernetHeader.type(bytes, start);
        return switch (type) {
            case EthernetHeader.ARP -> arp(bytes, at, end);
            case EthernetHeader.IPV4 -> ofPacket(bytes, at, end);
            default ->
                new MacAddress(EthernetHeader.source(bytes, start)) + " > "
                        + new MacAddress(EthernetHeader.destination(bytes, start)) + " type 0x" + hex(type, 4) + " len "
                        + (end - at);
        };
    }

    /** Text of the IPv4 packet in {@code bytes} (network byte order) from {@code at} to {@code end}. */
    public static String ofPacket(ByteBuffer bytes, int at, int end) {
        if (end - at < Ipv4Header.MIN_LENGTH) {
            return "IP [" + (end - at) + " bytes]" + TRUNCATED;
        }
        String source = ipv4(Ipv4Header.source(bytes, at));
        String destination = ipv4(Ipv4Header.destination(bytes, at));
        int headerLength = Ipv4Header.headerLength(bytes, at);
        int packetEnd = at + Ipv4Header.totalLength(bytes, at);
        if (Ipv4Header.version(bytes, at) != 4
                || headerLength < Ipv4Header.MIN_LENGTH
                || packetEnd - at < headerLength) {
            return source + " > " + destination + " IP [bad header]";
        }
        int payload = at + headerLength;
        int seen = Math.min(packetEnd, end);
        String cut = packetEnd > end ? TRUNCATED : "";
        int protocol = Ipv4Header.protocol(bytes, at);
        if (Ipv4Header.isFragment(bytes, at)) {
            return source + " > " + destination + " fragment of " + protocolName(protocol) + " id "
                    + Ipv4Header.identification(bytes, at) + " bytes " + Ipv4Header.fragmentOffset(bytes, at) + ":"
                    + (Ipv4Header.fragmentOffset(bytes, at) + packetEnd - payload)
                    + (Ipv4Header.moreFragments(bytes, at) ? "+" : "") + cut;
        }
        return transport(bytes, protocol, payload, seen, packetEnd - payload, source, destination) + cut;
    }

    /** The flags of a TCP header as tcpdump writes them: {@code S.} for SYN and ACK, {@code none} for none. */
    public static String tcpFlags(int flags) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((flags & FLAG_ORDER[i]) != 0) {
                text.append(FLAG_LETTERS.charAt(i));
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }

    private static String transport(
            ByteBuffer bytes, int protocol, int at, int end, int length, String source, String destination) {
        String between = end - at < 4
                ? source + " > " + destination
                : source + ":" + UdpHeader.sourcePort(bytes, at) + " > " + destination + ":"
                        + UdpHeader.destinationPort(bytes, at); // TCP has its ports in the same place
        return switch (protocol) {
            case TCP -> between + " TCP" + tcp(bytes, at, end, length);
            case UDP -> between + " UDP" + udp(bytes, at, end);
            case ICMP -> source + " > " + destination + " ICMP" + icmp(bytes, at, end, length);
            case IGMP -> source + " > " + destination + " IGMP" + igmp(bytes, at, end);
            default -> source + " > " + destination + " " + protocolName(protocol) + " len " + length;
        };
    }

    private static String tcp(ByteBuffer bytes, int at, int end, int length) {
        if (!TcpHeader.validate(bytes, at, end - at)) {
            return " [bad header]";
        }
        int flags = TcpHeader.flags(bytes, at);
        int headerLength = TcpHeader.headerLength(bytes, at);
        int data = length - headerLength;
        long first = TcpHeader.sequence(bytes, at) & 0xffff_ffffL;
        StringBuilder text = new StringBuilder(80);
        text.append(" [").append(tcpFlags(flags)).append("] seq ").append(first);
        if (data > 0) {
            text.append(':').append(first + data & 0xffff_ffffL);
        }
        if ((flags & TcpHeader.ACK) != 0) {
            text.append(" ack ").append(TcpHeader.acknowledgment(bytes, at) & 0xffff_ffffL);
        }
        text.append(" win ").append(TcpHeader.window(bytes, at));
        if ((flags & TcpHeader.URG) != 0) {
            text.append(" urg ").append(TcpHeader.urgentPointer(bytes, at));
        }
        TcpOptionText.append(text, bytes, at + TcpHeader.MIN_LENGTH, at + headerLength);
        return text.append(" len ").append(data).toString();
    }

    private static String udp(ByteBuffer bytes, int at, int end) {
        return UdpHeader.validate(bytes, at, end - at)
                ? " len " + (UdpHeader.length(bytes, at) - UdpHeader.LENGTH)
                : " [bad header]";
    }

    private static String icmp(ByteBuffer bytes, int at, int end, int length) {
        if (!IcmpHeader.validate(end - at)) {
            return " [bad header]";
        }
        int type = IcmpHeader.type(bytes, at);
        int code = IcmpHeader.code(bytes, at);
        if (type == IcmpHeader.ECHO || type == IcmpHeader.ECHO_REPLY) {
            return (type == IcmpHeader.ECHO ? " echo request" : " echo reply") + " id "
                    + IcmpHeader.identifier(bytes, at) + " seq " + IcmpHeader.sequence(bytes, at) + " len "
                    + (length - IcmpHeader.LENGTH);
        }
        String name = icmpName(type, code, IcmpHeader.nextHopMtu(bytes, at));
        return IcmpHeader.isError(type)
                ? name + " about (" + ofQuote(bytes, at + IcmpHeader.LENGTH, end) + ")"
                : name + " len " + (length - IcmpHeader.LENGTH);
    }

    private static String igmp(ByteBuffer bytes, int at, int end) {
        if (!IgmpHeader.validate(bytes, at, end - at)) {
            return " [bad header]";
        }
        int type = IgmpHeader.type(bytes, at);
        String group = ipv4(IgmpHeader.group(bytes, at));
        return switch (type) {
            case IgmpHeader.QUERY -> IgmpHeader.group(bytes, at) == 0 ? " general query" : " query about " + group;
            case IgmpHeader.REPORT_V1 -> " v1 report " + group;
            case IgmpHeader.REPORT_V2 -> " v2 report " + group;
            case IgmpHeader.LEAVE -> " leave " + group;
            case IgmpHeader.REPORT_V3 -> " v3 report records " + IgmpHeader.records(bytes, at);
            default -> " type " + type;
        };
    }

    /** A quoted packet is nearly always cut short: only its addresses, ports and protocol are of interest. */
    private static String ofQuote(ByteBuffer bytes, int at, int end) {
        if (end - at < Ipv4Header.MIN_LENGTH) {
            return "too little";
        }
        String source = ipv4(Ipv4Header.source(bytes, at));
        String destination = ipv4(Ipv4Header.destination(bytes, at));
        int protocol = Ipv4Header.protocol(bytes, at);
        int payload = at + Ipv4Header.headerLength(bytes, at);
        boolean ports = (protocol == TCP || protocol == UDP) && end - payload >= 4;
        return source + (ports ? ":" + UdpHeader.sourcePort(bytes, payload) : "") + " > " + destination
                + (ports ? ":" + UdpHeader.destinationPort(bytes, payload) : "") + " " + protocolName(protocol);
    }

    private static String icmpName(int type, int code, int mtu) {
        return switch (type) {
            case IcmpHeader.DESTINATION_UNREACHABLE ->
                switch (code) {
                    case IcmpHeader.NETWORK -> " network unreachable";
                    case IcmpHeader.HOST -> " host unreachable";
                    case IcmpHeader.PROTOCOL -> " protocol unreachable";
                    case IcmpHeader.PORT -> " port unreachable";
                    case IcmpHeader.FRAGMENTATION_NEEDED -> " fragmentation needed, mtu " + mtu;
                    default -> " unreachable, code " + code;
                };
            case IcmpHeader.SOURCE_QUENCH -> " source quench";
            case IcmpHeader.REDIRECT -> " redirect";
            case IcmpHeader.TIME_EXCEEDED ->
                code == IcmpHeader.IN_TRANSIT ? " time exceeded in transit" : " time exceeded in reassembly";
            case IcmpHeader.PARAMETER_PROBLEM -> " parameter problem";
            default -> " type " + type + " code " + code;
        };
    }

    private static String arp(ByteBuffer bytes, int at, int end) {
        if (!ArpHeader.validate(bytes, at, end - at)) {
            return "ARP [bad header]";
        }
        String sender = ipv4(ArpHeader.senderIp(bytes, at));
        String target = ipv4(ArpHeader.targetIp(bytes, at));
        MacAddress senderMac = new MacAddress(ArpHeader.senderMac(bytes, at));
        return switch (ArpHeader.operation(bytes, at)) {
            case ArpHeader.REQUEST ->
                sender.equals(target)
                        ? "ARP announce " + sender + " is-at " + senderMac
                        : "ARP who-has " + target + " tell " + sender;
            case ArpHeader.REPLY -> "ARP reply " + sender + " is-at " + senderMac;
            default -> "ARP operation " + ArpHeader.operation(bytes, at);
        };
    }

    private static String protocolName(int protocol) {
        return switch (protocol) {
            case ICMP -> "ICMP";
            case IGMP -> "IGMP";
            case TCP -> "TCP";
            case UDP -> "UDP";
            default -> "protocol " + protocol;
        };
    }

    private static String ipv4(int bits) {
        return IpAddress.v4(bits).toString();
    }

    private static String hex(int value, int digits) {
        String text = Integer.toHexString(value);
        return "0".repeat(digits - text.length()) + text;
    }
}
