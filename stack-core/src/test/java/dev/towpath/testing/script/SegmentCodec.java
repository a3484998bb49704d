package dev.towpath.testing.script;

import dev.towpath.buffer.Frame;
import dev.towpath.ip.IpLayer;
import dev.towpath.testing.TestPackets;
import dev.towpath.testing.script.WireSegment.Block;
import dev.towpath.testing.script.WireSegment.Options;
import dev.towpath.testing.script.WireSegment.Timestamps;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes and reads TCP segments byte by byte, slowly and independently of the stack's code, so that one mistake can't
 * hide another.
 */
public final class SegmentCodec {
    private static final int LEAST_FRAME = 60;
    private static final int HEADER = 20;
    private static final int DATA_OFFSET = 12;
    private static final int CHECKSUM = 16;
    private static final int END = 0;
    private static final int NOP = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    private SegmentCodec() {}

    /** The bytes of {@code segment}, its checksum computed for the two addresses. */
    public static byte[] write(WireSegment segment, IpAddress from, int fromPort, IpAddress to, int toPort) {
        byte[] options = writeOptions(segment.options());
        ByteBuffer out = ByteBuffer.allocate(HEADER + options.length + segment.payload().length);
        out.putShort((short) fromPort).putShort((short) toPort);
        out.putInt(segment.sequence()).putInt(segment.acknowledgment());
        out.put((byte) ((HEADER + options.length) << 2)).put((byte) segment.flags());
        out.putShort((short) segment.window()).putShort((short) 0).putShort((short) segment.urgent());
        out.put(options).put(segment.payload());
        byte[] bytes = out.array();
        out.putShort(CHECKSUM, (short) (~sum(bytes, from, to) & 0xffff));
        return bytes;
    }

    /**
     * The segment that the stack has put into {@code frame}, its checksum verified, or completed as the link would:
     * with offload the field holds the sum of the pseudo-header only.
     */
    public static byte[] complete(Frame frame, IpAddress from, IpAddress to) {
        byte[] bytes = new byte[frame.end - frame.transport];
        frame.bytes().get(frame.transport, bytes);
        if (frame.checksum == Frame.CHECKSUM_PARTIAL) {
            ByteBuffer segment = ByteBuffer.wrap(bytes);
            require(frame.checksumStart == frame.transport, "checksumStart is not the TCP header");
            require(frame.checksumOffset == CHECKSUM, "checksumOffset is not TCP's");
            int field = segment.getShort(CHECKSUM) & 0xffff;
            require(field == pseudoHeaderSum(bytes.length, from, to), "the field must hold the pseudo-header's sum");
            segment.putShort(CHECKSUM, (short) 0);
            segment.putShort(CHECKSUM, (short) ~sum(bytes, from, to));
        }
        require(sum(bytes, from, to) == 0xffff, "the checksum is wrong");
        return bytes;
    }

