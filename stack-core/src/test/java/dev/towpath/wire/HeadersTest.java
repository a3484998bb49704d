package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.testing.Allocations;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV4EchoPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.namednumber.ArpOperation;

/** What our accessors write, an independent codec reads; what it would read, they read too. */
class HeadersTest {
    private static final int AT = 7; // nothing may depend on alignment
    private static final int SOURCE = IpAddress.parse("192.0.2.1").v4();
    private static final int DESTINATION = IpAddress.parse("198.51.100.254").v4();
    private static final long MAC_A = 0xfedc_ba98_7654L;
    private static final long MAC_B = 0x0212_3456_789aL;

    private final Frame frame = Frame.unpooled(2048);
    private final ByteBuffer bytes = frame.bytes();
    private final ByteBuffer words = frame.words();

    private byte[] raw(int length) {
        byte[] raw = new byte[length];
        bytes.get(AT, raw);
        return raw;
    }

    private static <T extends Packet> T decoded(Packet packet, Class<T> type) {
        T inner = packet.get(type);
        assertThat(inner).as("%s in %s", type.getSimpleName(), packet).isNotNull();
        return inner;
    }

    private EthernetPacket decode(int length) throws IllegalRawDataException {
        return EthernetPacket.newPacket(raw(length), 0, length);
    }

    private int ipAt() {
        return AT + EthernetHeader.LENGTH;
    }

    private void writeIp(int headerLength, int payload, int protocol) {
        EthernetHeader.write(bytes, AT, MAC_B, MAC_A, EthernetHeader.IPV4);
        Ipv4Header.setLengths(bytes, ipAt(), headerLength, 0xb8, headerLength + payload);
        Ipv4Header.setFragment(bytes, ipAt(), 0xfedc, Ipv4Header.DONT_FRAGMENT, 0);
        Ipv4Header.setTtlAndProtocol(bytes, ipAt(), 200, protocol);
        Ipv4Header.setAddresses(bytes, ipAt(), SOURCE, DESTINATION);
        Ipv4Header.fillChecksum(bytes, words, ipAt());
    }

    @Test
    void ethernetAndArp() throws IllegalRawDataException {
        EthernetHeader.write(bytes, AT, MAC_B, MAC_A, EthernetHeader.ARP);
        ArpHeader.write(bytes, ipAt(), ArpHeader.REPLY, MAC_A, SOURCE, MAC_B, DESTINATION);

        EthernetPacket ethernet = decode(EthernetHeader.LENGTH + ArpHeader.LENGTH);
        assertThat(ethernet.getHeader().getSrcAddr()).hasToString("fe:dc:ba:98:76:54");
        assertThat(ethernet.getHeader().getDstAddr()).hasToString("02:12:34:56:78:9a");
        ArpPacket.ArpHeader arp = decoded(ethernet, ArpPacket.class).getHeader();
        assertThat(arp.getOperation()).isEqualTo(ArpOperation.REPLY);
        assertThat(arp.getSrcHardwareAddr()).hasToString("fe:dc:ba:98:76:54");
        assertThat(arp.getDstHardwareAddr()).hasToString("02:12:34:56:78:9a");
        assertThat(arp.getSrcProtocolAddr().getHostAddress()).isEqualTo("192.0.2.1");
        assertThat(arp.getDstProtocolAddr().getHostAddress()).isEqualTo("198.51.100.254");

        assertThat(EthernetHeader.source(bytes, AT)).isEqualTo(MAC_A);
        assertThat(EthernetHeader.destination(bytes, AT)).isEqualTo(MAC_B);
        assertThat(EthernetHeader.type(bytes, AT)).isEqualTo(EthernetHeader.ARP);
        assertThat(ArpHeader.validate(bytes, ipAt(), ArpHeader.LENGTH)).isTrue();
        assertThat(ArpHeader.operation(bytes, ipAt())).isEqualTo(ArpHeader.REPLY);
        assertThat(ArpHeader.senderMac(bytes, ipAt())).isEqualTo(MAC_A);
        assertThat(ArpHeader.senderIp(bytes, ipAt())).isEqualTo(SOURCE);
        assertThat(ArpHeader.targetMac(bytes, ipAt())).isEqualTo(MAC_B);
        assertThat(ArpHeader.targetIp(bytes, ipAt())).isEqualTo(DESTINATION);
    }

