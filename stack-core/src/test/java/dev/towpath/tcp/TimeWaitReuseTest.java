package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tuple in TIME-WAIT is opened again (RFC 6191; RFC 9293 section 3.6.1, MAY-2). */
@Covers(Requirement.TIME_WAIT_REUSE)
class TimeWaitReuseTest extends PacketScript {
    private static final int LAST_TIMESTAMP = 110;

    /** A connection that the peer has opened, with timestamps, and that we have closed first. */
    private void timeWaitWithTimestamps() {
        established(syn(0).mss(1000).timestamps(100, 0));
        app.closes();
        stack.sends(fin(1));
        peer.sends(fin(1).acks(2).timestamps(LAST_TIMESTAMP, 0));
        stack.replies(ack(2).echoes(LAST_TIMESTAMP));
    }

    private void opensAgain(SegmentSpec syn, int irs) {
        int before = stack.initialSequence();
        peer.sends(syn);
        stack.replies(synAck(0, irs + 1));
        assertThat(stack.initialSequence() - before)
                .as("beyond the old numbers")
                .isGreaterThan(2);
        assertThat(rig.timeWaits()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TW_RECYCLED)).isEqualTo(1);
    }

    private void staysInTimeWait(SegmentSpec syn) {
        peer.sends(syn);
        stack.replies(ack(2).seq(2));
        assertThat(rig.timeWaits()).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TW_RECYCLED)).isZero();
    }

    @Test
    void aLargerTimestampOpensItWhateverTheSequenceNumber() {
        timeWaitWithTimestamps();
        opensAgain(syn(-5_000_000).timestamps(LAST_TIMESTAMP + 1, 0), -5_000_000);
    }

    @Test
    void theSameTimestampOpensItWithALargerSequenceNumber() {
        timeWaitWithTimestamps();
        opensAgain(syn(2).timestamps(LAST_TIMESTAMP, 0), 2);
    }

    @Test
    void theSameTimestampAndAnOldSequenceNumberDoNot() {
        timeWaitWithTimestamps();
        staysInTimeWait(syn(0).timestamps(LAST_TIMESTAMP, 0));
    }

    @Test
    void aSmallerTimestampDoesNotWhateverTheSequenceNumber() {
        timeWaitWithTimestamps();
        staysInTimeWait(syn(100_000).timestamps(LAST_TIMESTAMP - 1, 0));
        assertThat(rig.dropped(DropReason.TCP_PAWS)).isEqualTo(1);
    }

    @Test
    void withoutTimestampsALargerSequenceNumberOpensIt() {
        timeWaitWithTimestamps();
        opensAgain(syn(2), 2);
    }

    @Test
    void withoutTimestampsAnOldSequenceNumberDoesNot() {
        timeWaitWithTimestamps();
        staysInTimeWait(syn(1));
    }

    @Test
    void whereTheOldHadNoTimestampsSequenceNumbersDecide() { // narrower than RFC 6191 section 2: see TimeWaits
        in(State.TIME_WAIT);
        staysInTimeWait(syn(0).timestamps(1, 0));
        opensAgain(syn(2).timestamps(1, 0), 2);
    }

    @Test
    void ourTimestampsGoOnRising() { // else the peer's PAWS would take us for our own ghost
        timeWaitWithTimestamps();
        clock.advanceMillis(10);
        peer.sends(fin(1).timestamps(LAST_TIMESTAMP, 0));
        int last = timestamp(stack.sendsSomething());
        clock.advanceMillis(5);
        peer.sends(syn(100_000).timestamps(LAST_TIMESTAMP + 1, 0));
        assertThat(timestamp(stack.sendsSomething()) - last).isEqualTo(5);
    }

    private static int timestamp(List<Emitted> sent) {
        return requireNonNull(sent.get(0).segment().options().timestamps()).value();
    }

    @Test
    void theNewConnectionIsAsGoodAsAny() {
        timeWaitWithTimestamps();
        opensAgain(syn(100_000).mss(1000).timestamps(LAST_TIMESTAMP + 1, 0), 100_000);
        peer.sends(ack(1).timestamps(LAST_TIMESTAMP + 2, 0));
        app.accepts();
        app.writes(500);
        stack.sends(data(1, 501).echoes(LAST_TIMESTAMP + 2));
    }

    @Test
    void weOpenItAgainOnceOurTimestampsHaveGrown() { // where both ends have timestamps: PAWS keeps the old segments out
        weCloseOurConnection(syn -> syn.timestamps(100, 0), segment -> segment.timestamps(101, 0));
        int before = stack.initialSequence();
        clock.advanceMillis(1_001);
        app.connects();
        stack.sends(syn(0));
        assertThat(stack.initialSequence() - before).isGreaterThan(2);
        assertThat(rig.timeWaits()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TW_RECYCLED)).isEqualTo(1);
    }

    @Test
    void weDoNotOpenItAgainWithinASecond() { // RFC 7323 section 5.4: a peer's clock may tick no faster
        weCloseOurConnection(syn -> syn.timestamps(100, 0), segment -> segment.timestamps(101, 0));
        clock.advanceMillis(1_000);
        assertThatThrownBy(app::connects).hasMessageContaining("take another local port");
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    @Test
    void weDoNotOpenItAgainWithoutTimestamps() {
        weCloseOurConnection(syn -> syn, segment -> segment);
        clock.advanceSeconds(50);
        assertThatThrownBy(app::connects).hasMessageContaining("take another local port");
        assertThat(rig.timeWaits()).isEqualTo(1);
    }

    private interface With {
        SegmentSpec option(SegmentSpec segment);
    }

    private void weCloseOurConnection(With onSyn, With onOthers) {
        app.connects();
        stack.sends(syn(0));
        peer.sends(onSyn.option(synAck(0, 1)));
        stack.replies(ack(1));
        app.closes();
        stack.sends(fin(1));
        peer.sends(onOthers.option(fin(1).acks(2)));
        stack.replies(ack(2));
    }
}
