package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.EcnMode;
import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import dev.towpath.testing.script.WireSegment.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Explicit congestion notification (RFC 3168). The round trip takes 100 ms, the window is halved by a cut. */
class EcnTest extends PacketScript {
    private static final int RTT = 100;

    private void mode(EcnMode mode) {
        rig.config(TcpConfig.builder().ecn(mode).build());
    }

    /** ESTABLISHED with ECN, opened by the peer. */
    private void agreed() {
        agreed(syn(0).mss(1000));
    }

    private void agreed(SegmentSpec syn) {
        app.options(settings -> settings.congestion = Algorithm.RENO);
        app.listens();
        peer.sends(syn.eceCwr());
        stack.replies(synAck(0, 1).ece().noCwr().notEct());
        clock.advanceMillis(RTT);
        peer.sends(ack(1));
        app.accepts();
    }

    /** Ten segments fill the first window, and more wait. */
    private void tenInFlight(SegmentSpec syn) {
        agreed(syn);
        app.writes(40_000);
        assertThat(stack.sendsSomething()).hasSize(10).allMatch(EcnTest::isEct);
        clock.advanceMillis(RTT);
    }

    private static boolean isEct(Emitted sent) {
        return sent.packet().trafficClass() == 2;
    }

    private static SegmentSpec[] segments(int from, int to) {
        return IntStream.range(0, (to - from) / 1000)
                .mapToObj(
                        i -> data(from + 1000 * i, from + 1000 * (i + 1)).ect().noCwr())
                .toArray(SegmentSpec[]::new);
    }

    /** Whether our data is ECN-capable says what was agreed. */
    private void sendsData(boolean ect) {
        app.writes(10);
        stack.sends(ect ? data(1, 11).ect() : data(1, 11).notEct());
    }

    // ---- section 6.1.1: opening ----

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void aPeerThatAsksIsAnswered() { // passive is enough
        agreed();
        sendsData(true);
    }

