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
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** Windows: the peer's that the stack keeps to, and its own that it offers (RFC 9293 section 3.8.6). */
class FlowControlTest extends PacketScript {
    // ---- the stack sends ----

    @Test
    @Covers(Requirement.PEERS_WINDOW_OBEYED)
    void thePeersWindowIsNotExceeded() {
        established();
        peer.sends(ack(1).win(3000));
        app.writes(10_000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001));
        peer.sends(ack(1001).win(3000));
        stack.sends(data(3001, 4001));
    }

    @Test
    @Covers(Requirement.SWS_SENDER)
    void aSmallPieceOfWindowIsNotWorthASegment() { // RFC 9293 section 3.8.6.2.1: sender's silly-window avoidance
        established();
        peer.sends(ack(1).win(2300));
        app.writes(10_000);
        stack.sends(data(1, 1001), data(1001, 2001));
        peer.sends(ack(1001).win(1300));
        stack.isQuiet();
        peer.sends(ack(2001).win(1000));
        stack.sends(data(2001, 3001));
    }

    @Test
    @Covers({Requirement.SWS_SENDER, Requirement.MISTAKE_SWS_TOO_STRICT})
    void halfOfTheLargestWindowIsWorthASegment() { // RFC 9293 section 3.8.6.2.1, (3): a peer with little memory
        established(syn(0).mss(1000).win(600));
        app.writes(1000);
        stack.sends(data(1, 601));
        peer.sends(ack(601).win(300));
        stack.sends(data(601, 901));
    }

    @Test
    @Covers(Requirement.SWS_SENDER)
    void aSmallWindowIsUsedInTheEnd() { // RFC 9293 section 3.8.6.2.1: the override time-out, 0.1 to 1 s
        established();
        peer.sends(ack(1).win(300));
        app.writes(1000);
        stack.sendsAfter(millis(200), data(1, 301));
    }

    @Test
    @Covers(Requirement.ZERO_WINDOW_PROBED)
    void aClosedWindowIsProbed() { // RFC 9293 section 3.8.6.1, MUST-36, SHLD-29 and 30: first after an RTO, then
        // backing off
        established();
        peer.sends(ack(1).win(0));
        app.writes(5000);
        stack.isQuiet();
        for (int wait = 200; wait <= 51_200; wait *= 2) {
            stack.sendsAfter(millis(wait), data(1, 2));
            peer.sends(ack(1));
        }
        stack.sendsAfter(seconds(60), data(1, 2));
        peer.sends(ack(1));
        stack.sendsAfter(seconds(60), data(1, 2));
        assertThat(rig.count(Counter.TCP_EXT_TCP_WIN_PROBE)).isEqualTo(11);
    }

    @Test
    @Covers(Requirement.ZERO_WINDOW_FOR_EVER)
    void probingGoesOnForEverWhileThePeerAnswers() { // RFC 9293 section 3.8.6.1, MUST-37
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        peer.sends(ack(1).win(0));
        app.writes(5000);
        for (int hour = 0; hour < 24 * 60; hour++) {
            clock.advanceSeconds(60);
            if (!stack.sendsSomething().isEmpty()) {
                peer.sends(ack(1));
            }
        }
        app.isFine();
        peer.sends(ack(1).win(10_000));
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001), data(4001, 5001));
    }

    @Test
    void aPeerThatNoLongerAnswersProbesIsGivenUp() { // RFC 9293 section 3.8.3: R2
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        peer.sends(ack(1).win(0));
        app.writes(5000);
        clock.advanceSeconds(300);
        stack.sendsSomething();
        app.isTold(TransportError.TIMED_OUT);
    }

    @Test
    void whileAProbeIsOutOurAcksStayWithinTheClosedWindow() { // or the peer would not take them and resend its data
        established();
        peer.sends(ack(1).win(0));
        app.writes(2000);
        stack.sendsAfter(millis(200), data(1, 2));
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101).seq(1));
        app.reads(100);
        app.aborts();
        stack.sends(rstAck(1, 101));
    }

    @Test
    void anOpenedWindowIsUsedAtOnce() {
        established();
        peer.sends(ack(1).win(0));
        app.writes(2000);
        stack.isQuiet();
        peer.sends(ack(1).win(2000));
        stack.sends(data(1, 1001), data(1001, 2001));
    }

    @Test
    @Covers(Requirement.ZERO_WINDOW_PROBE_TAKEN)
    void aProbeThatIsTakenIsNotSentAgain() { // the window update was lost: the peer takes the byte
        established();
        peer.sends(ack(1).win(0));
        app.writes(2000);
        stack.sendsAfter(millis(200), data(1, 2));
        peer.sends(ack(2).win(5000));
        stack.sends(data(2, 1002), data(1002, 2001));
        peer.sends(ack(2001));
        stack.isQuietFor(seconds(10));
    }

    @Test
    @Covers(Requirement.ZERO_WINDOW_PROBE_TAKEN)
    void aProbeThatIsRefusedIsSentWithTheRest() { // the answer to the probe opens the window
        established();
        peer.sends(ack(1).win(0));
        app.writes(2000);
        stack.sendsAfter(millis(200), data(1, 2));
        peer.sends(ack(1).win(5000));
        stack.sends(data(1, 1001), data(1001, 2001));
    }

    @Test
    void theAckOfAProbeThatWasTakenBackMeasuresNothing() { // it crosses the window's opening: Karn's algorithm
        app.listens();
        peer.sends(syn(0).mss(1000).sackPermitted());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(100);
        peer.sends(ack(1).win(0));
        app.accepts();
        app.writes(2000);
        stack.sendsAfter(millis(300), data(1, 2));
        peer.sends(ack(1).win(5000));
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceMillis(1);
        peer.sends(ack(2));
        stack.isQuiet();
        assertThat(app.connection().info().minRttNanos).isEqualTo(millis(100).toNanos());
        assertThat(app.connection().info().rttNanos).isEqualTo(millis(100).toNanos());
        clock.advanceMillis(99);
        peer.sends(ack(2001).sack(1, 2)); // the byte came twice
        stack.isQuiet();
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
    }

    @Test
    void aSmallRestNeedsNoAckOfTheProbe() { // Nagle must not wait for a probe that was taken back
        established();
        peer.sends(ack(1).win(0));
        app.writes(100);
        stack.sendsAfter(millis(200), data(1, 2));
        peer.sends(ack(1).win(5000));
        stack.sends(data(1, 101));
    }

    @Test
    @Covers(Requirement.WINDOW_SHRINK_SURVIVED)
    void aWindowThatShrinksIsSurvived() { // RFC 9293 section 3.8.6, MUST-34: the peer takes back what it offered
        established();
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        peer.sends(ack(1001).win(0));
        clock.advanceSeconds(600);
        stack.sendsSomething();
        app.isFine();
        peer.sends(ack(1001).win(10_000));
        clock.advanceSeconds(200);
        assertThat(stack.sendsSomething()).anyMatch(sent -> sent.segment().payload().length > 0);
        peer.sends(ack(4001));
        stack.isQuietFor(seconds(200));
        assertThat(app.connection().unacknowledged()).isZero();
    }

    @Test
    @Covers({Requirement.WINDOW_SHRINK_SURVIVED, Requirement.ZERO_WINDOW_FOR_EVER})
    void aPeerThatHasShrunkItsWindowMayKeepItClosedForEver() { // MUST-34 and MUST-37: it answers, so it lives
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        peer.sends(ack(1).win(0));
        for (int minute = 0; minute < 120; minute++) {
            clock.advanceSeconds(60);
            if (!stack.sendsSomething().isEmpty()) {
                peer.sends(ack(1));
            }
        }
        app.isFine();
    }

    @Test
    @Covers(Requirement.STALE_WINDOW_IGNORED)
    void anOlderSegmentsWindowSaysNothing() { // RFC 9293 section 3.10.7.4: SND.WL1 and SND.WL2
        established();
        peer.sends(data(101, 201).win(0));
        stack.replies(ack(1));
        app.writes(500);
        stack.isQuiet();
        peer.sends(data(1, 101).win(60_000)); // sent before the other, delayed on the way
        stack.replies(ack(201));
    }

    @Test
    @Covers(Requirement.STALE_WINDOW_IGNORED)
    void dataSentAgainBringsItsWindowIfItAcknowledgesMore() { // or SND.UNA would take a stale window along
        established();
        peer.sends(data(1001, 2001).win(4000));
        stack.replies(ack(1));
        app.writes(4000);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        peer.sends(data(1, 1001).acks(4001).win(0)); // its SEG.SEQ is left of SND.WL1
        stack.replies(ack(2001));
        app.writes(1000);
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.PEERS_WINDOW_OBEYED)
    void theFinWaitsForTheWindowToo() { // it takes a sequence number
        established();
        peer.sends(ack(1).win(0));
        app.shutsDown();
        stack.isQuiet();
        stack.sendsAfter(millis(200), fin(1));
        peer.sends(ack(2));
        app.isIn(State.FIN_WAIT_2);
    }

    @Test
    void aFullSendBufferTakesNoMore() {
        app.options(settings -> settings.sendBuffer = 5000);
        established();
        assertThat(app.writesAllItCan()).isEqualTo(5000);
        assertThat(stack.sendsSomething()).hasSize(5);
        app.canNotWrite();
        assertThat(app.connection().writable()).isFalse();
        peer.sends(ack(3001));
        assertThat(app.connection().writable()).isTrue();
        assertThat(app.connection().sendSpace()).isEqualTo(3000);
    }

    // ---- the stack receives ----

    @Test
    void roundingTheWindowOffersNoMoreThanTheBufferHolds() { // RFC 7323 section 2.4: 512 bytes are a unit here
        app.options(settings -> {
            settings.receiveBuffer = 100_000;
            settings.maxReceiveBuffer = 16 << 20;
        });
        app.listens();
        peer.sends(syn(0).mss(1000).ws(7));
        stack.replies(synAck(0, 1).ws(9));
        peer.sends(ack(1));
        app.accepts();
        app.quickAck(false);
        int at = 1;
        for (int offered = 65_535; at < offered; at += 101) { // 101: no multiple of the unit
            app.quickAck(true);
            peer.sends(data(at, at + 101));
            stack.sendsSomething();
            offered = at + app.connection().info().rcvWnd;
        }
        assertThat(app.connection().available()).isBetween(99_000, 100_000);
    }

    private void smallReceiver() {
        app.options(settings -> settings.receiveBuffer = 4000);
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).win(4000));
        peer.sends(ack(1));
        app.accepts();
        peer.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        stack.replies(ack(4001).win(0));
    }

    @Test
    void theWindowClosesAsTheApplicationDoesNotRead() {
        smallReceiver();
        peer.sends(data(4001, 4002));
        stack.replies(ack(4001).win(0));
        app.reads(4000);
        stack.replies(ack(4001).win(4000));
        assertThat(rig.dropped(DropReason.TCP_OUT_OF_WINDOW)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.SWS_RECEIVER)
    void aLittleRoomIsNotOffered() { // RFC 9293 section 3.8.6.2.2: not before min(half the buffer, MSS)
        smallReceiver();
        app.readsUpTo(500);
        stack.isQuiet();
        peer.sends(data(4001, 4002));
        stack.replies(ack(4001).win(0));
        app.readsUpTo(1500);
        stack.replies(ack(4001).win(2000));
    }

    @Test
    @Covers({Requirement.ZERO_WINDOW_TAKES_ACK_AND_RST, Requirement.ACCEPTABILITY})
    void aClosedWindowTakesAcksAndResets() { // RFC 9293 section 3.10.7.4, first step: MUST-66
        smallReceiver();
        app.writes(100);
        stack.sends(data(1, 101).win(0));
        peer.sends(ack(101));
        assertThat(app.connection().unacknowledged()).isZero();
        peer.sends(data(4001, 4002).acks(101));
        stack.replies(ack(4001).win(0));
        app.writes(100);
        stack.sends(data(101, 201));
        peer.sends(data(4001, 5001).acks(201)); // the data is refused, the ACK is not
        stack.replies(ack(4001).win(0));
        assertThat(app.connection().unacknowledged()).isZero();
        peer.sends(rst(4001));
        app.isTold(TransportError.CONNECTION_RESET);
    }

    @Test
    @Covers(Requirement.ZERO_WINDOW_TAKES_ACK_AND_RST)
    void aClosedWindowTakesNoFin() { // it takes a sequence number; the peer sends it again
        smallReceiver();
        peer.sends(fin(4001));
        stack.replies(ack(4001).win(0));
        app.isIn(State.ESTABLISHED);
        app.reads(4000);
        stack.replies(ack(4001).win(4000));
        peer.sends(fin(4001));
        stack.replies(ack(4002));
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.WINDOW_NEVER_SHRINKS)
    void aSmallerBufferNeverTakesBackWhatWasOffered() { // RFC 9293 section 3.8.6, SHLD-14; WireRules watches the edge
        established();
        app.options(settings -> settings.receiveBuffer = 2000);
        peer.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 4001));
        stack.replies(ack(4001));
        app.reads(4000);
        stack.sendsSomething();
    }

    @Test
    @Covers(Requirement.MISTAKE_ZERO_WINDOW_LIVE_LOCK)
    void twoEndsWithClosedWindowsDoNotShoutAtEachOther() { // esp-idf 2425: an ACK for an ACK for an ACK
        smallReceiver();
        peer.sends(ack(1).seq(4001).win(0), ack(1).seq(4001).win(0));
        stack.isQuiet();
        peer.sends(ack(1).seq(4002));
        assertThat(stack.sendsSomething().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void theWindowsClosingAndOpeningAreCounted() { // RFC 9293 section 3.8.6
        app.options(settings -> settings.receiveBuffer = 2000);
        established();
        peer.sends(data(1, 1001), data(1001, 2001));
        stack.replies(ack(2001).win(0));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TO_ZERO_WINDOW_ADV)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_FROM_ZERO_WINDOW_ADV)).isZero();
        app.reads(2000);
        stack.sends(ack(2001).win(2000));
        assertThat(rig.count(Counter.TCP_EXT_TCP_TO_ZERO_WINDOW_ADV)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_FROM_ZERO_WINDOW_ADV)).isEqualTo(1);
    }
}
