package dev.towpath.dns;

import dev.towpath.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record of an answer (RFC 1035 section 4.1.3).
 *
 * <pre>
 *   +------------------ ... ---+----------------+----------------+
 *   |          owner           |      type      |     class      |
 *   +--------------------------+------+---------+------ ... -----+
 *   |           TTL (32 bits)         | length  |      data      |
 *   +---------------------------------+---------+------ ... -----+
 * </pre>
 *
 * @param owner the name that it says something about
 * @param ttlSeconds how long it may be remembered
 * @param data what it says
 */
record ResourceRecord(DomainName owner, long ttlSeconds, Data data) {
    /** Bytes from the type to the length. */
    static final int FIXED_LENGTH = 10;

    /** Bytes of a SOA record's five numbers behind its two names; the last one is the minimum. */
    private static final int SOA_NUMBERS = 20;

    /** What a record says, as far as a stub resolver wants to know. */
    sealed interface Data permits Address, Alias, Pointer, Authority, Edns, Other {}

    /** A. */
    record Address(IpAddress address) implements Data {}

    /** CNAME. */
    record Alias(DomainName target) implements Data {}

    /** PTR. */
    record Pointer(DomainName target) implements Data {}

    /** SOA. */
    record Authority(long minimumSeconds) implements Data {}

    /** OPT: the upper bits of the response code. */
    record Edns(int upperRcode) implements Data {}

    /** Another type, or another class. */
    record Other() implements Data {}

    private static final Other OTHER = new Other();

    /** Where what follows the record at {@code at} begins; -1 if it does not lie within the message. */
    static int end(ByteBuffer bytes, int at) {
        int fixed = DomainName.end(bytes, at);
        if (fixed < 0 || fixed + FIXED_LENGTH > bytes.limit()) {
            return -1;
        }
        int end = fixed + FIXED_LENGTH + (bytes.getShort(fixed + 8) & 0xffff);
        return end <= bytes.limit() ? end : -1;
    }

    /** The record at {@code at}, which lies within the message as {@link #end} says; null if it makes no sense. */
    static @Nullable ResourceRecord read(ByteBuffer bytes, int at) {
        DomainName owner = DomainName.read(bytes, at);
        int fixed = DomainName.end(bytes, at);
        int type = bytes.getShort(fixed) & 0xffff;
        int group = bytes.getShort(fixed + 2) & 0xffff;
        int ttl = bytes.getInt(fixed + 4);
        int length = bytes.getShort(fixed + 8) & 0xffff;
        Data data = type == Question.OPT
                ? new Edns(ttl >>> 24)
                : group == Question.IN ? data(bytes, type, fixed + FIXED_LENGTH, length) : OTHER;
        if (owner == null || data == null) {
            return null;
        }
        return new ResourceRecord(owner, Math.max(0, ttl), data); // RFC 2181 section 8: with the top bit it is 0
    }

    private static @Nullable Data data(ByteBuffer bytes, int type, int at, int length) {
        return switch (type) {
            case Question.A -> address(bytes, at, length);
            case Question.CNAME -> naming(bytes, at, length, Alias::new);
            case Question.PTR -> naming(bytes, at, length, Pointer::new);
            case Question.SOA -> authority(bytes, at, length);
            default -> OTHER;
        };
    }

    private static @Nullable Data address(ByteBuffer bytes, int at, int length) {
        return length == Integer.BYTES ? new Address(IpAddress.v4(bytes.getInt(at))) : null;
    }

    private static @Nullable Data naming(ByteBuffer bytes, int at, int length, Function<DomainName, Data> kind) {
        DomainName target = DomainName.end(bytes, at) == at + length ? DomainName.read(bytes, at) : null;
        return target == null ? null : kind.apply(target);
    }

    private static @Nullable Data authority(ByteBuffer bytes, int at, int length) {
        int mailbox = DomainName.end(bytes, at);
        int numbers = mailbox < 0 ? -1 : DomainName.end(bytes, mailbox);
        if (numbers < 0 || numbers + SOA_NUMBERS != at + length) {
            return null;
        }
        return new Authority(Math.max(0, bytes.getInt(numbers + SOA_NUMBERS - Integer.BYTES)));
    }
}
