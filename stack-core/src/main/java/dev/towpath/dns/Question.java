package dev.towpath.dns;

import java.nio.ByteBuffer;

/**
 * What is asked for: a name, and a type of record in class IN (RFC 1035 section 4.1.2).
 *
 * <pre>
 *   +------------------ ... ---+----------------+----------------+
 *   |           name           |      type      |   class (1)    |
 *   +------------------ ... ---+----------------+----------------+
 * </pre>
 */
record Question(DomainName name, int type) {
    /** A host's IPv4 address. */
    static final int A = 1;

    /** The name that this one is another name for. */
    static final int CNAME = 5;

    /** The start of a zone of authority, which also says how long an absence is to be remembered. */
    static final int SOA = 6;

    /** The name that belongs to an address. */
    static final int PTR = 12;

    /** Not a record, but the other side's abilities: EDNS (RFC 6891). */
    static final int OPT = 41;

    /** Class IN. */
    static final int IN = 1;

    /** Bytes that datagrams may have as far as we are concerned: what passes nearly everywhere unfragmented. */
    static final int UDP_PAYLOAD = 1232;

    /** Type, class and nothing else of a record that has neither owner nor data. */
    private static final int OPT_LENGTH = 11;

    /** The message that asks for it. */
    ByteBuffer query(int id, boolean withEdns) {
        ByteBuffer message =
                ByteBuffer.allocate(DnsHeader.LENGTH + DomainName.MAX_LENGTH + 2 * Short.BYTES + OPT_LENGTH);
        DnsHeader.writeQuery(message, id, withEdns ? 1 : 0);
        message.position(DnsHeader.LENGTH);
        name.write(message);
        message.putShort((short) type).putShort((short) IN);
        if (withEdns) { // RFC 6891 section 6.1.2: root, type, our room, version 0 without flags, no options
            message.put((byte) 0)
                    .putShort((short) OPT)
                    .putShort((short) UDP_PAYLOAD)
                    .putInt(0)
                    .putShort((short) 0);
        }
        return message.flip();
    }

    @Override
    public String toString() {
        return name + (type == A ? " A" : type == PTR ? " PTR" : " type " + type);
    }
}
