package dev.towpath.setup;

import dev.towpath.link.LinkSettings;
import dev.towpath.stack.NetworkStack;
import dev.towpath.wire.Endpoint;
import dev.towpath.wire.IpAddress;
import dev.towpath.wire.IpPrefix;
import dev.towpath.wire.MacAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stack described in text: what the {@linkplain StackProperty properties} say, understood and checked.
 * {@link #start} makes it.
 */
public final class StackProperties {
    /** Where sockets that are bound to no address of their own belong, if the kernel has a part of the world. */
    public enum Side {
        /** To the stack. */
        TOWPATH,
        /** To the kernel. */
        KERNEL
    }

    private static final int MIN_MTU = 68;
    private static final int MAX_MTU = 65_521;
    private static final int DNS_PORT = 53;
    private static final int MAX_MEMORY_MIB = 1 << 20;

    private final Map<StackProperty, String> texts;
    private final List<IpPrefix> addresses;
    private final @Nullable IpAddress gateway;
    private final List<Endpoint> nameservers;
    private final List<String> search;
    private final LinkSettings link;
    private final @Nullable Integer memoryMib;
    private final @Nullable Path capture;
    private final List<IpPrefix> destinations;
    private final Side listen;

    private StackProperties(Map<StackProperty, String> given) {
        texts = new EnumMap<>(StackProperty.class);
        texts.putAll(given);
        addresses = list(StackProperty.ADDRESS, StackProperties::v4Prefix);
        gateway = one(StackProperty.GATEWAY, StackProperties::v4Address);
        nameservers = list(StackProperty.NAMESERVERS, StackProperties::nameserver);
        search = list(StackProperty.SEARCH, StackProperties::domain);
        link = new LinkSettings(
                one(StackProperty.MAC, MacAddress::parse),
                one(StackProperty.MTU, text -> number(text, MIN_MTU, MAX_MTU)),
                !"off".equals(one(StackProperty.OFFLOAD, text -> choice(text, "auto", "off"))),
                one(StackProperty.HOST_ADDRESS, StackProperties::v4Prefix));
        memoryMib = one(StackProperty.MEMORY, text -> number(text, 1, MAX_MEMORY_MIB));
        capture = one(StackProperty.CAPTURE, StackProperties::file);
        destinations = list(StackProperty.DESTINATIONS, text -> v4Prefix(text).network());
        listen = "kernel".equals(one(StackProperty.LISTEN, text -> choice(text, "towpath", "kernel")))
                ? Side.KERNEL
                : Side.TOWPATH;
        checkTogether();
    }

    /**
     * Understands {@code given}, and the file that its {@code towpath.config} names.
     *
     * @throws SetupException if anything is wrong, missing or contradicts itself
     */
    public static StackProperties of(Map<StackProperty, String> given) {
        return new StackProperties(PropertySources.withFile(given));
    }

    /**
     * What the system properties that begin with {@code towpath.} say.
     *
     * @throws SetupException if anything is wrong, missing, unknown or contradicts itself
     */
    public static StackProperties system() {
        return of(PropertySources.system());
    }

    /** The property's text, if it was given. */
    public Optional<String> text(StackProperty property) {
        return Optional.ofNullable(texts.get(property));
    }

    /** The stack's addresses; none for loopback alone. */
    public List<IpPrefix> addresses() {
        return addresses;
    }

    /** Who resolves names; may be nobody. */
    public List<Endpoint> nameservers() {
        return nameservers;
    }

    /** Domains that are appended to short names. */
    public List<String> search() {
        return search;
    }

    /** What goes to the stack while all else goes to the kernel; empty if everything is the stack's. */
    public List<IpPrefix> destinations() {
        return destinations;
    }

    /** Where sockets that are bound to no address belong, if {@link #destinations} divides the world. */
    public Side listen() {
        return listen;
    }

    /**
     * Makes the stack, and opens its device and files.
     *
     * @throws SetupException if that fails, with what to do about it
     */
    public StackHost start() {
        return new StackStarter(this).start();
    }

    LinkSettings link() {
        return link;
    }

    @Nullable
    IpAddress gateway() {
        return gateway;
    }

    @Nullable
    Path capture() {
        return capture;
    }

    void describe(NetworkStack.Builder stack) {
        if (memoryMib != null) {
            stack.memoryBudget((long) memoryMib << 20);
        }
        if (gateway != null) {
            stack.gateway(gateway.toString());
        }
    }

    private void checkTogether() {
        if (!texts.containsKey(StackProperty.INTERFACE)) {
            for (StackProperty each : List.of(
                    StackProperty.ADDRESS,
                    StackProperty.GATEWAY,
                    StackProperty.MAC,
                    StackProperty.MTU,
                    StackProperty.OFFLOAD,
                    StackProperty.HOST_ADDRESS,
                    StackProperty.CAPTURE)) {
                if (texts.containsKey(each)) {
                    throw missing(StackProperty.INTERFACE, each + " says something of the interface");
                }
            }
        } else if (addresses.isEmpty()) {
            throw missing(StackProperty.ADDRESS, "an interface needs an address");
        }
        if (texts.containsKey(StackProperty.LISTEN) && destinations.isEmpty()) {
            throw missing(
                    StackProperty.DESTINATIONS,
                    "without it the kernel has no part in anything, and " + StackProperty.LISTEN
                            + " has nothing to decide");
        }
        IpAddress router = gateway;
        if (router != null && addresses.stream().noneMatch(network -> network.contains(router))) {
            throw wrong(StackProperty.GATEWAY, router.toString(), "it is not in the network of " + addresses, null);
        }
    }

    private static SetupException missing(StackProperty property, String reason) {
        return new SetupException(property + " is missing: " + reason + ". It takes " + property.allowed(), null);
    }

    private SetupException wrong(StackProperty property, String value, String problem, @Nullable Exception cause) {
        return SetupException.wrong(property, value, problem + ". It takes " + property.allowed(), cause);
    }

    private <T> @Nullable T one(StackProperty property, Function<String, T> parser) {
        String text = texts.get(property);
        return text == null ? null : parse(property, text.strip(), parser);
    }

    private <T> List<T> list(StackProperty property, Function<String, T> parser) {
        String text = texts.get(property);
        return text == null
                ? List.of()
                : Stream.of(text.split(",", -1))
                        .map(each -> parse(property, each.strip(), parser))
                        .toList();
    }

    private <T> T parse(StackProperty property, String text, Function<String, T> parser) {
        if (text.isEmpty()) {
            throw wrong(property, text, "there is no value", null);
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(property, text, String.valueOf(e.getMessage()), e);
        }
    }

    private static IpPrefix v4Prefix(String text) {
        IpPrefix prefix = IpPrefix.parse(text);
        v4(prefix.address());
        return prefix;
    }

    private static IpAddress v4Address(String text) {
        return v4(IpAddress.parse(text));
    }

    private static Endpoint nameserver(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new Endpoint(v4Address(text), DNS_PORT)
                : new Endpoint(v4Address(text.substring(0, colon)), number(text.substring(colon + 1), 1, 65_535));
    }

    private static IpAddress v4(IpAddress address) {
        if (!address.isV4()) {
            throw new IllegalArgumentException("the stack speaks IPv4");
        }
        return address;
    }

    private static String domain(String text) {
        if (!text.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?")) {
            throw new IllegalArgumentException("that is no domain");
        }
        return text;
    }

    private static int number(String text, int least, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("a number from " + least + " to " + most + " is expected");
        }
        return Integer.parseInt(text);
    }

    private static String choice(String text, String... choices) {
        if (!List.of(choices).contains(text)) {
            throw new IllegalArgumentException("one of " + String.join(", ", choices) + " is expected");
        }
        return text;
    }

    private static Path file(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("that is no name for a file", e);
        }
    }
}
