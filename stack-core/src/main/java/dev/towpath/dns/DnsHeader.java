package dev.towpath.dns;

import java.nio.ByteBuffer;

/**
 * The header of a DNS message (RFC 1035 section 4.1.1). Every accessor reads or writes the message that begins at
 * position 0 of a buffer in network byte order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-+-------+-+-+-+-+-----+-------+
 *   |              ID               |Q|opcode |A|T|R|R|  Z  | rcode |
 *   |                               |R|       |A|C|D|A|     |       |
 *   +-------------------------------+-+-------+-+-+-+-+-----+-------+
 *   |           questions           |            answers            |
 *   +-------------------------------+-------------------------------+
 *   |      authority records        |      additional records       |
 *   +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>Four sections follow, as long as the four counts say: see {@link DnsMessage}.
 */
final class DnsHeader {
    /** Bytes of header. */
    static final int LENGTH = 12;

    /** Offset of the 16 bits from QR to RCODE. */
    static final int FLAGS = 2;

    /** Offset of the number of questions. */
    static final int QUESTIONS = 4;

    /** Offset of the number of answers. */
    static final int ANSWERS = 6;

    /** Offset of the number of records about who has authority. */
    static final int AUTHORITY = 8;

    /** Offset of the number of additional records. */
    static final int ADDITIONAL = 10;

    /** QR: this is a response. */
    static final int RESPONSE = 0x8000;

    /** AA: the answer comes from who has authority for the name. */
    static final int AUTHORITATIVE = 0x0400;

    /** TC: there was more than fits. */
    static final int TRUNCATED = 0x0200;

    /** RD: the server is to find out what it does not know. */
    static final int RECURSION_DESIRED = 0x0100;

    /** RA: the server does that. */
    static final int RECURSION_AVAILABLE = 0x0080;

    private DnsHeader() {}

    /** What tells one question from another, together with ports and the question itself (RFC 5452). */
    static int id(ByteBuffer bytes) {
        return bytes.getShort(0) & 0xffff;
    }

    /** True if all of {@code mask} is set. */
    static boolean has(ByteBuffer bytes, int mask) {
        return (bytes.getShort(FLAGS) & mask) == mask;
    }

    /** 0 for a query and its response. */
    static int opcode(ByteBuffer bytes) {
        return bytes.getShort(FLAGS) >>> 11 & 0xf;
    }

    /** The lower four bits of how it went: see {@link Rcode}. */
    static int rcode(ByteBuffer bytes) {
        return bytes.getShort(FLAGS) & 0xf;
    }

    /** One of the four counts, by its offset. */
    static int count(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xffff;
    }

    /** Writes the header of a query with one question that asks for recursion. */
    static void writeQuery(ByteBuffer bytes, int id, int additionalRecords) {
        bytes.putShort(0, (short) id);
        bytes.putShort(FLAGS, (short) RECURSION_DESIRED);
        bytes.putShort(QUESTIONS, (short) 1);
        bytes.putInt(ANSWERS, 0);
        bytes.putShort(ADDITIONAL, (short) additionalRecords);
    }

    /** True if {@code length} bytes hold a header; then no accessor throws. */
    static boolean validate(int length) {
        return length >= LENGTH;
    }
}
