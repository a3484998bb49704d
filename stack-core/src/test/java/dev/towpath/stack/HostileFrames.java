package dev.towpath.stack;

import dev.towpath.testing.script.SegmentCodec;
import dev.towpath.testing.script.WireSegment;
import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Frames that nobody honest sends: damaged copies of honest ones, and inventions of every layer, all from one seed.
 * None of them is a valid segment within the window of the connection that goes on meanwhile, which no stack could tell
 * from an honest one.
 */
final class HostileFrames {
    private static final int SAMPLES = 256;
    private static final int ETHERNET = 14;
    private static final int IP = 20;
    private static final int LEAST_TCP = 20;
    private static final int SERVER_PORT = 80;
    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private final Random random;
    private final IpAddress server;
    private final IpAddress client;
    private final long serverMac;
    private final long clientMac;
    private final byte[][] samples = new byte[SAMPLES][];
    private int sampled;

    HostileFrames(long seed, IpAddress server, long serverMac, IpAddress client, long clientMac) {
        this.random = new Random(seed);
        this.server = server;
        this.serverMac = serverMac;
        this.client = client;
        this.clientMac = clientMac;
    }

    /** An honest frame to the server has been seen: raw material. */
    void saw(byte[] frame) {
        samples[sampled++ % SAMPLES] = frame;
    }

    /** The next one. */
    byte[] next() {
        return switch (sampled == 0 ? 3 + random.nextInt(9) : random.nextInt(12)) {
            case 0 -> damaged(sample());
            case 1 -> truncated(sample());
            case 2 -> extended(sample());
            case 3 -> forgedTcp();
            case 4 -> outOfWindow();
            case 5 -> fragment();
            case 6 -> strangeIp();
            case 7 -> icmp();
            case 8 -> arp();
            case 9 -> udp();
            case 10 -> igmp();
            default -> noise();
        };
    }

    private byte[] sample() {
        return samples[random.nextInt(Math.min(sampled, SAMPLES))];
    }

