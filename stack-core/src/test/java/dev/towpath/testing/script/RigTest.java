package dev.towpath.testing.script;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.tcp.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A script that is wrong must fail, and say why: otherwise all the others prove nothing. */
class RigTest {
    private final Rig rig = new Rig();
    private final Conversation conversation = rig.conversation(40_000);
    private final Peer peer = conversation.peer();
    private final StackSide stack = conversation.stack();
    private final App app = conversation.app();

    private void established() {
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
    }

    @Test
    void aDifferenceIsShownInTheExchange() {
        established();
        app.writes(500);
        assertThatThrownBy(() -> stack.sends(data(1, 501).acks(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("where    ack 1 not 2")
                .hasMessageContaining("40000 peer >   S seq 0 win 65535 <mss 1000>")
                .hasMessageContaining("app      writes 500");
    }

    @Test
    void aSegmentThatIsNotSentFails() {
        established();
        assertThatThrownBy(() -> stack.sends(data(1, 2))).hasMessageContaining("nothing was sent");
    }

    @Test
    void aSegmentThatNobodyExpectsFailsTheNextAct() {
        established();
        app.writes(500);
        assertThatThrownBy(() -> app.writes(1)).hasMessageContaining("nobody asked");
        stack.sends(data(1, 501));
        assertThatCode(() -> app.writes(1)).doesNotThrowAnyException();
    }

    @Test
    void aSegmentTooMuchFails() {
        established();
        app.writes(1500);
        assertThatThrownBy(() -> stack.sends(data(1, 1001))).hasMessageContaining("expected quiet");
    }

    @Test
    void theRightSegmentAtTheWrongTimeFails() {
        established();
        app.writes(500);
        stack.sends(data(1, 501));
        assertThatThrownBy(() -> stack.sendsAfter(Duration.ofMillis(201), data(1, 501)))
                .hasMessageContaining("sent 1.0 ms too early");
    }

    @Test
    void theWrongStateFails() {
        established();
        assertThatThrownBy(() -> app.isIn(State.CLOSED)).hasMessageContaining("should be CLOSED, not ESTABLISHED");
    }

    @Test
    void wrongDataFails() {
        established();
        peer.sends(data(1, 11).garbage());
        stack.sendsSomething();
        assertThatThrownBy(() -> app.reads(10)).hasMessageContaining("byte 0 of the stream is wrong");
    }

    @Test
    void whatIsLeftAtTheEndFails() {
        established();
        app.writes(500);
        assertThatThrownBy(rig::finish).hasMessageContaining("nobody asked");
    }

    @Test
    void anHonestScriptPasses() {
        established();
        app.writes(500);
        stack.sends(data(1, 501).acks(1).psh());
        assertThatCode(rig::finish).doesNotThrowAnyException();
    }
}
