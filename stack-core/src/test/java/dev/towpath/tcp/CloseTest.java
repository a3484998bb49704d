package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** The ways a connection ends in order (RFC 9293 section 3.6), and out of it. */
class CloseTest extends PacketScript {
    @Test
    @Covers(Requirement.NORMAL_CLOSE)
    void weCloseFirst() { // RFC 9293 section 3.6, figure 12, seen from TCP peer A
        established();
        app.closes();
        stack.sends(fin(1).acks(1));
        peer.sends(ack(2));
        app.isIn(State.FIN_WAIT_2);
        peer.sends(fin(1));
        stack.replies(ack(2));
        app.isIn(State.TIME_WAIT);
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.NORMAL_CLOSE)
    void thePeerClosesFirst() { // figure 12, seen from TCP peer B
        established();
        peer.sends(fin(1));
        stack.replies(ack(2));
        app.isIn(State.CLOSE_WAIT);
        app.seesTheEnd();
        app.closes();
        stack.sends(fin(1).acks(2));
        app.isIn(State.LAST_ACK);
        peer.sends(ack(2));
        app.isIn(State.CLOSED);
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.SIMULTANEOUS_CLOSE)
    void bothCloseAtOnce() { // figure 13
        established();
        app.closes();
        stack.sends(fin(1));
        peer.sends(fin(1).acks(1));
        stack.replies(ack(2));
        app.isIn(State.CLOSING);
        peer.sends(ack(2));
        app.isIn(State.TIME_WAIT);
    }

    @Test
    @Covers(Requirement.NORMAL_CLOSE)
    void thePeersFinMayCarryTheAckOfOurs() { // three segments instead of four
        established();
        app.closes();
        stack.sends(fin(1));
        peer.sends(fin(1).acks(2));
        stack.replies(ack(2));
        app.isIn(State.TIME_WAIT);
    }

    @Test
    @Covers(Requirement.FIN_RETRANSMITTED)
    void anAckThatIsLostIsSentAgain() { // LAST-ACK: our FIN is the retransmission that asks for it
        in(State.LAST_ACK);
        stack.sendsAfter(millis(200), fin(1));
        stack.sendsAfter(millis(400), fin(1));
        peer.sends(ack(2));
        app.isIn(State.CLOSED);
    }

    @Test
    @Covers(Requirement.HALF_CLOSE)
    void afterOurFinThePeerMaySendOn() { // half close: RFC 9293 section 3.6, case 1
        established();
        app.shutsDown();
        stack.sends(fin(1));
        peer.sends(ack(2), data(1, 1001), data(1001, 2001));
        stack.replies(ack(2001));
        app.reads(2000);
        peer.sends(data(2001, 2501).fin());
        stack.replies(ack(2502));
        app.reads(500);
        app.seesTheEnd();
        app.isIn(State.TIME_WAIT);
    }

    @Test
    @Covers(Requirement.HALF_CLOSE)
    void afterThePeersFinWeMaySendOn() { // half close the other way
        established();
        peer.sends(fin(1));
        stack.replies(ack(2));
        app.writes(1500);
        stack.sends(data(1, 1001), data(1001, 1501));
        peer.sends(ack(1501));
        app.shutsDown();
        stack.sends(fin(1501));
        peer.sends(ack(1502));
        app.isIn(State.CLOSED);
    }

    @Test
    @Covers(Requirement.CLOSE_SENDS_WHAT_IS_QUEUED)
    void theFinGoesBehindAllThatIsQueued() { // RFC 9293 section 3.10.4
        established(syn(0).mss(1000).win(2000));
        app.writes(3500);
        app.isFine();
        stack.sends(data(1, 1001), data(1001, 2001));
        app.shutsDown();
        stack.isQuiet();
        app.canNotWrite();
        peer.sends(ack(2001));
        stack.sends(data(2001, 3001), data(3001, 3501).fin());
        peer.sends(ack(3502));
        app.isIn(State.FIN_WAIT_2);
    }

    @Test
    @Covers(Requirement.CLOSE_SENDS_WHAT_IS_QUEUED)
    void theFinLeavesWithTheLastData() {
        established();
        app.writesMore(100);
        app.shutsDown();
        stack.sends(data(1, 101).fin().psh());
    }

