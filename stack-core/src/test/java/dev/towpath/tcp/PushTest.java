package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.WireSegment.Flag;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PSH (RFC 9293 section 3.9.1.2): the receiver need not wait for more. */
@Covers(Requirement.PUSH_ON_THE_LAST)
class PushTest extends PacketScript {
    @Test
    void theLastSegmentOfWhatWasWrittenHasIt() { // MUST-61
        established();
        app.writes(2500);
        List<Emitted> sent = stack.sendsSomething();
        assertThat(sent).extracting(each -> each.segment().has(Flag.PSH)).containsExactly(false, false, true);
    }

    @Test
    void soHasALastSegmentThatIsSentAgain() {
        established();
        app.writes(10);
        stack.sends(data(1, 11).psh());
        stack.sendsAfter(millis(200), data(1, 11).psh());
    }

    @Test
    void whatArrivesWithoutItIsReadableAtOnce() { // section 3.9.1.3: the application does not wait for a PSH
        established();
        peer.sends(data(1, 11));
        stack.replies(ack(11));
        app.reads(10);
    }

    @Test
    void anAckNeverHasIt() {
        established();
        peer.sends(data(1, 11).psh());
        List<Emitted> sent = stack.sendsSomething();
        assertThat(sent).extracting(each -> each.segment().has(Flag.PSH)).containsExactly(false);
        app.reads(10);
    }
}
