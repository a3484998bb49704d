package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.tcp.congestion.Algorithm;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import dev.towpath.testing.script.WireSegment.Timestamps;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What was sent again and need not have been: F-RTO (RFC 5682), Eifel (RFC 3522, RFC 4015), DSACK (RFC 3708). The round
 * trip takes 100 ms; ten segments of 1000 bytes fill the first window; more waits to be sent.
 */
class SpuriousRetransmissionTest extends PacketScript {
    private static final int RTT = 100;
    /** After one round trip of 100 ms: 100 + max(200, 4 * 50). */
    private static final int RTO = 300;

    /** Our clock as the first of the segments in flight carries it. */
    private int sentStamp;

    /** The segments of 1000 bytes that begin at {@code from}, as many as fit before {@code to}. */
    private static SegmentSpec[] segments(int from, int to) {
        return IntStream.range(0, (to - from) / 1000)
                .mapToObj(i -> data(from + 1000 * i, from + 1000 * (i + 1)))
                .toArray(SegmentSpec[]::new);
    }

    private static SegmentSpec plain() {
        return syn(0).mss(1000);
    }

    private static SegmentSpec withSack() {
        return plain().sackPermitted();
    }

    /** RFC 6691: the option takes 12 bytes of each segment. */
    private static SegmentSpec withTimestamps() {
        return syn(0).mss(1012).timestamps(100, 0);
    }

