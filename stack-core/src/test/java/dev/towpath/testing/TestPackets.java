package dev.towpath.testing;

import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.util.Arrays;

/** Packets for tests, written byte by byte with a checksum of their own: nothing here is shared with the stack. */
public final class TestPackets {
    /** EtherTypes. */
    public static final int IPV4 = 0x0800;

    /** See {@link #IPV4}. */
    public static final int ARP = 0x0806;

    private TestPackets() {}

    /** An Ethernet frame, not padded. */
    public static byte[] ethernet(MacAddress to, MacAddress from, int type, byte[] payload) {
        byte[] frame = new byte[14 + payload.length];
        put48(frame, 0, to.bits());
        put48(frame, 6, from.bits());
        put16(frame, 12, type);
        System.arraycopy(payload, 0, frame, 14, payload.length);
        return frame;
    }

    /** An ARP packet for Ethernet and IPv4. */
    public static byte[] arp(
            int operation, MacAddress sender, IpAddress senderIp, MacAddress target, IpAddress targetIp) {
        byte[] packet = new byte[28];
        put16(packet, 0, 1);
        put16(packet, 2, IPV4);
        packet[4] = 6;
        packet[5] = 4;
        put16(packet, 6, operation);
        put48(packet, 8, sender.bits());
        put32(packet, 14, senderIp.v4());
        put48(packet, 18, target.bits());
        put32(packet, 24, targetIp.v4());
        return packet;
    }

    /** An ICMP message: type, code, the four bytes behind the checksum, and the rest. */
    public static byte[] icmp(int type, int code, int rest, byte[] data) {
        byte[] message = new byte[8 + data.length];
        message[0] = (byte) type;
        message[1] = (byte) code;
        put32(message, 4, rest);
        System.arraycopy(data, 0, message, 8, data.length);
        put16(message, 2, checksum(message, 0));
        return message;
    }

    /** A UDP datagram with the checksum for these addresses. */
    public static byte[] udp(IpAddress from, int fromPort, IpAddress to, int toPort, byte[] data) {
        byte[] datagram = new byte[8 + data.length];
        put16(datagram, 0, fromPort);
        put16(datagram, 2, toPort);
        put16(datagram, 4, datagram.length);
        System.arraycopy(data, 0, datagram, 8, data.length);
        int checksum = checksum(datagram, pseudo(from, to, 17, datagram.length));
        put16(datagram, 6, checksum == 0 ? 0xffff : checksum);
        return datagram;
    }

    /** An IPv4 packet with this payload, to be damaged or changed before {@link Ip#bytes}. */
    public static Ip ip(IpAddress from, IpAddress to, int protocol, byte[] payload) {
        return new Ip(from, to, protocol, payload);
    }

    /** Bytes that differ from place to place. */
    public static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    /** The part of {@code bytes} from {@code from} to {@code to}. */
    public static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** Writes 16 bits. */
    public static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /** Writes 32 bits. */
    public static void put32(byte[] bytes, int at, int value) {
        put16(bytes, at, value >>> 16);
        put16(bytes, at + 2, value);
    }

    /** Reads 16 bits. */
    public static int uint16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    /** The sum of 16-bit words, an odd last byte padded with zero. */
    static int sum(byte[] bytes, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    /** RFC 1071's folding, by the book. */
    static int fold(int sum) {
        int folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }

    private static int checksum(byte[] bytes, int initial) {
        return ~fold(initial + sum(bytes, 0, bytes.length)) & 0xffff;
    }

    private static int pseudo(IpAddress from, IpAddress to, int protocol, int length) {
        byte[] header = new byte[12];
        put32(header, 0, from.v4());
        put32(header, 4, to.v4());
        header[9] = (byte) protocol;
        put16(header, 10, length);
        return sum(header, 0, header.length);
    }

    private static void put48(byte[] bytes, int at, long value) {
        put16(bytes, at, (int) (value >>> 32));
        put32(bytes, at + 2, (int) value);
    }

    /** An IPv4 packet in the making. */
    public static final class Ip {
        private final IpAddress from;
        private final IpAddress to;
        private final int protocol;
        private final byte[] payload;
        private byte[] options = {};
        private int identification = 1;
        private int fragment;
        private int ttl = 64;
        private int tos;
        private int version = 4;
        private int headerLength = -1;
        private int totalLength = -1;
        private int checksumError;

        private Ip(IpAddress from, IpAddress to, int protocol, byte[] payload) {
            this.from = from;
            this.to = to;
            this.protocol = protocol;
            this.payload = payload;
        }

        /** With these options, a multiple of 4 bytes. */
        public Ip options(int... bytes) {
            options = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                options[i] = (byte) bytes[i];
            }
            return this;
        }

        /** A fragment whose payload belongs at {@code offset}. */
        public Ip fragment(int identification, int offset, boolean more) {
            this.identification = identification;
            this.fragment = offset / 8 | (more ? 0x2000 : 0);
            return this;
        }

        /** With this TOS byte. */
        public Ip tos(int tos) {
            this.tos = tos;
            return this;
        }

        /** Claims another version. */
        public Ip version(int version) {
            this.version = version;
            return this;
        }

        /** Claims another header length in bytes. */
        public Ip headerLength(int length) {
            headerLength = length;
            return this;
        }

        /** Claims another total length. */
        public Ip totalLength(int length) {
            totalLength = length;
            return this;
        }

        /** With a wrong header checksum. */
        public Ip wrongChecksum() {
            checksumError = 1;
            return this;
        }

        /** The packet. */
        public byte[] bytes() {
            int header = 20 + options.length;
            byte[] packet = new byte[header + payload.length];
            packet[0] = (byte) (version << 4 | (headerLength < 0 ? header : headerLength) / 4);
            packet[1] = (byte) tos;
            put16(packet, 2, totalLength < 0 ? packet.length : totalLength);
            put16(packet, 4, identification);
            put16(packet, 6, fragment);
            packet[8] = (byte) ttl;
            packet[9] = (byte) protocol;
            put32(packet, 12, from.v4());
            put32(packet, 16, to.v4());
            System.arraycopy(options, 0, packet, 20, options.length);
            put16(packet, 10, ~fold(sum(packet, 0, header)) + checksumError);
            System.arraycopy(payload, 0, packet, header, payload.length);
            return packet;
        }
    }
}
