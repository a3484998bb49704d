package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** When the stack acknowledges what it receives (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2). */
class AcknowledgmentTest extends PacketScript {
    /** A connection that has received so much that it is young no longer; returns the next sequence number. */
    private int seasoned() {
        established();
        int at = 1;
        for (int i = 0; i < 20; i++, at += 2000) {
            peer.sends(data(at, at + 1000), data(at + 1000, at + 2000));
            stack.replies(ack(at + 2000));
            app.reads(2000);
            stack.sendsSomething();
        }
        return at;
    }

    @Test
    void aYoungConnectionIsAcknowledgedAtOnce() { // the peer's slow start should not wait for a timer
        established();
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        peer.sends(data(101, 201));
        stack.replies(ack(201));
        app.reads(200);
    }

    @Test
    @Covers(Requirement.DELAYED_ACK)
    void aLoneSegmentIsAcknowledgedAfterFortyMilliseconds() { // RFC 9293 section 3.8.6.3, MUST-40: less than 0.5 s
        int at = seasoned();
        peer.sends(data(at, at + 1000));
        stack.sendsAfter(millis(40), ack(at + 1000));
        assertThat(rig.count(Counter.TCP_EXT_DELAYED_ACKS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.ACK_EVERY_SECOND)
    void everySecondFullSegmentIsAcknowledgedAtOnce() { // RFC 9293 section 3.8.6.3, SHLD-18
        int at = seasoned();
        peer.sends(data(at, at + 1000));
        stack.isQuiet();
        peer.sends(data(at + 1000, at + 2000));
        stack.replies(ack(at + 2000));
        stack.isQuietFor(seconds(1));
    }

    @Test
    @Covers(Requirement.ACK_ONCE_A_BATCH)
    void aBatchIsAcknowledgedOnce() {
        int at = seasoned();
        peer.sends(
                data(at, at + 1000),
                data(at + 1000, at + 2000),
                data(at + 2000, at + 3000),
                data(at + 3000, at + 4000),
                data(at + 4000, at + 5000));
        stack.replies(ack(at + 5000));
    }

    @Test
    @Covers(Requirement.DELAYED_ACK)
    void theDelayIsNotProlongedByMoreData() { // MUST-40: 0.5 s from the first that is not acknowledged
        int at = seasoned();
        peer.sends(data(at, at + 10));
        clock.advanceMillis(30);
        peer.sends(data(at + 10, at + 20));
        stack.sendsAfter(millis(10), ack(at + 20));
    }

    @Test
    void dataCarriesTheAcknowledgment() {
        int at = seasoned();
        peer.sends(data(at, at + 100));
        app.writes(50);
        stack.sends(data(1, 51).acks(at + 100));
        peer.sends(ack(51));
        stack.isQuietFor(seconds(1));
    }

    @Test
    @Covers(Requirement.TCP_QUICKACK)
    void quickAckSendsTheAckThatWaitsAndTheNext() { // TCP_QUICKACK, as in Linux
        int at = seasoned();
        peer.sends(data(at, at + 100));
        stack.isQuiet();
        app.quickAck(true);
        stack.sends(ack(at + 100));
        peer.sends(data(at + 100, at + 200));
        stack.replies(ack(at + 200));
        assertThat(app.connection().quickAck()).isTrue();
    }

    @Test
    @Covers(Requirement.TCP_QUICKACK)
    void quickAckIsNotForEver() {
        int at = seasoned();
        app.quickAck(true);
        int quick = 0;
        for (; app.connection().quickAck(); at += 10, quick++) {
            peer.sends(data(at, at + 10));
            stack.replies(ack(at + 10));
        }
        assertThat(quick).isBetween(2, 100);
        peer.sends(data(at, at + 10));
        stack.sendsAfter(millis(40), ack(at + 10));
    }

    @Test
    @Covers(Requirement.TCP_QUICKACK)
    void withoutQuickAckEvenAYoungConnectionWaits() {
        established();
        app.quickAck(false);
        peer.sends(data(1, 101));
        stack.sendsAfter(millis(40), ack(101));
    }

    @Test
    @Covers(Requirement.MISTAKE_DELAYED_ACK_LARGE_MTU)
    void aVeryLargeSegmentIsAcknowledgedAtOnce() { // asterinas 485: 64 KiB segments one in 40 ms are 13 Mbit/s
        rig.ip().mtu(65_535);
        established(syn(0).mss(65_495).ws(7));
        app.quickAck(false);
        peer.sends(data(1, 65_496));
        stack.replies(ack(65_496));
        app.reads(65_495);
    }

    @Test
    @Covers(Requirement.GAP_ACKNOWLEDGED_AT_ONCE)
    void aGapIsToldOfAtOnceAndForEachSegment() { // RFC 5681 section 4.2: the sender counts duplicates
        int at = seasoned();
        peer.sends(data(at + 1000, at + 2000), data(at + 2000, at + 3000), data(at + 3000, at + 4000));
        stack.replies(ack(at), ack(at), ack(at));
        app.readsNothing();
        assertThat(rig.count(Counter.TCP_EXT_TCP_OFO_QUEUE)).isEqualTo(3);
    }

    @Test
    @Covers(Requirement.GAP_ACKNOWLEDGED_AT_ONCE)
    void theFillOfAGapIsAcknowledgedAtOnce() { // RFC 5681 section 4.2
        int at = seasoned();
        peer.sends(data(at + 100, at + 200), data(at + 300, at + 400));
        stack.replies(ack(at), ack(at));
        peer.sends(data(at, at + 100));
        stack.replies(ack(at + 200));
        peer.sends(data(at + 200, at + 300));
        stack.replies(ack(at + 400));
        app.reads(400);
    }

    @Test
    @Covers(Requirement.ACCEPTABILITY)
    void oldDataIsAcknowledgedAtOnce() { // RFC 9293 section 3.10.7.4, first step: our ACK may have been lost
        int at = seasoned();
        peer.sends(data(at - 1000, at));
        stack.replies(ack(at));
        assertThat(rig.dropped(DropReason.TCP_DUPLICATE)).isEqualTo(1);
    }

    @Test
    void aFinIsAcknowledgedAtOnce() {
        int at = seasoned();
        peer.sends(fin(at));
        stack.replies(ack(at + 1));
    }

    @Test
    void anAckIsNeverAcknowledged() { // or two ends would never stop
        int at = seasoned();
        peer.sends(ack(1), ack(1).seq(at));
        stack.isQuietFor(seconds(1));
    }
}
