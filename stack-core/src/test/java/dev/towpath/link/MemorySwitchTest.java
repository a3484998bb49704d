package dev.towpath.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.buffer.Frame;
import dev.towpath.buffer.FramePool;
import dev.towpath.testing.Allocations;
import dev.towpath.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemorySwitchTest {
    private static final int PORTS = 4;

    private final FramePool pool = new FramePool();
    private final MemorySwitch lan = new MemorySwitch(PORTS, MemoryLink.DEFAULT, pool);
    private long now;

    @AfterEach
    void everyFrameIsGivenBack() {
        assertThat(heard()).isEmpty();
        for (int port = 0; port < PORTS; port++) {
            lan.port(port).close();
        }
        assertThat(pool.taken()).isZero();
    }

    private MacAddress mac(int port) {
        return lan.port(port).mac();
    }

    private Frame frame(int from, MacAddress to) {
        return TestFrames.between(pool, mac(from), to, 7, TestFrames.LENGTH);
    }

    private void send(int from, MacAddress to) {
        assertThat(lan.port(from).send(frame(from, to), now)).isTrue();
    }

    /** The ports on which something has arrived, once for each frame, all of which are released. */
    private List<Integer> heard() {
        List<Integer> heard = new ArrayList<>();
        for (int port = 0; port < PORTS; port++) {
            for (Frame frame = lan.port(port).receive(now);
                    frame != null;
                    frame = lan.port(port).receive(now)) {
                assertThat(TestFrames.number(frame)).isEqualTo(7);
                assertThat(frame.length()).isEqualTo(TestFrames.LENGTH);
                heard.add(port);
                frame.release();
            }
        }
        return heard;
    }

    @Test
    void aBroadcastReachesAllOthersInMemoryOfTheirOwn() {
        Frame frame = frame(1, MacAddress.BROADCAST);
        lan.port(1).send(frame, now);
        Frame atZero = TestFrames.received(lan.port(0), now);
        Frame atThree = TestFrames.received(lan.port(3), now);
        assertThat(atZero).isNotSameAs(atThree);
        assertThat(atThree).isSameAs(frame);
        atZero.bytes().putInt(atZero.start + TestFrames.NUMBER, 8);
        assertThat(TestFrames.number(frame)).isEqualTo(7);
        atZero.release();
        frame.release();
        assertThat(heard()).containsExactly(2);
    }

    @Test
    void anUnknownAddressIsFloodedAndAKnownOneIsNot() {
        send(0, mac(2));
        assertThat(heard()).containsExactly(1, 2, 3);
        Frame answer = frame(2, mac(0));
        lan.port(2).send(answer, now);
        assertThat(lan.port(0).receive(now)).isSameAs(answer);
        answer.release();
        assertThat(heard()).isEmpty();
        send(0, mac(2));
        assertThat(heard()).containsExactly(2);
    }

    @Test
    void multicastIsFloodedAndNeverLearned() {
        MacAddress group = MacAddress.parse("01:00:5e:00:00:01");
        lan.port(0).send(TestFrames.between(pool, group, MacAddress.BROADCAST, 7, TestFrames.LENGTH), now);
        assertThat(heard()).containsExactly(1, 2, 3);
        send(1, group);
        assertThat(heard()).containsExactly(0, 2, 3);
    }

    @Test
    void anAddressIsForgottenWhenItIsNotHeardForLong() {
        send(2, MacAddress.BROADCAST);
        assertThat(heard()).hasSize(3);
        now += MemorySwitch.AGE_NANOS - 1;
        send(0, mac(2));
        assertThat(heard()).containsExactly(2);
        now += 1;
        send(0, mac(2));
        assertThat(heard()).containsExactly(1, 2, 3);
    }

    @Test
    void anAddressMayMoveToAnotherPort() {
        send(2, MacAddress.BROADCAST);
        lan.port(3).send(TestFrames.between(pool, mac(2), mac(0), 7, TestFrames.LENGTH), now);
        assertThat(heard()).hasSize(3 + 3);
        send(0, mac(2));
        assertThat(heard()).containsExactly(3);
    }

    @Test
    void whatIsForTheSenderOwnPortGoesNowhere() {
        send(2, mac(2));
        assertThat(heard()).isEmpty();
        assertThat(lan.lost()).isZero();
    }

    @Test
    void partsHearEachOtherOnlyAgainAfterHealing() {
        for (int port = 0; port < PORTS; port++) {
            send(port, MacAddress.BROADCAST);
        }
        assertThat(heard()).hasSize(PORTS * (PORTS - 1));
        lan.partition(new int[] {0, 1}, new int[] {2});

        send(0, MacAddress.BROADCAST);
        assertThat(heard()).containsExactly(1);
        send(0, mac(1));
        assertThat(heard()).containsExactly(1);
        send(0, mac(2));
        send(2, mac(0));
        send(2, MacAddress.BROADCAST);
        send(3, MacAddress.BROADCAST);
        assertThat(heard()).isEmpty();
        assertThat(lan.lost()).isEqualTo(2);

        lan.partition(new int[] {0, 3});
        send(0, MacAddress.BROADCAST);
        assertThat(heard()).containsExactly(3);

        lan.heal();
        send(0, mac(2));
        assertThat(heard()).containsExactly(2);
        send(3, MacAddress.BROADCAST);
        assertThat(heard()).containsExactly(0, 1, 2);
    }

    @Test
    void anUnpluggedPortIsSilentAndForgotten() {
        send(2, MacAddress.BROADCAST);
        assertThat(heard()).hasSize(3);
        lan.unplug(2);
        send(0, mac(2));
        assertThat(heard()).containsExactly(1, 3);
        send(2, mac(0));
        assertThat(heard()).isEmpty();
        assertThat(lan.lost()).isEqualTo(1);
        lan.plug(2);
        send(0, mac(2));
        assertThat(heard()).containsExactly(1, 2, 3);
    }

    @Test
    void aFullPortLosesFramesAndTheOthersDoNot() {
        MemorySwitch small = new MemorySwitch(3, MemoryLink.DEFAULT.withQueueFrames(2), pool);
        for (int i = 0; i < 5; i++) {
            assertThat(small.port(0).send(frame(0, MacAddress.BROADCAST), now)).isTrue();
            TestFrames.received(small.port(1), now).release();
        }
        assertThat(small.lost()).isEqualTo(3);
        assertThat(pool.taken()).isEqualTo(2);
        small.port(2).close();
        assertThat(small.port(2).send(frame(2, MacAddress.BROADCAST), now)).isFalse();
    }

    @Test
    void aFrameWithoutAHeaderGoesNowhere() {
        Frame frame = frame(0, MacAddress.BROADCAST);
        frame.end = frame.start + 13;
        lan.port(0).send(frame, now);
        assertThat(heard()).isEmpty();
        assertThat(lan.lost()).isEqualTo(1);
    }

    @Test
    void twoThreadsMaySendToOnePort() {
        send(2, MacAddress.BROADCAST);
        assertThat(heard()).hasSize(3);
        int each = lan.port(2).queueFrames() / 2;
        for (int round = 0; round < 50; round++) {
            CompletableFuture<Void> zero = CompletableFuture.runAsync(() -> sendMany(0, each));
            CompletableFuture<Void> one = CompletableFuture.runAsync(() -> sendMany(1, each));
            CompletableFuture.allOf(zero, one).join();
            assertThat(heard()).hasSize(2 * each).containsOnly(2);
        }
    }

    private void sendMany(int from, int count) {
        for (int i = 0; i < count; i++) {
            send(from, mac(2));
        }
    }

    @Test
    void switchingAllocatesNothing() {
        send(2, MacAddress.BROADCAST);
        heard();
        Allocations.assertNone(() -> {
            lan.port(0).send(frame(0, mac(2)), now);
            lan.port(0).send(frame(0, MacAddress.BROADCAST), now);
            for (int port = 1; port < PORTS; port++) {
                for (Frame frame = lan.port(port).receive(now);
                        frame != null;
                        frame = lan.port(port).receive(now)) {
                    frame.release();
                }
            }
        });
    }
}
