package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** TCP_DEFER_ACCEPT, as Linux has it: the application hears of a connection when its first data has come. */
@Covers(Requirement.TCP_DEFER_ACCEPT)
class DeferAcceptTest extends PacketScript {
    private void deferred() {
        app.options(settings -> settings.deferAcceptNanos = 10_000_000_000L);
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        clock.advanceMillis(100);
        peer.sends(ack(1));
        stack.isQuiet();
        assertThat(rig.listener().pending()).isZero();
        assertThat(rig.acceptable()).isZero();
    }

    @Test
    void theBareAckIsNotEnough() {
        deferred();
        app.isIn(State.SYN_RECEIVED);
        stack.isQuietFor(millis(9_899)); // the peer has answered: the SYN-ACK is not repeated
        assertThat(rig.dropped(DropReason.TCP_ACCEPT_DEFERRED)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_DEFER_ACCEPT_DROP)).isEqualTo(1);
    }

    @Test
    void dataIs() {
        deferred();
        clock.advanceSeconds(5);
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        assertThat(rig.acceptable()).isEqualTo(1);
        app.accepts();
        app.reads(100);
    }

    @Test
    void theRoundTripIsThatOfTheBareAck() { // and not the time that the peer took to think
        deferred();
        clock.advanceSeconds(5);
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.accepts();
        app.reads(100);
        app.writes(100);
        stack.sends(data(1, 101));
        stack.sendsAfter(millis(300), data(1, 101)); // 100 ms + 200 ms, where 5 s would have made it 15 s
    }

    @Test
    void dataOnTheAckIsTakenAtOnce() {
        app.options(settings -> settings.deferAcceptNanos = 10_000_000_000L);
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.accepts();
        app.reads(100);
    }

    @Test
    void soIsAFin() {
        deferred();
        peer.sends(fin(1).acks(1));
        stack.replies(ack(2));
        app.accepts();
        app.seesTheEnd();
    }

    @Test
    void whenTheTimeIsOverTheSynAckAsksAndAnyAckWillDo() {
        deferred();
        stack.sendsAfter(millis(9_900), synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
        app.readsNothing();
    }

    @Test
    void aPeerThatHasGoneIsForgotten() {
        deferred();
        clock.advanceSeconds(400);
        assertThat(stack.sendsSomething()).hasSizeBetween(3, 10);
        assertThat(rig.flows()).isZero();
    }

    @Test
    void aResetEndsIt() {
        deferred();
        peer.sends(rst(1));
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }
}