    private void tenInFlight(SegmentSpec syn) {
        app.options(settings -> settings.congestion = Algorithm.RENO); // half the window: easy to count
        app.listens();
        peer.sends(syn);
        int shown = stamp(stack.sendsSomething());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).timestamps(100, shown)); // ignored where the SYN had none
        app.accepts();
        app.writes(40_000);
        List<Emitted> sent = stack.sendsSomething();
        assertThat(sent).hasSize(10);
        sentStamp = stamp(sent);
    }

    private static int stamp(List<Emitted> sent) {
        Timestamps option = sent.get(0).segment().options().timestamps();
        return option == null ? 0 : option.value();
    }

    private void isUndone(Counter how) {
        assertThat(rig.count(how)).isEqualTo(1);
    }

    private void nothingIsUndone() {
        assertThat(rig.count(Counter.TCP_EXT_TCP_LOSS_UNDO)).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_FULL_UNDO)).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_DSACK_UNDO)).isZero();
    }

    // ---- F-RTO ----

    @Test
    @Covers(Requirement.FRTO_SPURIOUS)
    void afterADelayNewDataGoesFirstAndNothingGoesBack() { // RFC 5682 section 2.1, without SACK
        tenInFlight(plain());
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001)); // of the original
        stack.sends(segments(10_001, 12_001)); // step 2b
        peer.sends(ack(2001)); // step 3b
        stack.sends(segments(12_001, 13_001)); // ten were in flight; the window is ten again, and grows
        isUndone(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.FRTO_SPURIOUS)
    void withSackAnOriginalThatIsAcknowledgedProvesIt() { // RFC 5682 section 3.1
        tenInFlight(withSack());
        stack.sendsAfter(millis(2 * RTT), data(10_001, 11_001)); // a tail loss probe puts the time-out off
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(11_001, 13_001));
        peer.sends(ack(2001));
        isUndone(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        stack.isQuiet(); // eleven are in flight again, and the window is ten again
        for (int at = 3001; at <= 20_001; at += 1000) { // late ones come one by one: RACK must not take them for lost
            clock.advanceMillis(10);
            peer.sends(ack(at));
            stack.sendsSomething();
        }
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isZero();
    }

    @Test
    void theOriginalsAckIsNotTakenForTheRetransmissions() { // else RACK would call all that was sent before it lost
        tenInFlight(withSack());
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001));
        stack.sends(segments(10_001, 30_001));
        stack.sendsAfter(millis(2 * RTT), data(30_001, 31_001));
        stack.sendsAfter(millis(RTO), data(10_001, 11_001));
        clock.advanceMillis(RTT + RTT / 2); // as long as a round trip might take
        peer.sends(ack(11_001));
        stack.sends(segments(31_001, 33_001));
        peer.sends(ack(12_001));
        isUndone(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        stack.isQuiet();
        clock.advanceMillis(RTT / 2);
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.FRTO_SPURIOUS)
    void withSackAnOriginalThatIsSackedProvesItToo() { // RFC 5682 section 3.1, step 3b: "cumulatively or selectively"
        tenInFlight(withSack());
        stack.sendsAfter(millis(2 * RTT), data(10_001, 11_001));
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(11_001, 13_001));
        peer.sends(ack(1001).sack(2001, 3001));
        isUndone(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.FRTO_GENUINE)
    void aDuplicateAckAfterTheNewDataMeansThatTheLossIsReal() { // RFC 5682 section 2.1, step 3a
        tenInFlight(plain());
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(10_001, 12_001));
        peer.sends(ack(1001)); // the new data, and a hole before it
        stack.isQuiet(); // two in flight fill the window
        clock.advanceMillis(RTO * 2);
        assertThat(stack.sendsSomething().get(0).segment().sequence() - stack.initialSequence())
                .isEqualTo(1001);
        nothingIsUndone();
    }

    @Test
    @Covers(Requirement.FRTO_GENUINE)
    void withSackNewDataThatIsSackedMeansThatTheLossIsReal() { // RFC 5682 section 3.1, step 3a
        tenInFlight(withSack());
        stack.sendsAfter(millis(2 * RTT), data(10_001, 11_001));
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(11_001, 13_001));
        peer.sends(ack(1001).sack(11_001, 12_001));
        stack.sends(data(1001, 2001));
        clock.advanceMillis(RTT);
        peer.sends(ack(2001).sack(11_001, 13_001));
        stack.sends(segments(2001, 5001));
        nothingIsUndone();
    }

    @Test
    @Covers(Requirement.FRTO_GENUINE)
    void withoutNewDataThereIsNothingToTry() { // RFC 5682 section 2.1, step 2b: conventional recovery
        app.listens();
        peer.sends(plain());
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.writes(4000);
        stack.sends(segments(1, 4001));
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(1001, 3001));
        peer.sends(ack(4001));
        nothingIsUndone();
    }

    @Test
    void aClosedWindowLeavesNothingToTryEither() { // RFC 5682 section 2.1, step 2b: "receiver window limitation"
        app.listens();
        peer.sends(withSack());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(RTT);
        peer.sends(ack(1).win(4000));
        app.accepts();
        app.writes(40_000);
        stack.sends(segments(1, 4001));
        stack.sendsAfter(millis(2 * RTT), data(3001, 4001)); // the tail loss probe has only old data too
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001).win(3000));
        stack.sends(segments(1001, 3001));
        nothingIsUndone();
    }

    @Test
    void smallNewDataThatNagleHoldsBackIsNothingToTry() {
        app.listens();
        peer.sends(plain());
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
        app.writes(3500);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 3001), data(3001, 3501));
        app.writes(100);
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(1001, 3001));
    }

    @Test
    @Covers(Requirement.FRTO_SPURIOUS)
    void aDelayMayLastLongerThanOneTimeOut() { // as Linux: only the first segment has been sent again
        rig.config(TcpConfig.builder().mtuProbing(false).build()); // three time-outs look like a black hole
        tenInFlight(plain());
        stack.sendsAfter(millis(RTO), data(1, 1001));
        stack.sendsAfter(millis(2 * RTO), data(1, 1001));
        peer.sends(ack(1001));
        stack.sends(segments(10_001, 12_001));
        peer.sends(ack(2001));
        isUndone(Counter.TCP_EXT_TCP_SPURIOUS_RTOS);
        stack.sends(segments(12_001, 13_001));
        peer.sends(ack(10_001));
        assertThat(stack.sendsSomething()).hasSizeGreaterThanOrEqualTo(10); // the window is what it was
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(2);
    }

    @Test
    void aTimeOutInFastRecoveryProvesNothing() { // RFC 5682 section 3.1, step 1: more than one has been sent again
        tenInFlight(withSack());
        peer.sends(ack(1).sack(1001, 2001).sack(3001, 6001));
        stack.sends(data(1, 1001));
        clock.advanceSeconds(1);
        stack.sendsSomething();
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isPositive();
        peer.sends(ack(2001).sack(3001, 6001));
        assertThat(stack.sendsSomething()).isNotEmpty();
        peer.sends(ack(6001));
        stack.sendsSomething();
        nothingIsUndone();
    }

    @Test
    void whatWasSackedBeforeTheTimeOutProvesNothing() { // its ACK says nothing about what is in flight
        tenInFlight(withSack());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 2001));
        stack.sends(segments(10_001, 11_001));
        stack.sendsAfter(millis(RTT / 4), data(1, 1001)); // lost again
        clock.advanceSeconds(1);
        stack.sendsSomething();
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isPositive();
        peer.sends(ack(2001));
        stack.sendsSomething();
        peer.sends(ack(3001));
        stack.sendsSomething();
        nothingIsUndone();
    }

    // ---- Eifel ----

    @Test
    @Covers({Requirement.EIFEL_DETECTION, Requirement.EIFEL_RESPONSE})
    void anEchoOlderThanTheRetransmissionProvesIt() { // RFC 3522 section 3.2, RFC 4015 section 3
        tenInFlight(withTimestamps());
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001).timestamps(400, sentStamp));
        isUndone(Counter.TCP_EXT_TCP_LOSS_UNDO);
        stack.sends(segments(10_001, 12_001)); // the window is ten again, and grows
        peer.sends(ack(10_001).timestamps(401, sentStamp));
        assertThat(stack.sendsSomething()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.EIFEL_RESPONSE)
    void afterASpuriousTimeOutTheTimerIsMorePatient() { // RFC 4015 section 3.2: SRTT 300, RTTVAR 150 by new data
        tenInFlight(withTimestamps());
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001).timestamps(400, sentStamp));
        int newStamp = stamp(stack.sendsSomething());
        clock.advanceMillis(300);
        peer.sends(ack(11_001).timestamps(700, newStamp));
        stack.sendsSomething();
        stack.sendsAfter(millis(300 + 4 * 150), data(11_001, 12_001));
    }

    @Test
    @Covers(Requirement.EIFEL_RESPONSE)
    void whatWasLostMayBeAnAckAndTheTimerDoesNotFeedOnItself() { // its delay is the time-out itself
        app.listens();
        peer.sends(withTimestamps());
        peer.sends(ack(1).timestamps(100, stamp(stack.sendsSomething())));
        app.accepts();
        for (int i = 0; i < 20; i++) {
            int seq = 1 + 100 * i;
            app.writes(100);
            int first = stamp(stack.sendsSomething());
            clock.advanceMillis(2000);
            stack.sendsSomething(); // again, for the ACK was lost
            peer.sends(ack(seq + 100).timestamps(1000 + i, first)); // a duplicate does not move TS.Recent
        }
        app.writes(100);
        stack.sends(data(2001, 2101));
        clock.advanceMillis(5000);
        assertThat(stack.sendsSomething())
                .as("the RTO is still a matter of seconds")
                .isNotEmpty();
    }

    @Test
    @Covers(Requirement.EIFEL_DETECTION)
    void anEchoOfTheRetransmissionProvesThatTheOriginalWasLost() { // RFC 3522 section 3.2, step 4
        tenInFlight(withTimestamps());
        clock.advanceMillis(RTO);
        int again = stamp(stack.sendsSomething());
        peer.sends(ack(1001).timestamps(400, again));
        stack.sends(segments(10_001, 12_001)); // F-RTO tries
        peer.sends(ack(1001).timestamps(401, again));
        nothingIsUndone();
    }

    @Test
    @Covers({Requirement.EIFEL_DETECTION, Requirement.EIFEL_RESPONSE})
    void aFastRetransmissionThatReorderingCausedIsUndone() { // RFC 3522 section 3.2: three duplicates and then the ACK
        tenInFlight(withTimestamps().sackPermitted());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 4001).timestamps(300, sentStamp));
        stack.sends(data(1, 1001));
        clock.advanceMillis(1);
        peer.sends(ack(4001).timestamps(301, sentStamp));
        isUndone(Counter.TCP_EXT_TCP_FULL_UNDO);
        assertThat(stack.sendsSomething()).hasSizeGreaterThanOrEqualTo(4); // six are in flight, the window is ten
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
    }

    @Test
    @Covers({Requirement.EIFEL_DETECTION, Requirement.EIFEL_RESPONSE})
    void withoutSackTimestampsUndoAFastRetransmissionToo() {
        tenInFlight(withTimestamps());
        clock.advanceMillis(RTT);
        SegmentSpec duplicate = ack(1).timestamps(300, sentStamp);
        peer.sends(duplicate, duplicate, duplicate);
        stack.sends(data(1, 1001));
        clock.advanceMillis(1);
        peer.sends(ack(4001).timestamps(301, sentStamp));
        isUndone(Counter.TCP_EXT_TCP_FULL_UNDO);
        assertThat(stack.sendsSomething()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(rig.count(Counter.TCP_RETRANS_SEGS)).isEqualTo(1);
    }

    @Test
    void aFastRetransmissionThatWasNeededIsNotUndone() {
        tenInFlight(withTimestamps().sackPermitted());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 4001).timestamps(300, sentStamp));
        int again = stamp(stack.sendsSomething());
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001).timestamps(401, again));
        nothingIsUndone();
        assertThat(stack.sendsSomething()).hasSizeLessThan(10);
    }

    @Test
    void afterAnUndoTheNextLossBeginsAnewRecovery() {
        tenInFlight(withTimestamps().sackPermitted());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 4001).timestamps(300, sentStamp));
        stack.sends(data(1, 1001));
        clock.advanceMillis(1);
        peer.sends(ack(4001).timestamps(301, sentStamp));
        stack.sendsSomething();
        clock.advanceMillis(RTT);
        peer.sends(ack(4001).sack(5001, 9001).timestamps(302, sentStamp));
        stack.sendsSomething();
        clock.advanceMillis(RTT / 4); // it has seen reordering, and waits (RFC 8985 section 6.2.4)
        assertThat(stack.sendsSomething().get(0).segment().sequence() - stack.initialSequence())
                .isEqualTo(4001);
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isEqualTo(2);
    }

    // ---- DSACK ----

    @Test
    @Covers({Requirement.DSACK_USED, Requirement.EIFEL_RESPONSE})
    void whenAllThatWasSentAgainIsReportedAsDuplicateTheCutIsUndone() { // RFC 3708 section 3
        tenInFlight(withSack());
        clock.advanceMillis(RTT);
        peer.sends(ack(1).sack(1001, 2001).sack(3001, 7001));
        stack.sends(data(1, 1001), data(2001, 3001));
        clock.advanceMillis(1);
        peer.sends(ack(10_001)); // both have only been late
        stack.sendsSomething();
        clock.advanceMillis(RTT);
        peer.sends(ack(10_001).sack(1, 1001));
        stack.sendsSomething();
        nothingIsUndone(); // the other may have been lost
        peer.sends(ack(10_001).sack(2001, 3001));
        isUndone(Counter.TCP_EXT_TCP_DSACK_UNDO);
        assertThat(stack.sendsSomething()).isNotEmpty();
    }

    @Test
    @Covers(Requirement.DSACK_USED)
    void aSpuriousTimeOutIsUndoneByDsackWhenNothingElseTells() { // the ACK covers all: F-RTO learns nothing
        app.listens();
        peer.sends(withSack());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(RTT);
        peer.sends(ack(1));
        app.accepts();
        app.writes(1000);
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(RTO), data(1, 1001)); // a tail loss probe puts the time-out off
        stack.sendsAfter(millis(RTO), data(1, 1001));
        peer.sends(ack(1001));
        nothingIsUndone();
        peer.sends(ack(1001).sack(1, 1001), ack(1001).sack(1, 1001));
        isUndone(Counter.TCP_EXT_TCP_DSACK_UNDO);
        app.writes(40_000);
        assertThat(stack.sendsSomething()).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void aDuplicateFromBeforeTheEpisodeSaysNothing() {
        tenInFlight(withSack());
        clock.advanceMillis(RTT);
        peer.sends(ack(4001));
        stack.sendsSomething();
        peer.sends(ack(4001).sack(5001, 8001));
        stack.sends(data(4001, 5001));
        peer.sends(ack(4001).sack(2001, 3001).sack(5001, 8001)); // the network has doubled an old one
        stack.sendsSomething();
        nothingIsUndone();
    }
}