    @Test
    void ipv4AndUdp() throws IllegalRawDataException {
        int at = ipAt() + 20;
        UdpHeader.write(bytes, at, 65_535, 53, 8 + 3);
        UdpHeader.setChecksum(bytes, at, 0xabcd);
        writeIp(20, 11, 17);

        EthernetPacket ethernet = decode(14 + 20 + 11);
        IpV4Packet ip = decoded(ethernet, IpV4Packet.class);
        assertThat(ip.getHeader().hasValidChecksum(false)).isTrue();
        assertThat(ip.getHeader().getTos().value()).isEqualTo((byte) 0xb8);
        assertThat(ip.getHeader().getTtlAsInt()).isEqualTo(200);
        assertThat(ip.getHeader().getIdentificationAsInt()).isEqualTo(0xfedc);
        assertThat(ip.getHeader().getDontFragmentFlag()).isTrue();
        assertThat(ip.getHeader().getSrcAddr().getHostAddress()).isEqualTo("192.0.2.1");
        assertThat(ip.getHeader().getDstAddr().getHostAddress()).isEqualTo("198.51.100.254");
        UdpPacket.UdpHeader udp = decoded(ethernet, UdpPacket.class).getHeader();
        assertThat(udp.getSrcPort().valueAsInt()).isEqualTo(65_535);
        assertThat(udp.getDstPort().valueAsInt()).isEqualTo(53);
        assertThat(udp.getLengthAsInt()).isEqualTo(11);
        assertThat(udp.getChecksum()).isEqualTo((short) 0xabcd);

        assertThat(Ipv4Header.validate(bytes, words, ipAt(), 31)).isEqualTo(Ipv4Header.Fault.NONE);
        assertThat(Ipv4Header.version(bytes, ipAt())).isEqualTo(4);
        assertThat(Ipv4Header.headerLength(bytes, ipAt())).isEqualTo(20);
        assertThat(Ipv4Header.trafficClass(bytes, ipAt())).isEqualTo(0xb8);
        assertThat(Ipv4Header.totalLength(bytes, ipAt())).isEqualTo(31);
        assertThat(Ipv4Header.identification(bytes, ipAt())).isEqualTo(0xfedc);
        assertThat(Ipv4Header.dontFragment(bytes, ipAt())).isTrue();
        assertThat(Ipv4Header.isFragment(bytes, ipAt())).isFalse();
        assertThat(Ipv4Header.ttl(bytes, ipAt())).isEqualTo(200);
        assertThat(Ipv4Header.protocol(bytes, ipAt())).isEqualTo(17);
        assertThat(Ipv4Header.checksum(bytes, ipAt())).isEqualTo(ip.getHeader().getHeaderChecksum() & 0xffff);
        assertThat(Ipv4Header.source(bytes, ipAt())).isEqualTo(SOURCE);
        assertThat(Ipv4Header.destination(bytes, ipAt())).isEqualTo(DESTINATION);
        assertThat(UdpHeader.validate(bytes, at, 11)).isTrue();
        assertThat(UdpHeader.sourcePort(bytes, at)).isEqualTo(65_535);
        assertThat(UdpHeader.destinationPort(bytes, at)).isEqualTo(53);
        assertThat(UdpHeader.length(bytes, at)).isEqualTo(11);
        assertThat(UdpHeader.checksum(bytes, at)).isEqualTo(0xabcd);
    }

    @Test
    void tcp() throws IllegalRawDataException {
        int at = ipAt() + 24;
        int flags = TcpHeader.CWR | TcpHeader.SYN | TcpHeader.PSH | TcpHeader.URG;
        bytes.putInt(ipAt() + 20, 0x0101_0101);
        TcpHeader.write(bytes, at, 50_000, 80, 0x89ab_cdef, 0xfedc_ba98, 24, flags, 0xffdc);
        TcpHeader.setUrgentPointer(bytes, at, 0x8001);
        TcpHeader.setChecksum(bytes, at, 0x9876);
        bytes.putInt(at + 20, 0x0204_05b4);
        writeIp(24, 29, 6);

        TcpPacket.TcpHeader tcp = decoded(decode(14 + 24 + 29), TcpPacket.class).getHeader();
        assertThat(tcp.getSrcPort().valueAsInt()).isEqualTo(50_000);
        assertThat(tcp.getDstPort().valueAsInt()).isEqualTo(80);
        assertThat(tcp.getSequenceNumber()).isEqualTo(0x89ab_cdef);
        assertThat(tcp.getAcknowledgmentNumber()).isEqualTo(0xfedc_ba98);
        assertThat(tcp.getDataOffsetAsInt()).isEqualTo(6);
        assertThat(tcp.getReserved() & 3).isEqualTo(2); // it knows CWR and ECE as reserved bits
        assertThat(tcp.getSyn() && tcp.getPsh() && tcp.getUrg()).isTrue();
        assertThat(tcp.getAck() || tcp.getFin() || tcp.getRst()).isFalse();
        assertThat(tcp.getWindowAsInt()).isEqualTo(0xffdc);
        assertThat(tcp.getChecksum()).isEqualTo((short) 0x9876);
        assertThat(tcp.getUrgentPointerAsInt()).isEqualTo(0x8001);

        assertThat(TcpHeader.validate(bytes, at, 29)).isTrue();
        assertThat(TcpHeader.sourcePort(bytes, at)).isEqualTo(50_000);
        assertThat(TcpHeader.destinationPort(bytes, at)).isEqualTo(80);
        assertThat(TcpHeader.sequence(bytes, at)).isEqualTo(0x89ab_cdef);
        assertThat(TcpHeader.acknowledgment(bytes, at)).isEqualTo(0xfedc_ba98);
        assertThat(TcpHeader.headerLength(bytes, at)).isEqualTo(24);
        assertThat(TcpHeader.flags(bytes, at)).isEqualTo(flags);
        assertThat(TcpHeader.window(bytes, at)).isEqualTo(0xffdc);
        assertThat(TcpHeader.checksum(bytes, at)).isEqualTo(0x9876);
        assertThat(TcpHeader.urgentPointer(bytes, at)).isEqualTo(0x8001);

        TcpHeader.setSequence(bytes, at, -1);
        TcpHeader.setFlags(bytes, at, TcpHeader.ACK);
        TcpHeader.setWindow(bytes, at, 1);
        assertThat(TcpHeader.sequence(bytes, at)).isEqualTo(-1);
        assertThat(TcpHeader.flags(bytes, at)).isEqualTo(TcpHeader.ACK);
        assertThat(TcpHeader.window(bytes, at)).isEqualTo(1);
        assertThat(TcpHeader.headerLength(bytes, at)).isEqualTo(24);
    }