    @Test
    @Covers({Requirement.ECN_HANDSHAKE, Requirement.ECN_OFF})
    void switchedOffTheBitsOfASynAreIgnored() { // and never answered by a reset (gVisor 7075)
        mode(EcnMode.OFF);
        app.listens();
        peer.sends(syn(0).mss(1000).eceCwr());
        stack.replies(synAck(0, 1).noEce().noCwr());
        peer.sends(ack(1));
        app.accepts();
        sendsData(false);
        peer.sends(data(1, 101).ce());
        stack.replies(ack(101).noEce());
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void aPeerThatDoesNotAskIsNotOffered() { // one bit of the two is no question either
        app.listens();
        peer.sends(syn(0).mss(1000).ece());
        stack.replies(synAck(0, 1).noEce().noCwr());
        peer.sends(ack(1));
        app.accepts();
        sendsData(false);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void passiveDoesNotAsk() {
        app.connects();
        stack.sends(syn(0).noEce().noCwr());
        peer.sends(synAck(0, 1).mss(1000).ece()); // nobody has asked
        stack.replies(ack(1));
        sendsData(false);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void onAsksAndThePeerAgrees() {
        mode(EcnMode.ON);
        app.connects();
        stack.sends(syn(0).eceCwr().notEct());
        peer.sends(synAck(0, 1).mss(1000).ece());
        stack.replies(ack(1).noEce().noCwr().notEct());
        sendsData(true);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void onAsksAndThePeerDoesNotAgree() {
        mode(EcnMode.ON);
        app.connects();
        stack.sends(syn(0).eceCwr());
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        sendsData(false);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void aPeerThatOnlyReflectsTheBitsDoesNotAgree() { // section 6.1.1: ECE without CWR is the answer
        mode(EcnMode.ON);
        app.connects();
        stack.sends(syn(0).eceCwr());
        peer.sends(synAck(0, 1).mss(1000).eceCwr());
        stack.replies(ack(1));
        sendsData(false);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void aSynThatIsSentAgainDoesNotAsk() { // section 6.1.1.1: perhaps the first was dropped for asking
        mode(EcnMode.ON);
        app.connects();
        stack.sends(syn(0).eceCwr());
        stack.sendsAfter(seconds(1), syn(0).noEce().noCwr());
        peer.sends(synAck(0, 1).mss(1000).ece()); // in answer to the first, but the second may arrive yet
        stack.replies(ack(1));
        sendsData(false);
    }

    @Test
    @Covers(Requirement.ECN_HANDSHAKE)
    void aPeerThatTriesAgainWithoutAskingIsAnsweredLikewise() {
        app.listens();
        peer.sends(syn(0).mss(1000).eceCwr());
        stack.replies(synAck(0, 1).ece());
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).noEce());
        peer.sends(ack(1));
        app.accepts();
        sendsData(false);
    }

    @Test
    void twoSynsThatCrossMayBothAsk() {
        mode(EcnMode.ON);
        app.connects();
        stack.sends(syn(0).eceCwr());
        peer.sends(syn(0).mss(1000).eceCwr());
        stack.replies(synAck(0, 1).ece().noCwr());
        peer.sends(synAck(0, 1).mss(1000).ece());
        app.isIn(State.ESTABLISHED);
        sendsData(true);
    }

    // ---- section 6.1.2: the sender ----

    @Test
    @Covers(Requirement.ECN_ECT)
    void onlyNewDataMayBeMarked() { // sections 6.1.4 to 6.1.6
        agreed();
        app.writes(1000);
        stack.sends(data(1, 1001).ect());
        stack.sendsAfter(millis(300), data(1, 1001).notEct()); // sent again
        peer.sends(ack(1001).win(0));
        peer.sends(data(1, 101).acks(1001));
        stack.replies(ack(101).notEct());
        app.reads(100);
        app.writes(100);
        clock.advanceSeconds(1);
        assertThat(stack.sendsSomething()).isNotEmpty().noneMatch(EcnTest::isEct); // window probes
        peer.sends(ack(1001).win(10_000));
        stack.sends(data(1001, 1101).notEct()); // its first byte was in the probe
        peer.sends(ack(1101));
        app.shutsDown();
        stack.sends(fin(1101).notEct());
    }

    @Test
    @Covers(Requirement.ECN_ECT)
    void aTailLossProbeWithOldDataMayNotBeMarked() {
        agreed(syn(0).mss(1000).sackPermitted());
        app.writes(1000);
        stack.sends(data(1, 1001).ect());
        clock.advanceSeconds(1);
        assertThat(stack.sendsSomething()).isNotEmpty().noneMatch(EcnTest::isEct);
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void anEchoCutsTheWindowAndCwrSaysSo() {
        tenInFlight(syn(0).mss(1000));
        peer.sends(ack(1001).ece());
        stack.isQuiet(); // nine in flight, the window is five
        peer.sends(ack(5001).ece());
        stack.isQuiet();
        peer.sends(ack(7001).ece());
        stack.sends(data(10_001, 11_001).ect().cwr(), segments(11_001, 12_001)[0], segments(12_001, 13_001)[0]);
        peer.sends(ack(8001));
        stack.sends(segments(13_001, 14_001));
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_DELIVERED_CE)).isEqualTo(7);
        assertThat(app.connection().info().deliveredCe).isEqualTo(7);
        assertThat(app.connection().info().ecn).isTrue();
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void allEchoesOfOneRoundTripAreOneCut() { // "once for each window of data"
        tenInFlight(syn(0).mss(1000));
        for (int at = 1001; at <= 10_001; at += 1000) {
            peer.sends(ack(at).ece());
            stack.sendsSomething();
        }
        peer.sends(ack(15_001)); // five were in flight
        assertThat(stack.sendsSomething()).hasSizeBetween(5, 6);
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void anEchoOfTheNextRoundTripCutsAgain() {
        tenInFlight(syn(0).mss(1000));
        peer.sends(ack(10_001).ece());
        assertThat(stack.sendsSomething()).hasSize(5);
        clock.advanceMillis(RTT);
        peer.sends(ack(15_001).ece());
        List<Emitted> sent = stack.sendsSomething();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).segment().flagLetters()).contains("C");
        assertThat(sent.get(1).segment().flagLetters()).doesNotContain("C");
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void aLossInTheSameRoundTripIsNoSecondCut() {
        tenInFlight(syn(0).mss(1000).sackPermitted());
        peer.sends(ack(1001).ece()); // window five
        peer.sends(ack(1001).sack(2001, 10_001).ece());
        List<Emitted> sent = stack.sendsSomething();
        assertThat(sent.get(0).packet().trafficClass()).isZero(); // the retransmission
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isEqualTo(1);
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001 + 1000 * (sent.size() - 1)));
        assertThat(stack.sendsSomething()).hasSizeBetween(5, 6); // and not two
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void anEchoInFastRecoveryIsNoSecondCut() {
        tenInFlight(syn(0).mss(1000).sackPermitted());
        peer.sends(ack(1).sack(1001, 10_001));
        List<Emitted> first = stack.sendsSomething();
        peer.sends(ack(1).sack(1001, 10_001).ece());
        List<Emitted> more = stack.sendsSomething();
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001 + 1000 * (first.size() - 1 + more.size())));
        assertThat(stack.sendsSomething()).hasSizeBetween(5, 6);
    }

    @Test
    @Covers(Requirement.ECN_ONE_CUT)
    void aLossIsToldByCwrToo() { // section 6.1.2: "reduces its congestion window for any reason"
        tenInFlight(syn(0).mss(1000).sackPermitted());
        peer.sends(ack(1).sack(1001, 7001));
        List<Emitted> sent = new ArrayList<>(stack.sendsSomething());
        assertThat(sent.get(0).segment().flagLetters()).doesNotContain("C"); // sent again: not on that
        peer.sends(ack(10_001));
        sent.addAll(stack.sendsSomething());
        assertThat(sent.stream().filter(EcnTest::isEct).map(s -> s.segment().has(Flag.CWR)))
                .startsWith(true)
                .containsOnlyOnce(true);
    }

    @Test
    void anEchoWithoutAnAgreementMeansNothing() {
        app.options(settings -> settings.congestion = Algorithm.RENO);
        established();
        app.writes(40_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.sends(ack(10_001).ece());
        assertThat(stack.sendsSomething()).hasSizeGreaterThan(10);
    }

    @Test
    void anOldAcksEchoMeansNothing() {
        tenInFlight(syn(0).mss(1000));
        peer.sends(ack(5001));
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.sends(ack(1001).ece());
        peer.sends(ack(15_001));
        assertThat(stack.sendsSomething()).hasSizeGreaterThan(10);
    }

    @Test
    void aCutForAnEchoIsNotUndone() { // the network is congested, whatever came late
        tenInFlight(syn(0).mss(1000).sackPermitted());
        peer.sends(ack(1).sack(1001, 4001));
        stack.sendsSomething();
        peer.sends(ack(10_001).ece());
        stack.sendsSomething();
        peer.sends(ack(10_001).sack(1, 1001)); // a DSACK: it was only late
        stack.isQuiet();
    }

    @Test
    void aSuperSegmentMayCarryCwr() { // the vnet header tells the kernel that it belongs to the first of its segments
        rig.ip().offload(65_535);
        tenInFlightAsOne();
        peer.sends(ack(10_001).ece());
        stack.sends(data(10_001, 15_001).ect().cwr().cut(1000));
    }

    private void tenInFlightAsOne() {
        agreed();
        app.writes(40_000);
        stack.sends(data(1, 10_001).ect().noCwr().cut(1000));
    }

    // ---- section 6.1.3: the receiver ----

    @Test
    @Covers(Requirement.ECN_ECE_UNTIL_CWR)
    void aMarkIsEchoedUntilThePeerSaysCwr() {
        agreed();
        peer.sends(data(1, 101).ect());
        stack.replies(ack(101).noEce());
        peer.sends(data(101, 201).ce());
        stack.replies(ack(201).ece());
        peer.sends(data(201, 301).ect());
        stack.replies(ack(301).ece());
        app.writes(10);
        stack.sends(data(1, 11).ece().ect()); // data carries it too
        peer.sends(data(301, 401).ect().cwr().acks(11));
        stack.replies(ack(401).noEce());
    }

    @Test
    @Covers(Requirement.ECN_ECE_UNTIL_CWR)
    void aMarkOnTheSegmentWithCwrIsEchoed() { // it tells of new congestion
        agreed();
        peer.sends(data(1, 101).ce());
        stack.replies(ack(101).ece());
        peer.sends(data(101, 201).cwr().ce());
        stack.replies(ack(201).ece());
    }

    @Test
    void aMarkIsHeardAtOnce() { // the delayed ACK does not delay it
        agreed();
        int at = 1;
        for (; at <= 2001; at += 100) { // past the time of quick ACKs
            peer.sends(data(at, at + 100).ect());
            stack.sendsSomething();
            clock.advanceMillis(100);
            stack.sendsSomething();
        }
        peer.sends(data(at, at + 100).ect());
        stack.isQuiet();
        clock.advanceMillis(100);
        stack.sendsSomething();
        peer.sends(data(at + 100, at + 200).ce());
        stack.replies(ack(at + 200).ece());
        peer.sends(data(at + 200, at + 300).ect().cwr());
        stack.replies(ack(at + 300).noEce());
    }

    @Test
    void aMarkOnDataOutOfOrderIsEchoed() {
        agreed();
        peer.sends(data(101, 201).ce());
        stack.replies(ack(1).ece());
    }

    @Test
    void aMarkOnDataOutsideTheWindowIsNotEchoed() { // section 6.1.5: anybody could send that
        agreed();
        peer.sends(data(1, 101).ect());
        stack.replies(ack(101));
        peer.sends(data(1, 101).ce());
        stack.replies(ack(101).noEce());
    }

    @Test
    void aMarkOnASuperSegmentIsEchoed() {
        agreed();
        peer.sends(data(1, 3001).ce().cut(1000));
        stack.replies(ack(3001).ece());
    }
}
