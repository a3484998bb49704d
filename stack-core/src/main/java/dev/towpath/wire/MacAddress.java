package dev.towpath.wire;

import java.util.regex.Pattern;

/** A 48-bit Ethernet address; on the data path its bits travel as a {@code long}. */
public record MacAddress(long bits) {
    /** ff:ff:ff:ff:ff:ff. */
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");

    /** Checks that only 48 bits are used. */
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("an Ethernet address has 48 bits, not 0x" + Long.toHexString(bits));
        }
    }

    /**
     * Reads {@code 02:00:00:00:00:01} (or with dashes).
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an Ethernet address; write six hexadecimal pairs such as 02:00:00:00:00:01");
        }
        return new MacAddress(Long.parseLong(text.replace(":", "").replace("-", ""), 16));
    }

    /** A locally administered unicast address made of the low 46 bits of {@code seed}. */
    public static MacAddress local(long seed) {
        long rest = seed & 0xfcff_ffff_ffffL;
        return new MacAddress(rest | 0x0200_0000_0000L);
    }

    /** True for a broadcast or multicast address (the group bit is set). */
    public boolean isGroup() {
        return isGroup(bits);
    }

    /** True where the group bit of these 48 bits is set. */
    public static boolean isGroup(long bits) {
        return (bits >>> 40 & 1) != 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(Character.forDigit((int) (bits >>> (shift + 4)) & 0xf, 16))
                    .append(Character.forDigit((int) (bits >>> shift) & 0xf, 16))
                    .append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }
}
