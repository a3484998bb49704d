package dev.towpath.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of RFC 5681 and RFC 6928, without a connection around it. */
class NewRenoTest {
    private static final int MSS = 1000;

    private final NewReno congestion = new NewReno();
    private final AckSample ack = new AckSample();

    @BeforeEach
    void begin() {
        congestion.begin(MSS, CongestionControl.initialWindow(MSS), CongestionControl.UNLIMITED);
    }

    private void acknowledged(int bytes) {
        acknowledged(bytes, true);
    }

    private void acknowledged(int bytes, boolean limited) {
        ack.bytes = bytes;
        ack.limited = limited;
        congestion.acknowledged(ack);
    }

    /** RFC 6928 section 2: min(10 * MSS, max(2 * MSS, 14600)). */
    @ParameterizedTest
    @CsvSource({"536, 5360", "1000, 10000", "1460, 14600", "4000, 14600", "9000, 18000"})
    @Covers(Requirement.INITIAL_WINDOW)
    void theInitialWindow(int mss, int window) {
        assertThat(CongestionControl.initialWindow(mss)).isEqualTo(window);
    }

    @Test
    @Covers(Requirement.SLOW_START)
    void slowStartAddsWhatIsAcknowledged() { // RFC 5681 section 3.1, bytes counted (RFC 3465)
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(13 * MSS);
    }

    @Test
    @Covers(Requirement.UNUSED_WINDOW)
    void aWindowThatWasNotUsedDoesNotGrow() { // RFC 7661 section 4.3
        acknowledged(3 * MSS, false);
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    @Covers(Requirement.CONGESTION_AVOIDANCE)
    void congestionAvoidanceAddsASegmentForEachWindow() { // RFC 5681 section 3.1
        congestion.enterRecovery(10 * MSS, 0);
        congestion.exitRecovery(5 * MSS);
        acknowledged(4 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(5 * MSS);
        acknowledged(MSS);
        assertThat(congestion.cwnd()).isEqualTo(6 * MSS);
    }

    @Test
    void slowStartEndsAtTheThreshold() { // RFC 5681 section 3.1: what goes beyond counts for congestion avoidance
        congestion.timedOut(10 * MSS, true, 0);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(4 * MSS);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(5 * MSS);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(6 * MSS);
    }

    @Test
    @Covers(Requirement.SSTHRESH)
    void recoveryHalvesTheFlightButLeavesTwoSegments() { // RFC 5681 section 3.1, equation (4)
        congestion.enterRecovery(8 * MSS, 0);
        assertThat(congestion.ssthresh()).isEqualTo(4 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(4 * MSS);
        congestion.enterRecovery(3 * MSS, 0);
        assertThat(congestion.ssthresh()).isEqualTo(2 * MSS);
    }

    @Test
    @Covers(Requirement.LOSS_WINDOW)
    void aTimeOutLeavesOneSegmentAndHalvesOnce() { // RFC 5681 section 3.1: the same data timing out again changes
        // nothing
        congestion.timedOut(8 * MSS, true, 0);
        congestion.timedOut(MSS, false, 0);
        assertThat(congestion.cwnd()).isEqualTo(MSS);
        assertThat(congestion.ssthresh()).isEqualTo(4 * MSS);
    }

    @Test
    void aTimeOutForgetsHowFarTheRoundWas() {
        congestion.enterRecovery(4 * MSS, 0); // congestion avoidance from two segments on
        congestion.exitRecovery(2 * MSS);
        acknowledged(MSS);
        congestion.timedOut(4 * MSS, true, 0);
        acknowledged(MSS);
        assertThat(congestion.cwnd()).isEqualTo(2 * MSS);
        acknowledged(MSS); // half of the window: with the old round's it would have been all
        assertThat(congestion.cwnd()).isEqualTo(2 * MSS);
    }

    @Test
    @Covers(Requirement.IDLE_RESTART)
    void idlenessHalvesTheWindowDownToTheInitialOne() { // RFC 5681 section 4.1
        acknowledged(30 * MSS);
        congestion.underused(0);
        assertThat(congestion.cwnd()).isEqualTo(20 * MSS);
        congestion.underused(0);
        congestion.underused(0);
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    void whatWasReachedBeforeIdlenessIsFoundAgainQuickly() { // RFC 7661 section 4.4.1: ssthresh = 3/4 cwnd
        congestion.begin(MSS, 40 * MSS, 20 * MSS);
        congestion.underused(0);
        assertThat(congestion.ssthresh()).isEqualTo(30 * MSS);
    }

    @Test
    @Covers(Requirement.UNUSED_WINDOW)
    void aWindowThatIsPartlyUsedMovesHalfWayToWhatIsUsed() { // RFC 7661's concern, in Linux's form
        acknowledged(30 * MSS);
        congestion.underused(20 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(30 * MSS);
    }

    @Test
    @Covers(Requirement.EIFEL_RESPONSE)
    void aCutThatWasAMistakeIsUndone() { // RFC 4015 section 3.2
        acknowledged(10 * MSS);
        congestion.enterRecovery(20 * MSS, 0);
        congestion.undo();
        assertThat(congestion.cwnd()).isEqualTo(20 * MSS);
        assertThat(congestion.ssthresh()).isEqualTo(CongestionControl.UNLIMITED);
        congestion.timedOut(20 * MSS, true, 0);
        congestion.timedOut(20 * MSS, false, 0);
        congestion.undo();
        assertThat(congestion.cwnd()).isEqualTo(20 * MSS);
    }

    @Test
    @Covers(Requirement.SSTHRESH)
    void whatLimitedTransmitAndSackHaveLetGoBeyondTheWindowDoesNotCount() { // RFC 5681 section 3.2, step 2
        congestion.enterRecovery(14 * MSS, 0);
        assertThat(congestion.ssthresh()).isEqualTo(5 * MSS);
    }

    @Test
    void whatWasNotCutIsNotUndone() {
        congestion.undo();
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
        congestion.enterRecovery(10 * MSS, 0);
        congestion.undo();
        acknowledged(2 * MSS);
        congestion.undo();
        assertThat(congestion.cwnd()).isEqualTo(12 * MSS);
    }

    @Test
    void theWindowHoldsAtLeastASegment() {
        congestion.begin(MSS, MSS, CongestionControl.UNLIMITED);
        congestion.segmentSize(1400);
        assertThat(congestion.cwnd()).isEqualTo(1400);
    }

    @Test
    @Covers(Requirement.PACING)
    void aPacedWindowLeavesTwiceARoundTripInSlowStartAndALittleMoreThanOnceLater() {
        assertThat(congestion.pacingRate(100_000_000)).isEqualTo(200 * MSS);
        congestion.enterRecovery(10 * MSS, 0);
        assertThat(congestion.pacingRate(100_000_000)).isEqualTo(60 * MSS);
        assertThat(congestion.pacingRate(0)).isEqualTo(Long.MAX_VALUE);
    }
}
