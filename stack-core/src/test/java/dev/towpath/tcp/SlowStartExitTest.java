package dev.towpath.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HyStart++ (RFC 9406) as the peer sees it. */
class SlowStartExitTest extends LongPathScript {
    private static final int RTT = 100;

    @BeforeEach
    void room() {
        rig.config(roomy().build());
    }

    /** The path holds 100 segments and its queue 1500: slow start alone would put 2560 there. */
    @Test
    @Covers(Requirement.HYSTART_LEAVES_BEFORE_LOSS)
    void slowStartEndsBeforeTheQueueOverflows() {
        connected(millis(RTT));
        bottleneck(1_000_000, 1_500_000);
        writes(PLENTY);
        goesOn(seconds(10));
        assertThat(dropped()).isZero();
        assertThat(segmentsInFlight()).as("the path is full").isBetween(100, 1600);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
    }

    @Test
    @Covers(Requirement.HYSTART_LEAVES_BEFORE_LOSS)
    void withoutARiseTheWindowDoublesEachRoundTrip() {
        connected(millis(RTT));
        writes(PLENTY);
        for (int expected = 20; expected <= 640; expected *= 2) {
            goesOn(millis(RTT));
            assertThat(segmentsInFlight()).isEqualTo(expected);
        }
    }

    @Test
    @Covers({Requirement.HYSTART_RESUMES, Requirement.HYSTART_CSS_GROWTH})
    void aRiseThatPassesResumesSlowStart() {
        connected(millis(RTT));
        writes(PLENTY);
        goesOn(millis(RTT));
        assertThat(segmentsInFlight()).isEqualTo(20);
        roundTrip(millis(RTT + 20)); // for what is sent from now on
        goesOn(millis(RTT)); // what was sent before is acknowledged
        assertThat(segmentsInFlight()).isEqualTo(40);
        goesOn(millis(RTT + 20));
        assertThat(segmentsInFlight())
                .as("eight ACKs to see it, then a quarter")
                .isBetween(50, 60);
        int slow = segmentsInFlight();
        roundTrip(millis(RTT));
        goesOn(millis(RTT + 20)); // the last slow round
        assertThat(segmentsInFlight()).isBetween(slow * 5 / 4 - 2, slow * 5 / 4 + 2);
        slow = segmentsInFlight();
        goesOn(millis(RTT));
        assertThat(segmentsInFlight()).as("twice again, but for the eight ACKs").isBetween(2 * slow - 16, 2 * slow);
    }
}
