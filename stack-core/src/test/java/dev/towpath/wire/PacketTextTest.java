package dev.towpath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTextTest {
    private static final int AT = 3;
    private static final int IP = AT + EthernetHeader.LENGTH;
    private static final int TRANSPORT = IP + Ipv4Header.MIN_LENGTH;
    private static final int A = IpAddress.parse("192.0.2.1").v4();
    private static final int B = IpAddress.parse("192.0.2.2").v4();

    private final ByteBuffer bytes = ByteBuffer.allocate(2048);

    private String ip(int protocol, int payload) {
        EthernetHeader.write(bytes, AT, 1, 2, EthernetHeader.IPV4);
        Ipv4Header.setLengths(bytes, IP, 20, 0, 20 + payload);
        Ipv4Header.setTtlAndProtocol(bytes, IP, 64, protocol);
        Ipv4Header.setAddresses(bytes, IP, A, B);
        int padded = Math.max(60, 34 + payload);
        return PacketText.ofFrame(bytes, AT, AT + padded);
    }

    private String tcp(int flags, String options, int data) {
        byte[] optionBytes = HexFormat.of().parseHex(options);
        int headerLength = 20 + optionBytes.length;
        TcpHeader.write(bytes, TRANSPORT, 40_000, 80, 0xffff_fffe, 7, headerLength, flags, 500);
        bytes.put(TRANSPORT + 20, optionBytes);
        return ip(6, headerLength + data);
    }

    @Test
    void arp() {
        EthernetHeader.write(bytes, AT, MacAddress.BROADCAST.bits(), 2, EthernetHeader.ARP);
        ArpHeader.write(bytes, IP, ArpHeader.REQUEST, 0x0200_0000_0001L, A, 0, B);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60)).isEqualTo("ARP who-has 192.0.2.2 tell 192.0.2.1");
        ArpHeader.write(bytes, IP, ArpHeader.REQUEST, 0x0200_0000_0001L, A, 0, A);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60)).isEqualTo("ARP announce 192.0.2.1 is-at 02:00:00:00:00:01");
        ArpHeader.write(bytes, IP, ArpHeader.REPLY, 0x0200_0000_0001L, A, 5, B);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60)).isEqualTo("ARP reply 192.0.2.1 is-at 02:00:00:00:00:01");
        ArpHeader.write(bytes, IP, 9, 0x0200_0000_0001L, A, 5, B);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60)).isEqualTo("ARP operation 9");
        assertThat(PacketText.ofFrame(bytes, AT, AT + 41)).isEqualTo("ARP [bad header]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0x02 | 020405b40402080a00000001000000000103030a | 0"
                        + " | [S] seq 4294967294 win 500 <mss 1460,sackOK,ts 1 0,nop,ws 10> len 0",
                "0x12 | '' | 0 | [S.] seq 4294967294 ack 7 win 500 len 0",
                "0x18 | '' | 100 | [P.] seq 4294967294:98 ack 7 win 500 len 100",
                "0x11 | '' | 0 | [F.] seq 4294967294 ack 7 win 500 len 0",
                "0x14 | '' | 0 | [R.] seq 4294967294 ack 7 win 500 len 0",
                "0x04 | '' | 0 | [R] seq 4294967294 win 500 len 0",
                "0x00 | '' | 1 | [none] seq 4294967294:4294967295 win 500 len 1",
                "0xff | '' | 0 | [SFRPUEW.] seq 4294967294 ack 7 win 500 urg 0 len 0",
                "0x10 | 0101050a0000000a00000014 | 0 | [.] seq 4294967294 ack 7 win 500 <nop,nop,sack 10:20> len 0",
                "0x10 | fe040102 | 0 | [.] seq 4294967294 ack 7 win 500 <option 254 of 4> len 0",
                "0x10 | 02030000 | 0 | [.] seq 4294967294 ack 7 win 500 <option 2 of 3,eol> len 0",
                "0x10 | 01020001 | 0 | [.] seq 4294967294 ack 7 win 500 <nop,bad option 2> len 0",
                "0x10 | 01010205 | 0 | [.] seq 4294967294 ack 7 win 500 <nop,nop,bad option 2> len 0",
                "0x10 | 01010102 | 0 | [.] seq 4294967294 ack 7 win 500 <nop,nop,nop,bad option 2> len 0",
            })
    void tcpSegments(String flags, String options, int data, String text) {
        assertThat(tcp(Integer.decode(flags), options, data)).isEqualTo("192.0.2.1:40000 > 192.0.2.2:80 TCP " + text);
    }

    @Test
    void udp() {
        UdpHeader.write(bytes, TRANSPORT, 53, 5353, 20);
        assertThat(ip(17, 20)).isEqualTo("192.0.2.1:53 > 192.0.2.2:5353 UDP len 12");
        assertThat(ip(17, 19)).isEqualTo("192.0.2.1:53 > 192.0.2.2:5353 UDP [bad header]");
        assertThat(ip(17, 3)).isEqualTo("192.0.2.1 > 192.0.2.2 UDP [bad header]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8  | 0 | 458754 | echo request id 7 seq 2 len 30",
                "0  | 0 | 458754 | echo reply id 7 seq 2 len 30",
                "13 | 0 | 0      | type 13 code 0 len 30",
                "3  | 0 | 0      | network unreachable about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "3  | 1 | 0      | host unreachable about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "3  | 2 | 0      | protocol unreachable about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "3  | 3 | 0      | port unreachable about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "3  | 4 | 1400   | fragmentation needed, mtu 1400 about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "3  | 13 | 0     | unreachable, code 13 about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "11 | 0 | 0      | time exceeded in transit about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "11 | 1 | 0      | time exceeded in reassembly about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "12 | 0 | 0      | parameter problem about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "4  | 0 | 0      | source quench about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
                "5  | 0 | 0      | redirect about (192.0.2.2:7 > 192.0.2.1:9 UDP)",
            })
    void icmp(int type, int code, int rest, String text) {
        int quote = TRANSPORT + IcmpHeader.LENGTH;
        IcmpHeader.write(bytes, TRANSPORT, type, code, rest);
        Ipv4Header.setLengths(bytes, quote, 20, 0, 900);
        Ipv4Header.setTtlAndProtocol(bytes, quote, 64, 17);
        Ipv4Header.setAddresses(bytes, quote, B, A);
        UdpHeader.write(bytes, quote + 20, 7, 9, 880);
        assertThat(ip(1, 38)).isEqualTo("192.0.2.1 > 192.0.2.2 ICMP " + text);
    }

    @Test
    void fragments() {
        Ipv4Header.setFragment(bytes, IP, 77, Ipv4Header.MORE_FRAGMENTS, 0);
        assertThat(ip(17, 1480)).isEqualTo("192.0.2.1 > 192.0.2.2 fragment of UDP id 77 bytes 0:1480+");
        Ipv4Header.setFragment(bytes, IP, 77, 0, 1480);
        assertThat(ip(17, 20)).isEqualTo("192.0.2.1 > 192.0.2.2 fragment of UDP id 77 bytes 1480:1500");
    }

    @Test
    void otherProtocolsAndTypes() {
        assertThat(ip(47, 10)).isEqualTo("192.0.2.1 > 192.0.2.2 protocol 47 len 10");
        EthernetHeader.write(bytes, AT, 1, 2, 0x8100);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60))
                .isEqualTo("00:00:00:00:00:02 > 00:00:00:00:00:01 type 0x8100 len 46");
        EthernetHeader.write(bytes, AT, 1, 2, 0x5);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 14)).endsWith("type 0x0005 len 0");
    }

    @Test
    void damage() {
        assertThat(PacketText.ofFrame(bytes, AT, AT + 13)).isEqualTo("Ethernet [13 bytes] [truncated]");
        ip(6, 100);
        assertThat(PacketText.ofFrame(bytes, AT, IP + 19)).isEqualTo("IP [19 bytes] [truncated]");
        tcp(TcpHeader.ACK, "", 100);
        assertThat(PacketText.ofFrame(bytes, AT, TRANSPORT + 30))
                .isEqualTo(
                        "192.0.2.1:40000 > 192.0.2.2:80 TCP [.] seq 4294967294:98 ack 7 win 500 len 100 [truncated]");
        bytes.put(IP, (byte) 0x44);
        assertThat(PacketText.ofFrame(bytes, AT, AT + 60)).isEqualTo("192.0.2.1 > 192.0.2.2 IP [bad header]");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void garbageIsTextToo(long seed) {
        Random random = new Random(seed);
        byte[] garbage = new byte[128];
        for (int round = 0; round < 50_000; round++) {
            random.nextBytes(garbage);
            int length = random.nextInt(garbage.length + 1);
            ByteBuffer frame = ByteBuffer.allocate(length).put(0, garbage, 0, length);
            if (length > 35) {
                frame.putShort(12, (short) (random.nextInt(5) == 0 ? EthernetHeader.ARP : EthernetHeader.IPV4));
                frame.put(14, (byte) (0x40 | random.nextInt(16)));
                frame.put(23, new byte[] {1, 6, 17, 99}[random.nextInt(4)]);
                if (random.nextBoolean()) {
                    frame.putShort(20, (short) 0); // no fragment
                    frame.putShort(16, (short) (length - 14));
                }
            }
            assertThat(PacketText.ofFrame(frame, 0, length)).isNotBlank().doesNotContain("\n");
        }
    }
}
