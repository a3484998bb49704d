package dev.towpath.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.testing.Allocations;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRingTest {
    private final BufferPool pool = new BufferPool(1 << 20, 1 << 20);
    private final ByteRing ring = new ByteRing(pool);

    @Test
    void ownsNothingUntilItMust() {
        assertThat(ring.capacity()).isZero();
        assertThat(ring.reserve(0)).isTrue();
        ring.advance(10);
        ring.write(0, ByteBuffer.allocate(0), 0, 0);
        ring.release();
        assertThat(pool.inUse()).isZero();

        assertThat(ring.reserve(1)).isTrue();
        assertThat(ring.capacity()).isEqualTo(BufferPool.SMALLEST);
        ring.release();
        ring.release();
        assertThat(ring.capacity()).isZero();
        assertThat(pool.inUse()).isZero();
    }

    @Test
    void whatIsWrittenBehindTheHeadIsReadThereAfterWrapping() {
        ring.reserve(4096);
        ring.advance(4090);
        ring.write(0, bytes(0, 100), 10, 50);
        assertThat(read(0, 50)).isEqualTo(array(10, 50));
        ring.advance(20);
        assertThat(read(0, 30)).isEqualTo(array(30, 30));
    }

    @Test
    void holesAreFilledLater() {
        ring.reserve(4096);
        ring.write(1000, bytes(7, 100), 0, 100);
        ring.write(0, bytes(50, 1000), 0, 1000);
        assertThat(read(0, 1000)).isEqualTo(array(50, 1000));
        assertThat(read(1000, 100)).isEqualTo(array(7, 100));
    }

    @Test
    void growingKeepsWhatIsThere() {
        ring.reserve(4096);
        ring.advance(3000);
        ring.write(0, bytes(0, 4096), 0, 4096);
        assertThat(ring.reserve(4097)).isTrue();
        assertThat(ring.capacity()).isEqualTo(8192);
        assertThat(read(0, 4096)).isEqualTo(array(0, 4096));
        assertThat(pool.inUse()).isEqualTo(8192);
        ring.write(4096, bytes(1, 4096), 0, 4096);
        assertThat(read(4096, 4096)).isEqualTo(array(1, 4096));
    }

    @Test
    void withoutBudgetItStaysAsItWas() {
        ring.reserve(4096);
        ring.write(0, bytes(0, 4096), 0, 4096);
        assertThat(ring.reserve((1 << 20) - 4096)).isFalse();
        assertThat(ring.capacity()).isEqualTo(4096);
        assertThat(read(0, 4096)).isEqualTo(array(0, 4096));
        assertThat(pool.inUse()).isEqualTo(4096);
    }

    @Test
    void nothingIsReadOrWrittenBeyondTheCapacity() {
        ByteBuffer source = ByteBuffer.allocate(10_000);
        assertThatThrownBy(() -> ring.write(0, source, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        ring.reserve(4096);
        assertThatThrownBy(() -> ring.write(0, source, 0, 4097)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ring.write(4000, source, 0, 97)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ring.read(-1, source, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ring.read(1, source, 0, 4096)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aStreamComesOutAsItWentIn(long seed) {
        Random random = new Random(seed);
        int length = 0;
        int written = 0;
        int readSoFar = 0;
        for (int step = 0; step < 2000; step++) {
            ByteBuffer side = random.nextBoolean() ? ByteBuffer.allocate(9000) : ByteBuffer.allocateDirect(9000);
            side.position(random.nextInt(9000));
            int position = side.position();
            int at = random.nextInt(1000);
            if (random.nextBoolean() && ring.reserve(length + random.nextInt(8000))) {
                int count = random.nextInt(Math.min(8000, ring.capacity() - length) + 1);
                for (int i = 0; i < count; i++) {
                    side.put(at + i, streamByte(seed, written + i));
                }
                ring.write(length, side, at, count);
                written += count;
                length += count;
            } else {
                int count = random.nextInt(Math.min(8000, length) + 1);
                ring.read(0, side, at, count);
                ByteBuffer expected = ByteBuffer.allocate(count);
                for (int i = 0; i < count; i++) {
                    expected.put(i, streamByte(seed, readSoFar + i));
                }
                assertThat(side.slice(at, count)).as("seed %d", seed).isEqualTo(expected);
                ring.advance(count);
                readSoFar += count;
                length -= count;
                if (length == 0 && random.nextBoolean()) {
                    ring.release();
                }
            }
            assertThat(side.position()).isEqualTo(position);
            assertThat(pool.inUse()).isEqualTo(ring.capacity());
        }
        ring.release();
        assertThat(pool.inUse()).isZero();
    }

    @Test
    void steadyUseAllocatesNothing() {
        ByteBuffer heap = ByteBuffer.allocate(3000);
        ByteBuffer direct = ByteBuffer.allocateDirect(3000);
        Allocations.assertNone(() -> {
            ring.reserve(6000);
            ring.write(0, heap, 0, 3000);
            ring.write(3000, direct, 0, 3000);
            ring.read(0, direct, 0, 3000);
            ring.advance(3000);
            ring.read(0, heap, 0, 3000);
            ring.advance(3000);
        });
        Allocations.assertNone(() -> {
            ring.reserve(1);
            ring.reserve(5000);
            ring.release();
        });
    }

    private static byte streamByte(long seed, int index) {
        return (byte) (index * 31 + (index >> 8) + seed);
    }

    private static byte[] array(int first, int length) {
        byte[] array = new byte[length];
        for (int i = 0; i < length; i++) {
            array[i] = (byte) (first + i);
        }
        return array;
    }

    private static ByteBuffer bytes(int first, int length) {
        return ByteBuffer.wrap(array(first, length));
    }

    private byte[] read(int offset, int length) {
        ByteBuffer target = ByteBuffer.allocate(length + 3);
        ring.read(offset, target, 3, length);
        byte[] array = new byte[length];
        target.get(3, array);
        return array;
    }
}
