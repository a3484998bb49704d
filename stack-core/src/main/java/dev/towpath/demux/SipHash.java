package dev.towpath.demux;

/**
 * SipHash-1-3 (Aumasson, Bernstein 2012) over a few words: a keyed hash short enough for every packet, so that nobody
 * who does not know the key can choose tuples that collide, or guess a port or a sequence number.
 *
 * <p>A message is some 64-bit words and a last partial one of at most 7 bytes, all little-endian; its length is that of
 * the bytes, as in the reference code.
 */
public final class SipHash {
    private final long key0;
    private final long key1;

    /** A hash keyed with 128 secret bits. */
    public SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Hash of one word and {@code tailBytes} (at most 7) low bytes of {@code tail}. */
    public long hash(long word, long tail, int tailBytes) {
        return hash(1, word, 0, 0, 0, tail, tailBytes);
    }

    /** Hash of four words and {@code tailBytes} (at most 7) low bytes of {@code tail}. */
    public long hash(long word0, long word1, long word2, long word3, long tail, int tailBytes) {
        return hash(4, word0, word1, word2, word3, tail, tailBytes);
    }

    private long hash(int words, long word0, long word1, long word2, long word3, long tail, int tailBytes) {
        long last = (long) (8 * words + tailBytes) << 56 | tail;
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // One compression round for each word and the last one, then three finalisation rounds, which are rounds with
        // an empty message.
        for (int i = 0; i <= words + 3; i++) {
            long m = message(i, words, word0, word1, word2, word3, last);
            if (i == words + 1) {
                v2 ^= 0xff;
            }
            v3 ^= m;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long message(int i, int words, long word0, long word1, long word2, long word3, long last) {
        if (i >= words) {
            return i == words ? last : 0;
        }
        return switch (i) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
        };
    }
}
