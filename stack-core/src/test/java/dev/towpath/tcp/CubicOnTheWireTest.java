package dev.towpath.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.towpath.mib.Counter;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CUBIC (RFC 9438) as the peer sees it: how much is in flight, over a round trip of 100 ms. */
class CubicOnTheWireTest extends LongPathScript {
    private static final int RTT = 100;

    @BeforeEach
    void room() {
        rig.config(roomy().build());
    }

    /** Slow start has reached 160 segments, and the first of the last flight is lost. */
    private void lossAt160(int bytes) {
        connected(millis(RTT));
        writes(bytes);
        goesOn(millis(4 * RTT - 1));
        assertThat(segmentsInFlight()).isEqualTo(80);
        losesTheNext();
        goesOn(millis(RTT)); // the flight doubles, and then the loss is found
        assertThat(segmentsInFlight()).isEqualTo(160);
    }

    @Test
    @Covers({Requirement.CUBIC_DEFAULT, Requirement.CUBIC_BETA, Requirement.PRR_ENDS_AT_SSTHRESH})
    void aLossLeavesSevenTenthsOfTheWindow() { // section 4.6
        lossAt160(PLENTY);
        goesOn(millis(2 * RTT));
        assertThat(segmentsInFlight()).isBetween(112, 118); // 0.7 of 160, and of the few more that were sent meanwhile
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers({Requirement.CUBIC_DEFAULT, Requirement.SSTHRESH})
    void newRenoLeavesHalfOfIt() { // RFC 5681 section 3.1
        app.options(settings -> settings.congestion = Algorithm.RENO);
        lossAt160(PLENTY);
        goesOn(millis(2 * RTT));
        assertThat(segmentsInFlight()).isBetween(80, 86);
    }

    /** Section 4.2: K = cbrt(48 / 0.4) = 4.9 s after the loss the window is what it was. */
    @Test
    @Covers(Requirement.CUBIC_GROWTH)
    void theWindowRisesFlattensAndRisesAgain() {
        lossAt160(PLENTY);
        goesOn(millis(2 * RTT));
        int atFirst = segmentsInFlight();
        goesOn(millis(1500));
        int concave = segmentsInFlight();
        goesOn(millis(3200));
        int plateau = segmentsInFlight();
        writes(PLENTY / 2);
        goesOn(millis(1500));
        int still = segmentsInFlight();
        goesOn(millis(2500));
        assertThat(concave - atFirst).isBetween(26, 40);
        assertThat(plateau).isCloseTo(160, within(5));
        assertThat(still - plateau).isLessThanOrEqualTo(4);
        assertThat(segmentsInFlight() - still).isBetween(15, 32);
    }

    @Test
    @Covers(Requirement.CUBIC_TIMEOUT)
    void aTimeOutLeavesOneSegment() { // section 4.8
        connected(millis(RTT));
        writes(PLENTY);
        goesOn(millis(2 * RTT - 1));
        isCutOff(true);
        goesOn(millis(2000));
        isCutOff(false);
        long resent = rig.count(Counter.TCP_RETRANS_SEGS);
        goesOn(millis(1000)); // the next time-out; with its ACK slow start begins
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS) - resent).isLessThanOrEqualTo(2);
    }

    @Test
    @Covers(Requirement.CUBIC_IDLE)
    void aPauseDoesNotMakeTheWindowGrow() { // section 4.2
        rig.config(roomy().minRtoNanos(seconds(100).toNanos()).build()); // so that the pause does not shrink it either
        lossAt160(1_500_000);
        goesOn(millis(20 * RTT));
        assertThat(flight()).isZero();
        goesOn(seconds(30));
        writes(1_000_000);
        int before = segmentsInFlight();
        assertThat(before).isBetween(115, 155);
        goesOn(millis(2 * RTT));
        assertThat(segmentsInFlight()).isBetween(before, before + 12);
    }

    /** RFC 7661 section 4.4, as gently as Linux: half way to what is used, each time-out of 300 ms. */
    @Test
    @Covers(Requirement.UNUSED_WINDOW)
    void aWindowThatIsHardlyUsedShrinks() {
        connected(millis(RTT));
        writes(310_000); // 10, 20, 40, 80, 160 segments
        goesOn(millis(6 * RTT));
        assertThat(flight()).isZero();
        for (int i = 0; i < 40; i++) {
            writes(12_000);
            goesOn(millis(RTT));
        }
        writes(400_000);
        assertThat(segmentsInFlight())
                .as("of 320, which nobody has needed for 4 s")
                .isBetween(10, 20);
    }

    @Test
    @Covers(Requirement.CUBIC_DEFAULT)
    void changingTheControlKeepsTheWindow() { // as Linux: TCP_CONGESTION at any time
        lossAt160(PLENTY);
        goesOn(millis(2 * RTT));
        int before = segmentsInFlight();
        app.options(settings -> settings.congestion = Algorithm.RENO);
        goesOn(millis(RTT));
        assertThat(segmentsInFlight()).isBetween(before, before + 1);
        goesOn(millis(10 * RTT));
        assertThat(segmentsInFlight()).as("one segment a round trip").isBetween(before + 9, before + 12);
        app.options(settings -> settings.congestion = Algorithm.CUBIC);
        losesTheNext();
        goesOn(millis(3 * RTT));
        assertThat(segmentsInFlight()).isBetween((before + 9) * 7 / 10, (before + 14) * 7 / 10 + 1);
    }
}
