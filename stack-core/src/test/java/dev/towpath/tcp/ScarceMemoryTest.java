package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many connections and one budget: promises shrink before memory ends, newcomers wait, and small things cost little. */
@Covers(Requirement.MEMORY_BUDGET)
class ScarceMemoryTest extends PacketScript {
    private static final int BUDGET = 1 << 20;

    /** Another connection, or null if its SYN was not answered. */
    private @Nullable Conversation opens(int port) {
        Conversation other = rig.conversation(port);
        other.peer().sends(syn(0).mss(1000));
        if (other.stack().sendsSomething().isEmpty()) {
            return null;
        }
        other.peer().sends(ack(1));
        other.app().accepts();
        return other;
    }

    @Test
    void windowsShrinkBeforeMemoryEnds() {
        rig.memory(BUDGET);
        app.listens(1000);
        int before = 65_535;
        for (int i = 0; i < 60; i++) {
            Conversation each = rig.conversation(1000 + i);
            each.peer().sends(syn(0).mss(1000));
            int window = each.stack().sendsSomething().get(0).segment().window();
            assertThat(window).isLessThanOrEqualTo(before);
            before = window;
            each.peer().sends(ack(1));
            each.app().accepts();
            each.peer().sends(data(1, 16_001)); // 16 KiB each: 60 of them are nearly all there is
            each.stack().sendsSomething();
        }
        assertThat(before).isEqualTo(4096);
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(BUDGET);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thousandConnectionsOverBudgetLoseNothing(long seed) {
        rig.memory(BUDGET);
        app.listens(1000);
        Random random = new Random(seed);
        List<Conversation> all = new ArrayList<>();
        int[] acknowledged = new int[1000];
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            Conversation each = opens(1000 + i);
            if (each == null) {
                refused++;
                continue;
            }
            int count = 1 + random.nextInt(9000);
            each.peer().sends(data(1, 1 + count / 2), data(1 + count / 2, 1 + count));
            acknowledged[all.size()] = newestAck(each);
            all.add(each);
            assertThat(rig.bufferBytes()).isLessThanOrEqualTo(BUDGET);
        }
        assertThat(refused).isPositive();
        assertThat(rig.dropped(DropReason.TCP_NO_MEMORY)).isGreaterThanOrEqualTo(refused);
        assertThat(rig.count(Counter.TCP_EXT_LISTEN_DROPS)).isEqualTo(refused);
        for (int i = 0; i < all.size(); i++) {
            all.get(i).app().reads(acknowledged[i] - 1); // the right bytes: the application checks
            all.get(i).stack().sendsSomething();
        }
        assertThat(rig.bufferBytes()).isZero();
        assertThat(opens(5000)).as("there is room again").isNotNull();
    }

    private static int newestAck(Conversation each) {
        List<Emitted> acks = each.stack().sendsSomething();
        return acks.get(acks.size() - 1).segment().acknowledgment()
                - each.peer().initialSequence();
    }

    @Test
    void aWriterThatGotNoMemoryIsToldWhenThereIsSome() {
        rig.memory(16_384);
        established();
        List<Conversation> hogs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Conversation hog = opens(1000 + i);
            if (hog != null) {
                hog.peer().sends(data(1, 3001));
                hog.stack().sendsSomething();
                hogs.add(hog);
            }
        }
        int taken = app.writesAllItCan();
        assertThat(taken).isZero();
        assertThat(app.connection().writable()).isFalse();
        hogs.get(0).app().reads(3000); // the rig checks that whoever may write has been told
        hogs.get(0).stack().sendsSomething();
        assertThat(app.connection().writable()).isTrue();
        app.writes(100);
        stack.sends(data(1, 101));
    }

    @Test
    @Covers(Requirement.MISTAKE_ONE_BYTE_SEGMENTS)
    void singleBytesInOrderCostWhatTheyHold() {
        established();
        for (int at = 1; at <= 5000; at++) {
            peer.sends(data(at, at + 1));
            stack.sendsSomething();
        }
        assertThat(rig.bufferBytes()).isEqualTo(8192);
        clock.advanceSeconds(1);
        stack.sendsSomething();
        app.reads(5000);
    }

    @Test
    @Covers(Requirement.MISTAKE_ONE_BYTE_SEGMENTS)
    void everyOtherByteIsRememberedOnlyUpToABound() {
        app.options(settings -> settings.fixReceiveBuffer(60_000));
        established();
        for (int at = 3; at <= 20_000; at += 2) {
            peer.sends(data(at, at + 1));
            stack.sendsSomething();
        }
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(1 << 16);
        assertThat(rig.dropped(DropReason.TCP_NO_MEMORY))
                .as("ranges beyond the bound")
                .isGreaterThan(9000);
        peer.sends(data(1, 1001));
        stack.sendsSomething();
        app.reads(1000);
        stack.sendsSomething();
    }
}
