package dev.towpath.wire;

/**
 * An address together with the length of its network's prefix, such as 192.0.2.2/24: an interface's address, or (all
 * bits behind the prefix 0) a route's destination.
 *
 * @param length prefix bits: 0 to 32, or to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {
    /** 0.0.0.0/0: everything, the default route's destination. */
    public static final IpPrefix DEFAULT_V4 = new IpPrefix(IpAddress.ANY_V4, 0);

    /** Checks the length. */
    public IpPrefix {
        int longest = address.isV4() ? 32 : 128;
        if (length < 0 || length > longest) {
            throw new IllegalArgumentException(
                    "the prefix length of " + address + " is 0 to " + longest + ", not " + length);
        }
    }

    /**
     * Reads {@code 192.0.2.2/24}.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        String length = text.substring(slash + 1);
        if (slash < 0
                || length.isEmpty()
                || length.length() > 3
                || !length.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address with prefix length; write it like 192.0.2.2/24");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /** The network: the address with all bits behind the prefix 0. */
    public IpPrefix network() {
        int bits = lengthOf128();
        return new IpPrefix(IpAddress.ofBits(address.high() & mask(bits), address.low() & mask(bits - 64)), length);
    }

    /** True if {@code other} begins with this prefix; never for an address of the other version. */
    public boolean contains(IpAddress other) {
        return contains(other.high(), other.low());
    }

    /** True if the address in these halves begins with this prefix. */
    public boolean contains(long high, long low) {
        int bits = lengthOf128();
        return ((high ^ address.high()) & mask(bits)) == 0 && ((low ^ address.low()) & mask(bits - 64)) == 0;
    }

    /** True for a network of IPv4 that has a broadcast address: not /31 (RFC 3021) and not /32. */
    public boolean hasBroadcast() {
        return address.isV4() && length < 31;
    }

    /** The network's broadcast address, all bits behind the prefix 1; meaningful if {@link #hasBroadcast}. */
    public int broadcastV4() {
        return address.v4() | (int) (0xffff_ffffL >>> length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }

    /** An IPv4 address is the last 32 of 128 bits, and those before are all prefix. */
    private int lengthOf128() {
        return address.isV4() ? 96 + length : length;
    }

    /** The first {@code bits} of 64: none for 0 and below, all for 64 and above. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }
}
