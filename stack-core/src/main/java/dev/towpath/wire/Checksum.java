package dev.towpath.wire;

import java.nio.ByteBuffer;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.
 *
 * <p>A <em>sum</em> here is an unfolded {@code long} that stands for a sum of big-endian 16-bit words; sums are added
 * with {@code +}.
 */
public final class Checksum {
    /**
     * From how many bytes on the loop over longs is taken. Both loops are right for any length; but if headers of 20
     * bytes went through the same loop as data, the compiler would see a loop that ends after two rounds, and would not
     * make vector code of it: data would take four times as long.
     */
    private static final int LONG = 256;

    private Checksum() {}

    /**
     * The sum over {@code length} bytes from {@code offset}. An odd last byte counts as the high half of a word, so a
     * range that follows another must begin at an even distance from it.
     *
     * @param words memory in little-endian order: that is the order in which one loop over longs becomes vector code
     */
    public static long sum(ByteBuffer words, int offset, int length) {
        return swapped(length < LONG ? sumOfInts(words, offset, length) : sumOfLongs(words, offset, length));
    }

    /** Folds a sum to 16 bits with end-around carry. */
    public static int fold(long sum) {
        long s = (sum & 0xffff_ffffL) + (sum >>> 32);
        s = (s & 0xffff_ffffL) + (s >>> 32);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        return (int) s;
    }

    /** The checksum field's value for a sum: folded and complemented. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /**
     * The sum of a range that begins at an odd distance from the first one, from what {@link #sum} says about it: each
     * of its words lies across two.
     */
    public static long atOddDistance(long sum) {
        return swapped(sum);
    }

    /**
     * The checksum field's new value after one of the 16-bit words that it covers has changed (RFC 1624, equation 3).
     */
    public static int updated(int checksum, int oldWord, int newWord) {
        return finish((~checksum & 0xffffL) + (~oldWord & 0xffffL) + (newWord & 0xffffL));
    }

    private static long sumOfLongs(ByteBuffer words, int offset, int length) {
        long sum = 0;
        int end = offset + (length & ~7);
        for (int i = offset; i < end; i += 8) {
            long v = words.getLong(i);
            sum += (v & 0xffff_ffffL) + (v >>> 32);
        }
        return sum + rest(words, end, offset + length);
    }

    private static long sumOfInts(ByteBuffer words, int offset, int length) {
        long sum = 0;
        int end = offset + (length & ~3);
        for (int i = offset; i < end; i += 4) {
            sum += words.getInt(i) & 0xffff_ffffL;
        }
        return sum + rest(words, end, offset + length);
    }

    /** Of fewer than eight bytes. */
    private static long rest(ByteBuffer words, int offset, int end) {
        long sum = 0;
        int i = offset;
        for (; i + 1 < end; i += 2) {
            sum += words.getShort(i) & 0xffff;
        }
        return i < end ? sum + (words.get(i) & 0xff) : sum;
    }

    /** RFC 1071 section 2(B): the sum of swapped words is the swapped sum. */
    private static int swapped(long sum) {
        int folded = fold(sum);
        return (folded & 0xff) << 8 | folded >>> 8;
    }
}
