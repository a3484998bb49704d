package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * TCP (RFC 9293 section 3.1). Every accessor reads or writes the header that begins at {@code at}, in a buffer in
 * network byte order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          source port          |       destination port        |
 *   +-------------------------------+-------------------------------+
 *   |                        sequence number                        |
 *   +---------------------------------------------------------------+
 *   |                     acknowledgment number                     |
 *   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *   | data  |       |C|E|U|A|P|R|S|F|                               |
 *   | offset|  rsrvd|W|C|R|C|S|S|Y|I|            window             |
 *   |       |       |R|E|G|K|H|T|N|N|                               |
 *   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *   |           checksum            |        urgent pointer         |
 *   +-------------------------------+-------------------------------+
 *   |                  options, padded to 32 bits                   |
 *   +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The checksum also covers a pseudo-header of the IP layer.
 */
public final class TcpHeader {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Bytes of a header with all the options that fit. */
    public static final int MAX_LENGTH = 60;

    /** Offset of the source port. */
    public static final int SOURCE_PORT = 0;

    /** Offset of the destination port. */
    public static final int DESTINATION_PORT = 2;

    /** Offset of the sequence number. */
    public static final int SEQUENCE = 4;

    /** Offset of the acknowledgment number. */
    public static final int ACKNOWLEDGMENT = 8;

    /** Offset of the data offset. */
    public static final int DATA_OFFSET = 12;

    /** Offset of the flags. */
    public static final int FLAGS = 13;

    /** Offset of the window. */
    public static final int WINDOW = 14;

    /** Offset of the checksum. */
    public static final int CHECKSUM = 16;

    /** Offset of the urgent pointer. */
    public static final int URGENT_POINTER = 18;

    /** Flag: no more data from sender. */
    public static final int FIN = 0x01;

    /** Flag: synchronize sequence numbers. */
    public static final int SYN = 0x02;

    /** Flag: reset the connection. */
    public static final int RST = 0x04;

    /** Flag: push function. */
    public static final int PSH = 0x08;

    /** Flag: the acknowledgment field is significant. */
    public static final int ACK = 0x10;

    /** Flag: the urgent pointer is significant. */
    public static final int URG = 0x20;

    /** Flag: ECN echo (RFC 3168). */
    public static final int ECE = 0x40;

    /** Flag: congestion window reduced (RFC 3168). */
    public static final int CWR = 0x80;

    private TcpHeader() {}

    /** The source port. */
    public static int sourcePort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + SOURCE_PORT) & 0xffff;
    }

    /** The destination port. */
    public static int destinationPort(ByteBuffer bytes, int at) {
        return bytes.getShort(at + DESTINATION_PORT) & 0xffff;
    }

    /** SEG.SEQ: of the first byte of data, or of the SYN. */
    public static int sequence(ByteBuffer bytes, int at) {
        return bytes.getInt(at + SEQUENCE);
    }

    /** SEG.ACK: the next sequence number that the sender of the segment expects, if {@link #ACK} is set. */
    public static int acknowledgment(ByteBuffer bytes, int at) {
        return bytes.getInt(at + ACKNOWLEDGMENT);
    }

    /** Bytes of header, options included: the data offset times 4. */
    public static int headerLength(ByteBuffer bytes, int at) {
        return (bytes.get(at + DATA_OFFSET) & 0xf0) >>> 2;
    }

    /** The flags, from {@link #FIN} to {@link #CWR}. */
    public static int flags(ByteBuffer bytes, int at) {
        return bytes.get(at + FLAGS) & 0xff;
    }

    /** The window field, not scaled. */
    public static int window(ByteBuffer bytes, int at) {
        return bytes.getShort(at + WINDOW) & 0xffff;
    }

    /** The checksum field. */
    public static int checksum(ByteBuffer bytes, int at) {
        return bytes.getShort(at + CHECKSUM) & 0xffff;
    }

    /** Where urgent data ends, counted from {@link #sequence}, if {@link #URG} is set. */
    public static int urgentPointer(ByteBuffer bytes, int at) {
        return bytes.getShort(at + URGENT_POINTER) & 0xffff;
    }

    /** Writes all but the options, with zero as checksum and urgent pointer. */
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
        bytes.putInt(at + SOURCE_PORT, sourcePort << 16 | destinationPort);
        bytes.putInt(at + SEQUENCE, sequence);
        bytes.putInt(at + ACKNOWLEDGMENT, acknowledgment);
        bytes.putInt(at + DATA_OFFSET, headerLength << 26 | flags << 16 | window);
        bytes.putInt(at + CHECKSUM, 0);
    }

    /** Writes the sequence number. */
    public static void setSequence(ByteBuffer bytes, int at, int sequence) {
        bytes.putInt(at + SEQUENCE, sequence);
    }

    /** Writes the flags. */
    public static void setFlags(ByteBuffer bytes, int at, int flags) {
        bytes.put(at + FLAGS, (byte) flags);
    }

    /** Writes the window field. */
    public static void setWindow(ByteBuffer bytes, int at, int window) {
        bytes.putShort(at + WINDOW, (short) window);
    }

    /** Writes the checksum field. */
    public static void setChecksum(ByteBuffer bytes, int at, int checksum) {
        bytes.putShort(at + CHECKSUM, (short) checksum);
    }

    /** Writes the urgent pointer. */
    public static void setUrgentPointer(ByteBuffer bytes, int at, int pointer) {
        bytes.putShort(at + URGENT_POINTER, (short) pointer);
    }

    /** True if {@code length} bytes hold the whole header, options included; then no accessor throws. */
    public static boolean validate(ByteBuffer bytes, int at, int length) {
        if (length < MIN_LENGTH) {
            return false;
        }
        int headerLength = headerLength(bytes, at);
        return headerLength >= MIN_LENGTH && headerLength <= length;
    }
}