    @Test
    void closingTwiceIsClosingOnce() {
        established();
        app.shutsDown();
        stack.sends(fin(1));
        app.shutsDown();
        app.closes();
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.CLOSE_BEFORE_ESTABLISHED)
    void closingBeforeTheHandshakeIsOverWaitsForIt() { // RFC 9293 section 3.10.4: SYN-RECEIVED
        app.connects();
        stack.sends(syn(0));
        peer.sends(syn(0).mss(1000));
        stack.sendsSomething();
        app.writes(10);
        app.shutsDown();
        peer.sends(ack(1));
        stack.sends(data(1, 11).fin());
        app.isIn(State.FIN_WAIT_1);
    }

    @Test
    @Covers({Requirement.RST_ON_CLOSE, Requirement.CLOSE_WITH_UNREAD_DATA_RESETS})
    void closingWithUnreadDataResets() { // RFC 2525 section 2.17: it was acknowledged, and nobody will ever read it
        established();
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        app.closes();
        stack.sends(rstAck(1, 101));
        assertThat(rig.flows()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_CLOSE)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.CLOSE_WITH_UNREAD_DATA_RESETS)
    void dataAfterCloseIsReset() { // RFC 9293 section 3.6.1: half-duplex close; nobody is there to read
        established();
        app.closes();
        stack.sends(fin(1));
        peer.sends(ack(2), data(1, 101));
        assertThat(stack.sendsSomething())
                .singleElement()
                .matches(sent -> sent.segment().flagLetters().contains("R"));
        app.isIn(State.CLOSED);
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_DATA)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.ORPHANS)
    void anOrphanDoesNotWaitForTheFinForEver() { // FIN-WAIT-2 has no timer in the RFC; as Linux, after 60 s
        established();
        app.closes();
        stack.sends(fin(1));
        peer.sends(ack(2));
        stack.isQuietFor(seconds(59));
        app.isIn(State.FIN_WAIT_2);
        stack.isQuietFor(seconds(2));
        app.isIn(State.CLOSED);
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.HALF_CLOSE)
    void aHalfClosedConnectionWaitsForEver() { // the application still reads: that is what half close is for
        in(State.FIN_WAIT_2);
        stack.isQuietFor(seconds(24 * 3600));
        app.isIn(State.FIN_WAIT_2);
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        app.reads(100);
    }

    @Test
    void aReaderThatHasShutDownThrowsAway() { // as Linux: acknowledged and gone
        established();
        app.shutsDownInput();
        peer.sends(data(1, 1001), data(1001, 2001));
        stack.replies(ack(2001).win(65_535));
        app.seesTheEnd();
        app.writes(10);
        stack.sends(data(1, 11));
    }

    @Test
    @Covers(Requirement.ABORT_RESETS)
    void abortResets() { // RFC 9293 section 3.10.5: SEQ=SND.NXT
        established();
        app.writes(500);
        stack.sends(data(1, 501));
        app.aborts();
        stack.sends(rstAck(501, 1));
        app.isIn(State.CLOSED);
        assertThat(rig.bufferBytes()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    @Covers(Requirement.ABORT_RESETS)
    void abortWithNothingSentResetsToo() { // SO_LINGER with time 0 on an idle connection
        established();
        app.aborts();
        stack.sends(rstAck(1, 1));
        peer.sends(data(1, 11));
        stack.replies(rst(1)); // the connection is unknown now
    }

    @Test
    @Covers(Requirement.ABORT_RESETS)
    void abortAfterBothFinsIsSilent() { // RFC 9293 section 3.10.5: CLOSING, LAST-ACK and TIME-WAIT send no reset
        in(State.LAST_ACK);
        app.aborts();
        stack.isQuiet();
        app.isIn(State.CLOSED);
    }

    @Test
    void aResetTakesNothingThatHasArrived() { // what was received before stays readable
        established();
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        peer.sends(rst(101));
        app.isTold(TransportError.CONNECTION_RESET);
        app.reads(100);
        app.closes();
        assertThat(rig.bufferBytes()).isZero();
    }

    @Test
    @Covers(Requirement.LINGER)
    void lingerSeesWhatIsUnacknowledged() { // SO_LINGER waits for this to become 0: data and FIN
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        app.shutsDown();
        stack.sends(fin(101));
        assertThat(app.connection().unacknowledged()).isEqualTo(101);
        peer.sends(ack(101));
        assertThat(app.connection().unacknowledged()).isEqualTo(1);
        peer.sends(ack(102));
        assertThat(app.connection().unacknowledged()).isZero();
    }

    @Test
    void theStackClosingResetsEverybody() {
        established();
        rig.closes();
        stack.sends(rstAck(1, 1));
        app.isTold(TransportError.CONNECTION_ABORTED);
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }
}
