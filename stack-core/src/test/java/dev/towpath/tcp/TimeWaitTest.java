package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.Allocations;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/**
 * TIME-WAIT (RFC 9293 section 3.6.1, RFC 1337, RFC 6191): the segments of the old connection die out before a new one
 * begins.
 */
class TimeWaitTest extends PacketScript {
    @Test
    @Covers(Requirement.TIME_WAIT_TWO_MSL)
    void itLastsTwoMaximumSegmentLifetimes() { // MUST-13; MSL is 30 s here
        in(State.TIME_WAIT);
        stack.isQuietFor(millis(59_999));
        assertThat(rig.timeWaits()).isEqualTo(1);
        stack.isQuietFor(millis(1));
        assertThat(rig.timeWaits()).isZero();
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TW)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TIME_WAIT_TWO_MSL)
    void aFinAgainIsAcknowledgedAndBeginsItAnew() { // RFC 9293 section 3.10.7.4, eighth step
        in(State.TIME_WAIT);
        clock.advanceSeconds(40);
        peer.sends(fin(1));
        stack.replies(ack(2).seq(2));
        stack.isQuietFor(seconds(59));
        assertThat(rig.timeWaits()).isEqualTo(1);
        stack.isQuietFor(seconds(2));
        assertThat(rig.timeWaits()).isZero();
    }

    @Test
    @Covers(Requirement.TIME_WAIT_TWO_MSL)
    void aFinFromElsewhereDoesNotProlongIt() { // it is not a retransmission of the peer's
        in(State.TIME_WAIT);
        clock.advanceSeconds(40);
        peer.sends(fin(2_000_000));
        stack.replies(ack(2));
        stack.isQuietFor(seconds(21));
        assertThat(rig.timeWaits()).isZero();
    }

    @Test
    void oldDataIsAcknowledgedButDoesNotProlongIt() {
        in(State.TIME_WAIT);
        clock.advanceSeconds(40);
        peer.sends(data(0, 1));
        stack.replies(ack(2));
        stack.isQuietFor(seconds(21));
        assertThat(rig.timeWaits()).isZero();
    }

    @Test
    @Covers(Requirement.TIME_WAIT_RST)
    void aResetDoesNotEndIt() { // RFC 1337: assassination
        in(State.TIME_WAIT);
        peer.sends(rst(2), rstAck(2, 2));
        stack.isQuietFor(seconds(59));
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TIME_WAIT_REOPENED)
    void aNewSynBeyondTheOldNumbersOpensANewConnection() { // RFC 9293 section 3.6.1, MAY-2; RFC 6191 section 2
        in(State.TIME_WAIT);
        int oldSequence = stack.initialSequence();
        app.closes();
        peer.sends(syn(100_000).mss(1000));
        stack.replies(synAck(0, 100_001));
        assertThat(stack.initialSequence() - oldSequence)
                .as("larger than any number of the old one")
                .isGreaterThan(2);
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
        assertThat(rig.timeWaits()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TW_RECYCLED)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TIME_WAIT_REOPENED)
    void anOldSynDoesNot() { // a duplicate of the one that opened the old connection
        in(State.TIME_WAIT);
        peer.sends(syn(0).mss(1000));
        stack.replies(ack(2));
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.TIME_WAIT_REOPENED)
    void aNewSynWithoutAListenerDoesNot() {
        app.connects();
        stack.sends(syn(0));
        peer.sends(synAck(0, 1));
        stack.replies(ack(1));
        app.closes();
        stack.sends(fin(1));
        peer.sends(fin(1).acks(2));
        stack.replies(ack(2));
        peer.sends(syn(100_000));
        assertThat(stack.sendsSomething())
                .noneMatch(sent -> sent.segment().flagLetters().contains("S"));
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    @Test
    void whatWasReceivedStaysReadable() {
        established();
        app.shutsDown();
        stack.sends(fin(1));
        peer.sends(data(1, 101).acks(2).fin());
        stack.replies(ack(102));
        app.isIn(State.TIME_WAIT);
        app.reads(100);
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.TIME_WAIT_COMPACT)
    void thereIsALimitAndTheOldestGoesFirst() { // otherwise memory would be the peer's to spend
        rig.config(TcpConfig.builder().maxTimeWait(3).build());
        in(State.TIME_WAIT);
        for (int port = 1001; port <= 1003; port++) {
            closed(rig.conversation(port));
        }
        assertThat(rig.timeWaits()).isEqualTo(3);
        peer.sends(fin(1));
        stack.replies(rst(2)); // the first is forgotten
    }

    @Test
    @Covers(Requirement.TIME_WAIT_RST)
    void nothingInTheWindowEndsOrProlongsItEither() { // the peer's FIN was its last word
        in(State.TIME_WAIT);
        clock.advanceSeconds(30);
        peer.sends(data(2, 12).acks(2));
        stack.replies(ack(2).seq(2));
        peer.sends(fin(2).acks(2));
        stack.replies(ack(2).seq(2));
        peer.sends(rst(12));
        stack.replies(ack(2).seq(2)); // RFC 5961 section 3.2
        peer.sends(ack(2));
        stack.isQuiet();
        stack.isQuietFor(seconds(30));
        assertThat(rig.timeWaits()).isZero();
    }

    @Test
    void anOldTimestampIsAnsweredAndNotTaken() { // PAWS (RFC 7323 section 5.3)
        established(syn(0).mss(1000).timestamps(100, 0));
        app.closes();
        stack.sends(fin(1));
        peer.sends(fin(1).acks(2).timestamps(200, 0));
        stack.replies(ack(2).echoes(200));
        peer.sends(data(2, 12).timestamps(199, 0));
        stack.replies(ack(2).seq(2).echoes(200));
        assertThat(rig.dropped(DropReason.TCP_PAWS)).isEqualTo(1);
        peer.sends(ack(2).seq(2).timestamps(300, 0), data(0, 1).timestamps(301, 0));
        stack.replies(ack(2).echoes(300));
    }

    @Test
    @Covers(Requirement.CHALLENGE_NO_ORACLE)
    void challengesAreLimitedForEachTuple() { // RFC 5961 section 7, without telling others (CVE-2016-5696)
        rig.config(TcpConfig.builder().challengeAcksPerSecond(3).build());
        in(State.TIME_WAIT);
        for (int i = 0; i < 10; i++) {
            peer.sends(rst(100 + i));
            stack.sendsSomething();
        }
        assertThat(rig.count(Counter.TCP_EXT_TCP_CHALLENGE_ACK)).isEqualTo(3);
        Conversation other = rig.conversation(1001);
        closed(other);
        other.peer().sends(rst(100));
        other.stack().replies(ack(2));
        clock.advanceSeconds(1);
        peer.sends(rst(100));
        stack.replies(ack(2));
    }

    @Test
    @Covers(Requirement.TIME_WAIT_COMPACT)
    void itCostsTensOfBytes() { // a server that closes first has many of them
        in(State.TIME_WAIT);
        Tcb over = app.connection();
        TimeWait[] kept = new TimeWait[1];
        assertThat(Allocations.bytesPerCall(() -> kept[0] = new TimeWait(over))).isLessThanOrEqualTo(88);
        assertThat(rig.bufferBytes()).isZero();
        assertThat(rig.timersArmed()).as("one for all of them").isEqualTo(1);
    }

    private static void closed(Conversation other) {
        other.peer().sends(syn(0).mss(1000));
        other.stack().replies(synAck(0, 1));
        other.peer().sends(ack(1));
        other.app().accepts();
        other.app().closes();
        other.stack().sends(fin(1));
        other.peer().sends(fin(1).acks(2));
        other.stack().replies(ack(2));
    }
}
