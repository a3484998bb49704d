package dev.towpath.setup;

import java.util.Optional;
import java.util.stream.Stream;

/** The properties that describe a stack, each with what it takes. */
public enum StackProperty {
    /** The link: loopback alone without it. */
    INTERFACE("interface", "tap:NAME for a TAP device, or pcap:NAME for an interface of this machine"),
    /** The stack's addresses. */
    ADDRESS("address", "an address with prefix length such as 192.0.2.2/24, or several with commas", true),
    /** The default route. */
    GATEWAY("gateway", "the address of a router in the stack's network, such as 192.0.2.1"),
    /** Who resolves names. */
    NAMESERVERS(
            "nameservers",
            "addresses, with a port if that is not 53, and commas, such as 192.0.2.53,198.51.100.53:5353",
            true),
    /** What is appended to short names. */
    SEARCH("search", "domains with commas, such as example.com,example.org", true),
    /** The stack's Ethernet address. */
    MAC("mac", "an Ethernet address such as 02:00:00:00:00:02"),
    /** Bytes of a packet. */
    MTU("mtu", "bytes of the largest packet, from 68 to 65521"),
    /** What is left to the kernel. */
    OFFLOAD("offload", "auto (checksums and segmentation are left to the kernel where it offers that) or off"),
    /** The kernel's end. */
    HOST_ADDRESS("hostAddress", "an address with prefix length for the kernel's end of the TAP, such as 192.0.2.1/24"),
    /** Buffers. */
    MEMORY("memory", "MiB of buffers for all sockets together, from 1 to 1048576"),
    /** A file with what passes. */
    CAPTURE("capture", "a file to write all frames to, such as program.pcap"),
    /** What goes to the stack if not everything does. */
    DESTINATIONS(
            "destinations",
            "prefixes with commas, such as 192.0.2.0/24,198.51.100.0/24: all else is the kernel's",
            true),
    /** Where sockets that listen on all addresses listen, if {@link #DESTINATIONS} divides the world. */
    LISTEN("listen", "towpath or kernel: where sockets bound to no address (0.0.0.0) belong"),
    /** A file with properties. */
    CONFIG("config", "a file of lines such as towpath.address=192.0.2.2/24");

    /** What all names begin with as system properties. */
    public static final String PREFIX = "towpath.";

    private final String key;
    private final String allowed;
    private final boolean list;

    StackProperty(String key, String allowed) {
        this(key, allowed, false);
    }

    StackProperty(String key, String allowed, boolean list) {
        this.key = key;
        this.allowed = allowed;
        this.list = list;
    }

    /** Its name without the prefix, such as {@code gateway}. */
    public String key() {
        return key;
    }

    /** What it takes, in words. */
    public String allowed() {
        return allowed;
    }

    /** True if it takes several values with commas between them. */
    public boolean isList() {
        return list;
    }

    /** The property whose name without the prefix is {@code key}. */
    public static Optional<StackProperty> named(String key) {
        return Stream.of(values()).filter(each -> each.key.equals(key)).findFirst();
    }

    /** Its name as a system property, such as {@code towpath.gateway}. */
    @Override
    public String toString() {
        return PREFIX + key;
    }
}
