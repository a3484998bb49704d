package dev.towpath.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address of either version, as 128 bits. An IPv4 address is held in its IPv4-mapped form {@code ::ffff:a.b.c.d}
 * (RFC 4291 section 2.5.5.2), so that everything above IP compares, hashes and stores two {@code long}s and never asks
 * for the version.
 *
 * <p>The data path carries the two halves as primitives; this object is for configuration, sockets and people.
 */
public final class IpAddress {
    /** The low half's upper 32 bits of an IPv4-mapped address. */
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;

    /** 0.0.0.0: no address, or any. */
    public static final IpAddress ANY_V4 = v4(0);

    /** 255.255.255.255: every host on the link (RFC 919). */
    public static final IpAddress BROADCAST_V4 = v4(0xffff_ffff);

    /** 127.0.0.1. */
    public static final IpAddress LOOPBACK_V4 = v4(0x7f00_0001);

    private final long high;
    private final long low;

    private IpAddress(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /** The address with the given 32 bits in network order, most significant byte first. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, lowOfV4(bits));
    }

    /** The address whose 128 bits are given in two halves. */
    public static IpAddress ofBits(long high, long low) {
        return new IpAddress(high, low);
    }

    /** The low half that holds the IPv4 address {@code bits}; its high half is 0. */
    public static long lowOfV4(int bits) {
        return V4_MAPPED | (bits & 0xffff_ffffL);
    }

    /** True where the two halves hold an IPv4 address. */
    public static boolean isV4(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffff;
    }

    /** The address of a {@link InetAddress}; an IPv6 scope is dropped. */
    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * Reads dotted IPv4 text or IPv6 text; never asks a name service.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? parseV6(text) : v4(parseV4(text));
    }

    /** The most significant 64 bits. */
    public long high() {
        return high;
    }

    /** The least significant 64 bits. */
    public long low() {
        return low;
    }

    /** True for an IPv4 address. */
    public boolean isV4() {
        return isV4(high, low);
    }

    /** The 32 bits of an IPv4 address; meaningless otherwise. */
    public int v4() {
        return (int) low;
    }

    /** 0.0.0.0 or {@code ::}. */
    public boolean isAny() {
        return high == 0 && (low == V4_MAPPED || low == 0);
    }

    /** A class D address (RFC 1112), or ff00::/8. */
    public boolean isMulticast() {
        return isMulticast(high, low);
    }

    /** True where the two halves hold a class D address, or one of ff00::/8. */
    public static boolean isMulticast(long high, long low) {
        return isV4(high, low) ? (low >>> 28 & 0xf) == 0xe : (high >>> 56) == 0xff;
    }

    /** Within 127.0.0.0/8, or {@code ::1}. */
    public boolean isLoopback() {
        return isV4() ? (v4() >>> 24) == 127 : high == 0 && low == 1;
    }

    /** The same address for {@code java.net}. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /** 4 or 16 bytes in network order. */
    public byte[] toBytes() {
        byte[] bytes = new byte[isV4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd < 8 ? low >>> (8 * fromEnd) : high >>> (8 * (fromEnd - 8)));
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && that.high == high && that.low == low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low);
    }

    @Override
    public String toString() {
        return isV4()
                ? (v4() >>> 24) + "." + (v4() >>> 16 & 0xff) + "." + (v4() >>> 8 & 0xff) + "." + (v4() & 0xff)
                : toInetAddress().getHostAddress();
    }

    private static IpAddress ofBytes(byte[] bytes) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (i < bytes.length - 8) {
                high = high << 8 | (bytes[i] & 0xff);
            } else {
                low = low << 8 | (bytes[i] & 0xff);
            }
        }
        return bytes.length == 4 ? v4((int) low) : new IpAddress(high, low);
    }

    private static int parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        int bits = 0;
        for (String part : parts) {
            boolean digits =
                    !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (parts.length != 4 || !digits || Integer.parseInt(part) > 255) {
                throw notAnAddress(text);
            }
            bits = bits << 8 | Integer.parseInt(part);
        }
        return bits;
    }

    private static IpAddress parseV6(String text) {
        if (!text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')) {
            throw notAnAddress(text);
        }
        try {
            return of(InetAddress.getByName(text)); // with a colon in it this is always read as a literal
        } catch (UnknownHostException e) {
            throw notAnAddress(text);
        }
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("'" + text
                + "' is not an IP address; write four numbers from 0 to 255 such as 192.0.2.2, or IPv6 text");
    }
}
