package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacTableTest {
    private static final long AGE = 1000;

    private record Heard(int port, long at) {}

    @Test
    void aFullTableLearnsAgainOnceSomethingHasAged() {
        MacTable table = new MacTable(3, AGE);
        table.learn(1, 1, 0);
        table.learn(2, 2, 500);
        table.learn(3, 3, 500);
        table.learn(4, 4, 999);
        assertThat(table.port(4, 999)).isEqualTo(MacTable.UNKNOWN);
        assertThat(table.port(1, 999)).isEqualTo(1);
        table.learn(4, 4, 1000);
        assertThat(table.port(4, 1000)).isEqualTo(4);
        assertThat(table.port(1, 1000)).isEqualTo(MacTable.UNKNOWN);
        table.learn(2, 7, 1400); // known ones may move even when it is full
        assertThat(table.port(2, 2399)).isEqualTo(7);
        assertThat(table.port(2, 2400)).isEqualTo(MacTable.UNKNOWN);
        assertThat(table.size()).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithAMap(long seed) {
        Random random = new Random(seed);
        MacTable table = new MacTable(64, AGE);
        Map<Long, Heard> model = new HashMap<>();
        long now = random.nextLong() >> 1;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(20);
            long present = now;
            long address = random.nextInt(100) * 0x1_0000_0001L;
            if (random.nextInt(500) == 0) {
                int port = random.nextInt(8);
                table.forgetPort(port);
                model.values().removeIf(heard -> heard.port == port);
            } else if (random.nextBoolean()) {
                if (!model.containsKey(address) && table.size() == 64) {
                    model.values().removeIf(heard -> present - heard.at >= AGE);
                }
                if (model.containsKey(address) || model.size() < 64) {
                    model.put(address, new Heard(random.nextInt(8), now));
                    table.learn(address, model.get(address).port, now);
                } else {
                    table.learn(address, 0, now);
                }
            } else {
                model.computeIfPresent(address, (key, heard) -> present - heard.at >= AGE ? null : heard);
                Heard heard = model.get(address);
                assertThat(table.port(address, now))
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(heard == null ? MacTable.UNKNOWN : heard.port);
            }
            assertThat(table.size()).as("seed %d, step %d", seed, step).isEqualTo(model.size());
        }
    }
}