    @Test
    void icmpEcho() throws IllegalRawDataException {
        int at = ipAt() + 20;
        IcmpHeader.write(bytes, at, IcmpHeader.ECHO, 0, 0xabcd << 16 | 0xfff0);
        for (int i = 8; i < 65; i++) {
            bytes.put(at + i, (byte) (i * 11));
        }
        IcmpHeader.fillChecksum(bytes, words, at, 65);
        writeIp(20, 65, 1);

        EthernetPacket ethernet = decode(14 + 20 + 65);
        assertThat(decoded(ethernet, IcmpV4CommonPacket.class).hasValidChecksum(false))
                .isTrue();
        IcmpV4EchoPacket.IcmpV4EchoHeader echo =
                decoded(ethernet, IcmpV4EchoPacket.class).getHeader();
        assertThat(echo.getIdentifierAsInt()).isEqualTo(0xabcd);
        assertThat(echo.getSequenceNumberAsInt()).isEqualTo(0xfff0);

        assertThat(IcmpHeader.validate(65)).isTrue();
        assertThat(IcmpHeader.checksumValid(words, at, 65)).isTrue();
        assertThat(IcmpHeader.type(bytes, at)).isEqualTo(IcmpHeader.ECHO);
        assertThat(IcmpHeader.code(bytes, at)).isZero();
        assertThat(IcmpHeader.identifier(bytes, at)).isEqualTo(0xabcd);
        assertThat(IcmpHeader.sequence(bytes, at)).isEqualTo(0xfff0);
        assertThat(IcmpHeader.rest(bytes, at)).isEqualTo(0xabcd_fff0);
        assertThat(IcmpHeader.nextHopMtu(bytes, at)).isEqualTo(0xfff0);
        bytes.put(at + 30, (byte) ~bytes.get(at + 30));
        assertThat(IcmpHeader.checksumValid(words, at, 65)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "3, true", "4, true", "5, true", "8, false", "11, true", "12, true", "13, false"})
    void errorsAreKnown(int type, boolean error) {
        assertThat(IcmpHeader.isError(type)).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, false, false, 0, false",
        "0x2000, 0, true, false, 0, true",
        "0x4000, 0, false, true, 0, false",
        "0, 8, false, false, 8, true",
        "0x2000, 65528, true, false, 65528, true",
    })
    void fragmentFields(String flags, int offset, boolean more, boolean dont, int bytesOffset, boolean fragment) {
        Ipv4Header.setFragment(bytes, AT, 3, Integer.decode(flags), offset);
        assertThat(Ipv4Header.moreFragments(bytes, AT)).isEqualTo(more);
        assertThat(Ipv4Header.dontFragment(bytes, AT)).isEqualTo(dont);
        assertThat(Ipv4Header.fragmentOffset(bytes, AT)).isEqualTo(bytesOffset);
        assertThat(Ipv4Header.isFragment(bytes, AT)).isEqualTo(fragment);
        assertThat(Ipv4Header.identification(bytes, AT)).isEqualTo(3);
    }

    @ParameterizedTest(name = "byte {0} = {1}, length {2}: {3}")
    @CsvSource({
        "1, 0xb8, 19, TOO_SHORT",
        "0, 0x55, 31, BAD_VERSION",
        "0, 0x44, 31, BAD_HEADER_LENGTH",
        "0, 0x40, 31, BAD_HEADER_LENGTH",
        "0, 0x4f, 31, BAD_HEADER_LENGTH",
        "3, 19, 31, BAD_TOTAL_LENGTH",
        "3, 32, 31, BAD_TOTAL_LENGTH",
        "2, 1, 31, BAD_TOTAL_LENGTH",
        "8, 199, 31, BAD_CHECKSUM",
        "19, 0, 31, BAD_CHECKSUM",
        "3, 31, 31, NONE",
        "3, 31, 60, NONE",
    })
    void ipv4Faults(int index, String value, int length, Ipv4Header.Fault fault) {
        writeIp(20, 11, 17);
        bytes.put(ipAt() + index, (byte) (int) Integer.decode(value));
        assertThat(Ipv4Header.validate(bytes, words, ipAt(), length)).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 20, true",
        "5, 19, false",
        "4, 40, false",
        "0, 40, false",
        "6, 23, false",
        "6, 24, true",
        "15, 60, true"
    })
    void tcpHeaderLengths(int dataOffset, int available, boolean valid) {
        TcpHeader.write(bytes, AT, 1, 2, 3, 4, dataOffset * 4, 0, 0);
        assertThat(TcpHeader.validate(bytes, AT, available)).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8, true",
        "8, 7, false",
        "7, 20, false",
        "0, 20, false",
        "21, 20, false",
        "20, 20, true",
        "12, 20, true"
    })
    void udpLengths(int length, int available, boolean valid) {
        UdpHeader.write(bytes, AT, 1, 2, length);
        assertThat(UdpHeader.validate(bytes, AT, available)).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 28, true",
        "0, 1, 27, false",
        "0, 2, 28, false",
        "2, 9, 28, false",
        "4, 7, 28, false",
        "5, 5, 28, false"
    })
    void arpOfOtherKindsIsRefused(int index, int value, int length, boolean valid) {
        ArpHeader.write(bytes, AT, ArpHeader.REQUEST, MAC_A, SOURCE, 0, DESTINATION);
        bytes.put(AT + (index == 0 ? 1 : index), (byte) value);
        assertThat(ArpHeader.validate(bytes, AT, length)).isEqualTo(valid);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void afterValidateNoAccessorThrows(long seed) {
        Random random = new Random(seed);
        byte[] garbage = new byte[64];
        for (int round = 0; round < 20_000; round++) {
            random.nextBytes(garbage);
            garbage[0] = (byte) (0x40 | random.nextInt(16));
            int length = random.nextInt(garbage.length + 1);
            ByteBuffer exact = ByteBuffer.allocate(length).put(0, garbage, 0, length);
            readAll(exact, length);
        }
    }

    private static void readAll(ByteBuffer exact, int length) {
        ByteBuffer words = exact.duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        if (EthernetHeader.validate(length)) {
            EthernetHeader.source(exact, 0);
            EthernetHeader.destination(exact, 0);
            EthernetHeader.type(exact, 0);
        }
        if (ArpHeader.validate(exact, 0, length)) {
            ArpHeader.targetIp(exact, 0);
        }
        Ipv4Header.Fault fault = Ipv4Header.validate(exact, words, 0, length);
        if (fault == Ipv4Header.Fault.NONE || fault == Ipv4Header.Fault.BAD_CHECKSUM) {
            Ipv4Header.destination(exact, 0);
            assertThat(Ipv4Header.headerLength(exact, 0)).isBetween(20, length);
        }
        if (UdpHeader.validate(exact, 0, length)) {
            UdpHeader.checksum(exact, 0);
        }
        if (TcpHeader.validate(exact, 0, length)) {
            TcpHeader.urgentPointer(exact, 0);
            exact.get(TcpHeader.headerLength(exact, 0) - 1);
        }
        if (IcmpHeader.validate(length)) {
            IcmpHeader.rest(exact, 0);
        }
    }

    @Test
    void readingAndWritingAllocatesNothing() {
        int[] sum = new int[1];
        Allocations.assertNone(() -> {
            TcpHeader.write(bytes, ipAt() + 20, sum[0], 80, sum[0], 0, 20, TcpHeader.ACK, 1);
            writeIp(20, 20, 6);
            if (Ipv4Header.validate(bytes, words, ipAt(), 40) == Ipv4Header.Fault.NONE
                    && TcpHeader.validate(bytes, ipAt() + 20, 20)) {
                sum[0] += TcpHeader.sequence(bytes, ipAt() + 20)
                        + TcpHeader.sourcePort(bytes, ipAt() + 20)
                        + Ipv4Header.source(bytes, ipAt());
            }
        });
        assertThat(sum[0]).isNotZero();
    }
}
