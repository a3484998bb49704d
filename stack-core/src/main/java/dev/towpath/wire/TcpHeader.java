package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * The TCP header (RFC 9293 section 3.1), read and written in place.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Source Port          |       Destination Port        |
 *   +-------------------------------+-------------------------------+
 *   |                        Sequence Number                        |
 *   +---------------------------------------------------------------+
 *   |                    Acknowledgment Number                      |
 *   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *   | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 *   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *   |           Checksum            |         Urgent Pointer        |
 *   +-------------------------------+-------------------------------+
 *   |                           [Options]                           |
 * </pre>
 */
public final class TcpHeader {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Bytes of a header with the most options. */
    public static final int MAX_LENGTH = 60;

    /** Offset of the checksum field. */
    public static final int CHECKSUM = 16;

    /** No more data from the sender. */
    public static final int FIN = 0x01;

    /** Synchronise sequence numbers. */
    public static final int SYN = 0x02;

    /** Reset the connection. */
    public static final int RST = 0x04;

    /** Push function. */
    public static final int PSH = 0x08;

    /** The acknowledgment field is significant. */
    public static final int ACK = 0x10;

    /** The urgent pointer field is significant. */
    public static final int URG = 0x20;

    /** ECN echo (RFC 3168). */
    public static final int ECE = 0x40;

    /** Congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT = 18;

    private TcpHeader() {}

    /** The sender's port. */
    public static int sourcePort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + SOURCE_PORT) & 0xffff;
    }

    /** The receiver's port. */
    public static int destinationPort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + DESTINATION_PORT) & 0xffff;
    }

    /** SEG.SEQ. */
    public static int sequence(ByteBuffer bytes, int at) {
        return bytes.getInt(at + SEQUENCE);
    }

    /** SEG.ACK. */
    public static int acknowledgment(ByteBuffer bytes, int at) {
        return bytes.getInt(at + ACKNOWLEDGMENT);
    }

    /** Header length in bytes, options included; 0 to 60 as the field says. */
    public static int headerLength(ByteBuffer bytes, int at) {
        return (bytes.get(at + OFFSET) & 0xf0) >>> 2;
    }

    /** The eight control bits. */
    public static int flags(ByteBuffer bytes, int at) {
        return bytes.get(at + FLAGS) & 0xff;
    }

    /** SEG.WND as on the wire, unscaled. */
    public static int window(ByteBuffer bytes, int at) {
        return bytes.getShort(at + WINDOW) & 0xffff;
    }

    /** The checksum field. */
    public static int checksum(ByteBuffer bytes, int at) {
        return bytes.getShort(at + CHECKSUM) & 0xffff;
    }

    /** SEG.UP, the urgent pointer. */
    public static int urgentPointer(ByteBuffer bytes, int at) {
        return bytes.getShort(at + URGENT) & 0xffff;
    }

    /** Writes all fields but the checksum, which becomes 0, as does the urgent pointer. */
    public static void write(
            ByteBuffer bytes,
            int at,
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgment,
            int headerLength,
            int flags,
            int window) {
        bytes.putShort(at + SOURCE_PORT, (short) sourcePort);
        bytes.putShort(at + DESTINATION_PORT, (short) destinationPort);
        bytes.putInt(at + SEQUENCE, sequence);
        bytes.putInt(at + ACKNOWLEDGMENT, acknowledgment);
        bytes.put(at + OFFSET, (byte) (headerLength << 2));
        bytes.put(at + FLAGS, (byte) flags);
        bytes.putShort(at + WINDOW, (short) window);
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putShort(at + URGENT, (short) 0);
    }

    /** True if a header, options included, lies whole within {@code available} bytes: from then on no accessor throws. */
    public static boolean valid(ByteBuffer bytes, int at, int available) {
        return available >= MIN_LENGTH && headerLength(bytes, at) >= MIN_LENGTH && headerLength(bytes, at) <= available;
    }
}
