package dev.towpath.dns;

import dev.towpath.socket.Errno;
import dev.towpath.socket.ErrnoException;
import dev.towpath.stack.NetworkStack;
import dev.towpath.time.Clock;
import dev.towpath.wire.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The name servers, and in which order they are asked how often: each once, then each once more, until one answers
 * (resolv.conf's {@code timeout}, {@code attempts} and {@code rotate}).
 */
final class Servers {
    private final NetworkStack stack;
    private final Clock clock;
    private final LongSupplier random;
    private final Counts.Counting counts;
    private final List<Endpoint> servers;
    private final long timeoutNanos;
    private final int attempts;
    private final boolean rotate;
    private final AtomicInteger turn = new AtomicInteger();

    Servers(StubResolver.Builder described, Clock clock, LongSupplier random, Counts.Counting counts) {
        this.stack = described.stack;
        this.clock = clock;
        this.random = random;
        this.counts = counts;
        this.servers = List.copyOf(described.servers);
        this.timeoutNanos = described.timeout.toNanos();
        this.attempts = described.attempts;
        this.rotate = described.rotate;
    }

    List<Endpoint> all() {
        return servers;
    }

    /**
     * The first answer, or what each server did instead.
     *
     * @throws ErrnoException EINTR
     */
    Outcome ask(Question question) throws ErrnoException {
        Map<Endpoint, String> failures = new LinkedHashMap<>();
        boolean silent = true;
        long begin = clock.nanoTime();
        int first = rotate ? Math.floorMod(turn.getAndIncrement(), servers.size()) : 0;
        for (int i = 0; i < attempts * servers.size(); i++) {
            Endpoint server = servers.get((first + i) % servers.size());
            try {
                Inquiry inquiry = new Inquiry(stack, clock, random, counts, server, timeoutNanos);
                Answer answer = Answer.of(question, inquiry.ask(question));
                if (answer != null) {
                    return answer;
                }
                throw new ServerFailure("its aliases lead nowhere", null);
            } catch (ServerFailure e) {
                counts.failures.increment();
                failures.put(server, e.why());
                silent &= !e.answered();
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENETDOWN) {
                    throw e;
                }
                return new Outcome.NoAnswer(stack + " is closed", true);
            }
        }
        return new Outcome.NoAnswer(text(failures, begin), silent);
    }

    private String text(Map<Endpoint, String> failures, long begin) {
        String each = failures.entrySet().stream()
                .map(e -> e.getKey() + " (" + e.getValue() + ")")
                .collect(Collectors.joining(", "));
        double seconds = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - begin) / 1000.0;
        return "no answer from " + each + " in " + seconds + " s and " + attempts
                + (attempts == 1 ? " attempt" : " attempts");
    }
}
