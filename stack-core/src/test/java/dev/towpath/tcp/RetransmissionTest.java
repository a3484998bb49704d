package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** The retransmission timer (RFC 6298). The handshake takes no time here, so the first RTO is the minimum, 200 ms. */
class RetransmissionTest extends PacketScript {
    @Test
    @Covers({Requirement.RTO_BACKOFF, Requirement.RTO_MAXIMUM})
    void theTimeBetweenRetransmissionsDoublesUpToTwoMinutes() { // RFC 6298 section 5.5 and 2.5
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        for (long wait = 200; wait < 120_000; wait *= 2) {
            stack.sendsAfter(millis(wait), data(1, 101));
        }
        stack.sendsAfter(seconds(120), data(1, 101));
        stack.sendsAfter(seconds(120), data(1, 101));
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(12);
    }

    @Test
    @Covers({Requirement.RESEND_EARLIEST, Requirement.LOSS_WINDOW})
    void onlyTheFirstSegmentIsSentAgain() { // RFC 6298 section 5.4; RFC 5681 section 3.1: the window is one segment
        established();
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        stack.sendsAfter(millis(200), data(1, 1001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.LOSS_WINDOW)
    void afterATimeOutSlowStartGoesThroughAllThatIsUnacknowledged() { // RFC 5681 section 3.1
        established();
        app.writes(10_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(data(1001, 2001), data(2001, 3001));
        peer.sends(ack(3001));
        stack.sends(data(3001, 4001), data(4001, 5001), data(5001, 6001), data(6001, 7001));
        peer.sends(ack(7001));
        stack.sends(data(7001, 8001), data(8001, 9001), data(9001, 10_001));
        peer.sends(ack(10_001));
        stack.isQuietFor(seconds(10));
    }

    @Test
    void whatThePeerHasAfterAllIsNotSentAgain() { // the hole is filled, the rest had arrived
        established();
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001), data(4001, 5001));
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(5001));
        stack.isQuietFor(seconds(10));
        assertThat(app.connection().unacknowledged()).isZero();
    }

    @Test
    @Covers(Requirement.KARN)
    void anAckOfARetransmissionIsNoSample() { // RFC 6298 section 3, Karn: the backed-off RTO stays
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        stack.sendsAfter(millis(200), data(1, 101));
        stack.sendsAfter(millis(400), data(1, 101));
        clock.advanceMillis(50);
        peer.sends(ack(101));
        app.writes(100);
        stack.sends(data(101, 201));
        stack.sendsAfter(millis(800), data(101, 201));
    }

    @Test
    @Covers(Requirement.RTO_BACKOFF)
    void anAckOfANewSegmentEndsTheBackOff() { // RFC 6298 section 5.7: a sample computes a new RTO
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        stack.sendsAfter(millis(200), data(1, 101));
        peer.sends(ack(101));
        app.writes(100);
        stack.sends(data(101, 201));
        peer.sends(ack(201));
        app.writes(100);
        stack.sends(data(201, 301));
        stack.sendsAfter(millis(200), data(201, 301));
    }

    @Test
    @Covers(Requirement.TIMER_RESTARTS)
    void theTimerRestartsWhenNewDataIsAcknowledged() { // RFC 6298 section 5.3
        established();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceMillis(150);
        peer.sends(ack(1001));
        stack.isQuietFor(millis(199));
        clock.advanceSeconds(1);
        assertThat(stack.sendsSomething()).isNotEmpty();
    }

    @Test
    @Covers(Requirement.TIMER_STOPS)
    void theTimerStopsWhenAllIsAcknowledged() { // RFC 6298 section 5.2
        established();
        app.writes(1000);
        stack.sends(data(1, 1001));
        peer.sends(ack(1001));
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.RTO_SMOOTHING)
    void theRtoFollowsTheRoundTripTime() { // RFC 6298 section 2.3, alpha 1/8, beta 1/4, SRTT and RTTVAR 0 at first
        established(syn(0).mss(1000));
        app.writes(1000);
        stack.sends(data(1, 1001));
        clock.advanceMillis(160);
        peer.sends(ack(1001));
        app.writes(1000);
        stack.sends(data(1001, 2001));
        // RTTVAR = 3/4 * 0 + 1/4 * 160 = 40, SRTT = 7/8 * 0 + 1/8 * 160 = 20: RTO = 20 + max(200, 4 * 40)
        stack.sendsAfter(millis(220), data(1001, 2001));
    }

    @Test
    @Covers(Requirement.RTO_MINIMUM)
    void aSteadyRoundTripTimeAndTheMinimumIsWhatItTakes() { // RFC 6298 section 2.3: RTTVAR decays; what remains is
        // the minimum, which bounds the variance as in Linux
        in(State.SYN_RECEIVED);
        clock.advanceMillis(300);
        peer.sends(ack(1));
        int at = 1;
        for (int i = 0; i < 40; i++, at += 1000) {
            app.writes(1000);
            stack.sends(data(at, at + 1000));
            clock.advanceMillis(300);
            peer.sends(ack(at + 1000));
        }
        app.writes(1000);
        stack.sends(data(at, at + 1000));
        stack.sendsAfter(millis(500), data(at, at + 1000));
    }

    @Test
    @Covers(Requirement.FIN_RETRANSMITTED)
    void theFinIsSentAgain() { // RFC 9293 section 3.8.1: it is part of the sequence space
        established();
        app.shutsDown();
        stack.sends(fin(1));
        stack.sendsAfter(millis(200), fin(1));
        stack.sendsAfter(millis(400), fin(1));
        peer.sends(ack(2));
        app.isIn(State.FIN_WAIT_2);
    }

    @Test
    @Covers(Requirement.DATA_GIVE_UP)
    void unacknowledgedDataIsGivenUp() { // RFC 9293 section 3.8.3, SHLD-11: after R2
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceSeconds(100);
        stack.sendsSomething();
        app.isFine();
        clock.advanceSeconds(120);
        stack.sendsSomething();
        app.isTold(TransportError.TIMED_OUT);
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_TIMEOUT)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.DATA_GIVE_UP)
    void progressRestartsTheCountToR2() { // RFC 9293 section 3.8.3: R2 is about one segment
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceSeconds(90);
        stack.sendsSomething();
        peer.sends(ack(1001));
        stack.sendsSomething();
        clock.advanceSeconds(90);
        stack.sendsSomething();
        app.isFine();
    }
}
