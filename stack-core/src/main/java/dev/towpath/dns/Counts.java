package dev.towpath.dns;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a resolver has done so far.
 *
 * @param lookups names and addresses that were asked for
 * @param fromCache questions that were answered from memory
 * @param shared questions that somebody else was just asking, and that were waited for together
 * @param sent questions sent in datagrams, again or to another server too
 * @param overTcp questions sent over TCP, because the answer did not fit in a datagram
 * @param ignored messages received that did not answer the question: malformed, late or forged
 * @param failures servers that did not answer a question, each time
 */
public record Counts(long lookups, long fromCache, long shared, long sent, long overTcp, long ignored, long failures) {

    /** Where they are counted. */
    static final class Counting {
        final LongAdder lookups = new LongAdder();
        final LongAdder fromCache = new LongAdder();
        final LongAdder shared = new LongAdder();
        final LongAdder sent = new LongAdder();
        final LongAdder overTcp = new LongAdder();
        final LongAdder ignored = new LongAdder();
        final LongAdder failures = new LongAdder();

        Counts counts() {
            return new Counts(
                    lookups.sum(),
                    fromCache.sum(),
                    shared.sum(),
                    sent.sum(),
                    overTcp.sum(),
                    ignored.sum(),
                    failures.sum());
        }
    }
}
