package dev.towpath.dns;

import dev.towpath.dns.ResourceRecord.Address;
import dev.towpath.dns.ResourceRecord.Data;
import dev.towpath.dns.ResourceRecord.Pointer;
import dev.towpath.socket.ErrnoException;
import dev.towpath.stack.NetworkStack;
import dev.towpath.time.Clock;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds addresses by names and names by addresses: a stub resolver, which asks name servers that ask on its behalf.
 *
 * <pre>{@code
 *   StubResolver names = StubResolver.builder(stack).nameserver("192.0.2.53").search("example.test").build();
 *   TcpSocket socket = TcpSocket.open(stack);
 *   socket.connect(names.lookup("www").get(0), 80);
 * }</pre>
 *
 * <p>A name is looked for in this order: addresses in text; {@code localhost}; the hosts file; the stack's own name;
 * then at the name servers, completed by the search list as resolv.conf has it. The stack speaks IPv4, so only IPv4
 * addresses (A) are asked for.
 *
 * <p>Safe from many threads. A lookup waits on the stack's sockets and in its time, so that virtual threads unmount and
 * simulated hosts use virtual time; an interrupt ends it, and the thread's interrupt flag stays set.
 */
public final class StubResolver {
    /** RFC 6761 section 6.4, RFC 7686 section 2: names that no server is to be asked for. */
    private static final Set<String> NEVER_ASKED_FOR = Set.of("invalid", "onion");

    private final NetworkStack stack;
    private final List<DomainName> search;
    private final int ndots;
    private final @Nullable HostsFile hosts;
    private final String ownName;
    private final Servers servers;
    private final AnswerCache cache;
    private final Counts.Counting counts = new Counts.Counting();
    private final Together together = new Together(counts.shared);

    private StubResolver(Builder described) {
        this.stack = described.stack;
        this.search = List.copyOf(described.search);
        this.ndots = described.ndots;
        this.hosts = described.hosts;
        this.ownName = described.ownName;
        Clock clock = () -> timeOf(stack);
        this.servers = new Servers(described, clock, described.random, counts);
        this.cache = new AnswerCache(
                described.cacheEntries, described.maxTtl.toSeconds(), described.maxNegativeTtl.toSeconds(), clock);
    }

    /** The stack's time, so that a time-out and a TTL are as long as the stack thinks, also in a simulation. */
    private static long timeOf(NetworkStack stack) {
        stack.driver().enter();
        try {
            return stack.driver().nowNanos();
        } finally {
            stack.driver().leave();
        }
    }

    /** A resolver on {@code stack}, to be described. */
    public static Builder builder(NetworkStack stack) {
        return new Builder(stack);
    }

    /** The servers that it asks. */
    public List<Endpoint> nameservers() {
        return servers.all();
    }

    /** What it has done so far. */
    public Counts counts() {
        return counts.counts();
    }

    /** Forgets what it has been told. */
    public void clearCache() {
        cache.clear();
    }

