package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buffer memory: taken when bytes come, given back when they are gone, and never more than the stack's budget. */
class MemoryTest extends PacketScript {
    private static final int BUDGET = 16_384;

    @Test
    @Covers(Requirement.MEMORY_BUDGET)
    void anIdleConnectionHoldsNone() {
        established();
        assertThat(rig.bufferBytes()).isZero();
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        assertThat(rig.bufferBytes()).isPositive();
        app.reads(100);
        assertThat(rig.bufferBytes()).isZero();
        app.writes(100);
        stack.sends(data(1, 101));
        assertThat(rig.bufferBytes()).isPositive();
        peer.sends(ack(101));
        assertThat(rig.bufferBytes()).isZero();
    }

    @Test
    @Covers(Requirement.MEMORY_BUDGET)
    void whenItIsSpentNothingThatWasAcknowledgedIsLost() {
        rig.memory(BUDGET);
        established();
        int acknowledged = 1;
        for (int at = 1; at < 40_000; at += 1000) {
            peer.sends(data(at, at + 1000));
            acknowledged = lastAck(acknowledged);
        }
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(BUDGET);
        assertThat(rig.dropped(DropReason.TCP_OUT_OF_WINDOW))
                .as("the window has shrunk to what there is")
                .isPositive();
        app.reads(acknowledged - 1);
        stack.sendsSomething();
        peer.sends(data(acknowledged, acknowledged + 1000)); // as if lost, so the peer sends it again
        stack.replies(ack(acknowledged + 1000));
        app.reads(1000);
    }

    @Test
    @Covers(Requirement.MEMORY_BUDGET)
    void whenItIsSpentAWriteTakesLess() {
        rig.memory(BUDGET);
        established();
        int taken = app.writesAllItCan();
        assertThat(taken).isBetween(1000, BUDGET);
        int sent = stack.sendsSomething().stream()
                .mapToInt(segment -> segment.segment().payload().length)
                .sum();
        peer.sends(ack(1 + sent));
        stack.sendsSomething();
        app.isFine();
    }

    private int lastAck(int before) {
        List<Emitted> acks = stack.sendsSomething();
        return acks.isEmpty() ? before : acks.get(acks.size() - 1).segment().acknowledgment() - peer.initialSequence();
    }
}
