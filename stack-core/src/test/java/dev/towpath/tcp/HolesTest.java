package dev.towpath.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranges behind holes, against a set of bits. */
class HolesTest {
    private static final int SPACE = 3000;
    private static final int PLENTY = 1 << 24;

    private final Holes holes = new Holes(new Holes.Pool(new Stretches.Coin(5)));

    static List<Long> seeds() {
        return Seeds.some(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itKnowsWhichBytesHaveCome(long seed) {
        Random random = new Random(seed);
        int origin = random.nextInt(4) == 0 ? -random.nextInt(SPACE) : random.nextInt();
        BitSet model = new BitSet();
        int next = 0;
        while (next < SPACE - 20) {
            int start = next + 1 + random.nextInt(SPACE - next - 10);
            int end = Math.min(SPACE, start + 1 + random.nextInt(20));
            assertThat(holes.contains(origin + start, origin + end)).isEqualTo(model.nextClearBit(start) >= end);
            assertThat(holes.add(origin + start, origin + end, PLENTY)).isTrue();
            model.set(start, end);
            if (random.nextInt(20) == 0) {
                next = model.nextClearBit(next + 1 + random.nextInt(30));
                assertThat(holes.reach(origin + next) - origin).isEqualTo(next);
                model.clear(0, next);
            }
            check(model, origin);
        }
    }

    private void check(BitSet model, int origin) {
        int ranges = 0;
        for (int at = model.nextSetBit(0); at >= 0; at = model.nextSetBit(model.nextClearBit(at))) {
            ranges++;
            Holes.Range range = Objects.requireNonNull(holes.find(origin + at));
            assertThat(range.start).isEqualTo(origin + at);
            assertThat(range.end).isEqualTo(origin + model.nextClearBit(at));
        }
        assertThat(holes.count()).isEqualTo(ranges);
    }

    @Test
    void everyOtherOfTenThousandSegmentsFitsInABufferForThem() {
        int mss = 1460;
        for (int i = 1; i < 10_000; i += 2) {
            assertThat(holes.add(i * mss, (i + 1) * mss, 10_000 * mss)).isTrue();
        }
        assertThat(holes.reach(mss)).isEqualTo(2 * mss);
    }

    @Test
    void everyOtherByteDoesNot() {
        int kept = 0;
        for (int at = 1; at < 1 << 20; at += 2) {
            kept += holes.add(at, at + 1, 1 << 20) ? 1 : 0;
        }
        assertThat(kept).isBetween(256, 4096);
    }
}