    /** Reads a segment; its checksum is the caller's business. */
    public static WireSegment read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int headerLength = (in.get(12) >> 4 & 0xf) * 4;
        if (headerLength < HEADER || headerLength > bytes.length) {
            throw new AssertionError(
                    "data offset says " + headerLength + " bytes of header in a segment of " + bytes.length);
        }
        require((in.get(DATA_OFFSET) & 0xf) == 0, "reserved bits are set"); // RFC 9293 section 3.1: must be zero
        byte[] payload = new byte[bytes.length - headerLength];
        in.get(headerLength, payload);
        return new WireSegment(
                in.getInt(4),
                in.getInt(8),
                in.get(13) & 0xff,
                in.getShort(14) & 0xffff,
                in.getShort(18) & 0xffff,
                readOptions(in, headerLength, true),
                payload);
    }

    /** The whole Ethernet frame in which {@code segment} would travel, for codecs that want one. */
    public static byte[] inFrame(byte[] segment, IpAddress from, IpAddress to) {
        byte[] packet = TestPackets.ip(from, to, IpLayer.TCP, segment).bytes();
        byte[] frame = TestPackets.ethernet(MacAddress.local(1), MacAddress.local(2), TestPackets.IPV4, packet);
        return Arrays.copyOf(frame, Math.max(LEAST_FRAME, frame.length));
    }

    /** The folded ones' complement sum over pseudo-header and segment: 0xffff if the checksum is right. */
    public static int sum(byte[] segment, IpAddress from, IpAddress to) {
        long sum = pseudoHeaderSum(segment.length, from, to);
        for (int i = 0; i < segment.length; i++) {
            sum += (segment[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        return fold(sum);
    }

    /** The unfolded sum of the pseudo-header (RFC 9293 section 3.1) over IPv4 addresses. */
    private static int pseudoHeaderSum(int length, IpAddress from, IpAddress to) {
        return fold((from.v4() >>> 16) + (from.v4() & 0xffff) + (to.v4() >>> 16) + (to.v4() & 0xffff) + 6L + length);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    /** Does to a segment what {@code spec} wants of it, and then makes the checksum right, or not. */
    static void damage(byte[] segment, SegmentSpec spec, IpAddress from, IpAddress to) {
        segment[DATA_OFFSET] |= (byte) spec.reservedBits;
        if (spec.dataOffset != null) {
            segment[DATA_OFFSET] = (byte) (spec.dataOffset << 4);
        }
        ByteBuffer out = ByteBuffer.wrap(segment).putShort(CHECKSUM, (short) 0);
        out.putShort(CHECKSUM, (short) (~sum(segment, from, to) ^ (spec.badChecksum ? 0x4000 : 0)));
    }

    /** Options that are just these bytes, in hexadecimal; understood as far as the other end of the wire will. */
    static Options options(String hex) {
        byte[] padded = hexBytes(hex);
        ByteBuffer in = ByteBuffer.allocate(HEADER + padded.length).put(HEADER, padded);
        Options read = readOptions(in, in.capacity(), false);
        return new Options(read.mss(), read.windowScale(), read.sackPermitted(), read.timestamps(), read.sack(), hex);
    }

    private static byte[] hexBytes(String hex) {
        String[] digits = hex.strip().split(" +", -1);
        byte[] bytes = new byte[(digits.length + 3) / 4 * 4];
        for (int i = 0; i < digits.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits[i], 16);
        }
        return bytes;
    }

    private static byte[] writeOptions(Options options) {
        if (!options.bytes().isEmpty()) {
            return hexBytes(options.bytes());
        }
        ByteBuffer out = ByteBuffer.allocate(40);
        Integer mss = options.mss();
        if (mss != null) {
            out.put((byte) MSS).put((byte) 4).putShort(mss.shortValue());
        }
        Integer scale = options.windowScale();
        if (scale != null) {
            out.put((byte) NOP).put((byte) WINDOW_SCALE).put((byte) 3).put(scale.byteValue());
        }
        if (options.sackPermitted()) {
            out.put((byte) SACK_PERMITTED).put((byte) 2);
        }
        Timestamps timestamps = options.timestamps();
        if (timestamps != null) {
            out.put((byte) TIMESTAMPS).put((byte) 10).putInt(timestamps.value()).putInt(timestamps.echo());
        }
        if (!options.sack().isEmpty()) {
            out.put((byte) SACK).put((byte) (2 + 8 * options.sack().size()));
            options.sack().forEach(block -> out.putInt(block.left()).putInt(block.right()));
        }
        while (out.position() % 4 != 0) {
            out.put((byte) END);
        }
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    /**
     * Options of the stack are {@code strict}: it must not send what is malformed. The peer may; then what came before
     * counts, and what has a wrong length does not.
     */
    private static Options readOptions(ByteBuffer in, int headerLength, boolean strict) {
        Integer mss = null;
        Integer scale = null;
        boolean sackPermitted = false;
        Timestamps timestamps = null;
        List<Block> sack = new ArrayList<>();
        for (int at = HEADER; at < headerLength && in.get(at) != END; ) {
            int kind = in.get(at) & 0xff;
            int length = kind == NOP ? 1 : at + 1 < headerLength ? in.get(at + 1) & 0xff : 0;
            if (length < (kind == NOP ? 1 : 2) || at + length > headerLength) {
                require(!strict, "option " + kind + " says its length is " + length);
                break;
            }
            switch (kind << 8 | length) {
                case MSS << 8 | 4 -> mss = in.getShort(at + 2) & 0xffff;
                case WINDOW_SCALE << 8 | 3 -> scale = in.get(at + 2) & 0xff;
                case SACK_PERMITTED << 8 | 2 -> sackPermitted = true;
                case TIMESTAMPS << 8 | 10 -> timestamps = new Timestamps(in.getInt(at + 2), in.getInt(at + 6));
                case SACK << 8 | 10, SACK << 8 | 18, SACK << 8 | 26, SACK << 8 | 34 -> readBlocks(in, at, length, sack);
                default -> require(!strict || kind == NOP, "option " + kind + " of length " + length);
            }
            at += length;
        }
        return new Options(mss, scale, sackPermitted, timestamps, List.copyOf(sack));
    }

    private static void readBlocks(ByteBuffer in, int at, int length, List<Block> into) {
        for (int block = at + 2; block < at + length; block += 8) {
            into.add(new Block(in.getInt(block), in.getInt(block + 4)));
        }
    }
}
