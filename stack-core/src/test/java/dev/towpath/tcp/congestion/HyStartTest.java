package dev.towpath.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** HyStart++ (RFC 9406): rounds of ACKs with round-trip times in milliseconds, without a connection around them. */
class HyStartTest {
    private static final int MSS = 1000;

    private final AckSample ack = new AckSample();
    private CongestionControl congestion = new Cubic();
    private long now;

    @BeforeEach
    void begin() {
        congestion.begin(MSS, 10 * MSS, CongestionControl.UNLIMITED);
    }

    /** Each segment of a window is acknowledged by itself and takes {@code rtt} ms; what is sent meanwhile follows. */
    private void round(int rtt) {
        int window = congestion.cwnd();
        for (int left = window; left >= MSS; left -= MSS) {
            acknowledged(MSS, congestion.cwnd(), rtt, true);
        }
    }

    private void acknowledged(int bytes, int flight, int rtt, boolean limited) {
        now += 1_000_000;
        ack.bytes = bytes;
        ack.flight = flight;
        ack.limited = limited;
        ack.rttNanos = rtt * 1_000_000L;
        ack.srttNanos = ack.rttNanos;
        ack.nowNanos = now;
        congestion.acknowledged(ack);
    }

    private boolean slowStartHasEnded() {
        return congestion.ssthresh() != CongestionControl.UNLIMITED;
    }

    @Test
    void aSteadyRoundTripDoublesTheWindow() {
        round(100);
        round(100);
        round(100);
        assertThat(congestion.cwnd()).isEqualTo(80 * MSS);
        assertThat(slowStartHasEnded()).isFalse();
    }

    /** Section 4.2: RttThresh = clamp(4 ms, RTT / 8, 16 ms). */
    @ParameterizedTest
    @CsvSource({"10, 13, 14", "100, 112, 113", "64, 71, 72", "300, 315, 316"})
    @Covers(Requirement.HYSTART_LEAVES_BEFORE_LOSS)
    void aRiseBeyondTheThresholdSlowsDown(int base, int below, int at) {
        round(base);
        round(below); // not enough: the window doubles
        int window = congestion.cwnd();
        assertThat(window).isEqualTo(40 * MSS);
        begin();
        congestion = new Cubic();
        begin();
        round(base);
        round(at);
        assertThat(congestion.cwnd()).isLessThan(window);
    }

    @Test
    @Covers(Requirement.HYSTART_CSS_GROWTH)
    void conservativeSlowStartGrowsAQuarterAsFast() { // section 4.2, CSS_GROWTH_DIVISOR
        round(100);
        for (int i = 0; i < 8; i++) {
            acknowledged(MSS, 20 * MSS, 120, true);
        }
        assertThat(congestion.cwnd()).isEqualTo(28 * MSS); // N_RTT_SAMPLE: the eighth ACK sees the rise
        acknowledged(4 * MSS, 20 * MSS, 120, true);
        assertThat(congestion.cwnd()).isEqualTo(29 * MSS);
    }

    @ParameterizedTest
    @EnumSource
    @Covers(Requirement.HYSTART_LEAVES_BEFORE_LOSS)
    void fiveRoundsLaterSlowStartIsOver(Algorithm algorithm) { // section 4.2, CSS_ROUNDS
        congestion = algorithm.make();
        begin();
        round(100);
        for (int i = 0; i < 4; i++) {
            round(120);
            assertThat(slowStartHasEnded()).as("after round " + i).isFalse();
        }
        round(120);
        round(120);
        assertThat(slowStartHasEnded()).isTrue();
        assertThat(congestion.ssthresh()).isLessThan(320 * MSS);
    }

    @Test
    @Covers(Requirement.HYSTART_RESUMES)
    void aRiseThatWasAnAccidentResumesSlowStart() { // section 4.2
        round(100);
        round(120);
        round(120);
        int slow = congestion.cwnd();
        for (int i = 0; i < 8; i++) {
            acknowledged(MSS, slow, 105, true);
        }
        int resumed = congestion.cwnd();
        acknowledged(4 * MSS, slow, 105, true);
        assertThat(congestion.cwnd()).isEqualTo(resumed + 4 * MSS);
        for (int i = 0; i < 10; i++) {
            acknowledged(congestion.cwnd(), congestion.cwnd(), 105, true);
        }
        assertThat(slowStartHasEnded()).isFalse();
    }

    @Test
    void fewSamplesProveNothing() { // section 4.2, N_RTT_SAMPLE
        round(100);
        for (int i = 0; i < 7; i++) {
            acknowledged(2 * MSS, 14 * MSS, 200, true);
        }
        assertThat(congestion.cwnd()).isEqualTo(34 * MSS);
    }

    @Test
    void aSingleFastAckOfARoundExcusesTheSlowOnes() { // the least of a round counts: delayed ACKs are no queue
        round(100);
        acknowledged(MSS, 20 * MSS, 100, true);
        for (int i = 0; i < 19; i++) {
            acknowledged(MSS, 20 * MSS, 200, true);
        }
        assertThat(congestion.cwnd()).isEqualTo(40 * MSS);
    }

    @Test
    void anAckOfHundredsOfSegmentsCountsAsSuch() { // the deviation from L = 8
        acknowledged(10 * MSS, 10 * MSS, 100, true);
        acknowledged(20 * MSS, 20 * MSS, 100, true);
        assertThat(congestion.cwnd()).isEqualTo(40 * MSS);
    }

    @Test
    @Covers(Requirement.UNUSED_WINDOW)
    void anUnusedWindowDoesNotGrow() {
        for (int i = 0; i < 100; i++) {
            acknowledged(MSS, MSS, 100, false);
        }
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    void onlyTheFirstSlowStartIsWatched() { // section 4.3
        round(100);
        congestion.timedOut(congestion.cwnd(), true, now);
        int threshold = congestion.ssthresh();
        while (congestion.cwnd() < threshold) {
            int before = congestion.cwnd();
            acknowledged(before, before, 900, true);
            assertThat(congestion.cwnd()).isGreaterThanOrEqualTo(Math.min(threshold, 2 * before));
        }
    }
}
