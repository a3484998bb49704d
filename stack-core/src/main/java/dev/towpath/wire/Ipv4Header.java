package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * IPv4 (RFC 791). Every accessor reads or writes the header that begins at {@code at}, in a buffer in network byte
 * order.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+-----------+---+-------------------------------+
 *   |Version|  IHL  |   DSCP    |ECN|         total length          |
 *   +-------+-------+-----------+---+-----+-------------------------+
 *   |        identification         |0|D|M|     fragment offset     |
 *   +---------------+---------------+-----+-------------------------+
 *   |      TTL      |   protocol    |        header checksum        |
 *   +---------------+---------------+-------------------------------+
 *   |                         source address                        |
 *   +---------------------------------------------------------------+
 *   |                      destination address                      |
 *   +---------------------------------------------------------------+
 *   |                  options, padded to 32 bits                   |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4Header {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Bytes of a header with all the options that fit. */
    public static final int MAX_LENGTH = 60;

    /** Largest packet, header included. */
    public static final int MAX_TOTAL_LENGTH = 65_535;

    /** Offset of DSCP and ECN. */
    public static final int TRAFFIC_CLASS = 1;

    /** Offset of the total length. */
    public static final int TOTAL_LENGTH = 2;

    /** Offset of the identification. */
    public static final int IDENTIFICATION = 4;

    /** Offset of the flags and the fragment offset. */
    public static final int FRAGMENT = 6;

    /** Offset of the time to live. */
    public static final int TTL = 8;

    /** Offset of the protocol. */
    public static final int PROTOCOL = 9;

    /** Offset of the header checksum. */
    public static final int CHECKSUM = 10;

    /** Offset of the source address. */
    public static final int SOURCE = 12;

    /** Offset of the destination address. */
    public static final int DESTINATION = 16;

    /** In the flags and fragment offset: don't fragment. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** In the flags and fragment offset: more fragments follow. */
    public static final int MORE_FRAGMENTS = 0x2000;

    private static final int OFFSET_MASK = 0x1fff;

    /** What is wrong with a header. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Shorter than 20 bytes. */
        TOO_SHORT,
        /** Not version 4. */
        BAD_VERSION,
        /** Header length below 20 or beyond the packet. */
        BAD_HEADER_LENGTH,
        /** Total length below the header's or beyond the packet. */
        BAD_TOTAL_LENGTH,
        /** The header checksum is wrong. */
        BAD_CHECKSUM
    }

    private Ipv4Header() {}

    /** 4. */
    public static int version(ByteBuffer bytes, int at) {
        return bytes.get(at) >>> 4 & 0xf;
    }

    /** Bytes of header, options included. */
    public static int headerLength(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xf) << 2;
    }

    /** DSCP (RFC 2474) and ECN (RFC 3168), once called TOS. */
    public static int trafficClass(ByteBuffer bytes, int at) {
        return bytes.get(at + TRAFFIC_CLASS) & 0xff;
    }

    /** Bytes of the packet, header included; what follows in the frame is padding. */
    public static int totalLength(ByteBuffer bytes, int at) {
        return bytes.getShort(at + TOTAL_LENGTH) & 0xffff;
    }

    /** Tells the fragments of one datagram from those of others. */
    public static int identification(ByteBuffer bytes, int at) {
        return bytes.getShort(at + IDENTIFICATION) & 0xffff;
    }

    /** DF: must not be fragmented. */
    public static boolean dontFragment(ByteBuffer bytes, int at) {
        return (bytes.getShort(at + FRAGMENT) & DONT_FRAGMENT) != 0;
    }

    /** MF: not the last fragment. */
    public static boolean moreFragments(ByteBuffer bytes, int at) {
        return (bytes.getShort(at + FRAGMENT) & MORE_FRAGMENTS) != 0;
    }

    /** Where the payload belongs in the datagram, in bytes. */
    public static int fragmentOffset(ByteBuffer bytes, int at) {
        return (bytes.getShort(at + FRAGMENT) & OFFSET_MASK) << 3;
    }

    /** True for a part of a datagram: more follow, or some went before. */
    public static boolean isFragment(ByteBuffer bytes, int at) {
        return (bytes.getShort(at + FRAGMENT) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
    }

    /** Time to live: routers that it may still pass. */
    public static int ttl(ByteBuffer bytes, int at) {
        return bytes.get(at + TTL) & 0xff;
    }

    /** What the payload is: 1 ICMP, 6 TCP, 17 UDP. */
    public static int protocol(ByteBuffer bytes, int at) {
        return bytes.get(at + PROTOCOL) & 0xff;
    }

    /** The header checksum field. */
    public static int checksum(ByteBuffer bytes, int at) {
        return bytes.getShort(at + CHECKSUM) & 0xffff;
    }

    /** The 32 bits of the source address. */
    public static int source(ByteBuffer bytes, int at) {
        return bytes.getInt(at + SOURCE);
    }

    /** The 32 bits of the destination address. */
    public static int destination(ByteBuffer bytes, int at) {
        return bytes.getInt(at + DESTINATION);
    }

    /** Writes version, header length, traffic class and total length. */
    public static void setLengths(ByteBuffer bytes, int at, int headerLength, int trafficClass, int totalLength) {
        bytes.putInt(at, (0x40 | headerLength >>> 2) << 24 | trafficClass << 16 | totalLength);
    }

    /**
     * Writes identification, flags and fragment offset.
     *
     * @param flags {@link #DONT_FRAGMENT}, {@link #MORE_FRAGMENTS} or 0
     * @param offset in bytes, a multiple of 8
     */
    public static void setFragment(ByteBuffer bytes, int at, int identification, int flags, int offset) {
        bytes.putInt(at + IDENTIFICATION, identification << 16 | flags | offset >>> 3);
    }

    /** Writes time to live and protocol, and zero as checksum. */
    public static void setTtlAndProtocol(ByteBuffer bytes, int at, int ttl, int protocol) {
        bytes.putInt(at + TTL, ttl << 24 | protocol << 16);
    }

    /** Writes both addresses. */
    public static void setAddresses(ByteBuffer bytes, int at, int source, int destination) {
        bytes.putInt(at + SOURCE, source);
        bytes.putInt(at + DESTINATION, destination);
    }

    /** Writes the header checksum field. */
    public static void setChecksum(ByteBuffer bytes, int at, int checksum) {
        bytes.putShort(at + CHECKSUM, (short) checksum);
    }

    /**
     * Computes and writes the header checksum.
     *
     * @param words the same memory in little-endian order, as {@link Checksum} wants it
     */
    public static void fillChecksum(ByteBuffer bytes, ByteBuffer words, int at) {
        setChecksum(bytes, at, 0);
        setChecksum(bytes, at, Checksum.finish(Checksum.sum(words, at, headerLength(bytes, at))));
    }

    /**
     * What is wrong with the header of a packet of {@code length} bytes; if nothing is, no accessor throws, and header
     * and total length lie within the packet.
     *
     * @param words the same memory in little-endian order
     */
    public static Fault validate(ByteBuffer bytes, ByteBuffer words, int at, int length) {
        if (length < MIN_LENGTH) {
            return Fault.TOO_SHORT;
        }
        if (version(bytes, at) != 4) {
            return Fault.BAD_VERSION;
        }
        int headerLength = headerLength(bytes, at);
        if (headerLength < MIN_LENGTH || headerLength > length) {
            return Fault.BAD_HEADER_LENGTH;
        }
        int totalLength = totalLength(bytes, at);
        if (totalLength < headerLength || totalLength > length) {
            return Fault.BAD_TOTAL_LENGTH;
        }
        boolean right = Checksum.fold(Checksum.sum(words, at, headerLength)) == 0xffff;
        return right ? Fault.NONE : Fault.BAD_CHECKSUM;
    }
}
