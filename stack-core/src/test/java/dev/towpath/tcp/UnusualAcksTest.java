package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import org.junit.jupiter.api.Test;

/**
 * ACKs that come in other portions than segments go: one for a super-segment's pieces, one for many segments, one for
 * each byte. Loss recovery and the window go by bytes, and by what is new.
 */
class UnusualAcksTest extends SackScript {
    /** The peer's window is large, and so is our send buffer. */
    private void establishedWide() {
        app.options(settings -> settings.sendBuffer = 1 << 20);
        app.listens();
        peer.sends(syn(0).mss(1000).sackPermitted().ws(7).win(65_535));
        stack.replies(synAck(0, 1));
        clock.advanceMillis(RTT);
        peer.sends(ack(1).win(1 << 20));
        app.accepts();
    }

    /** The link cuts; the peer's window is large; ten segments went in one frame. */
    private void superSegmentInFlight() {
        rig.ip().offload(65_535);
        establishedWide();
        app.writes(10_000);
        stack.sends(data(1, 10_001).cut(1000));
        clock.advanceMillis(RTT);
    }

    @Test
    @Covers(Requirement.SACK_SUPER_SEGMENTS)
    void ofASuperSegmentOnlyTheLostPiecesAreSentAgain() {
        superSegmentInFlight();
        peer.sends(ack(2001).sack(3001, 5001).sack(6001, 10_001));
        stack.sends(data(2001, 3001).cut(0), data(5001, 6001).cut(0));
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(2);
    }

    @Test
    @Covers(Requirement.SACK_SUPER_SEGMENTS)
    void piecesThatFollowEachOtherGoAgainInOneFrame() {
        superSegmentInFlight();
        peer.sends(ack(2001).sack(5001, 10_001));
        stack.sends(data(2001, 3001), data(3001, 5001).cut(1000)); // the first at once, the others as the window lets
        clock.advanceMillis(RTT);
        peer.sends(ack(3001).sack(4001, 10_001)); // the second of the three was lost again
        stack.sends(data(3001, 4001).cut(0));
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers(Requirement.SACK_SUPER_SEGMENTS)
    void theProbeForASuperSegmentIsItsLastPiece() { // RFC 8985 section 7.3: one segment, not ten
        superSegmentInFlight();
        clock.advanceMillis(RTT);
        assertThat(stack.sendsSomething().get(0).segment().payload()).hasSize(1000);
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_PROBES)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.THINNED_ACKS)
    void oneAckForSixtyFourSegmentsOpensTheWindowAsMany() { // RFC 3465: bytes count, not ACKs
        establishedWide();
        app.writes(1 << 19);
        int acked = 1;
        int flight = bytesSent();
        for (int round = 0; round < 4; round++) {
            clock.advanceMillis(RTT);
            acked += flight;
            peer.sends(ack(acked));
            int sent = bytesSent();
            assertThat(sent).as("slow start doubles").isBetween(2 * flight - 1000, 2 * flight + 1000);
            flight = sent;
        }
        assertThat(flight).isGreaterThan(150_000);
    }

    @Test
    @Covers(Requirement.THINNED_ACKS)
    void oneAckThatTellsOfAllBehindAHoleIsEnough() { // the three duplicates of RFC 5681 never come
        tenSegmentsInFlight();
        app.writes(10_000);
        peer.sends(ack(3001).sack(4001, 10_001));
        stack.sendsSomething();
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        assertThat(bytesSent()).as("no burst").isLessThanOrEqualTo(6000);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isZero();
    }

    @Test
    @Covers(Requirement.ACK_DIVISION)
    void anAckForEachByteGainsNothing() { // RFC 3465 section 2: or else a receiver could make us flood the path
        establishedWide();
        app.writes(200_000);
        assertThat(bytesSent()).isEqualTo(10_000);
        clock.advanceMillis(RTT);
        int sent = 0;
        for (int acked = 2; acked <= 2001; acked++) {
            peer.sends(ack(acked));
            sent += bytesSent();
        }
        assertThat(sent)
                .as("two segments left the network, and slow start adds two")
                .isEqualTo(4000);
        peer.sends(ack(10_001));
        assertThat(sent + bytesSent()).isEqualTo(20_000);
    }

    @Test
    @Covers(Requirement.ACK_DIVISION)
    void reportsOfSingleBytesMakeNothingLostThatIsNot() { // RFC 6675 section 4: DupThresh segments, or as many bytes
        tenSegmentsInFlight();
        for (int i = 0; i < 9; i++) {
            peer.sends(ack(1).sack(1001 + 1000 * i, 1002 + 1000 * i));
            stack.isQuiet();
        }
        clock.advanceMillis(RTT / 10);
        peer.sends(ack(10_001));
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
    }
}
