package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Segments of one byte: a stack that keeps packets pays hundreds of bytes for each (picotcp 47). Here a byte that waits
 * costs its place in a ring, and what is known of it is kept in stretches.
 */
@Covers(Requirement.MISTAKE_ONE_BYTE_SEGMENTS)
class SmallSegmentsTest extends PacketScript {
    private static final int BYTES = 4000;

    @Test
    void unreadTheyCostTheirBytes() {
        established();
        for (int i = 1; i <= BYTES; i++) {
            peer.sends(data(i, i + 1));
            stack.sendsSomething();
        }
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(2 * BYTES);
        app.reads(BYTES);
    }

    @Test
    void everyOtherOneOutOfOrderCostsNoMore() {
        established(syn(0).mss(1000).sackPermitted());
        for (int i = BYTES - 1; i > 1; i -= 2) {
            peer.sends(data(i, i + 1));
            stack.sendsSomething();
        }
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(2 * BYTES);
        for (int i = 1; i < BYTES; i++) { // what was kept of them and what was not
            peer.sends(data(i, i + 1));
            stack.sendsSomething();
        }
        app.reads(BYTES - 1);
    }

    @Test
    void sentTheyAreResentTogether() {
        established(syn(0).mss(1000).sackPermitted());
        app.options(settings -> settings.noDelay = true);
        for (int i = 0; i < BYTES; i++) {
            app.writes(1);
            stack.sendsSomething();
        }
        assertThat(rig.bufferBytes()).isLessThanOrEqualTo(2 * BYTES);
        clock.advanceSeconds(1); // nobody answers
        List<Emitted> again = stack.sendsSomething();
        assertThat(again.get(again.size() - 1).segment().payload()).hasSizeGreaterThan(100);
        peer.sends(ack(1 + BYTES));
        assertThat(app.connection().unacknowledged()).isZero();
    }
}