    /**
     * A few bytes changed. One change is always seen by a checksum; of several the last is one, should they have
     * cancelled out.
     */
    private byte[] damaged(byte[] honest) {
        byte[] frame = honest.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            change(frame);
        }
        while (intact(frame)) {
            frame = honest.clone();
            change(frame);
        }
        return harmlessArp(frame);
    }

    private void change(byte[] frame) {
        frame[random.nextInt(frame.length)] ^= (byte) (1 + random.nextInt(255));
    }

    /**
     * Both checksums are right although something behind the addresses was changed: too rare to compute, so any right
     * checksum will do.
     */
    private boolean intact(byte[] frame) {
        if (type(frame) != 0x0800 || frame.length < ETHERNET + IP + LEAST_TCP || frame[ETHERNET + 9] != 6) {
            return false;
        }
        int length = ByteBuffer.wrap(frame).getShort(ETHERNET + 2) & 0xffff;
        if (frame[ETHERNET] != 0x45 || length < IP + LEAST_TCP || ETHERNET + length > frame.length) {
            return false;
        }
        byte[] segment = new byte[length - IP];
        System.arraycopy(frame, ETHERNET + IP, segment, 0, segment.length);
        return SegmentCodec.sum(segment, client, server) == 0xffff;
    }

    private static int type(byte[] frame) {
        return frame.length < ETHERNET ? 0 : (frame[12] & 0xff) << 8 | (frame[13] & 0xff);
    }

    private byte[] truncated(byte[] honest) {
        byte[] frame = new byte[random.nextInt(honest.length)];
        System.arraycopy(honest, 0, frame, 0, frame.length);
        return harmlessArp(frame);
    }

    /** What is behind the datagram is padding, whatever it holds. */
    private byte[] extended(byte[] honest) {
        byte[] frame = bytes(Math.min(1514, honest.length + random.nextInt(200)));
        System.arraycopy(honest, 0, frame, 0, Math.min(frame.length, honest.length));
        return frame;
    }

    /**
     * A segment with a right checksum that belongs to no connection, or to one that the attacker may open: any flags,
     * options and lengths.
     */
    private byte[] forgedTcp() {
        IpAddress from = stranger();
        int port = random.nextInt(3) == 0 ? random.nextInt(65_536) : SERVER_PORT;
        WireSegment segment = new WireSegment(
                random.nextInt(),
                random.nextInt(),
                random.nextBoolean() ? 1 << random.nextInt(6) : random.nextInt(256),
                random.nextInt(65_536),
                random.nextInt(65_536),
                WireSegment.Options.NONE,
                bytes(random.nextInt(4) == 0 ? random.nextInt(1000) : 0));
        byte[] tcp = withOptions(SegmentCodec.write(segment, from, random.nextInt(65_536), server, port));
        return ip(from, server, 6, 0, fixChecksum(tcp, from));
    }

    /** Puts random bytes between header and data and a random data offset over them. */
    private byte[] withOptions(byte[] segment) {
        if (random.nextBoolean()) {
            return segment;
        }
        byte[] options = bytes(4 * random.nextInt(11));
        byte[] tcp = new byte[segment.length + options.length];
        System.arraycopy(segment, 0, tcp, 0, LEAST_TCP);
        System.arraycopy(options, 0, tcp, LEAST_TCP, options.length);
        System.arraycopy(segment, LEAST_TCP, tcp, LEAST_TCP + options.length, segment.length - LEAST_TCP);
        int offset = random.nextInt(8) == 0 ? random.nextInt(16) : (LEAST_TCP + options.length) / 4;
        tcp[12] = (byte) (offset << 4);
        return tcp;
    }

    private byte[] fixChecksum(byte[] tcp, IpAddress from) {
        tcp[16] = 0;
        tcp[17] = 0;
        int sum = ~SegmentCodec.sum(tcp, from, server);
        tcp[16] = (byte) (sum >>> 8);
        tcp[17] = (byte) sum;
        return tcp;
    }

    /** The live connection's addresses and ports, a right checksum, and a sequence number far from its window. */
    private byte[] outOfWindow() {
        byte[] honest = sampled == 0 ? new byte[0] : sample();
        if (type(honest) != 0x0800 || honest[ETHERNET + 9] != 6) {
            return forgedTcp();
        }
        ByteBuffer in = ByteBuffer.wrap(honest);
        int far = in.getInt(ETHERNET + IP + 4) + (1 << 30) + random.nextInt(1 << 30);
        WireSegment segment = new WireSegment(
                far,
                random.nextBoolean() ? in.getInt(ETHERNET + IP + 8) : random.nextInt(),
                random.nextInt(256),
                random.nextInt(65_536),
                0,
                WireSegment.Options.NONE,
                bytes(random.nextInt(100)));
        int port = in.getShort(ETHERNET + IP) & 0xffff;
        return ip(client, server, 6, 0, SegmentCodec.write(segment, client, port, server, SERVER_PORT));
    }

    /** Fragments of a few datagrams that fit together, overlap, or never end. */
    private byte[] fragment() {
        int offset = random.nextInt(4) == 0 ? random.nextInt(8192) : random.nextInt(30);
        int flags = random.nextBoolean() ? 0x2000 : 0;
        int length = random.nextInt(8) == 0 ? random.nextInt(1000) : 8 * random.nextInt(100);
        IpAddress from = random.nextInt(3) == 0 ? client : stranger();
        byte[] frame = ip(from, server, protocol(), flags | offset, bytes(length));
        ByteBuffer.wrap(frame).putShort(ETHERNET + 4, (short) random.nextInt(50));
        return fixIp(frame);
    }

    private int protocol() {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 6;
            case 2 -> 17;
            default -> random.nextInt(256);
        };
    }

    /** An IP header with something wrong in it and a checksum that says it is right. */
    private byte[] strangeIp() {
        byte[] frame = ip(stranger(), server, protocol(), 0, bytes(random.nextInt(300)));
        frame[ETHERNET + random.nextInt(IP)] = (byte) random.nextInt(256);
        return fixIp(frame);
    }

    /** Any type and code; what is quoted may be a real packet of the connection's other direction, or rubbish. */
    private byte[] icmp() {
        byte[] message = bytes(4 + random.nextInt(100));
        message[0] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(19));
        message[1] = (byte) random.nextInt(random.nextInt(4) == 0 ? 256 : 16);
        if (message.length >= 36 && sampled > 0 && random.nextBoolean()) {
            quote(message);
        }
        return ip(random.nextBoolean() ? client : stranger(), server, 1, 0, mostlySummed(message));
    }

    /** Queries of all versions, about any group and any sources; reports; and what is neither. */
    private byte[] igmp() {
        byte[] message = bytes(random.nextInt(4) == 0 ? 8 : 4 + random.nextInt(random.nextBoolean() ? 12 : 400));
        message[0] = (byte) new int[] {0x11, 0x11, 0x11, 0x12, 0x16, 0x22, random.nextInt(256)}[random.nextInt(7)];
        if (message.length >= 8 && random.nextInt(8) > 0) {
            ByteBuffer.wrap(message).putInt(4, random.nextBoolean() ? 0 : 0xe000_0000 | random.nextInt(1 << 20));
        }
        if (message.length >= 12 && random.nextInt(8) > 0) {
            ByteBuffer.wrap(message).putShort(10, (short) random.nextInt(1 + (message.length - 12) / 4));
        }
        IpAddress to = random.nextBoolean() ? server : IpAddress.parse("224.0.0.1");
        return ip(random.nextBoolean() ? client : stranger(), to, 2, 0, mostlySummed(message));
    }

    private byte[] mostlySummed(byte[] message) {
        message[2] = 0;
        message[3] = 0;
        if (random.nextInt(10) > 0) {
            int sum = ~sum(message, 0, message.length);
            message[2] = (byte) (sum >>> 8);
            message[3] = (byte) sum;
        }
        return message;
    }

    /** The head of a packet as the server would have sent it on the live connection. */
    private void quote(byte[] message) {
        byte[] honest = sample();
        if (type(honest) != 0x0800) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(honest);
        ByteBuffer out = ByteBuffer.wrap(message);
        out.put(8, honest, ETHERNET, 28);
        out.putInt(20, server.v4()).putInt(24, client.v4());
        out.putShort(28, in.getShort(ETHERNET + IP + 2)).putShort(30, in.getShort(ETHERNET + IP));
        out.putInt(32, in.getInt(ETHERNET + IP + 8)); // what the client acknowledges is what the server sends next
    }

    private byte[] arp() {
        byte[] packet = bytes(random.nextInt(8) == 0 ? random.nextInt(60) : 28);
        if (packet.length >= 28) {
            ByteBuffer out = ByteBuffer.wrap(packet);
            out.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
            out.putShort((short) (random.nextInt(8) == 0 ? random.nextInt() : 1 + random.nextInt(2)));
            out.putInt(14, stranger().v4());
            out.putInt(24, random.nextBoolean() ? server.v4() : stranger().v4());
            if (random.nextInt(8) == 0) {
                packet[random.nextInt(8)] = (byte) random.nextInt(256);
            }
        }
        return harmlessArp(ethernet(random.nextBoolean() ? BROADCAST : serverMac, 0x0806, packet));
    }

    /**
     * To say that the client is elsewhere is an attack that ARP can't resist; here it would only stop the connection.
     */
    private byte[] harmlessArp(byte[] frame) {
        if (type(frame) == 0x0806 && frame.length >= ETHERNET + 18) {
            ByteBuffer in = ByteBuffer.wrap(frame);
            if (in.getInt(ETHERNET + 14) == client.v4()) {
                in.putInt(ETHERNET + 14, client.v4() + 40);
            }
        }
        return frame;
    }

    private byte[] udp() {
        byte[] datagram = bytes(8 + random.nextInt(200));
        ByteBuffer out = ByteBuffer.wrap(datagram);
        out.putShort(4, (short) (random.nextInt(4) == 0 ? random.nextInt(65_536) : datagram.length));
        if (random.nextBoolean()) {
            out.putShort(6, (short) 0); // no checksum
        }
        return ip(stranger(), server, 17, 0, datagram);
    }

    private byte[] noise() {
        byte[] frame = bytes(random.nextInt(1600));
        if (frame.length >= ETHERNET && random.nextBoolean()) {
            int type = random.nextBoolean() ? 0x0800 : 0x0806;
            ByteBuffer.wrap(frame)
                    .putShort((short) (serverMac >>> 32))
                    .putInt((int) serverMac)
                    .putShort(12, (short) type);
        }
        return harmlessArp(frame);
    }

    /** Any source but the client: neighbours, hosts far away, and addresses that no packet may come from. */
    private IpAddress stranger() {
        int bits = switch (random.nextInt(8)) {
            case 0 -> random.nextInt();
            case 1 -> 0xc633_6400 | random.nextInt(256); // 198.51.100.0/24
            case 2 -> 0xe000_0000 | random.nextInt(1 << 20); // multicast
            case 3 -> server.v4();
            default -> (server.v4() & ~0xff) | random.nextInt(256);
        };
        return bits == client.v4() ? IpAddress.LOOPBACK_V4 : IpAddress.v4(bits);
    }

    private byte[] ip(IpAddress from, IpAddress to, int protocol, int fragment, byte[] payload) {
        byte[] packet = new byte[IP + payload.length];
        ByteBuffer out = ByteBuffer.wrap(packet);
        out.put((byte) 0x45).put((byte) random.nextInt(256)).putShort((short) packet.length);
        out.putShort((short) random.nextInt()).putShort((short) fragment);
        out.put((byte) random.nextInt(256)).put((byte) protocol).putShort((short) 0);
        out.putInt(from.v4()).putInt(to.v4()).put(payload);
        return fixIp(ethernet(serverMac, 0x0800, packet));
    }

    private static byte[] fixIp(byte[] frame) {
        frame[ETHERNET + 10] = 0;
        frame[ETHERNET + 11] = 0;
        int header = Math.min(frame.length - ETHERNET, Math.max(IP, (frame[ETHERNET] & 0xf) * 4));
        int sum = ~sum(frame, ETHERNET, header);
        frame[ETHERNET + 10] = (byte) (sum >>> 8);
        frame[ETHERNET + 11] = (byte) sum;
        return frame;
    }

    private byte[] ethernet(long to, int type, byte[] payload) {
        byte[] frame = new byte[ETHERNET + payload.length];
        ByteBuffer out = ByteBuffer.wrap(frame);
        long from = random.nextInt(10) == 0 ? random.nextLong() >>> 16 : clientMac;
        out.putShort((short) (to >>> 32)).putInt((int) to);
        out.putShort((short) (from >>> 32)).putInt((int) from);
        out.putShort((short) type).put(payload);
        return frame;
    }

    private static int sum(byte[] bytes, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
