package dev.towpath.demux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipHashTest {
    @Test
    void theReferenceHereGivesThePublishedVector() { // appendix A of the SipHash paper, SipHash-2-4
        byte[] message = new byte[15];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }
        assertThat(reference(2, 4, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L, message))
                .isEqualTo(0xa129ca6149be45e5L);
    }

    @Test
    void hashesAsTheReferenceDoes() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long key0 = random.nextLong();
            long key1 = random.nextLong();
            long tail = random.nextLong() >>> 24;
            long[] w = {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
            SipHash hash = new SipHash(key0, key1);
            assertThat(hash.hash(w[0], tail, 5)).isEqualTo(reference(1, 3, key0, key1, bytes(13, w[0], tail)));
            assertThat(hash.hash(w[0], w[1], w[2], w[3], tail, 5))
                    .isEqualTo(reference(1, 3, key0, key1, bytes(37, w[0], w[1], w[2], w[3], tail)));
        }
    }

    private static byte[] bytes(int length, long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        byte[] bytes = new byte[length];
        buffer.get(0, bytes);
        return bytes;
    }

    /** SipHash-c-d over bytes, word for word as the paper describes it. */
    private static long reference(int c, int d, long key0, long key1, byte[] message) {
        ByteBuffer padded = ByteBuffer.allocate(message.length / 8 * 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(message);
        padded.put(padded.capacity() - 1, (byte) message.length);
        long[] v = {
            key0 ^ 0x736f6d6570736575L,
            key1 ^ 0x646f72616e646f6dL,
            key0 ^ 0x6c7967656e657261L,
            key1 ^ 0x7465646279746573L
        };
        for (int at = 0; at < padded.capacity(); at += 8) {
            v[3] ^= padded.getLong(at);
            rounds(c, v);
            v[0] ^= padded.getLong(at);
        }
        v[2] ^= 0xff;
        rounds(d, v);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void rounds(int n, long[] v) {
        for (int i = 0; i < n; i++) {
            v[0] += v[1];
            v[2] += v[3];
            v[1] = Long.rotateLeft(v[1], 13);
            v[3] = Long.rotateLeft(v[3], 16);
            v[1] ^= v[0];
            v[3] ^= v[2];
            v[0] = Long.rotateLeft(v[0], 32);
            v[2] += v[1];
            v[0] += v[3];
            v[1] = Long.rotateLeft(v[1], 17);
            v[3] = Long.rotateLeft(v[3], 21);
            v[1] ^= v[2];
            v[3] ^= v[0];
            v[2] = Long.rotateLeft(v[2], 32);
        }
    }
}
