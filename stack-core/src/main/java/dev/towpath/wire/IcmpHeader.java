package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * ICMP (RFC 792). Every accessor reads or writes the message that begins at {@code at}, in a buffer in network byte
 * order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     type      |     code      |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   |    echo: identifier           |         sequence number       |
 *   |    fragmentation needed: 0    |         next hop's MTU        |
 *   |    parameter problem: pointer |         0                     |
 *   +-------------------------------+-------------------------------+
 *   |    echo: data; errors: the IP header and at least 8 bytes of the packet in question
 * </pre>
 */
public final class IcmpHeader {
    /** Bytes of header. */
    public static final int LENGTH = 8;

    /** Offset of the type. */
    public static final int TYPE = 0;

    /** Offset of the code. */
    public static final int CODE = 1;

    /** Offset of the checksum. */
    public static final int CHECKSUM = 2;

    /** Offset of what depends on the type. */
    public static final int REST = 4;

    /** Type: the answer to an echo. */
    public static final int ECHO_REPLY = 0;

    /** Type: the packet could not be delivered; the code says why. */
    public static final int DESTINATION_UNREACHABLE = 3;

    /** Type: deprecated by RFC 6633, and ignored. */
    public static final int SOURCE_QUENCH = 4;

    /** Type: there is a better gateway. */
    public static final int REDIRECT = 5;

    /** Type: asks for an {@link #ECHO_REPLY}. */
    public static final int ECHO = 8;

    /** Type: TTL or reassembly time is over. */
    public static final int TIME_EXCEEDED = 11;

    /** Type: a header field makes no sense. */
    public static final int PARAMETER_PROBLEM = 12;

    /** Code of {@link #DESTINATION_UNREACHABLE}: network. */
    public static final int NETWORK = 0;

    /** Code of {@link #DESTINATION_UNREACHABLE}: host. */
    public static final int HOST = 1;

    /** Code of {@link #DESTINATION_UNREACHABLE}: protocol. */
    public static final int PROTOCOL = 2;

    /** Code of {@link #DESTINATION_UNREACHABLE}: port. */
    public static final int PORT = 3;

    /** Code of {@link #DESTINATION_UNREACHABLE}: larger than the next hop's MTU, and DF is set. */
    public static final int FRAGMENTATION_NEEDED = 4;

    /** Code of {@link #TIME_EXCEEDED}: in transit. */
    public static final int IN_TRANSIT = 0;

    /** Code of {@link #TIME_EXCEEDED}: while fragments were missing. */
    public static final int IN_REASSEMBLY = 1;

    private IcmpHeader() {}

    /** What the message is. */
    public static int type(ByteBuffer bytes, int at) {
        return bytes.get(at + TYPE) & 0xff;
    }

    /** Tells more about the type. */
    public static int code(ByteBuffer bytes, int at) {
        return bytes.get(at + CODE) & 0xff;
    }

    /** The checksum field. */
    public static int checksum(ByteBuffer bytes, int at) {
        return bytes.getShort(at + CHECKSUM) & 0xffff;
    }

    /** The four bytes behind the checksum, which mean what the type says. */
    public static int rest(ByteBuffer bytes, int at) {
        return bytes.getInt(at + REST);
    }

    /** Of an echo and its reply: whose it is. */
    public static int identifier(ByteBuffer bytes, int at) {
        return bytes.getShort(at + REST) & 0xffff;
    }

    /** Of an echo and its reply: which it is. */
    public static int sequence(ByteBuffer bytes, int at) {
        return bytes.getShort(at + REST + 2) & 0xffff;
    }

    /** Of {@link #FRAGMENTATION_NEEDED}: the next hop's MTU (RFC 1191 section 4), or 0 from an old router. */
    public static int nextHopMtu(ByteBuffer bytes, int at) {
        return bytes.getShort(at + REST + 2) & 0xffff;
    }

    /** True for a message about another packet, about which no error may be sent in turn (RFC 1122 section 3.2.2). */
    public static boolean isError(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** Writes type, code, zero as checksum, and {@code rest}. */
    public static void write(ByteBuffer bytes, int at, int type, int code, int rest) {
        bytes.putInt(at, type << 24 | code << 16);
        bytes.putInt(at + REST, rest);
    }

    /** Writes the checksum field. */
    public static void setChecksum(ByteBuffer bytes, int at, int checksum) {
        bytes.putShort(at + CHECKSUM, (short) checksum);
    }

    /**
     * Computes and writes the checksum of a message of {@code length} bytes.
     *
     * @param words the same memory in little-endian order, as {@link Checksum} wants it
     */
    public static void fillChecksum(ByteBuffer bytes, ByteBuffer words, int at, int length) {
        setChecksum(bytes, at, 0);
        setChecksum(bytes, at, Checksum.finish(Checksum.sum(words, at, length)));
    }

    /**
     * True if the checksum of a message of {@code length} bytes is right.
     *
     * @param words the message's memory in little-endian order
     */
    public static boolean checksumValid(ByteBuffer words, int at, int length) {
        return Checksum.fold(Checksum.sum(words, at, length)) == 0xffff;
    }

    /** True if {@code length} bytes hold a header; then no accessor throws. */
    public static boolean validate(int length) {
        return length >= LENGTH;
    }
}
