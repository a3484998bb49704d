package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A neighbour behind a link that holds few frames: a window in bytes alone would overflow it, over and over. */
class ShortQueueTest extends PacketScript {
    @BeforeEach
    void fourFrames() {
        rig.ip().queueFrames(4);
    }

    @Test
    @Covers({Requirement.BURSTS_IN_PACKETS, Requirement.MISTAKE_QUEUE_OVERFLOW})
    void noMoreIsInFlightThanTheQueueHolds() {
        established();
        app.writes(10_000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        peer.sends(ack(2001));
        stack.sends(data(4001, 5001), data(5001, 6001));
    }

    @Test
    @Covers(Requirement.BURSTS_IN_PACKETS)
    void theWindowOffersNoMoreThanTheQueueHolds() {
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).mss(1460).win(4 * 1460));
    }

    @Test
    @Covers(Requirement.BURSTS_IN_PACKETS)
    void aLinkThatCutsSegmentsItselfHoldsManyInAFrame() {
        rig.ip().offload(65_535);
        established();
        app.writes(10_000);
        stack.sends(data(1, 10_001).cut(1000));
    }

    @Test
    @Covers(Requirement.MISTAKE_BLOCKING_QUEUE)
    void whatACrowdedQueueHasNoPlaceForWaits() { // clawpatrol 150: neither dropped nor kept in a heap of frames
        rig.ip().queueFrames(1000);
        established();
        rig.ip().free(2);
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001));
        stack.isQuietFor(millis(5));
        rig.ip().free(1);
        stack.sendsAfter(Duration.ofMillis(1), data(2001, 3001));
        rig.ip().free(100);
        stack.sendsAfter(Duration.ofMillis(1), data(3001, 4001));
        peer.sends(ack(4001));
        stack.isQuietFor(seconds(10));
        assertThat(app.connection().info().totalRetrans).isZero();
    }

    @Test
    @Covers(Requirement.MISTAKE_BLOCKING_QUEUE)
    void anAckMakesItLookAgainAtOnce() {
        rig.ip().queueFrames(1000);
        established();
        rig.ip().free(2);
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001));
        rig.ip().free(100);
        peer.sends(ack(1001));
        stack.sends(data(2001, 3001), data(3001, 4001));
    }

    @Test
    @Covers(Requirement.MISTAKE_BLOCKING_QUEUE)
    void waitingForTheLinkIsNoZeroWindow() { // nothing is in flight, and yet there is nothing to probe
        rig.ip().queueFrames(1000);
        established();
        rig.ip().free(0);
        app.writes(4000);
        stack.isQuietFor(seconds(1));
        assertThat(rig.count(Counter.TCP_EXT_TCP_WIN_PROBE)).isZero();
        rig.ip().free(100);
        stack.sendsAfter(Duration.ofMillis(1), data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
    }

    @Test
    @Covers(Requirement.MISTAKE_BLOCKING_QUEUE)
    void acksNeedNotWait() {
        rig.ip().queueFrames(1000);
        established();
        rig.ip().free(0);
        peer.sends(data(1, 1001));
        stack.replies(ack(1001));
    }
}
