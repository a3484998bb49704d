package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** A link that cuts segments itself, and puts them together: one frame stands for many. */
class SuperSegmentTest extends PacketScript {
    private void offloading() {
        rig.ip().offload(65_535);
        established(syn(0).mss(1000).ws(7).win(65_535));
        peer.sends(ack(1).win(1 << 20));
    }

    @Test
    @Covers(Requirement.SUPER_SEGMENTS)
    void oneFrameCarriesTheWholeWindow() {
        offloading();
        app.writes(60_000);
        stack.sends(data(1, 10_001).cut(1000));
        assertThat(rig.count(Counter.TCP_OUT_SEGS))
                .as("SYN-ACK and ten segments")
                .isEqualTo(11);
    }

    @Test
    void aSegmentThatNeedsNoCuttingIsOrdinary() {
        offloading();
        app.writes(1000);
        stack.sends(data(1, 1001).cut(0));
    }

    @Test
    void theTailGoesInTheSameFrame() { // the last of the segments that the link cuts may be short
        offloading();
        app.writes(5500);
        stack.sends(data(1, 5501).cut(1000).psh());
    }

    @Test
    @Covers({Requirement.SUPER_SEGMENTS, Requirement.SLOW_START})
    void congestionControlCountsBytes() { // slow start is as fast with one ACK for ten segments as with ten
        offloading();
        app.writes(200_000);
        stack.sends(data(1, 10_001).cut(1000));
        peer.sends(ack(10_001));
        stack.sends(data(10_001, 30_001).cut(1000));
        peer.sends(ack(30_001));
        stack.sends(data(30_001, 70_001).cut(1000));
    }

    @Test
    void aFrameIsNoLargerThanTheLinkTakes() { // 65,535 bytes of IP packet: the rule is checked by the rig
        offloading();
        app.writes(400_000);
        int acked = 1;
        for (int round = 0; round < 6; round++) {
            for (Emitted sent : stack.sendsSomething()) {
                int length = sent.segment().payload().length;
                assertThat(length).isLessThanOrEqualTo(65_495);
                acked += length;
            }
            peer.sends(ack(acked));
        }
        assertThat(acked).isEqualTo(400_001);
    }

    @Test
    @Covers(Requirement.SUPER_SEGMENTS)
    void aLostPieceIsSentAgainAlone() { // the peer saw the second of ten segments missing
        offloading();
        app.writes(10_000);
        stack.sends(data(1, 10_001).cut(1000));
        peer.sends(ack(1001));
        peer.sends(ack(1001), ack(1001), ack(1001));
        stack.sends(data(1001, 2001).cut(0));
    }

    @Test
    @Covers(Requirement.SUPER_SEGMENTS)
    void aReceivedSuperSegmentIsOneSegment() { // far larger than the MSS that was offered
        rig.ip().offload(65_535);
        app.listens();
        peer.sends(syn(0).mss(1460).ws(7).win(65_535));
        stack.replies(synAck(0, 1).mss(1460));
        peer.sends(ack(1));
        app.accepts();
        peer.sends(data(1, 64_001).cut(1460));
        stack.replies(ack(64_001));
        app.reads(64_000);
    }

    @Test
    @Covers(Requirement.SUPER_SEGMENTS)
    void manyReceivedSuperSegmentsAreAcknowledgedOncePerBatch() {
        rig.ip().offload(65_535);
        established(syn(0).mss(1460).ws(7).win(65_535));
        peer.sends(data(1, 60_001).cut(1460));
        stack.replies(ack(60_001));
        app.reads(60_000);
        stack.sendsSomething();
        peer.sends(data(60_001, 120_001).cut(1460), data(120_001, 180_001).cut(1460));
        stack.replies(ack(180_001));
        app.reads(120_000);
        stack.sendsSomething();
    }

    @Test
    @Covers(Requirement.SUPER_SEGMENTS)
    void aReceivedSuperSegmentFillsAHole() {
        rig.ip().offload(65_535);
        established(syn(0).mss(1460).ws(7).win(65_535));
        peer.sends(data(30_001, 60_001).cut(1460));
        stack.replies(ack(1));
        peer.sends(data(1, 30_001).cut(1460));
        stack.replies(ack(60_001));
        app.reads(60_000);
    }

    @Test
    void aLinkThatOnlyCompletesChecksumsGetsOrdinarySegments() {
        rig.ip().checksumOffload();
        established();
        app.writes(2000);
        stack.sends(data(1, 1001).cut(0), data(1001, 2001).cut(0));
    }
}
