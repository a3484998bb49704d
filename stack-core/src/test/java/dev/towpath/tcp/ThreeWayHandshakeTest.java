package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.towpath.config.EcnMode;
import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.WireSegment.Flag;
import org.junit.jupiter.api.Test;

/** Opening a connection (RFC 9293 section 3.5) and what the two SYNs agree on. */
class ThreeWayHandshakeTest extends PacketScript {
    @Test
    @Covers(Requirement.THREE_WAY_HANDSHAKE)
    void passiveOpen() { // RFC 9293 section 3.5, figure 6
        app.listens();
        peer.sends(syn(0).mss(1000).win(32_000));
        stack.replies(synAck(0, 1).mss(1460));
        app.isIn(State.SYN_RECEIVED);
        peer.sends(ack(1));
        assertThat(rig.acceptable()).isEqualTo(1);
        app.accepts();
        app.isIn(State.ESTABLISHED);
        assertThat(rig.count(Counter.TCP_PASSIVE_OPENS)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_CURR_ESTAB)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.THREE_WAY_HANDSHAKE)
    void activeOpen() { // RFC 9293 section 3.10.7.3
        app.connects();
        stack.sends(syn(0).mss(1460));
        app.isIn(State.SYN_SENT);
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        app.isIn(State.ESTABLISHED);
        assertThat(rig.count(Counter.TCP_ACTIVE_OPENS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.QUEUED_BEFORE_ESTABLISHED)
    void dataWrittenWhileConnectingGoesWithTheHandshakesAck() { // RFC 9293 section 3.10.2: queue the data until
        // ESTABLISHED
        app.connects();
        stack.sends(syn(0));
        app.writes(500);
        stack.isQuiet();
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(data(1, 501).acks(1));
    }

    @Test
    @Covers(Requirement.DATA_ON_HANDSHAKE_ACK)
    void dataOnTheHandshakesAckIsDelivered() { // RFC 9293 section 3.10.7.4: SYN-RECEIVED goes on to the seventh step
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(data(1, 1001).acks(1), data(1001, 2001));
        stack.replies(ack(2001));
        app.accepts();
        app.reads(2000);
    }

    @Test
    @Covers(Requirement.DATA_ON_SYN)
    void dataOnTheSynIsNotLost() { // RFC 9293 section 3.10.7.2: it may be queued, or left to be sent again
        app.listens();
        peer.sends(syn(0).mss(1000).payload(10));
        stack.sendsSomething();
        peer.sends(data(1, 1001).acks(1), data(1001, 2001));
        stack.replies(ack(2001));
        app.accepts();
        app.reads(2000);
    }

    @Test
    void dataOnTheSynOfAFailedHandshakeIsGivenBack() { // or a flood of such SYNs would take all memory for good
        app.listens();
        peer.sends(syn(0).mss(1000).payload(10));
        stack.replies(synAck(0, 11));
        peer.sends(rst(11));
        app.isIn(State.LISTEN);
        assertThat(rig.bufferBytes()).isZero();
    }

    @Test
    @Covers(Requirement.WSCALE_BOTH_SYNS)
    void bothSidesScaleTheirWindows() { // RFC 7323 section 2.2
        app.listens();
        peer.sends(syn(0).mss(1000).ws(7).win(512));
        Emitted reply = stack.sendsSomething().get(0);
        assertThat(reply.segment().options().windowScale()).isBetween(1, 14);
        assertThat(reply.segment().window()).as("a SYN's window is not scaled").isLessThanOrEqualTo(65_535);
        peer.sends(ack(1).win(4 << 7));
        app.accepts();
        app.writes(2000);
        stack.sends(data(1, 513)); // 4 << 7 bytes
    }

    @Test
    @Covers(Requirement.WSCALE_BOTH_SYNS)
    void theStackScalesOnlyIfThePeerDoes() { // RFC 7323 section 2.2
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).noWs());
    }

    @Test
    @Covers(Requirement.WSCALE_BOTH_SYNS)
    void anActiveOpenOffersToScale() { // RFC 7323 section 2.2: and does not insist on it
        app.connects();
        Integer offered = stack.sendsSomething().get(0).segment().options().windowScale();
        assertThat(offered).isNotNull();
        peer.sends(synAck(0, 1).mss(1000).win(60_000));
        Emitted reply = stack.sendsSomething().get(0);
        assertThat(reply.segment().window())
                .as("unscaled, so as wide as the field allows")
                .isGreaterThan(60_000);
    }

