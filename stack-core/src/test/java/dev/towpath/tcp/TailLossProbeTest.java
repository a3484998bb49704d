package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.Test;

/** The tail loss probe (RFC 8985 section 7). */
class TailLossProbeTest extends SackScript {
    @Test
    @Covers(Requirement.TLP_ONE_AN_EPISODE)
    void oneProbeThenTheTimer() { // RFC 8985 section 7.2: never a second one before the first is answered
        segmentsInFlight(4);
        stack.sendsAfter(millis(RTT), data(3001, 4001));
        stack.sendsAfter(millis(300), data(1, 1001)); // the RTO, counted from the probe (section 7.3)
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_PROBES)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TLP_PROBES_TAIL)
    void newDataIsTheBetterProbe() { // RFC 8985 section 7.3: it says the same and is of use
        tenSegmentsInFlight();
        app.writes(2000);
        stack.isQuiet(); // the window is full
        stack.sendsAfter(millis(RTT), data(10_001, 11_001));
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(10_001, 11_001));
        assertThat(bytesSent()).isPositive();
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers(Requirement.TLP_PROBES_TAIL)
    void aProbeIsNeverLaterThanTheTimeOut() { // RFC 8985 section 7.2: it goes in its place, and costs no window
        segmentsInFlight(1);
        stack.isQuietFor(millis(RTT)); // two round trips, but a delayed ACK may take 200 ms more (TLP.max_ack_delay)
        stack.sendsAfter(millis(100), data(1, 1001)); // the time-out would be now
        stack.sendsAfter(millis(300), data(1, 1001)); // and is now
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_PROBES)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TLP_PROBES_TAIL)
    void aLostFinIsProbedFor() {
        segmentsInFlight(3);
        app.shutsDown();
        stack.sends(fin(3001));
        stack.sendsAfter(millis(2 * RTT), fin(3001));
        clock.advanceMillis(RTT);
        peer.sends(ack(3002));
        stack.isQuietFor(seconds(5));
    }

    /** Eight of ten are acknowledged, the last two are not; the probe is the last. */
    private void twoInFlightAndAProbe() {
        tenSegmentsInFlight();
        peer.sends(ack(8001));
        stack.sendsAfter(millis(2 * RTT), data(9001, 10_001));
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001)); // the original, or the probe?
    }

    @Test
    @Covers(Requirement.TLP_LOSS_DETECTED)
    void aLossThatTheProbeRepairedIsCongestion() { // RFC 8985 section 7.4.2
        twoInFlightAndAProbe();
        sendsFrom(10_001, 1);
        clock.advanceMillis(RTT);
        peer.sends(ack(11_001)); // no duplicate was reported: the original was lost
        app.writes(60_000);
        assertThat(bytesSent()).isLessThan(9000);
    }

    @Test
    @Covers(Requirement.TLP_LOSS_DETECTED)
    void aNeedlessProbeIsNone() { // RFC 8985 section 7.4.2: the original had arrived, and the peer says so
        twoInFlightAndAProbe();
        peer.sends(ack(10_001).sack(9001, 10_001));
        sendsFrom(10_001, 1);
        clock.advanceMillis(RTT);
        peer.sends(ack(11_001));
        app.writes(60_000);
        assertThat(bytesSent()).isGreaterThanOrEqualTo(10_000);
    }

    @Test
    @Covers(Requirement.TLP_LOSS_DETECTED)
    void aSecondAckSaysTheSameWithoutADuplicateReport() { // RFC 8985 section 7.4.2: both copies have come
        twoInFlightAndAProbe();
        peer.sends(ack(10_001));
        sendsFrom(10_001, 1);
        clock.advanceMillis(RTT);
        peer.sends(ack(11_001));
        app.writes(60_000);
        assertThat(bytesSent()).isGreaterThanOrEqualTo(10_000);
    }
}
