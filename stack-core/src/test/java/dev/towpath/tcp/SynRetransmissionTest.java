package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** SYNs that get no answer, or the wrong one. */
class SynRetransmissionTest extends PacketScript {
    @Test
    @Covers({Requirement.RTO_INITIAL, Requirement.RTO_BACKOFF})
    void theTimeBetweenSynsDoubles() { // RFC 6298 section 2.1 and 5.5
        app.connects();
        stack.sends(syn(0).mss(1460));
        for (int wait = 1; wait <= 32; wait *= 2) {
            stack.sendsAfter(seconds(wait), syn(0).mss(1460));
        }
    }

    @Test
    @Covers(Requirement.SYN_GIVE_UP)
    void afterThreeMinutesTheConnectIsGivenUp() { // RFC 9293 section 3.8.3, MUST-23
        app.connects();
        stack.sends(syn(0));
        clock.advanceSeconds(179);
        assertThat(stack.sendsSomething()).hasSizeBetween(6, 10);
        app.isIn(State.SYN_SENT);
        clock.advanceSeconds(120);
        stack.sendsSomething();
        app.isTold(TransportError.TIMED_OUT);
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.flows()).isZero();
        assertThat(rig.count(Counter.TCP_ATTEMPT_FAILS)).isEqualTo(1);
    }

    @Test
    @Covers({Requirement.RTO_AFTER_SYN, Requirement.INITIAL_WINDOW_AFTER_LOST_SYN})
    void afterALostSynDataGetsThreeSecondsAndOneSegment() { // RFC 6298 section 5.7; RFC 5681 section 3.1
        app.connects();
        stack.sends(syn(0));
        stack.sendsAfter(seconds(1), syn(0));
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        app.writes(3000);
        stack.sends(data(1, 1001));
        stack.isQuietFor(millis(2999));
        stack.sendsAfter(millis(1), data(1, 1001));
    }

    @Test
    @Covers(Requirement.RTO_FIRST_SAMPLE)
    void theRoundTripOfTheHandshakeIsMeasured() { // RFC 6298 section 2.2: SRTT = R, RTTVAR = R/2, RTO = R + 4 R/2
        app.connects();
        stack.sends(syn(0));
        clock.advanceMillis(300);
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        app.writes(1000);
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(900), data(1, 1001));
    }

    @Test
    @Covers(Requirement.RTO_FIRST_SAMPLE)
    void thePassiveSideMeasuresIt() { // RFC 6298 section 2.2
        in(State.SYN_RECEIVED);
        clock.advanceMillis(500);
        peer.sends(ack(1));
        app.writes(1000);
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(1500), data(1, 1001));
    }

    @Test
    @Covers({Requirement.RTO_BACKOFF, Requirement.FIN_RETRANSMITTED})
    void theSynAckIsSentAgain() { // RFC 6298 section 5.5
        in(State.SYN_RECEIVED);
        stack.sendsAfter(seconds(1), synAck(0, 1).mss(1460));
        stack.sendsAfter(seconds(2), synAck(0, 1).mss(1460));
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    void anEmbryonicConnectionDoesNotLiveForEver() {
        in(State.SYN_RECEIVED);
        clock.advanceSeconds(600);
        assertThat(stack.sendsSomething()).hasSizeBetween(2, 12);
        app.isIn(State.LISTEN);
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.STATE_SYN_SENT)
    void aResetThatAcknowledgesTheSynRefuses() { // RFC 9293 section 3.10.7.3, second step
        app.connects();
        stack.sends(syn(0));
        peer.sends(rstAck(0, 1));
        stack.isQuiet();
        app.isTold(TransportError.CONNECTION_REFUSED);
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.STATE_SYN_SENT)
    void aResetThatAcknowledgesSomethingElseIsIgnored() { // RFC 9293 section 3.10.7.3, first step
        app.connects();
        stack.sends(syn(0));
        peer.sends(rstAck(0, 0), rstAck(0, 2), rstAck(0, -1));
        stack.isQuiet();
        app.isIn(State.SYN_SENT);
    }

    @Test
    @Covers(Requirement.STATE_SYN_SENT)
    void aResetWithoutAckIsIgnored() { // RFC 9293 section 3.10.7.3, second step
        app.connects();
        stack.sends(syn(0));
        peer.sends(rst(0), rst(1));
        stack.isQuiet();
        app.isIn(State.SYN_SENT);
    }
}
