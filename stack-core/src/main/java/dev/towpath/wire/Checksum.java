package dev.towpath.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.
 *
 * <p>A <em>sum</em> here is an unfolded {@code long} that stands for a sum of big-endian 16-bit words; sums are added
 * with {@code +}.
 */
public final class Checksum {
    /**
     * From how many bytes on the loop over longs is taken. It is right for any length; but if short stretches went
     * through the same loop as data, the compiler would see a loop that ends after two rounds, and would not make
     * vector code of it: data would take four times as long.
     */
    private static final int LONG = 256;

    /** Below this there is no loop at all: the binary digits of the length say what to read. Headers are as short. */
    private static final int SHORT = 64;

    /**
     * A view and not {@link ByteBuffer#getLong}, for which each buffer's own order decides: a stack reads both orders,
     * and then JDK 17 leaves the choice in the loop, which takes twice as long.
     */
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Checksum() {}

    /**
     * The sum over {@code length} bytes from {@code offset}. An odd last byte counts as the high half of a word, so a
     * range that follows another must begin at an even distance from it.
     *
     * @param words memory in little-endian order: that is the order in which one loop over longs becomes vector code
     */
    public static long sum(ByteBuffer words, int offset, int length) {
        if (length >= LONG) {
            return swapped(sumOfLongs(words, offset, length));
        }
        return swapped(length < SHORT ? sumOfHeader(words, offset, length) : sumOfInts(words, offset, length));
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

    /** Two sums, whose additions need not wait for each other: a quarter less on JDK 17, which makes no vector code. */
    private static long sumOfLongs(ByteBuffer words, int offset, int length) {
        long low = 0;
        long high = 0;
        int end = offset + (length & ~7);
        for (int i = offset; i < end; i += 8) {
            long v = (long) LONGS.get(words, i);
            low += v & 0xffff_ffffL;
            high += v >>> 32;
        }
        return low + high + sumOfRest(words, end, length & 7);
    }

    private static long sumOfInts(ByteBuffer words, int offset, int length) {
        long sum = 0;
        int end = offset + (length & ~3);
        for (int i = offset; i < end; i += 4) {
            sum += words.getInt(i) & 0xffff_ffffL;
        }
        return sum + sumOfRest(words, end, length & 3);
    }

    private static long sumOfHeader(ByteBuffer words, int offset, int length) {
        long sum = 0;
        int at = offset;
        if ((length & 32) != 0) {
            sum = longAt(words, at) + longAt(words, at + 8) + longAt(words, at + 16) + longAt(words, at + 24);
            at += 32;
        }
        if ((length & 16) != 0) {
            sum += longAt(words, at) + longAt(words, at + 8);
            at += 16;
        }
        if ((length & 8) != 0) {
            sum += longAt(words, at);
            at += 8;
        }
        return sum + sumOfRest(words, at, length & 7);
    }

    /** Of fewer than eight bytes. */
    private static long sumOfRest(ByteBuffer words, int offset, int length) {
        long sum = 0;
        int at = offset;
        if ((length & 4) != 0) {
            sum = words.getInt(at) & 0xffff_ffffL;
            at += 4;
        }
        if ((length & 2) != 0) {
            sum += words.getShort(at) & 0xffff;
            at += 2;
        }
        return (length & 1) != 0 ? sum + (words.get(at) & 0xff) : sum;
    }

    private static long longAt(ByteBuffer words, int at) {
        long v = (long) LONGS.get(words, at);
        return (v & 0xffff_ffffL) + (v >>> 32);
    }

    /**
     * RFC 1071 section 2(B): the sum of swapped words is the swapped sum. In ones' complement of 16 bits that is 256
     * times the sum, so there is nothing to fold first but what the shift would push out.
     */
    private static long swapped(long sum) {
        return ((sum & 0xffff_ffffL) + (sum >>> 32)) << 8;
    }
}
