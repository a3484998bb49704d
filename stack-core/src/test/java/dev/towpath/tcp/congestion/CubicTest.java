package dev.towpath.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of RFC 9438, without a connection around it. Windows in segments, times in seconds. */
class CubicTest {
    private static final int MSS = 1000;
    private static final Offset<Double> ONE_SEGMENT = within(1.0);

    private final Cubic congestion = new Cubic();
    private final AckSample ack = new AckSample();
    private double rtt = 0.2;
    private double now = 100;
    private boolean limited = true;
    private int segmentsAnAck = 1;

    /** Congestion avoidance after a loss with this window. */
    private void lossAt(int segments) {
        congestion.begin(MSS, segments * MSS, segments * MSS);
        congestion.enterRecovery(segments * MSS, nanos(now));
        congestion.exitRecovery(CongestionControl.UNLIMITED);
    }

    /** Time passes with as many segments in flight as the window allows, each acknowledged after a round trip. */
    private void goesOn(double seconds) {
        for (double end = now + seconds; now < end - 1e-9; ) {
            double share = (double) segmentsAnAck * MSS / congestion.cwnd();
            now += rtt * Math.min(1, share);
            acknowledged(Math.min(congestion.cwnd(), segmentsAnAck * MSS));
        }
    }

    private void acknowledged(int bytes) {
        ack.bytes = bytes;
        ack.flight = congestion.cwnd();
        ack.limited = limited;
        ack.rttNanos = nanos(rtt);
        ack.srttNanos = nanos(rtt);
        ack.nowNanos = nanos(now);
        congestion.acknowledged(ack);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private double window() {
        return (double) congestion.cwnd() / MSS;
    }

    @Test
    @Covers(Requirement.CUBIC_BETA)
    void aLossLeavesSevenTenths() { // section 4.6
        lossAt(100);
        assertThat(congestion.cwnd()).isEqualTo(70 * MSS);
        assertThat(congestion.ssthresh()).isEqualTo(70 * MSS);
    }

    @Test
    void aLossLeavesTwoSegmentsAtLeast() { // section 4.6
        lossAt(2);
        assertThat(congestion.cwnd()).isEqualTo(2 * MSS);
    }

    @Test
    void aLossOfAnUnusedWindowLeavesSevenTenthsOfWhatWasInFlight() { // section 4.6: flight_size, not cwnd
        congestion.begin(MSS, 100 * MSS, 100 * MSS);
        congestion.enterRecovery(10 * MSS, 0);
        assertThat(congestion.cwnd()).isEqualTo(7 * MSS);
    }

    /** Section 4.2: W_max = 100, cwnd_epoch = 70, so K = cbrt(30 / 0.4) = 4.217 and W(t) = 0.4 (t - K)^3 + 100. */
    @ParameterizedTest
    @CsvSource({"1, 86.7", "2, 95.6", "3, 99.3", "4.2, 100", "5, 100.2", "6, 102.3", "8, 121.6", "10, 177.4"})
    @Covers(Requirement.CUBIC_GROWTH)
    void theWindowFollowsTheCurve(double t, double expected) {
        lossAt(100);
        goesOn(t);
        assertThat(window()).isCloseTo(expected, within(0.015 * expected));
    }

    /** The same whatever the round trip is: that is what the curve is for. */
    @ParameterizedTest
    @CsvSource({"0.1", "0.2", "0.4"})
    void theRoundTripMakesLittleDifference(double seconds) {
        rtt = seconds;
        lossAt(1000); // K = 9.1
        goesOn(5);
        assertThat(window()).isCloseTo(972, within(15.0));
    }

    @ParameterizedTest
    @CsvSource({"2", "8", "50", "200"})
    @Covers(Requirement.SUPER_SEGMENTS)
    void thinnedAcksMakeLittleDifference(int segments) {
        segmentsAnAck = segments;
        lossAt(100);
        goesOn(6);
        assertThat(window()).isCloseTo(102.3, within(3.0));
    }

    @Test
    void theWindowGrowsByHalfInARoundTripAtMost() { // section 4.2: target is at most 1.5 cwnd
        rtt = 20;
        segmentsAnAck = 1000;
        lossAt(10);
        goesOn(rtt);
        double before = window();
        goesOn(rtt);
        assertThat(window()).isCloseTo(1.5 * before, within(0.01));
    }

    /** Section 4.3: at 10 ms NewReno would be faster; alpha is 3 * 0.3 / 1.7 = 0.529 segments a round trip. */
    @Test
    @Covers(Requirement.CUBIC_RENO_FRIENDLY)
    void onAShortPathItGrowsLikeReno() {
        rtt = 0.01;
        lossAt(20);
        goesOn(9 * rtt);
        assertThat(window()).isCloseTo(14 + 9 * 0.529, within(0.6));
    }

    @Test
    @Covers(Requirement.CUBIC_RENO_FRIENDLY)
    void beyondTheWindowOfTheLastLossItGrowsASegmentARoundTrip() { // section 4.3: alpha = 1
        rtt = 0.01;
        lossAt(20);
        goesOn(15 * rtt);
        double before = window();
        assertThat(before).isGreaterThan(20);
        goesOn(10 * rtt);
        assertThat(window()).isCloseTo(before + 10, ONE_SEGMENT);
    }

    /** Section 4.7: W_max becomes 80 * 1.7 / 2 = 68 instead of 80; K = cbrt((68 - 56) / 0.4) = 3.1. */
    @Test
    @Covers(Requirement.CUBIC_FAST_CONVERGENCE)
    void aLossBelowTheLastOneMakesRoomForOthers() {
        lossAt(100);
        goesOn(0.6);
        assertThat(window()).isCloseTo(81, within(2.0));
        double atLoss = window();
        congestion.enterRecovery(congestion.cwnd(), nanos(now));
        goesOn(3.1);
        assertThat(window()).isCloseTo(0.85 * atLoss, ONE_SEGMENT);
        goesOn(1);
        assertThat(window()).isCloseTo(0.85 * atLoss + 0.4, ONE_SEGMENT);
    }

    /** Section 4.8: slow start to the threshold, then K = 0 and W_max = cwnd at that moment. */
    @Test
    @Covers(Requirement.CUBIC_TIMEOUT)
    void afterATimeOutTheCurveBeginsAtTheThreshold() {
        lossAt(100);
        congestion.timedOut(70 * MSS, true, nanos(now));
        assertThat(congestion.cwnd()).isEqualTo(MSS);
        assertThat(congestion.ssthresh()).isEqualTo(49 * MSS);
        acknowledged(48 * MSS);
        assertThat(window()).isEqualTo(49);
        rtt = 0.4; // so that Reno's line is below the curve
        goesOn(5);
        assertThat(window()).isCloseTo(49 + 0.4 * 125, within(4.0));
    }

    @Test
    @Covers(Requirement.CUBIC_IDLE)
    void timeWithoutDataIsNotTimeOnTheCurve() { // section 4.2
        lossAt(100);
        goesOn(3);
        double before = window();
        now += 100;
        goesOn(2 * rtt);
        assertThat(window()).isCloseTo(before, ONE_SEGMENT);
        goesOn(3 - 2 * rtt);
        assertThat(window()).isCloseTo(102.3, within(1.5)); // where six seconds on the curve lead
    }

    @Test
    @Covers(Requirement.CUBIC_IDLE)
    void timeWithTooLittleDataIsNotTimeOnTheCurve() { // section 4.2
        lossAt(100);
        goesOn(3);
        double before = window();
        limited = false;
        goesOn(100);
        assertThat(window()).isEqualTo(before);
        limited = true;
        goesOn(2 * rtt);
        assertThat(window()).isCloseTo(before, ONE_SEGMENT);
    }

    @Test
    void aCutThatWasAMistakeLeavesTheCurveWhereItWas() { // section 4.9
        lossAt(100);
        goesOn(4);
        double before = window();
        congestion.enterRecovery(congestion.cwnd(), nanos(now));
        goesOn(rtt);
        congestion.undo();
        assertThat(window()).isEqualTo(before);
        assertThat(congestion.ssthresh()).isEqualTo(70 * MSS);
        goesOn(4 - rtt);
        assertThat(window()).isCloseTo(121.6, within(2.0)); // where eight seconds lead
    }

    @Test
    void afterSlowStartWithoutALossTheCurveBeginsWhereItStands() { // section 4.10
        congestion.begin(MSS, 50 * MSS, 50 * MSS);
        rtt = 0.4;
        goesOn(5);
        assertThat(window()).isCloseTo(50 + 0.4 * 125, within(4.0));
    }

    @Test
    void aSmallerSegmentKeepsTheWindow() {
        lossAt(100);
        congestion.segmentSize(500);
        assertThat(congestion.cwnd()).isEqualTo(70 * MSS);
    }

    @Test
    void theWindowHasAnEnd() {
        rtt = 1;
        congestion.begin(MSS, 1 << 29, 1 << 29);
        segmentsAnAck = 1 << 20;
        goesOn(2000);
        assertThat(congestion.cwnd()).isEqualTo(CongestionControl.UNLIMITED);
    }
}
