package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that are spread over the round trip, which takes 100 ms, instead of leaving in a burst. */
@Covers(Requirement.PACING)
class PacingTest extends PacketScript {
    private static final int RTT = 100;

    private void connected() {
        connected(RTT);
    }

    private void connected(int rtt) {
        app.listens();
        peer.sends(syn(0).mss(1000).sackPermitted());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(rtt);
        peer.sends(ack(1));
        app.accepts();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10}) // the clock begins below zero, and goes on above it
    void inSlowStartTheWindowIsSpreadOverHalfARoundTrip(int seconds) { // twice the window a round trip
        rig.config(TcpConfig.builder().pacing(true).build());
        clock.advanceSeconds(seconds);
        connected();
        app.writes(60_000);
        stack.sends(data(1, 1001), data(1001, 2001));
        for (int at = 2001; at < 10_001; at += 2000) {
            stack.sendsAfter(millis(10), data(at, at + 1000), data(at + 1000, at + 2000));
        }
        stack.isQuietFor(millis(59));
    }

    @Test
    void withoutPacingItLeavesAtOnce() {
        connected();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        app.writes(4000);
        stack.sends(data(2001, 3001), data(3001, 4001), data(4001, 5001), data(5001, 6001));
    }

    @Test
    void theApplicationMayWantLess() { // SO_MAX_PACING_RATE: two segments in 50 ms
        app.options(settings -> settings.maxPacingRate = 40_000);
        connected();
        app.writes(5000);
        stack.sends(data(1, 1001), data(1001, 2001));
        stack.sendsAfter(millis(50), data(2001, 3001), data(3001, 4001));
        stack.sendsAfter(millis(50), data(4001, 5001));
        peer.sends(ack(5001));
        stack.isQuiet();
    }

    @Test
    void aLimitCanBeSetAndTakenAwayAtAnyTime() {
        connected();
        app.options(settings -> settings.maxPacingRate = 40_000);
        app.writes(6000);
        stack.sends(data(1, 1001), data(1001, 2001));
        app.options(settings -> settings.maxPacingRate = Long.MAX_VALUE);
        stack.sends(data(2001, 3001), data(3001, 4001), data(4001, 5001), data(5001, 6001));
    }

    @Test
    void anAckDoesNotHurryIt() {
        app.options(settings -> settings.maxPacingRate = 40_000);
        connected();
        app.writes(6000);
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceMillis(20);
        peer.sends(ack(2001));
        stack.isQuietFor(millis(29));
        stack.sendsAfter(millis(1), data(2001, 3001), data(3001, 4001));
    }

    @Test
    void silenceSavesUpNothing() {
        app.options(settings -> settings.maxPacingRate = 40_000);
        connected();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        peer.sends(ack(2001));
        clock.advanceSeconds(10);
        app.writes(4000);
        stack.sends(data(2001, 3001), data(3001, 4001));
        stack.sendsAfter(millis(50), data(4001, 5001), data(5001, 6001));
    }

    @Test
    void aSuperSegmentLastsAMillisecond() {
        rig.ip().offload(65_535);
        app.options(settings -> settings.maxPacingRate = 5_000_000);
        connected(1);
        app.writes(10_000);
        stack.sends(data(1, 5001).cut(1000));
        stack.sendsAfter(millis(1), data(5001, 10_001).cut(1000));
    }

    @Test
    void aRetransmissionTakesItsTurnBehindTheFirst() { // the first goes at once, and takes of the quantum
        app.options(settings -> settings.maxPacingRate = 40_000);
        connected();
        app.writes(10_000);
        stack.sends(data(1, 1001), data(1001, 2001));
        stack.sendsAfter(millis(50), data(2001, 3001), data(3001, 4001));
        stack.sendsAfter(millis(50), data(4001, 5001), data(5001, 6001));
        peer.sends(ack(1).sack(2001, 6001));
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(75), data(1001, 2001), data(6001, 7001));
    }

    @Test
    void whatIsPacedIsNotProbedForAClosedWindow() { // nothing in flight, and yet no persist timer
        app.options(settings -> settings.maxPacingRate = 1000);
        connected();
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001));
        peer.sends(ack(2001));
        stack.isQuietFor(millis(1999));
        stack.sendsAfter(millis(1), data(2001, 3001), data(3001, 4001));
        assertThat(rig.timersArmed()).isEqualTo(1);
    }
}
