package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * ARP for IPv4 on Ethernet (RFC 826). Every accessor reads or writes the packet that begins at {@code at}, in a buffer
 * in network byte order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |       hardware type (1)       |    protocol type (0x0800)     |
 *   +---------------+---------------+-------------------------------+
 *   | hw length (6) | pr. length (4)|           operation           |
 *   +---------------+---------------+-------------------------------+
 *   |                    sender hardware address                    |
 *   +-------------------------------+-------------------------------+
 *   |    sender hw address, end     |    sender protocol address    |
 *   +-------------------------------+-------------------------------+
 *   |   sender pr. address, end     |    target hardware address    |
 *   +-------------------------------+-------------------------------+
 *   |                 target hardware address, end                  |
 *   +---------------------------------------------------------------+
 *   |                    target protocol address                    |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class ArpHeader {
    /** Bytes of the whole packet. */
    public static final int LENGTH = 28;

    /** Offset of the operation. */
    public static final int OPERATION = 6;

    /** Offset of the sender's Ethernet address. */
    public static final int SENDER_MAC = 8;

    /** Offset of the sender's IPv4 address. */
    public static final int SENDER_IP = 14;

    /** Offset of the target's Ethernet address. */
    public static final int TARGET_MAC = 18;

    /** Offset of the target's IPv4 address. */
    public static final int TARGET_IP = 24;

    /** Operation: who has the target address? */
    public static final int REQUEST = 1;

    /** Operation: the sender has the sender address. */
    public static final int REPLY = 2;

    /** Hardware type 1, protocol type 0x0800, lengths 6 and 4: the first eight bytes without the operation. */
    private static final long ETHERNET_AND_IPV4 = 0x0001_0800_0604L;

    private ArpHeader() {}

    /** {@link #REQUEST}, {@link #REPLY}, or something that nobody answers. */
    public static int operation(ByteBuffer bytes, int at) {
        return bytes.getShort(at + OPERATION) & 0xffff;
    }

    /** The 48 bits of the sender's Ethernet address. */
    public static long senderMac(ByteBuffer bytes, int at) {
        return bytes.getLong(at + SENDER_MAC) >>> 16;
    }

    /** The 32 bits of the sender's IPv4 address. */
    public static int senderIp(ByteBuffer bytes, int at) {
        return bytes.getInt(at + SENDER_IP);
    }

    /** The 48 bits of the target's Ethernet address; arbitrary in a request. */
    public static long targetMac(ByteBuffer bytes, int at) {
        return bytes.getLong(at + TARGET_MAC) >>> 16;
    }

    /** The 32 bits of the target's IPv4 address. */
    public static int targetIp(ByteBuffer bytes, int at) {
        return bytes.getInt(at + TARGET_IP);
    }

    /** Writes the whole packet. */
    public static void write(
            ByteBuffer bytes, int at, int operation, long senderMac, int senderIp, long targetMac, int targetIp) {
        bytes.putLong(at, ETHERNET_AND_IPV4 << 16 | operation);
        bytes.putLong(at + SENDER_MAC, senderMac << 16 | senderIp >>> 16);
        bytes.putLong(at + TARGET_MAC - 2, (senderIp & 0xffffL) << 48 | targetMac);
        bytes.putInt(at + TARGET_IP, targetIp);
    }

    /** True if {@code length} bytes hold a packet that speaks of Ethernet and IPv4; then no accessor throws. */
    public static boolean validate(ByteBuffer bytes, int at, int length) {
        return length >= LENGTH && bytes.getLong(at) >>> 16 == ETHERNET_AND_IPV4;
    }
}
