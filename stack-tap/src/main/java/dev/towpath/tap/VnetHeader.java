package dev.towpath.tap;

import dev.towpath.buffer.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header that Linux puts before each frame of a TAP opened with IFF_VNET_HDR, in the machine's byte order
 * ({@code struct virtio_net_hdr}):
 *
 * <pre>
 *    0        1        2          4          6            8             10
 *    | flags  | type   | length   | gso size | csum start | csum offset | Ethernet ...
 * </pre>
 *
 * <p>It says which work was left undone: a checksum that holds the pseudo-header sum only, a packet to be cut into
 * segments.
 */
final class VnetHeader {
    /** Its length in bytes, set by TUNSETVNETHDRSZ. */
    static final int LENGTH = 10;

    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HEADER_LENGTH = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final byte NEEDS_CHECKSUM = 1;
    private static final byte DATA_VALID = 2;

    private static final int GSO_NONE = 0;
    private static final int GSO_TCP_V4 = 1;
    private static final int GSO_TCP_V6 = 4;
    private static final int GSO_UDP = 5;
    private static final int GSO_ECN = 0x80;
    private static final int GSO_TYPE_BITS = 0x7f;

    private static final int ETHERNET_LENGTH = 14;
    private static final int UDP_LENGTH = 8;
    private static final int UDP_CHECKSUM_OFFSET = 6;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_CWR = 0x80;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private VnetHeader() {}

    /** Notes in {@code frame} what the header before its start says. */
    static void read(Frame frame) {
        ByteBuffer header = view(frame);
        int at = frame.start - LENGTH;
        byte flags = header.get(at + FLAGS);
        if ((flags & NEEDS_CHECKSUM) != 0) {
            frame.checksum = Frame.CHECKSUM_PARTIAL;
            frame.checksumStart = frame.start + unsigned(header, at + CHECKSUM_START);
            frame.checksumOffset = unsigned(header, at + CHECKSUM_OFFSET);
        } else if ((flags & DATA_VALID) != 0) {
            frame.checksum = Frame.CHECKSUM_VALID;
        }
        if ((header.get(at + GSO_TYPE) & GSO_TYPE_BITS) != GSO_NONE) {
            frame.segmentSize = unsigned(header, at + GSO_SIZE);
        }
    }

    /** Writes the header before the start of {@code frame}, out of what the frame says about itself. */
    static void write(Frame frame) {
        ByteBuffer header = view(frame);
        int at = frame.start - LENGTH;
        header.putLong(at, 0);
        header.putShort(at + CHECKSUM_OFFSET, (short) 0);
        if (frame.checksum != Frame.CHECKSUM_PARTIAL) {
            return;
        }
        header.put(at + FLAGS, NEEDS_CHECKSUM);
        header.putShort(at + CHECKSUM_START, (short) (frame.checksumStart - frame.start));
        header.putShort(at + CHECKSUM_OFFSET, (short) frame.checksumOffset);
        if (frame.segmentSize > 0) {
            header.put(at + GSO_TYPE, (byte) gsoType(frame));
            header.putShort(at + HEADER_LENGTH, (short) (payload(frame) - frame.start));
            header.putShort(at + GSO_SIZE, (short) frame.segmentSize);
        }
    }

    private static int gsoType(Frame frame) {
        if (isUdp(frame)) {
            return GSO_UDP;
        }
        ByteBuffer bytes = frame.bytes();
        int type = bytes.get(frame.start + ETHERNET_LENGTH) >>> 4 == 6 ? GSO_TCP_V6 : GSO_TCP_V4;
        // RFC 3168 section 6.1.2: CWR belongs to the first segment only, so whoever cuts must know of it
        return (bytes.get(frame.checksumStart + TCP_FLAGS) & TCP_CWR) != 0 ? type | GSO_ECN : type;
    }

    /** Where the payload begins: the kernel keeps the headers before it in one piece. */
    private static int payload(Frame frame) {
        return frame.checksumStart
                + (isUdp(frame) ? UDP_LENGTH : (frame.bytes().get(frame.checksumStart + TCP_DATA_OFFSET) >>> 2 & 0x3c));
    }

    private static boolean isUdp(Frame frame) {
        return frame.checksumOffset == UDP_CHECKSUM_OFFSET;
    }

    private static ByteBuffer view(Frame frame) {
        return LITTLE_ENDIAN ? frame.words() : frame.bytes();
    }

    private static int unsigned(ByteBuffer header, int at) {
        return header.getShort(at) & 0xffff;
    }
}
