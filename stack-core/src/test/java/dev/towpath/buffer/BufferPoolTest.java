package dev.towpath.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.towpath.testing.Allocations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(1 << 20, 1 << 16);

    private ByteBuffer take(int bytes) {
        return Objects.requireNonNull(pool.take(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0, 4096", "1, 4096", "4096, 4096", "4097, 8192", "65535, 65536", "65536, 65536", "65537, 131072"})
    void blocksHaveTheNextPowerOfTwo(int bytes, int size) {
        ByteBuffer block = take(bytes);
        assertThat(block.isDirect()).isTrue();
        assertThat(block.capacity()).isEqualTo(size).isEqualTo(BufferPool.blockSize(bytes));
        assertThat(pool.inUse()).isEqualTo(size);
        assertThat(pool.left()).isEqualTo((1 << 20) - size);
    }

    @Test
    void theBudgetIsNeverExceeded() {
        List<ByteBuffer> blocks = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            blocks.add(take(65_536));
        }
        assertThat(pool.take(65_537)).isNull();
        blocks.add(take(65_536));
        assertThat(pool.left()).isZero();
        assertThat(pool.take(1)).isNull();

        blocks.forEach(pool::give);
        assertThat(pool.inUse()).isZero();
        assertThat(take(1 << 20).capacity()).isEqualTo(1 << 20);
    }

    @Test
    void largeBlocksLeaveSomethingForSmallOnes() {
        List<ByteBuffer> blocks = new ArrayList<>();
        assertThat(lendFairly(1 << 18, blocks))
                .as("large ones: half of the budget")
                .isEqualTo(2);
        assertThat(lendFairly(1 << 16, blocks))
                .as("modest ones: all but an eighth")
                .isEqualTo(6);
        assertThat(lendFairly(BufferPool.SMALLEST, blocks))
                .as("the smallest: the rest")
                .isEqualTo(32);
        assertThat(pool.left()).isZero();
        blocks.forEach(pool::give);
        assertThat(pool.inUse()).isZero();
    }

    private int lendFairly(int bytes, List<ByteBuffer> blocks) {
        int count = 0;
        for (ByteBuffer block = pool.takeFairly(bytes); block != null; block = pool.takeFairly(bytes)) {
            blocks.add(block);
            count++;
        }
        return count;
    }

    @Test
    void theLastBlockGivenIsTheFirstTakenWholeAgain() {
        ByteBuffer first = take(5000);
        ByteBuffer second = take(5000);
        pool.give(first);
        pool.give(second.position(10).limit(20));

        ByteBuffer again = take(8192);
        assertThat(again).isSameAs(second);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(8192);
        assertThat(take(8192)).isSameAs(first);
    }

    @Test
    void keepsNoMoreThanItIsToldTo() {
        List<ByteBuffer> blocks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            blocks.add(take(1 << 14));
        }
        blocks.forEach(pool::give);
        assertThat(pool.retained()).isEqualTo(1 << 16);
        assertThat(pool.inUse()).isZero();

        take(1 << 14);
        assertThat(pool.retained()).isEqualTo((1 << 16) - (1 << 14));
    }

    @Test
    void refusesWhatIsNotItsOwn() {
        take(4096);
        assertThatIllegalArgumentException().isThrownBy(() -> pool.give(ByteBuffer.allocateDirect(5000)));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.give(ByteBuffer.allocateDirect(8192)));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.take(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.take(BufferPool.LARGEST + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BufferPool(-1, 0));
        assertThat(pool.inUse()).isEqualTo(4096);
    }

    @Test
    void aBudgetBeyondTwoGigabytesIsCountedInFull() {
        BufferPool large = new BufferPool(1L << 40, 0);
        assertThat(large.left()).isEqualTo(1L << 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void accountsStayRightWhateverIsDone(long seed) {
        Random random = new Random(seed);
        List<ByteBuffer> lent = new ArrayList<>();
        Set<ByteBuffer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        long inUse = 0;
        for (int i = 0; i < 10_000; i++) {
            if (lent.isEmpty() || random.nextBoolean()) {
                int bytes = random.nextInt(200_000) >> random.nextInt(10);
                ByteBuffer block = pool.take(bytes);
                assertThat(block == null).as("seed %d", seed).isEqualTo(inUse + BufferPool.blockSize(bytes) > 1 << 20);
                if (block != null) {
                    assertThat(distinct.add(block))
                            .as("seed %d: lent twice", seed)
                            .isTrue();
                    lent.add(block);
                    inUse += block.capacity();
                }
            } else {
                ByteBuffer block = lent.remove(random.nextInt(lent.size()));
                distinct.remove(block);
                pool.give(block);
                inUse -= block.capacity();
            }
            assertThat(pool.inUse()).as("seed %d", seed).isEqualTo(inUse);
            assertThat(pool.retained()).as("seed %d", seed).isBetween(0L, 1L << 16);
        }
    }

    @Test
    void reuseAllocatesNothing() {
        Allocations.assertNone(() -> {
            ByteBuffer small = take(100);
            ByteBuffer large = take(20_000);
            pool.give(small);
            pool.give(large);
        });
    }
}
