package dev.towpath.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.wire.ArpHeader;
import dev.towpath.wire.EthernetHeader;
import dev.towpath.wire.IcmpHeader;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.Ipv4Header;
import dev.towpath.wire.MacAddress;
import dev.towpath.wire.TcpHeader;
import dev.towpath.wire.UdpHeader;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.namednumber.IpNumber;

/**
 * pcap4j's packet classes as a second opinion: decodes a frame that the stack sends, verifies its lengths and
 * checksums, and compares each field with what our accessors read. A test device calls {@link #check} for everything
 * that passes through it.
 */
public final class IndependentCodec {
    private static final int MAX_TEXT = 1500;

    private IndependentCodec() {}

    /**
     * Checks a frame as it is sent, from {@code start} to {@code end}. A checksum left to the device
     * ({@link Frame#CHECKSUM_PARTIAL}) is checked to be the pseudo-header's sum, and is completed in the copy that is
     * decoded.
     *
     * @return the frame, decoded
     */
    public static EthernetPacket check(Frame frame) {
        byte[] raw = new byte[frame.length()];
        frame.bytes().get(frame.start, raw);
        if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
            complete(raw, frame.checksumStart - frame.start, frame.checksumOffset);
        }
        return check(raw);
    }

    /** Checks a frame whose checksums are complete. */
    public static EthernetPacket check(byte[] raw) {
        EthernetPacket ethernet = decode(raw);
        try {
            checkEthernet(ethernet, raw);
            assertThat(ethernet.getRawData()).as("encoded again").isEqualTo(raw);
        } catch (AssertionError e) {
            String text = ethernet.toString();
            throw new AssertionError("in the frame\n" + text.substring(0, Math.min(MAX_TEXT, text.length())), e);
        }
        return ethernet;
    }

    private static EthernetPacket decode(byte[] raw) {
        try {
            return EthernetPacket.newPacket(raw, 0, raw.length);
        } catch (IllegalRawDataException e) {
            throw new AssertionError("pcap4j can't read the frame", e);
        }
    }

    private static void checkEthernet(EthernetPacket ethernet, byte[] raw) {
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        EthernetPacket.EthernetHeader header = ethernet.getHeader();
        assertThat(raw).as("RFC 894: the shortest frame").hasSizeGreaterThanOrEqualTo(EthernetHeader.MIN_FRAME);
        assertThat(text(EthernetHeader.destination(bytes, 0)))
                .isEqualTo(header.getDstAddr().toString());
        assertThat(text(EthernetHeader.source(bytes, 0)))
                .isEqualTo(header.getSrcAddr().toString());
        assertThat(EthernetHeader.type(bytes, 0)).isEqualTo(header.getType().value() & 0xffff);
        assertThat(ethernet.getPad()).as("padding").isEqualTo(new byte[ethernet.getPad().length]);
        ArpPacket arp = ethernet.get(ArpPacket.class);
        IpV4Packet ip = ethernet.get(IpV4Packet.class);
        assertThat(arp != null || ip != null).as("ARP or IPv4").isTrue();
        if (arp != null) {
            checkArp(arp, bytes, EthernetHeader.LENGTH);
        } else if (ip != null) {
            checkIp(ip, bytes, EthernetHeader.LENGTH);
        }
    }

    private static void checkArp(ArpPacket arp, ByteBuffer bytes, int at) {
        ArpPacket.ArpHeader header = arp.getHeader();
        assertThat(ArpHeader.validate(bytes, at, bytes.capacity() - at)).isTrue();
        assertThat(ArpHeader.operation(bytes, at))
                .isEqualTo(header.getOperation().value().intValue());
        assertThat(text(ArpHeader.senderMac(bytes, at)))
                .isEqualTo(header.getSrcHardwareAddr().toString());
        assertThat(text(ArpHeader.targetMac(bytes, at)))
                .isEqualTo(header.getDstHardwareAddr().toString());
        assertThat(IpAddress.v4(ArpHeader.senderIp(bytes, at)).toInetAddress()).isEqualTo(header.getSrcProtocolAddr());
        assertThat(IpAddress.v4(ArpHeader.targetIp(bytes, at)).toInetAddress()).isEqualTo(header.getDstProtocolAddr());
    }

    private static void checkIp(IpV4Packet ip, ByteBuffer bytes, int at) {
        IpV4Packet.IpV4Header header = ip.getHeader();
        assertThat(header.hasValidChecksum(false)).as("IPv4 header checksum").isTrue();
        assertThat(Ipv4Header.version(bytes, at)).isEqualTo(4);
        assertThat(Ipv4Header.headerLength(bytes, at)).isEqualTo(header.length());
        assertThat(Ipv4Header.totalLength(bytes, at))
                .isEqualTo(header.getTotalLengthAsInt())
                .isLessThanOrEqualTo(bytes.capacity() - at)
                .isEqualTo(ip.length());
        assertThat(Ipv4Header.trafficClass(bytes, at)).isEqualTo(header.getTos().value() & 0xff);
        assertThat(Ipv4Header.identification(bytes, at)).isEqualTo(header.getIdentificationAsInt());
        assertThat(Ipv4Header.dontFragment(bytes, at)).isEqualTo(header.getDontFragmentFlag());
        assertThat(Ipv4Header.moreFragments(bytes, at)).isEqualTo(header.getMoreFragmentFlag());
        assertThat(Ipv4Header.fragmentOffset(bytes, at)).isEqualTo(header.getFragmentOffset() * 8);
        assertThat(header.getReservedFlag()).isFalse();
        assertThat(Ipv4Header.ttl(bytes, at)).isEqualTo(header.getTtlAsInt()).isPositive();
        assertThat(Ipv4Header.protocol(bytes, at))
                .isEqualTo(header.getProtocol().value() & 0xff);
        assertThat(IpAddress.v4(Ipv4Header.source(bytes, at)).toInetAddress()).isEqualTo(header.getSrcAddr());
        assertThat(IpAddress.v4(Ipv4Header.destination(bytes, at)).toInetAddress())
                .isEqualTo(header.getDstAddr());
        if (!Ipv4Header.isFragment(bytes, at)) {
            checkTransport(ip, bytes, at + header.length());
        }
    }

    private static void checkTransport(IpV4Packet ip, ByteBuffer bytes, int at) {
        Inet4Address from = ip.getHeader().getSrcAddr();
        Inet4Address to = ip.getHeader().getDstAddr();
        Packet transport = ip.getPayload();
        if (transport instanceof UdpPacket udp) {
            checkUdp(udp, from, to, bytes, at);
        } else if (transport instanceof TcpPacket tcp) {
            checkTcp(tcp, from, to, bytes, at);
        } else if (transport instanceof IcmpV4CommonPacket icmp) {
            assertThat(icmp.hasValidChecksum(false)).as("ICMP checksum").isTrue();
            assertThat(IcmpHeader.type(bytes, at))
                    .isEqualTo(icmp.getHeader().getType().value() & 0xff);
            assertThat(IcmpHeader.code(bytes, at))
                    .isEqualTo(icmp.getHeader().getCode().value() & 0xff);
        } else if (ip.getHeader().getProtocol().equals(IpNumber.IGMP)) {
            checkIgmp(ip, transport.getRawData());
        } else {
            throw new AssertionError("a protocol that the stack does not speak: " + transport);
        }
    }

    /** pcap4j does not know IGMP: what RFC 9776 section 4 says of every message. */
    private static void checkIgmp(IpV4Packet ip, byte[] raw) {
        int sum = 0;
        for (int i = 0; i < raw.length; i += 2) {
            sum += (raw[i] & 0xff) << 8 | (raw[i + 1] & 0xff);
        }
        assertThat((sum & 0xffff) + (sum >>> 16)).as("IGMP checksum").isEqualTo(0xffff);
        assertThat(ip.getHeader().getTtlAsInt()).isEqualTo(1);
        assertThat(ip.getHeader().getOptions()).as("Router Alert").hasSize(1);
    }

    private static void checkUdp(UdpPacket udp, Inet4Address from, Inet4Address to, ByteBuffer bytes, int at) {
        UdpPacket.UdpHeader header = udp.getHeader();
        assertThat(udp.hasValidChecksum(from, to, false)).as("UDP checksum").isTrue();
        assertThat(UdpHeader.sourcePort(bytes, at))
                .isEqualTo(header.getSrcPort().valueAsInt());
        assertThat(UdpHeader.destinationPort(bytes, at))
                .isEqualTo(header.getDstPort().valueAsInt());
        assertThat(UdpHeader.length(bytes, at))
                .isEqualTo(header.getLengthAsInt())
                .isEqualTo(udp.length());
    }

    private static void checkTcp(TcpPacket tcp, Inet4Address from, Inet4Address to, ByteBuffer bytes, int at) {
        TcpPacket.TcpHeader header = tcp.getHeader();
        assertThat(tcp.hasValidChecksum(from, to, false)).as("TCP checksum").isTrue();
        assertThat(TcpHeader.sourcePort(bytes, at))
                .isEqualTo(header.getSrcPort().valueAsInt());
        assertThat(TcpHeader.destinationPort(bytes, at))
                .isEqualTo(header.getDstPort().valueAsInt());
        assertThat(TcpHeader.sequence(bytes, at)).isEqualTo(header.getSequenceNumber());
        assertThat(TcpHeader.acknowledgment(bytes, at)).isEqualTo(header.getAcknowledgmentNumber());
        assertThat(TcpHeader.headerLength(bytes, at)).isEqualTo(header.length());
        assertThat(TcpHeader.window(bytes, at)).isEqualTo(header.getWindowAsInt());
        assertThat(TcpHeader.urgentPointer(bytes, at)).isEqualTo(header.getUrgentPointerAsInt());
    }

    /**
     * Does a device's part: the field holds the folded sum of the pseudo-header, and the checksum covers everything
     * from {@code start} on.
     */
    private static void complete(byte[] raw, int start, int offset) {
        int at = EthernetHeader.LENGTH;
        int end = at + TestPackets.uint16(raw, at + 2);
        int pseudo = TestPackets.sum(raw, at + 12, 8) + (raw[at + 9] & 0xff) + end - start;
        assertThat(TestPackets.uint16(raw, start + offset))
                .as("the pseudo-header's sum in the checksum field")
                .isEqualTo(TestPackets.fold(pseudo));
        int checksum = ~TestPackets.fold(TestPackets.sum(raw, start, end - start)) & 0xffff;
        TestPackets.put16(raw, start + offset, checksum == 0 ? 0xffff : checksum);
    }

    private static String text(long mac) {
        return new MacAddress(mac).toString();
    }
}
