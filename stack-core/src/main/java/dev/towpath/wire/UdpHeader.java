package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * UDP (RFC 768). Every accessor reads or writes the header that begins at {@code at}, in a buffer in network byte
 * order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          source port          |       destination port        |
 *   +-------------------------------+-------------------------------+
 *   |            length             |           checksum            |
 *   +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>The checksum also covers a pseudo-header of the IP layer; 0 means that there is none.
 */
public final class UdpHeader {
    /** Bytes of header. */
    public static final int LENGTH = 8;

    /** Offset of the source port. */
    public static final int SOURCE_PORT = 0;

    /** Offset of the destination port. */
    public static final int DESTINATION_PORT = 2;

    /** Offset of the length field. */
    public static final int DATAGRAM_LENGTH = 4;

    /** Offset of the checksum. */
    public static final int CHECKSUM = 6;

    private UdpHeader() {}

    /** The source port; 0 if no answer is wanted. */
    public static int sourcePort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + SOURCE_PORT) & 0xffff;
    }

    /** The destination port. */
    public static int destinationPort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + DESTINATION_PORT) & 0xffff;
    }

    /** Bytes of header and data; what follows in the packet is not part of the datagram. */
    public static int length(ByteBuffer bytes, int at) {
        return bytes.getShort(at + DATAGRAM_LENGTH) & 0xffff;
    }

    /** The checksum field; 0 if the sender computed none. */
    public static int checksum(ByteBuffer bytes, int at) {
        return bytes.getShort(at + CHECKSUM) & 0xffff;
    }

    /** Writes ports and length, and zero as checksum. */
    public static void write(ByteBuffer bytes, int at, int sourcePort, int destinationPort, int length) {
        bytes.putInt(at, sourcePort << 16 | destinationPort);
        bytes.putInt(at + DATAGRAM_LENGTH, length << 16);
    }

    /** Writes the checksum field. */
    public static void setChecksum(ByteBuffer bytes, int at, int checksum) {
        bytes.putShort(at + CHECKSUM, (short) checksum);
    }

    /** True if {@code available} bytes hold a header whose length field lies within them; then no accessor throws. */
    public static boolean validate(ByteBuffer bytes, int at, int available) {
        if (available < LENGTH) {
            return false;
        }
        int length = length(bytes, at);
        return length >= LENGTH && length <= available;
    }
}
