package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.Test;

/**
 * Loss recovery with a peer that sends SACK blocks: RFC 6675, RFC 8985 (RACK-TLP), RFC 9937 (PRR). The round trip takes
 * 100 ms throughout.
 */
class SackRecoveryTest extends SackScript {
    @Test
    @Covers({Requirement.RACK_DUPTHRESH, Requirement.SACK_IS_LOST})
    void aHoleIsFilledOnceThreeSegmentsBehindItHaveCome() { // RFC 8985 section 6.2 step 4: DupThresh still counts
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 2001), ack(1).sack(1001, 3001));
        stack.isQuiet();
        peer.sends(ack(1).sack(1001, 4001));
        stack.sends(data(1, 1001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isEqualTo(1);
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.SACK_SEVERAL_HOLES)
    void severalHolesAreFilledInOneRoundTrip() { // RFC 6675 section 5: no partial ACK is waited for
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 2001));
        peer.sends(ack(1).sack(3001, 4001).sack(1001, 2001));
        peer.sends(ack(1).sack(5001, 8001).sack(3001, 4001).sack(1001, 2001));
        stack.sends(data(1, 1001), data(2001, 3001), data(4001, 5001));
        clock.advanceMillis(RTT / 2);
        peer.sends(ack(10_001));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.RACK_LOST_RETRANSMISSION)
    void aLostRetransmissionIsFoundWithoutATimeOut() { // RFC 8985 section 3: what NewReno leaves to the timer
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 4001));
        stack.sends(data(1, 1001));
        app.writes(10_000);
        peer.sends(ack(1).sack(1001, 10_001));
        assertThat(stack.sendsSomething()).isNotEmpty();
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 11_001)); // sent after the retransmission, and it has arrived
        stack.sends(data(1, 1001), data(14_001, 15_001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers({Requirement.RACK_LOST_RETRANSMISSION, Requirement.SACK_RTO_MANAGEMENT})
    void onALongPathThereIsTimeToFindALostRetransmission() { // RFC 6675 section 6: the RTO counts from the
        // retransmission of what is oldest
        int rtt = 300;
        app.listens();
        peer.sends(syn(0).mss(1000).win(65_535).sackPermitted());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(rtt);
        peer.sends(ack(1));
        app.accepts();
        for (int i = 0; i < 20; i++) { // the time-out comes down to the round trip and 200 ms
            app.writes(1000);
            stack.sends(data(1 + 1000 * i, 1001 + 1000 * i));
            clock.advanceMillis(rtt);
            peer.sends(ack(1001 + 1000 * i));
        }
        app.writes(4000);
        stack.sends(data(20_001, 21_001), data(21_001, 22_001), data(22_001, 23_001), data(23_001, 24_001));
        clock.advanceMillis(rtt);
        peer.sends(ack(20_001).sack(21_001, 24_001));
        stack.sends(data(20_001, 21_001)); // this one is lost too
        app.writes(1000);
        stack.sends(data(24_001, 25_001));
        clock.advanceMillis(rtt);
        peer.sends(ack(20_001).sack(21_001, 25_001)); // 600 ms after the last ACK that acknowledged something
        stack.sends(data(20_001, 21_001));
        clock.advanceMillis(rtt);
        peer.sends(ack(25_001));
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers(Requirement.RACK_LOST_RETRANSMISSION)
    void aRetransmissionThatIsSackedTellsOfAnotherThatIsNot() { // RFC 8985 section 6.2 step 2, and a deviation from it:
        // behind a hole the peer's echo stands still
        app.listens();
        peer.sends(syn(0).mss(1012).win(65_535).sackPermitted().timestamps(1, 0));
        int early = requireNonNull(
                        stack.sendsSomething().get(0).segment().options().timestamps())
                .value();
        clock.advanceMillis(RTT);
        peer.sends(ack(1).timestamps(2, early));
        app.accepts();
        app.writes(10_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(6001, 10_001).sack(1001, 5001).timestamps(3, early));
        stack.sends(data(1, 1001), data(5001, 6001));
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 10_001).timestamps(4, early)); // the second has come, the first not
        stack.sends(data(1, 1001));
    }

    @Test
    @Covers({Requirement.RACK_REORDERING, Requirement.MISTAKE_REORDERING_HALVES})
    void aSegmentThatComesLateIsNotSentAgain() { // RFC 8985 section 6.2 step 4: reordering within a quarter of the
        // round trip
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 2001));
        clock.advanceMillis(RTT / 5);
        peer.sends(ack(10_001));
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
    }

    @Test
    @Covers(Requirement.RACK_REORDERING)
    void blocksOfOneAckAreNoReordering() { // RFC 2018 section 4: the latest first, whatever its numbers
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(6001, 10_001).sack(1001, 5001)); // the ACKs before it were lost
        stack.sends(data(1, 1001), data(5001, 6001));
    }

    @Test
    @Covers(Requirement.RACK_TIMER)
    void aSegmentThatIsOverdueIsSentAgainByTheReorderingTimer() { // RFC 8985 section 6.2, step 5
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 2001));
        stack.isQuiet();
        stack.sendsAfter(millis(RTT / 4), data(1, 1001));
    }

    @Test
    @Covers(Requirement.TLP_PROBES_TAIL)
    void aLostTailIsProbedAfterTwoRoundTrips() { // RFC 8985 section 7.2, with the last segment
        segmentsInFlight(4);
        peer.sends(ack(2001));
        stack.sendsAfter(millis(2 * RTT), data(3001, 4001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_PROBES)).isEqualTo(1);
        clock.advanceMillis(RTT);
        peer.sends(ack(2001).sack(3001, 4001)); // the probe has arrived: what was sent before it is overdue
        stack.sends(data(2001, 3001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers({Requirement.TLP_PROBES_TAIL, Requirement.TLP_ONE_AN_EPISODE})
    void aProbeThatWouldComeTooLateTakesThePlaceOfTheTimeOut() { // RFC 8985 section 7.2: PTO reaches to the RTO at most
        segmentsInFlight(1);
        stack.sendsAfter(millis(2 * RTT), data(1, 1001)); // 200 ms for a delayed ACK would make it 400 ms since sending
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_PROBES)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
        stack.sendsAfter(millis(3 * RTT), data(1, 1001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TLP_PROBES_TAIL)
    void aProbeRepeatsTheLastSegmentWithItsFin() { // which takes a number, but no room in the segment
        segmentsInFlight(3);
        peer.sends(ack(3001));
        app.writes(2000);
        stack.sends(data(3001, 4001), data(4001, 5001));
        app.closes();
        stack.sends(fin(5001));
        stack.sendsAfter(millis(2 * RTT), data(4001, 5001).fin());
    }

    @Test
    @Covers(Requirement.SACK_RENEGING)
    void aTimeOutForgetsWhatWasSacked() { // RFC 2018 section 8: the peer may have thrown it away
        segmentsInFlight(3);
        peer.sends(ack(1).sack(1001, 2001));
        stack.sendsAfter(millis(RTT / 4), data(1, 1001));
        stack.sendsAfter(millis(300), data(1, 1001)); // the timer runs since the retransmission
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isPositive();
        peer.sends(ack(1001));
        stack.sends(data(1001, 2001), data(2001, 3001));
    }

    @Test
    @Covers(Requirement.PRR_NO_BURST)
    void inRecoveryAboutOneSegmentGoesForTwoThatHaveArrived() { // RFC 9937 section 5: pipe comes down to ssthresh
        // evenly
        tenSegmentsInFlight();
        app.writes(20_000);
        peer.sends(ack(1).sack(1001, 4001));
        stack.sends(data(1, 1001));
        peer.sends(ack(1).sack(1001, 5001), ack(1).sack(1001, 6001), ack(1).sack(1001, 7001));
        stack.sends(data(10_001, 11_001));
        peer.sends(ack(1).sack(1001, 8001), ack(1).sack(1001, 9001), ack(1).sack(1001, 10_001));
        stack.sends(
                data(11_001, 12_001), data(12_001, 13_001), data(13_001, 14_001)); // in flight: ssthresh, half of ten
    }
}
