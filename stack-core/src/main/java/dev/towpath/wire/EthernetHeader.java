package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * Ethernet II (RFC 894). Every accessor reads or writes the header that begins at {@code at}, in a buffer in network
 * byte order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                          destination                          |
 *   +-------------------------------+-------------------------------+
 *   |      destination, end         |            source             |
 *   +-------------------------------+-------------------------------+
 *   |                          source, end                          |
 *   +-------------------------------+-------------------------------+
 *   |             type              |  payload ...
 *   +-------------------------------+
 * </pre>
 */
public final class EthernetHeader {
    /** Bytes of header. */
    public static final int LENGTH = 14;

    /** Shortest frame without its check sequence: shorter ones are padded with zeros (RFC 894). */
    public static final int MIN_FRAME = 60;

    /** Offset of the destination address. */
    public static final int DESTINATION = 0;

    /** Offset of the source address. */
    public static final int SOURCE = 6;

    /** Offset of the type. */
    public static final int TYPE = 12;

    /** EtherType of IPv4. */
    public static final int IPV4 = 0x0800;

    /** EtherType of ARP. */
    public static final int ARP = 0x0806;

    /** EtherType of IPv6. */
    public static final int IPV6 = 0x86dd;

    private EthernetHeader() {}

    /** The 48 bits of the destination. */
    public static long destination(ByteBuffer bytes, int at) {
        return bytes.getLong(at + DESTINATION) >>> 16;
    }

    /** The 48 bits of the source. */
    public static long source(ByteBuffer bytes, int at) {
        return bytes.getLong(at + SOURCE) >>> 16;
    }

    /** The EtherType: what the payload is. */
    public static int type(ByteBuffer bytes, int at) {
        return bytes.getShort(at + TYPE) & 0xffff;
    }

    /** Writes the whole header. */
    public static void write(ByteBuffer bytes, int at, long destination, long source, int type) {
        bytes.putLong(at + DESTINATION, destination << 16 | source >>> 32);
        bytes.putInt(at + SOURCE + 2, (int) source);
        bytes.putShort(at + TYPE, (short) type);
    }

    /** True if {@code length} bytes hold a header; then no accessor throws. */
    public static boolean validate(int length) {
        return length >= LENGTH;
    }
}
