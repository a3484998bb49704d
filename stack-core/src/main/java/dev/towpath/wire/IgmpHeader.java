package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * IGMP (RFC 9776; versions 1 and 2 are RFC 1112 and RFC 2236). Every accessor reads or writes the message that begins
 * at {@code at}, in a buffer in network byte order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     type      | max resp code |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   |                         group address                         |   all that versions 1 and 2 have
 *   +-------+-+-----+---------------+-------------------------------+
 *   | flags |S| QRV |     QQIC      |       number of sources       |   a query of version 3
 *   +-------+-+-----+---------------+-------------------------------+
 *   |                     source address [i] ...
 *
 *   +---------------+---------------+-------------------------------+
 *   |  type = 0x22  |   reserved    |           checksum            |   a report of version 3
 *   +---------------+---------------+-------------------------------+
 *   |             flags             |    number of group records    |
 *   +---------------+---------------+-------------------------------+
 *   |  record type  |  aux length   |       number of sources       |   a group record
 *   +---------------+---------------+-------------------------------+
 *   |                         group address                         |
 *   +---------------------------------------------------------------+
 *   |                     source address [i] ...
 * </pre>
 */
public final class IgmpHeader {
    /** Bytes of a message of versions 1 and 2, and of what all messages have. */
    public static final int LENGTH = 8;

    /** Bytes of a query of version 3, sources aside. */
    public static final int QUERY_LENGTH = 12;

    /** Bytes of a group record, sources aside. */
    public static final int RECORD_LENGTH = 8;

    /** Offset of the checksum. */
    public static final int CHECKSUM = 2;

    /** Type: who is in which group? */
    public static final int QUERY = 0x11;

    /** Type: a member reports its group, version 1. */
    public static final int REPORT_V1 = 0x12;

    /** Type: a member reports its group, version 2. */
    public static final int REPORT_V2 = 0x16;

    /** Type: a member leaves its group, version 2. */
    public static final int LEAVE = 0x17;

    /** Type: a host reports what it wants of groups, version 3. */
    public static final int REPORT_V3 = 0x22;

    /** Record type: as it is, wanted are the sources listed. */
    public static final int MODE_IS_INCLUDE = 1;

    /** Record type: as it is, wanted are all but the sources listed. */
    public static final int MODE_IS_EXCLUDE = 2;

    /** Record type: from now on wanted are the sources listed. */
    public static final int CHANGE_TO_INCLUDE = 3;

    /** Record type: from now on wanted are all but the sources listed. */
    public static final int CHANGE_TO_EXCLUDE = 4;

    /** Record type: the sources listed are wanted besides. */
    public static final int ALLOW_NEW_SOURCES = 5;

    /** Record type: the sources listed are no longer wanted. */
    public static final int BLOCK_OLD_SOURCES = 6;

    private static final int MAX_RESP_CODE = 1;
    private static final int GROUP = 4;
    private static final int ROBUSTNESS = 8;
    private static final int INTERVAL = 9;
    private static final int SOURCES = 10;

    private IgmpHeader() {}

    /** What the message is. */
    public static int type(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xff;
    }

    /** Of a query: how long answers may take, in tenths of a second, as its version codes it. */
    public static int maxRespCode(ByteBuffer bytes, int at) {
        return bytes.get(at + MAX_RESP_CODE) & 0xff;
    }

    /** The group that it is about, or 0. */
    public static int group(ByteBuffer bytes, int at) {
        return bytes.getInt(at + GROUP);
    }

    /** Of a query of version 3: the querier's robustness variable, or 0 for one above 7. */
    public static int robustness(ByteBuffer bytes, int at) {
        return bytes.get(at + ROBUSTNESS) & 7;
    }

    /** Of a query of version 3: seconds between general queries, coded ({@link #decoded}). */
    public static int intervalCode(ByteBuffer bytes, int at) {
        return bytes.get(at + INTERVAL) & 0xff;
    }

    /** Of a query of version 3: how many sources follow. */
    public static int sources(ByteBuffer bytes, int at) {
        return bytes.getShort(at + SOURCES) & 0xffff;
    }

    /** Of a query of version 3: one of the sources. */
    public static int source(ByteBuffer bytes, int at, int index) {
        return bytes.getInt(at + QUERY_LENGTH + 4 * index);
    }

    /** The number that a code of version 3 stands for: itself below 128, else a small floating point number. */
    public static int decoded(int code) {
        return code < 128 ? code : ((code & 0xf) | 0x10) << ((code >>> 4 & 7) + 3);
    }

    /** Of a report of version 3: how many records follow. */
    public static int records(ByteBuffer bytes, int at) {
        return bytes.getShort(at + GROUP + 2) & 0xffff;
    }

    /** Writes a message without its checksum; {@code rest} is the group, or a report's number of records. */
    public static void write(ByteBuffer bytes, int at, int type, int rest) {
        bytes.putInt(at, type << 24);
        bytes.putInt(at + GROUP, rest);
    }

    /** Writes a group record without its sources. */
    public static void writeRecord(ByteBuffer bytes, int at, int type, int group, int sources) {
        bytes.putInt(at, type << 24 | sources);
        bytes.putInt(at + 4, group);
    }

    /** Writes one of a group record's sources. */
    public static void writeSource(ByteBuffer bytes, int at, int index, int source) {
        bytes.putInt(at + RECORD_LENGTH + 4 * index, source);
    }

    /**
     * Computes and writes the checksum of a message of {@code length} bytes.
     *
     * @param words the same memory in little-endian order, as {@link Checksum} wants it
     */
    public static void fillChecksum(ByteBuffer bytes, ByteBuffer words, int at, int length) {
        bytes.putShort(at + CHECKSUM, (short) 0);
        bytes.putShort(at + CHECKSUM, (short) Checksum.finish(Checksum.sum(words, at, length)));
    }

    /**
     * True if the checksum of a message of {@code length} bytes is right.
     *
     * @param words the message's memory in little-endian order
     */
    public static boolean checksumValid(ByteBuffer words, int at, int length) {
        return Checksum.fold(Checksum.sum(words, at, length)) == 0xffff;
    }

    /**
     * True if {@code length} bytes hold a message, and of a query of version 3 all its sources; then no accessor throws
     * that its type and length allow.
     */
    public static boolean validate(ByteBuffer bytes, int at, int length) {
        return length >= LENGTH
                && (type(bytes, at) != QUERY
                        || length < QUERY_LENGTH
                        || length >= QUERY_LENGTH + 4 * sources(bytes, at));
    }
}