    /**
     * The IPv4 addresses of {@code host}, at least one, in the order in which the server has given them.
     *
     * @param host a name, or an address in text
     * @throws UnknownHostException if there is none, with what happened; also if the thread was interrupted, whose
     *     interrupt flag then is set
     */
    public List<IpAddress> lookup(String host) throws UnknownHostException {
        counts.lookups.increment();
        IpAddress literal = literal(host);
        if (literal != null) {
            return List.of(literal);
        }
        List<IpAddress> known = known(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        if (!known.isEmpty()) {
            return known;
        }
        if (servers.all().isEmpty()) {
            throw unknown(host, "it is neither an address nor in the hosts file, and no name servers are given");
        }
        return searchFor(host);
    }

    /**
     * The name that belongs to {@code address}.
     *
     * @throws UnknownHostException if there is none, with what happened
     */
    public String reverse(IpAddress address) throws UnknownHostException {
        counts.lookups.increment();
        String text = address.toString();
        String name = hosts == null ? null : hosts.name(address);
        if (name != null) {
            return name;
        }
        if (address.isLoopback()) {
            return "localhost";
        }
        if (!address.isV4()) {
            throw unknown(text, "it is not an IPv4 address");
        }
        if (!ownName.isEmpty() && stack.addresses().contains(address)) {
            return ownName;
        }
        if (servers.all().isEmpty()) {
            throw unknown(text, "it is not in the hosts file, and no name servers are given");
        }
        Outcome outcome = resolve(text, new Question(DomainName.reverse(address.v4()), Question.PTR));
        if (outcome instanceof Outcome.NoAnswer failed) {
            throw unknown(text, failed.why());
        }
        for (Data each : ((Answer) outcome).records()) {
            if (each instanceof Pointer pointer && pointer.target().isHostName()) { // others only confuse or attack
                return pointer.target().toString();
            }
        }
        throw unknown(text, "the address has no name");
    }

    private static @Nullable IpAddress literal(String host) throws UnknownHostException {
        boolean numbers = !host.isEmpty() && host.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
        if (!numbers && host.indexOf(':') < 0) {
            return null;
        }
        try {
            IpAddress address = IpAddress.parse(host);
            if (address.isV4()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw unknown(host, "it is neither a name nor an address such as 192.0.2.7");
        }
        throw unknown(host, "it is an IPv6 address, and the stack speaks IPv4");
    }

    /** What needs no server; empty for what does. */
    private List<IpAddress> known(String name) throws UnknownHostException {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (last.equals("localhost")) { // RFC 6761 section 6.3
            return List.of(IpAddress.LOOPBACK_V4);
        }
        if (hosts != null && !hosts.addresses(name).isEmpty()) {
            return List.copyOf(hosts.addresses(name));
        }
        if (NEVER_ASKED_FOR.contains(last)) {
            throw unknown(name, "names under ." + last + " do not exist in DNS");
        }
        return !ownName.isEmpty() && name.equalsIgnoreCase(ownName)
                ? stack.addresses().subList(0, 1) // loopback is the last of them
                : List.of();
    }

    /** As resolv.conf's {@code search} and {@code ndots}: the first candidate that has addresses. */
    private List<IpAddress> searchFor(String host) throws UnknownHostException {
        Outcome.NoAnswer failed = null;
        boolean exists = false;
        for (DomainName candidate : candidates(host)) {
            Outcome outcome = resolve(host, new Question(candidate, Question.A));
            if (outcome instanceof Answer answer) {
                if (!answer.records().isEmpty()) {
                    return addresses(answer);
                }
                exists |= answer.exists();
            } else if (outcome instanceof Outcome.NoAnswer none) {
                failed = none;
                if (none.silent()) {
                    break; // the next candidate would wait as long again
                }
            }
        }
        if (failed != null) {
            throw unknown(host, failed.why());
        }
        throw unknown(host, exists ? "the name has no IPv4 address" : "no such name (NXDOMAIN)");
    }

    private List<DomainName> candidates(String host) throws UnknownHostException {
        List<DomainName> candidates = new ArrayList<>();
        try {
            DomainName asIs = DomainName.parse(host);
            if (host.endsWith(".")) {
                return List.of(asIs);
            }
            for (DomainName domain : search) {
                DomainName completed = asIs.within(domain);
                if (completed != null) {
                    candidates.add(completed);
                }
            }
            boolean asIsFirst = host.chars().filter(c -> c == '.').count() >= ndots;
            candidates.add(asIsFirst ? 0 : candidates.size(), asIs);
            return candidates;
        } catch (IllegalArgumentException e) {
            throw unknown(host, String.valueOf(e.getMessage()));
        }
    }

    private static List<IpAddress> addresses(Answer answer) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Data each : answer.records()) {
            if (each instanceof Address a) {
                addresses.add(a.address());
            }
        }
        return List.copyOf(addresses);
    }

    /** Follows aliases that lead out of an answer by asking again. */
    private Outcome resolve(String host, Question asked) throws UnknownHostException {
        Question question = asked;
        try {
            for (int i = 0; i <= Answer.MAX_ALIASES; i++) {
                Outcome outcome = one(question);
                if (!(outcome instanceof Answer answer) || answer.alias() == null) {
                    return outcome;
                }
                question = new Question(answer.alias(), asked.type());
            }
        } catch (ErrnoException e) {
            UnknownHostException interrupted =
                    unknown(host, "the thread was interrupted while it waited for an answer");
            interrupted.initCause(e);
            throw interrupted;
        }
        return new Outcome.NoAnswer("more than " + Answer.MAX_ALIASES + " aliases lead to each other", false);
    }

    private Outcome one(Question question) throws ErrnoException {
        Answer known = cache.get(question);
        if (known != null) {
            counts.fromCache.increment();
            return known;
        }
        return together.ask(question, this::askServers);
    }

    private Outcome askServers(Question question) throws ErrnoException {
        Answer arrived = cache.get(question); // while this thread came here
        if (arrived != null) {
            return arrived;
        }
        Outcome outcome = servers.ask(question);
        if (outcome instanceof Answer answer) {
            cache.put(question, answer);
        }
        return outcome;
    }

    private static UnknownHostException unknown(String host, String why) {
        return new UnknownHostException(DomainName.printable(host) + ": " + why);
    }

