package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** Loss that duplicate ACKs tell of (RFC 5681 section 3.2, RFC 6582, RFC 3042). */
class FastRetransmitTest extends PacketScript {
    private void tenSegmentsInFlight(int written) {
        established();
        app.writes(written);
        assertThat(stack.sendsSomething()).hasSize(10);
    }

    @Test
    @Covers(Requirement.FAST_RETRANSMIT)
    void thirdDuplicateAckResendsTheHoleAtOnce() { // RFC 5681 section 3.2
        app.listens();
        peer.sends(syn(0).mss(1000).win(32_000));
        stack.replies(synAck(0, 1).mss(1460));
        peer.sends(ack(1).win(32_000));
        app.writes(4_000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        peer.sends(ack(1), ack(1), ack(1));
        stack.sends(data(1, 1001)); // the clock has not moved
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_EXT_TCP_FAST_RETRANS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.FAST_RETRANSMIT)
    void twoDuplicateAcksAreReordering() { // RFC 5681 section 3.2
        established();
        app.writes(4000);
        stack.sendsSomething();
        peer.sends(ack(1), ack(1));
        stack.isQuiet();
        peer.sends(ack(4001));
        stack.isQuietFor(seconds(5));
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
    }

    @Test
    @Covers(Requirement.DUPLICATE_ACK)
    void aWindowUpdateIsNoDuplicateAck() { // RFC 5681 section 2: the window must be the same
        established();
        app.writes(4000);
        stack.sendsSomething();
        peer.sends(ack(1).win(40_000), ack(1).win(41_000), ack(1).win(42_000), ack(1).win(43_000));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.DUPLICATE_ACK)
    void dataIsNoDuplicateAck() { // RFC 5681 section 2: it carries no data
        established();
        app.writes(4000);
        stack.sendsSomething();
        peer.sends(data(1, 101), data(101, 201), data(201, 301), data(301, 401));
        stack.replies(ack(401));
    }

    @Test
    @Covers(Requirement.LIMITED_TRANSMIT)
    void theFirstTwoDuplicatesLetOneNewSegmentGoEach() { // RFC 3042
        tenSegmentsInFlight(12_000);
        peer.sends(ack(1));
        stack.sends(data(10_001, 11_001));
        peer.sends(ack(1));
        stack.sends(data(11_001, 12_001));
        peer.sends(ack(1));
        stack.sends(data(1, 1001));
    }

    @Test
    @Covers(Requirement.LIMITED_TRANSMIT)
    void limitedTransmitStaysWithinThePeersWindow() { // RFC 3042 section 2
        established();
        peer.sends(ack(1).win(10_000));
        app.writes(12_000);
        stack.sendsSomething();
        peer.sends(ack(1), ack(1));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.NEWRENO_FULL_ACK)
    void recoveryEndsWithTheAckOfAllThatWasInFlight() { // RFC 6582 section 3.2, step 3, full ACK
        tenSegmentsInFlight(30_000);
        peer.sends(ack(1), ack(1), ack(1));
        assertThat(stack.sendsSomething()).extracting(this::from).contains(1);
        peer.sends(ack(10_001));
        int flight = stack.sendsSomething().stream()
                .mapToInt(sent -> sent.segment().payload().length)
                .sum();
        assertThat(flight).as("ssthresh is half of what was in flight").isBetween(1000, 7000);
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_EXT_TCP_RENO_RECOVERY)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.NEWRENO_PARTIAL_ACK)
    void aPartialAckResendsTheNextHoleAtOnce() { // RFC 6582 section 3.2, step 3, partial ACK
        tenSegmentsInFlight(10_000);
        peer.sends(ack(1), ack(1), ack(1));
        stack.sends(data(1, 1001));
        peer.sends(ack(3001));
        stack.sends(data(3001, 4001));
        peer.sends(ack(6001));
        stack.sends(data(6001, 7001));
        peer.sends(ack(10_001));
        stack.isQuietFor(seconds(5));
    }

    @Test
    @Covers(Requirement.NEWRENO_IMPATIENT)
    void onlyTheFirstPartialAckRestartsTheTimer() { // RFC 6582 section 3.2, step 3: many holes do
        // not take for ever
        tenSegmentsInFlight(10_000);
        peer.sends(ack(1), ack(1), ack(1));
        stack.sends(data(1, 1001));
        clock.advanceMillis(100);
        peer.sends(ack(2001));
        stack.sends(data(2001, 3001));
        clock.advanceMillis(100);
        peer.sends(ack(4001));
        stack.sends(data(4001, 5001));
        stack.sendsAfter(millis(100), data(4001, 5001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.NEWRENO_PARTIAL_ACK)
    void duplicatesDuringRecoveryLetNewDataGo() { // RFC 6582 section 3.2, step 2: each says that a segment has left
        tenSegmentsInFlight(30_000);
        peer.sends(ack(1), ack(1), ack(1));
        stack.sendsSomething();
        peer.sends(ack(1), ack(1), ack(1), ack(1), ack(1), ack(1), ack(1));
        assertThat(stack.sendsSomething()).isNotEmpty().allMatch(sent -> from(sent) > 10_000);
    }

    @Test
    @Covers(Requirement.NEWRENO_RECOVER)
    void duplicatesOfAnOldLossDoNotBeginAnotherRecovery() { // RFC 6582 section 3.2, step 1: below recover
        tenSegmentsInFlight(10_000);
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(1001));
        assertThat(stack.sendsSomething()).extracting(this::from).containsExactly(1001, 2001);
        peer.sends(ack(1001), ack(1001), ack(1001), ack(1001));
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_EXT_TCP_RENO_RECOVERY)).isZero();
    }

    @Test
    void aLostRetransmissionIsLeftToTheTimer() { // RFC 6582 section 3.2, step 4
        tenSegmentsInFlight(10_000);
        peer.sends(ack(1), ack(1), ack(1));
        stack.sends(data(1, 1001));
        peer.sends(ack(1), ack(1), ack(1), ack(1), ack(1), ack(1));
        stack.isQuiet();
        stack.sendsAfter(millis(200), data(1, 1001));
    }

    @Test
    @Covers(Requirement.DUPLICATE_ACK)
    void acksWithNothingInFlightAreNoDuplicates() { // RFC 5681 section 2: data is outstanding
        established();
        peer.sends(ack(1), ack(1), ack(1), ack(1));
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
    }

    private int from(Emitted sent) {
        return sent.segment().sequence() - stack.initialSequence();
    }
}
