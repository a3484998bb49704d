package dev.towpath.dns;

import dev.towpath.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are still good: what was found as long as its TTL says, what was not found as long as its zone says
 * (RFC 2308). The one that was not used for the longest time goes first when there are too many.
 */
final class AnswerCache {
    /** A name with more addresses than this is not worth the memory. */
    private static final int MOST_RECORDS = 256;

    private record Kept(Answer answer, long untilNanos) {}

    private final int most;
    private final long maxTtlSeconds;
    private final long maxNegativeTtlSeconds;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Question, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    AnswerCache(int most, long maxTtlSeconds, long maxNegativeTtlSeconds, Clock clock) {
        this.most = most;
        this.maxTtlSeconds = maxTtlSeconds;
        this.maxNegativeTtlSeconds = maxNegativeTtlSeconds;
        this.clock = clock;
    }

    @Nullable
    Answer get(Question question) {
        long now = clock.nanoTime();
        lock.lock();
        try {
            Kept found = kept.get(question);
            if (found != null && found.untilNanos - now <= 0) {
                kept.remove(question);
                return null;
            }
            return found == null ? null : found.answer;
        } finally {
            lock.unlock();
        }
    }

    void put(Question question, Answer answer) {
        long seconds =
                Math.min(answer.ttlSeconds(), answer.records().isEmpty() ? maxNegativeTtlSeconds : maxTtlSeconds);
        if (seconds <= 0 || most == 0 || answer.records().size() > MOST_RECORDS) {
            return;
        }
        long until = clock.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        lock.lock();
        try {
            kept.put(question, new Kept(answer, until));
            if (kept.size() > most) {
                Iterator<Question> oldest = kept.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            kept.clear();
        } finally {
            lock.unlock();
        }
    }
}
