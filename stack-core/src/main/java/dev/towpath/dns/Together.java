package dev.towpath.dns;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who ask the same question at the same time wait for one answer: a thousand threads that open a connection
 * each ask once, and a forger has one chance instead of a thousand (RFC 5452 section 5).
 */
final class Together {
    /** What the first one does for all. */
    interface Asking {
        Outcome ask(Question question) throws ErrnoException;
    }

    private static final class Running extends CompletableFuture<@Nullable Outcome> {
        private final Thread asker = Thread.currentThread();
    }

    private final ConcurrentMap<Question, Running> running = new ConcurrentHashMap<>();
    private final LongAdder shared;

    Together(LongAdder shared) {
        this.shared = shared;
    }

    Outcome ask(Question question, Asking asking) throws ErrnoException {
        while (true) {
            Running mine = new Running();
            Running other = running.putIfAbsent(question, mine);
            if (other == null) {
                return askForAll(question, asking, mine);
            }
            if (other.asker == Thread.currentThread()) {
                return asking.ask(question); // a simulation runs all in one thread, which must not wait for itself
            }
            Outcome outcome = await(other);
            if (outcome != null) {
                shared.increment();
                return outcome;
            }
        }
    }

    private Outcome askForAll(Question question, Asking asking, Running mine) throws ErrnoException {
        Outcome outcome = null;
        try {
            outcome = asking.ask(question);
            return outcome;
        } finally {
            running.remove(question, mine);
            mine.complete(outcome); // null if this thread was interrupted: one of the others asks then
        }
    }

    private static @Nullable Outcome await(Running other) throws ErrnoException {
        try {
            return other.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ErrnoException(Errno.EINTR, "lookup", "", e);
        } catch (ExecutionException e) {
            throw new AssertionError("an inquiry completes with an outcome or without", e);
        }
    }
}
