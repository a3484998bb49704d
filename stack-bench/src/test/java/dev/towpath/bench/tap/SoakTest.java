package dev.towpath.bench.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.bench.tap.Soak.Direction;
import dev.towpath.bench.tap.Soak.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** What a long run is judged by. */
class SoakTest {
    private static final long MIB = 1 << 20;
    private static final List<Direction> EQUAL =
            List.of(new Direction("there", 5, 5, 1, 1), new Direction("back", 7, 7, 2, 2));
    private static final List<Sample> FLAT = samples(i -> 20 * MIB);

    @Test
    void allIsWell() {
        assertThat(SoakCommand.faults(EQUAL, 0, 0, FLAT)).isEmpty();
    }

    @Test
    void anotherHashOrLengthIsAFault() {
        assertThat(SoakCommand.faults(List.of(new Direction("there", 5, 5, 1, 3)), 0, 0, FLAT))
                .containsExactly("there: what was received is not what was sent");
        assertThat(SoakCommand.faults(List.of(new Direction("there", 5, 4, 1, 1)), 0, 0, FLAT))
                .hasSize(1);
        assertThat(SoakCommand.faults(List.of(new Direction("there", 0, 0, 0, 0)), 0, 0, FLAT))
                .containsExactly("there: nothing was sent");
    }

    @Test
    void aRetransmissionIsAFaultWhoeverMadeIt() {
        assertThat(SoakCommand.faults(EQUAL, 1, 2, FLAT))
                .containsExactly("the stack has sent 1 segments again", "the kernel has had to send 2 segments again");
    }

    @Test
    void memoryThatGrowsIsAFault() {
        assertThat(SoakCommand.faults(EQUAL, 0, 0, samples(i -> 20 * MIB + i * MIB)))
                .containsExactly("the heap grows", "memory in direct buffers grows", "the process grows");
    }

    @Test
    void memoryThatRisesAtFirstOrNowAndThenIsNone() {
        assertThat(SoakCommand.faults(EQUAL, 0, 0, samples(i -> i < 10 ? i * 10L * MIB : 100 * MIB)))
                .isEmpty();
        assertThat(SoakCommand.faults(EQUAL, 0, 0, samples(i -> (i % 5 == 0 ? 200L : 100L) * MIB)))
                .isEmpty();
    }

    @Test
    void aFewSamplesTellNothing() {
        assertThat(SoakCommand.faults(EQUAL, 0, 0, FLAT.subList(0, 3))).isEmpty();
    }

    private static List<Sample> samples(IntToLongFunction bytes) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long value = bytes.applyAsLong(i);
            samples.add(new Sample(i, value, value, value));
        }
        return samples;
    }
}
