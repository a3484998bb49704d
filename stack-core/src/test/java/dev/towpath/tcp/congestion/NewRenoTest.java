package dev.towpath.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of RFC 5681 and RFC 6928, without a connection around it. */
class NewRenoTest {
    private static final int MSS = 1000;

    private final NewReno congestion = new NewReno();

    @BeforeEach
    void begin() {
        congestion.segmentSize(MSS, true);
    }

    private void acknowledged(int bytes) {
        congestion.acknowledged(bytes, true, 0);
    }

    /** RFC 6928 section 2: min(10 * MSS, max(2 * MSS, 14600)). */
    @ParameterizedTest
    @CsvSource({"536, 5360", "1000, 10000", "1460, 14600", "4000, 14600", "9000, 18000"})
    void theInitialWindow(int mss, int window) {
        NewReno fresh = new NewReno();
        fresh.segmentSize(mss, true);
        assertThat(fresh.cwnd()).isEqualTo(window);
    }

    @Test
    void slowStartAddsWhatIsAcknowledged() { // RFC 5681 section 3.1, bytes counted (RFC 3465)
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(13 * MSS);
    }

    @Test
    void aWindowThatWasNotUsedDoesNotGrow() { // RFC 7661 section 4.3
        congestion.acknowledged(3 * MSS, false, 0);
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
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
        congestion.timedOut(10 * MSS, true);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(4 * MSS);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(5 * MSS);
        acknowledged(3 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(6 * MSS);
    }

    @Test
    void recoveryHalvesTheFlightButLeavesTwoSegments() { // RFC 5681 section 3.1, equation (4)
        congestion.enterRecovery(8 * MSS, 0);
        assertThat(congestion.ssthresh()).isEqualTo(4 * MSS);
        assertThat(congestion.cwnd()).isEqualTo(4 * MSS);
        congestion.enterRecovery(3 * MSS, 0);
        assertThat(congestion.ssthresh()).isEqualTo(2 * MSS);
    }

    @Test
    void aTimeOutLeavesOneSegmentAndHalvesOnce() { // RFC 5681 section 3.1: the same data timing out again changes
        // nothing
        congestion.timedOut(8 * MSS, true);
        congestion.timedOut(MSS, false);
        assertThat(congestion.cwnd()).isEqualTo(MSS);
        assertThat(congestion.ssthresh()).isEqualTo(4 * MSS);
    }

    @Test
    void aTimeOutForgetsHowFarTheRoundWas() {
        congestion.enterRecovery(4 * MSS, 0); // congestion avoidance from two segments on
        congestion.exitRecovery(2 * MSS);
        acknowledged(MSS);
        congestion.timedOut(4 * MSS, true);
        acknowledged(MSS);
        assertThat(congestion.cwnd()).isEqualTo(2 * MSS);
        acknowledged(MSS); // half of the window: with the old round's it would have been all
        assertThat(congestion.cwnd()).isEqualTo(2 * MSS);
    }

    @Test
    void idlenessLeavesTheInitialWindow() { // RFC 5681 section 4.1
        acknowledged(30 * MSS);
        congestion.afterIdle();
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    void aLostSynLeavesOneSegment() { // RFC 5681 section 3.1
        congestion.synLost();
        assertThat(congestion.cwnd()).isEqualTo(MSS);
    }

    @Test
    void theWindowHoldsAtLeastASegment() {
        congestion.synLost();
        congestion.segmentSize(1400, false);
        assertThat(congestion.cwnd()).isEqualTo(1400);
    }
}