    @Test
    @Covers(Requirement.WSCALE_SYN_UNSCALED)
    void theWindowOnASynIsNotScaled() { // RFC 7323 section 2.2
        app.connects();
        stack.sends(syn(0));
        peer.sends(synAck(0, 1).mss(1000).ws(7).win(3000));
        stack.replies(ack(1));
        app.writes(10_000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001));
    }

    @Test
    @Covers(Requirement.WSCALE_FOURTEEN)
    void aScaleAboveFourteenCountsAsFourteen() { // RFC 7323 section 2.3
        established(syn(0).mss(1000).ws(15));
        peer.sends(ack(1).win(1 << 14));
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001), data(4001, 5001));
        peer.sends(ack(5001).win(0));
        app.writes(5000);
        stack.isQuiet();
    }

    @Test
    @Covers({Requirement.HALF_OPEN_FOUND, Requirement.STATE_SYN_SENT})
    void aSynAckForSomethingElseIsReset() { // RFC 9293 section 3.10.7.3, first step
        app.connects();
        stack.sends(syn(0));
        peer.sends(synAck(0, 77));
        stack.replies(rst(77));
        app.isIn(State.SYN_SENT);
        peer.sends(synAck(0, 1));
        stack.replies(ack(1));
        app.isIn(State.ESTABLISHED);
    }

    @Test
    void anAckWithoutSynDoesNotOpen() { // RFC 9293 section 3.10.7.3, fifth step
        app.connects();
        stack.sends(syn(0));
        peer.sends(ack(1));
        stack.isQuiet();
        app.isIn(State.SYN_SENT);
    }

    @Test
    @Covers(Requirement.OLD_DUPLICATE_SYN)
    void anOldDuplicateSynOpensNothing() { // RFC 9293 section 3.5, figure 9
        app.listens();
        peer.sends(syn(-5_000).mss(1000)); // delayed, of a connection that is long over
        stack.replies(synAck(0, -4_999));
        peer.sends(rst(-4_999)); // the peer has sent another SYN and finds this ACK wrong
        app.isIn(State.LISTEN);
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers(Requirement.OLD_DUPLICATE_SYN)
    void theTrueSynMayComeBeforeTheReset() { // section 3.10.7.4, fourth step: back to LISTEN, and the peer tries again
        app.listens();
        peer.sends(syn(-5_000).mss(1000));
        stack.replies(synAck(0, -4_999));
        peer.sends(syn(0).mss(1000));
        app.isIn(State.LISTEN);
        peer.sends(rst(-4_999));
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers(Requirement.HALF_OPEN_FOUND)
    void whoHasForgottenTheConnectionResetsTheOtherEnd() { // RFC 9293 section 3.5.1, figure 10: we were restarted
        app.connects();
        stack.sends(syn(0));
        peer.sends(ack(-700).seq(300)); // its challenge: in its eyes the old connection lives
        stack.replies(rst(-700));
        stack.sendsAfter(seconds(1), syn(0));
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers(Requirement.THREE_WAY_HANDSHAKE)
    void theAnswerToALostAckIsSentAgain() { // the third packet is lost: the peer repeats its SYN-ACK
        app.connects();
        stack.sends(syn(0));
        peer.sends(synAck(0, 1));
        stack.replies(ack(1));
        clock.advanceSeconds(1);
        peer.sends(synAck(0, 1));
        stack.replies(ack(1));
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers(Requirement.THREE_WAY_HANDSHAKE)
    void aRepeatedSynIsAnsweredAgain() { // RFC 9293 section 3.10.7.4, first step: the peer has not seen the SYN-ACK
        in(State.SYN_RECEIVED);
        peer.sends(syn(0).mss(1000));
        assertThat(stack.sendsSomething()).hasSize(1);
        app.isIn(State.SYN_RECEIVED);
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers({Requirement.ECN_OFF, Requirement.MISTAKE_ECN_SYN_RESET})
    void ecnBitsOnASynAreIgnored() { // RFC 3168 section 6.1.1: a host that does not speak it answers as if they were
        // not there
        rig.config(TcpConfig.builder().ecn(EcnMode.OFF).build());
        app.listens();
        peer.sends(syn(0).mss(1000).eceCwr());
        Emitted reply = stack.sendsSomething().get(0);
        assertThat(reply.segment().flags()).isEqualTo(Flag.SYN | Flag.ACK);
    }

    @Test
    @Covers(Requirement.DATA_ON_HANDSHAKE_ACK)
    void theFinThatFollowsTheHandshakeAtOnceIsSeen() { // RFC 9293 section 3.10.7.4, eighth step, in SYN-RECEIVED
        in(State.SYN_RECEIVED);
        peer.sends(data(1, 11).acks(1).fin());
        stack.replies(ack(12));
        app.accepts();
        app.isIn(State.CLOSE_WAIT);
        app.reads(10);
        app.seesTheEnd();
    }

    @Test
    void aResetOfAnEmbryonicConnectionConcernsNobody() { // RFC 9293 section 3.10.7.4, second step: back to LISTEN
        in(State.SYN_RECEIVED);
        peer.sends(rst(1));
        stack.isQuiet();
        app.isIn(State.LISTEN);
        assertThat(rig.flows()).isZero();
        peer.sends(syn(100));
        stack.replies(synAck(0, 101));
    }

    @Test
    @Covers(Requirement.CLOSE_BEFORE_ESTABLISHED)
    void closingWhileConnectingSendsNothing() { // RFC 9293 section 3.10.4: delete the TCB
        in(State.SYN_SENT);
        app.closes();
        stack.isQuiet();
        app.isIn(State.CLOSED);
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.flows()).isZero();
    }

    @Test
    @Covers(Requirement.DUPLICATE_OPEN_REFUSED)
    void aSecondConnectionOfTheSameTupleIsRefused() { // RFC 9293 section 3.10.1
        in(State.SYN_SENT);
        assertThat(catchThrowable(app::connects)).hasRootCauseInstanceOf(IllegalStateException.class);
        app.isIn(State.SYN_SENT);
    }

    @Test
    void aListenerNeedsNoConnectionToClose() {
        app.listens();
        rig.stopsListening();
        peer.sends(syn(0));
        stack.replies(rstAck(0, 1));
        assertThat(rig.flows()).isZero();
    }

    @Test
    @Covers(Requirement.CLOSE_BEFORE_ESTABLISHED)
    void aListenerThatClosesResetsWhatItHasNotAccepted() { // RFC 9293 section 3.10.4: LISTEN; the queue is nobody's
        // any more
        in(State.SYN_RECEIVED);
        peer.sends(ack(1));
        rig.stopsListening();
        assertThat(stack.sendsSomething())
                .singleElement()
                .matches(sent -> sent.segment().has(Flag.RST));
        assertThat(rig.flows()).isZero();
    }
}
