package dev.towpath.dns;

import dev.towpath.dns.ResourceRecord.Authority;
import dev.towpath.dns.ResourceRecord.Edns;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response, read: header, question, answers, and of the rest what a stub resolver needs.
 *
 * <pre>
 *   +-----------+-----------+-----------+-----------+------------+
 *   | DnsHeader | Question  |  answers  | authority | additional |
 *   +-----------+-----------+-----------+-----------+------------+
 *                            ResourceRecords ...
 * </pre>
 *
 * @param id to whose question it belongs
 * @param truncated there is more, but not over UDP
 * @param recursive the server finds out what it does not know
 * @param authoritative the server has authority for the name
 * @param rcode see {@link Rcode}
 * @param question null if there is none
 * @param answers what is said of the name, and of those that it leads to
 * @param negativeTtlSeconds how long an absence may be remembered (RFC 2308 section 5); 0 without a SOA record
 */
record DnsMessage(
        int id,
        boolean truncated,
        boolean recursive,
        boolean authoritative,
        int rcode,
        @Nullable Question question,
        List<ResourceRecord> answers,
        long negativeTtlSeconds) {

    /**
     * Reads the response from position 0 to the buffer's limit; of a truncated one the header and the question.
     *
     * @return null if it is none, or malformed; no bytes do worse
     */
    static @Nullable DnsMessage parse(ByteBuffer bytes) {
        if (!DnsHeader.validate(bytes.limit())
                || !DnsHeader.has(bytes, DnsHeader.RESPONSE)
                || DnsHeader.opcode(bytes) != 0) {
            return null;
        }
        int questions = DnsHeader.count(bytes, DnsHeader.QUESTIONS);
        int at = DnsHeader.LENGTH;
        Question question = null;
        if (questions == 1) {
            question = question(bytes, at);
            at = question == null ? -1 : DomainName.end(bytes, at) + 2 * Short.BYTES;
        }
        if (questions > 1 || at < 0) {
            return null;
        }
        return sections(bytes, at, question);
    }

    private static @Nullable Question question(ByteBuffer bytes, int at) {
        DomainName name = DomainName.read(bytes, at);
        int end = DomainName.end(bytes, at);
        if (name == null || end + 2 * Short.BYTES > bytes.limit() || bytes.getShort(end + 2) != Question.IN) {
            return null;
        }
        return new Question(name, bytes.getShort(end) & 0xffff);
    }

    private static @Nullable DnsMessage sections(ByteBuffer bytes, int start, @Nullable Question question) {
        boolean truncated = DnsHeader.has(bytes, DnsHeader.TRUNCATED);
        List<ResourceRecord> answers = new ArrayList<>();
        long negativeTtl = 0;
        int rcode = DnsHeader.rcode(bytes);
        if (!truncated) { // RFC 2181 section 9: what is left of the records is not to be used
            List<ResourceRecord> authority = new ArrayList<>();
            List<ResourceRecord> additional = new ArrayList<>();
            int at = section(bytes, start, DnsHeader.ANSWERS, answers);
            at = at < 0 ? at : section(bytes, at, DnsHeader.AUTHORITY, authority);
            at = at < 0 ? at : section(bytes, at, DnsHeader.ADDITIONAL, additional);
            if (at < 0) {
                return null;
            }
            negativeTtl = negativeTtl(authority);
            rcode |= upperRcode(additional) << 4;
        }
        return new DnsMessage(
                DnsHeader.id(bytes),
                truncated,
                DnsHeader.has(bytes, DnsHeader.RECURSION_AVAILABLE),
                DnsHeader.has(bytes, DnsHeader.AUTHORITATIVE),
                rcode,
                question,
                answers,
                negativeTtl);
    }

    /** Reads a section and says where the next one begins; -1 if a record is malformed. */
    private static int section(ByteBuffer bytes, int start, int count, List<ResourceRecord> into) {
        int at = start;
        for (int i = DnsHeader.count(bytes, count); i > 0; i--) {
            int end = ResourceRecord.end(bytes, at);
            ResourceRecord next = end < 0 ? null : ResourceRecord.read(bytes, at);
            if (next == null) {
                return -1;
            }
            into.add(next);
            at = end;
        }
        return at;
    }

    /** RFC 2308 section 5: the lesser of the SOA record's own TTL and its minimum. */
    private static long negativeTtl(List<ResourceRecord> authority) {
        for (ResourceRecord each : authority) {
            if (each.data() instanceof Authority soa) {
                return Math.min(each.ttlSeconds(), soa.minimumSeconds());
            }
        }
        return 0;
    }

    private static int upperRcode(List<ResourceRecord> additional) {
        for (ResourceRecord each : additional) {
            if (each.data() instanceof Edns edns) {
                return edns.upperRcode();
            }
        }
        return 0;
    }
}
