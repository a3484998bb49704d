package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.Test;

/** How RACK tells what is late from what is lost (RFC 8985 section 6.2), and what RFC 6675 wants of a scoreboard. */
class RackTest extends SackScript {
    /** Four segments of which the first came last; returns the next number. */
    private int reorderedOnce() {
        segmentsInFlight(4);
        peer.sends(ack(1).sack(1001, 2001));
        clock.advanceMillis(RTT / 10);
        peer.sends(ack(4001));
        return 4001;
    }

    @Test
    @Covers({Requirement.RACK_DUPTHRESH, Requirement.RACK_WINDOW_ADAPTS})
    void whereReorderingWasSeenThreeSegmentsProveNothing() { // RFC 8985 section 6.2 step 4
        int next = reorderedOnce();
        sendsFrom(next, 8);
        clock.advanceMillis(RTT);
        peer.sends(ack(next).sack(next + 1000, next + 5000));
        stack.isQuiet();
        stack.sendsAfter(millis(RTT / 4), data(next, next + 1000));
    }

    @Test
    @Covers(Requirement.RACK_DUPTHRESH)
    void blocksThatComeTogetherAreNoReordering() { // the ACKs between were lost, or never sent
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(5001, 6001).sack(1001, 2001));
        stack.isQuiet();
        peer.sends(ack(1).sack(5001, 7001).sack(1001, 2001));
        assertThat(bytesSent())
                .as("three segments behind the hole: it counts as lost at once")
                .isPositive();
    }

    /** The segment at {@code next} of four is late by more than the window, sent again, and so comes twice. */
    private void lateBeyondTheWindow(int next, int waited) {
        sendsFrom(next, 4);
        clock.advanceMillis(RTT);
        peer.sends(ack(next).sack(next + 1000, next + 4000));
        stack.sendsAfter(millis(waited), data(next, next + 1000));
        peer.sends(ack(next + 4000));
        clock.advanceMillis(RTT);
        peer.sends(ack(next + 4000).sack(next, next + 1000));
    }

    @Test
    @Covers(Requirement.RACK_WINDOW_ADAPTS)
    void eachRoundWithADuplicateWidensTheWindow() { // RFC 8985 section 6.2 step 4: by a quarter of the round trip
        int next = reorderedOnce();
        lateBeyondTheWindow(next, RTT / 4);
        lateBeyondTheWindow(next + 4000, 2 * RTT / 4);
        lateBeyondTheWindow(next + 8000, 3 * RTT / 4);
    }

    @Test
    @Covers(Requirement.RACK_WINDOW_ADAPTS)
    void afterSixteenRecoveriesTheWindowIsAsSmallAsEver() { // RFC 8985 section 6.2 step 4, RACK.reo_wnd_persist
        int next = reorderedOnce();
        lateBeyondTheWindow(next, RTT / 4);
        next += 4000;
        for (int recovery = 1; recovery <= 17; recovery++) {
            sendsFrom(next, 2);
            clock.advanceMillis(RTT);
            peer.sends(ack(next).sack(next + 1000, next + 2000));
            int waited = recovery <= 16 ? 2 * RTT / 4 : RTT / 4;
            stack.sendsAfter(millis(waited), data(next, next + 1000));
            clock.advanceMillis(RTT);
            next += 2000;
            peer.sends(ack(next));
        }
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers({Requirement.SACK_PIPE, Requirement.SACK_NEXT_SEG})
    void holesAreFilledInOrderBeforeNewDataGoes() { // RFC 6675 section 4, NextSeg (1) and (2), and SetPipe
        tenSegmentsInFlight();
        app.writes(10_000);
        // 1, 3 and 5 are lost. In the pipe: 9 and 10, for the rest is SACKed or lost; RFC 9937 lets the flight shrink
        // to five as ACKs come, one at least at once.
        peer.sends(ack(1).sack(5001, 8001).sack(3001, 4001).sack(1001, 2001));
        stack.sends(data(1, 1001), data(2001, 3001), data(4001, 5001));
        // In the pipe: three retransmissions and the two. One of them arrives: there is room for one new segment.
        peer.sends(ack(1).sack(5001, 9001).sack(3001, 4001).sack(1001, 2001));
        stack.sends(data(10_001, 11_001));
        peer.sends(ack(1).sack(5001, 10_001).sack(3001, 4001).sack(1001, 2001));
        stack.sends(data(11_001, 12_001));
    }

    @Test
    @Covers({Requirement.SACK_RESCUE, Requirement.RACK_LOST_RETRANSMISSION})
    void theLostEndOfAFlightNeedsNoRescue() { // RFC 6675 section 4, NextSeg (4), saves a time-out here; so does RACK
        tenSegmentsInFlight();
        peer.sends(ack(1).sack(1001, 8001)); // the last two are lost too
        stack.sends(data(1, 1001));
        clock.advanceMillis(RTT);
        peer.sends(ack(8001)); // this was sent after them and has arrived
        stack.sends(data(8001, 9001), data(9001, 10_001));
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers(Requirement.PRR_ENDS_AT_SSTHRESH)
    void recoveryEndsWithTheFlightAtSsthresh() { // RFC 9937 section 6
        app.options(settings -> settings.sendBuffer = 1 << 20);
        tenSegmentsInFlight();
        app.writes(60_000);
        for (int i = 2; i <= 10; i++) {
            peer.sends(ack(1).sack(1001, 1001 + 1000 * (i - 1)));
            stack.sendsSomething();
        }
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001)); // ten were in flight: five are now
        stack.sendsSomething();
        clock.advanceMillis(RTT);
        peer.sends(ack(15_001));
        assertThat(bytesSent()).as("as many as have arrived, and one more").isBetween(5000, 6000);
    }
}
