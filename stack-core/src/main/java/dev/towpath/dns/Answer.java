package dev.towpath.dns;

import dev.towpath.dns.ResourceRecord.Address;
import dev.towpath.dns.ResourceRecord.Alias;
import dev.towpath.dns.ResourceRecord.Data;
import dev.towpath.dns.ResourceRecord.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a response means for the question: aliases followed (RFC 1034 section 5.3.3), as far as the response knows them.
 *
 * @param records the data that was asked for, all of one name and type; empty for none
 * @param alias where the chain of aliases leads out of the response; null where it does not
 * @param exists false if the name does not exist (NXDOMAIN)
 * @param ttlSeconds how long this may be remembered; 0 for not at all
 */
record Answer(List<Data> records, @Nullable DomainName alias, boolean exists, long ttlSeconds) implements Outcome {
    /** Aliases of aliases that are followed at most; honest zones have one or two. */
    static final int MAX_ALIASES = 16;

    /** Reads the answer to {@code question} off; null if the response contradicts itself. */
    static @Nullable Answer of(Question question, DnsMessage response) {
        DomainName name = question.name();
        long ttl = Long.MAX_VALUE;
        for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
            List<Data> found = new ArrayList<>();
            ResourceRecord alias = null;
            for (ResourceRecord each : response.answers()) {
                if (!each.owner().equals(name)) {
                    continue;
                }
                if (answers(question.type(), each.data())) {
                    found.add(each.data());
                    ttl = Math.min(ttl, each.ttlSeconds()); // RFC 2181 section 5.2: those of a set should be equal
                } else if (each.data() instanceof Alias) {
                    alias = each;
                }
            }
            if (!found.isEmpty()) {
                return new Answer(List.copyOf(found), null, true, ttl);
            }
            if (alias == null) {
                return end(name.equals(question.name()) ? null : name, response, ttl);
            }
            name = ((Alias) alias.data()).target();
            ttl = Math.min(ttl, alias.ttlSeconds());
        }
        return null;
    }

    private static boolean answers(int type, Data data) {
        return type == Question.A ? data instanceof Address : data instanceof Pointer;
    }

    /** The chain has ended without what was asked for. */
    private static Answer end(@Nullable DomainName alias, DnsMessage response, long ttl) {
        long negative = Math.min(ttl, response.negativeTtlSeconds());
        if (response.rcode() == Rcode.NXDOMAIN) { // RFC 6604: said of the chain's last name
            return new Answer(List.of(), null, false, negative);
        }
        // With a SOA record the last name is known to have no such data (RFC 2308 section 2.2); else it may be asked.
        boolean known = alias == null || response.negativeTtlSeconds() > 0;
        return new Answer(List.of(), known ? null : alias, true, known ? negative : 0);
    }
}