    /** Describes a resolver; what is not said is as resolv.conf has it. What can't be is refused at once. */
    public static final class Builder {
        private static final int DNS_PORT = 53;

        final NetworkStack stack;
        final List<Endpoint> servers = new ArrayList<>();
        Duration timeout = Duration.ofSeconds(5);
        int attempts = 2;
        boolean rotate;
        private final List<DomainName> search = new ArrayList<>();
        private int ndots = 1;
        private int cacheEntries = 1000;
        private Duration maxTtl = Duration.ofDays(1);
        private Duration maxNegativeTtl = Duration.ofHours(3); // RFC 2308 section 5
        private @Nullable HostsFile hosts;
        private String ownName = "";
        private LongSupplier random = new Chance();

        private Builder(NetworkStack stack) {
            this.stack = stack;
        }

        /** Adds a server: {@code 192.0.2.53}, or {@code 192.0.2.53:5353}; they are asked in the order given. */
        public Builder nameserver(String address) {
            try {
                Endpoint server = address.indexOf(':') < 0
                        ? new Endpoint(IpAddress.parse(address.strip()), DNS_PORT)
                        : Endpoint.parse(address.strip());
                return nameserver(server);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(notAServer(address), e);
            }
        }

        /** Adds a server; they are asked in the order given. */
        public Builder nameserver(Endpoint server) {
            if (!server.address().isV4() || server.address().isMulticast() || server.port() == 0) {
                throw new IllegalArgumentException(notAServer(server.toString()));
            }
            servers.add(server);
            return this;
        }

        private static String notAServer(String address) {
            return DomainName.printable(address) + " is not a name server; write an IPv4 address such as 192.0.2.53,"
                    + " or an address and a port such as 192.0.2.53:5353";
        }

        /** Adds domains that complete a name which has few dots or does not exist ({@code search}). */
        public Builder search(String... domains) {
            for (String domain : domains) {
                search.add(DomainName.parse(domain));
            }
            return this;
        }

        /** Names with at least so many dots are tried as they are before the search list (1). */
        public Builder ndots(int dots) {
            ndots = atLeast(0, dots, "ndots");
            return this;
        }

        /** How long to wait for one server, each time (5 s). */
        public Builder timeout(Duration wait) {
            if (wait.isZero() || wait.isNegative() || wait.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("a time-out is more than 0 and at most 1 h, not " + wait);
            }
            timeout = wait;
            return this;
        }

        /** How often each server is asked (2). */
        public Builder attempts(int times) {
            attempts = atLeast(1, times, "attempts");
            return this;
        }

        /** Begin each question with another server, to spread them; else always with the first. */
        public Builder rotate(boolean on) {
            rotate = on;
            return this;
        }

        /** How many answers are remembered (1000); 0 for none. */
        public Builder cache(int answers) {
            cacheEntries = atLeast(0, answers, "cache");
            return this;
        }

        /** How long an answer is remembered at most, whatever its TTL (a day). */
        public Builder maxTtl(Duration most) {
            maxTtl = notNegative(most, "maxTtl");
            return this;
        }

        /** How long it is remembered at most that there is no such name (3 h). */
        public Builder maxNegativeTtl(Duration most) {
            maxNegativeTtl = notNegative(most, "maxNegativeTtl");
            return this;
        }

        /**
         * Names to be known without a server, in a file of the form of {@code /etc/hosts}; it is read again when it has
         * changed.
         *
         * @throws java.io.UncheckedIOException if it can't be read
         */
        public Builder hosts(Path file) {
            hosts = new HostsFile(file);
            return this;
        }

        /** The name of this host, which stands for the stack's own first address without a server being asked. */
        public Builder ownName(String name) {
            ownName = name;
            return this;
        }

        /** Makes IDs and the case of letters follow from {@code seed}: for simulations, as forgers like them too. */
        public Builder seed(long seed) {
            random = new Random(seed)::nextLong;
            return this;
        }

        /** The resolver. */
        public StubResolver build() {
            return new StubResolver(this);
        }

        private static int atLeast(int least, int value, String what) {
            if (value < least) {
                throw new IllegalArgumentException(what + " is at least " + least + ", not " + value);
            }
            return value;
        }

        private static Duration notNegative(Duration value, String what) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(what + " is 0 or more, not " + value);
            }
            return value;
        }
    }

    /** Chance that nobody can foresee (RFC 5452 section 9.2), not before somebody needs it: making it takes time. */
    private static final class Chance implements LongSupplier {
        private static final class Source {
            private static final RandomGenerator RANDOM = new SecureRandom();
        }

        @Override
        public long getAsLong() {
            return Source.RANDOM.nextLong();
        }
    }
}
