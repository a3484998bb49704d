package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a connection makes of routers' claims beyond making its segments smaller (see {@link IcmpErrorTest} for that):
 * whom it believes, for how long, and whom it tells. Segments of 1460 bytes come down to 1000.
 */
class PathMtuTest extends PacketScript {
    private static final int NARROW = 1040;

    /** Two segments were sent, too large for a router; now 2921 is next. */
    private void narrowed() {
        app.writes(2920);
        stack.sends(data(1, 1461), data(1461, 2921));
        peer.reportsTooBig(NARROW, 1);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 2921));
        peer.sends(ack(2921));
    }

    @Test
    @Covers(Requirement.PMTU_SHARED)
    void theNextConnectionBeginsWithWhatThisOneHasLearned() { // RFC 1191 section 6.3
        established(syn(0).mss(1460));
        narrowed();
        Conversation next = rig.conversation(40_001);
        next.peer().sends(syn(0).mss(1460));
        next.stack().replies(synAck(0, 1).mss(1460)); // the offer is the link's: RFC 6691
        next.peer().sends(ack(1));
        next.app().writes(2000);
        next.stack().sends(data(1, 1001), data(1001, 2001));
    }

    @Test
    @Covers(Requirement.PMTU_SHARED)
    void whatWasLearnedIsForgottenAfterTenMinutes() {
        established(syn(0).mss(1460));
        narrowed();
        clock.advanceSeconds(600);
        Conversation next = rig.conversation(40_001);
        next.peer().sends(syn(0).mss(1460));
        next.stack().replies(synAck(0, 1));
        next.peer().sends(ack(1));
        next.app().writes(2920);
        next.stack().sends(data(1, 1461), data(1461, 2921));
    }

    @Test
    @Covers(Requirement.PMTU_RAISED)
    void afterTenMinutesOneLargerSegmentIsTried() { // RFC 1191 section 6.3, RFC 4821 section 7.3
        established(syn(0).mss(1460).sackPermitted());
        narrowed();
        clock.advanceSeconds(599);
        app.writes(5000);
        stack.sends(data(2921, 3921), data(3921, 4921), data(4921, 5921), data(5921, 6921), data(6921, 7921));
        peer.sends(ack(7921));
        clock.advanceSeconds(1);
        app.writes(5000);
        stack.sends(
                data(7921, 9381), data(9381, 10_381), data(10_381, 11_381), data(11_381, 12_381), data(12_381, 12_921));
        peer.sends(ack(12_921));
        assertThat(rig.count(Counter.TCP_EXT_TCP_MTUP_SUCCESS)).isEqualTo(1);
        app.writes(2920);
        stack.sends(data(12_921, 14_381), data(14_381, 15_841));
    }

    @Test
    @Covers(Requirement.PMTU_RAISED)
    void withoutSackAllSegmentsGrowAtOnce() { // RFC 1191 section 6.3: a lost probe would look like congestion
        established(syn(0).mss(1460));
        narrowed();
        clock.advanceSeconds(600);
        app.writes(2920);
        stack.sends(data(2921, 4381), data(4381, 5841));
    }

    /** Ten minutes after the path has become narrow, a probe and four ordinary segments are in flight. */
    private void probed() {
        established(syn(0).mss(1460).sackPermitted());
        narrowed();
        clock.advanceSeconds(600);
        app.writes(5460);
        stack.sends(data(2921, 4381), data(4381, 5381), data(5381, 6381), data(6381, 7381), data(7381, 8381));
    }

    @Test
    @Covers(Requirement.PMTU_PROBE_LOSS)
    void aLostProbeIsNoCongestion() { // RFC 4821 section 7.5
        probed();
        peer.sends(ack(2921).sack(4381, 7381));
        stack.sends(data(2921, 3921), data(3921, 4381)); // at the size that gets through
        peer.sends(ack(8381));
        assertThat(rig.count(Counter.TCP_EXT_TCP_MTUP_FAIL)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isZero();
        app.writes(60_000);
        int atOnce = stack.sendsSomething().stream()
                .mapToInt(sent -> sent.segment().payload().length)
                .sum();
        assertThat(atOnce)
                .as("the window is that after a long silence, and has not been cut")
                .isGreaterThan(9000);
    }

    @Test
    @Covers(Requirement.PMTU_SEARCH)
    void theNextProbeHalvesWhatIsUnknown() { // RFC 4821 section 7.3
        probed();
        peer.sends(ack(2921).sack(4381, 7381));
        stack.sends(data(2921, 3921), data(3921, 4381));
        peer.sends(ack(8381));
        app.writes(3000);
        stack.sends(data(8381, 9611), data(9611, 10_611), data(10_611, 11_381)); // half way from 1000 to 1459
        peer.sends(ack(11_381));
        app.writes(3000);
        stack.sends(data(11_381, 12_726), data(12_726, 13_956), data(13_956, 14_381)); // 1230 fit: on to 1345
    }

    @Test
    @Covers(Requirement.PMTU_SEARCH)
    void aRouterThatRefusesTheProbeEndsTheSearch() {
        probed();
        peer.reportsTooBig(NARROW, 2921);
        peer.sends(ack(2921).sack(4381, 7381));
        stack.sends(data(2921, 3921), data(3921, 4381));
        peer.sends(ack(8381));
        app.writes(3000);
        stack.sends(data(8381, 9381), data(9381, 10_381), data(10_381, 11_381));
    }

    @Test
    @Covers(Requirement.PMTU_PROBE_LOSS)
    void aProbeLostWithOthersIsCongestion() {
        probed();
        peer.sends(ack(2921).sack(5381, 8381));
        assertThat(stack.sendsSomething()).isNotEmpty();
        assertThat(rig.count(Counter.TCP_EXT_TCP_SACK_RECOVERY)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_MTUP_FAIL)).isZero();
    }

    /** Full segments have arrived: whoever says now that they do not fit must wait for proof. */
    private void fullSegmentsGetThrough() {
        established(syn(0).mss(1460));
        app.writes(2920);
        stack.sends(data(1, 1461), data(1461, 2921));
        peer.sends(ack(2921));
        app.writes(2920);
        stack.sends(data(2921, 4381), data(4381, 5841));
        peer.reportsTooBig(NARROW, 2921);
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.PMTU_ATTACK)
    void aClaimThatProgressRefutesIsForgotten() { // RFC 5927 section 7.2
        fullSegmentsGetThrough();
        peer.sends(ack(4381));
        stack.sendsAfter(millis(200), data(4381, 5841)); // a time-out for another reason: as large as before
        peer.sends(ack(5841));
        app.writes(1460);
        stack.sends(data(5841, 7301));
    }

    @Test
    @Covers(Requirement.PMTU_ATTACK)
    void aClaimThatATimeOutConfirmsIsBelieved() { // RFC 5927 section 7.2: the path may have changed
        fullSegmentsGetThrough();
        stack.sendsAfter(millis(200), data(2921, 3921), data(3921, 4921), data(4921, 5841)); // not one segment: all
        peer.sends(ack(5841));
        app.writes(1460);
        stack.sends(data(5841, 6841), data(6841, 7301));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 67, 1500, 65_535})
    @Covers(Requirement.PMTU_FLOOR)
    void anAbsurdClaimIsDropped(int mtu) { // RFC 1191 section 3: no network carries less than 68
        established(syn(0).mss(1460));
        app.writes(1460);
        stack.sends(data(1, 1461));
        peer.reportsTooBig(mtu, 1);
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.ICMP_BAD_MTU)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.PMTU_ATTACK)
    void aSynIsTooBigForNobody() { // RFC 5927 section 7.3: nothing larger than the claim was sent
        app.connects();
        stack.sends(syn(0));
        peer.reportsTooBig(600, 0);
        assertThat(rig.dropped(DropReason.ICMP_BAD_MTU)).isEqualTo(1);
        peer.sends(synAck(0, 1).mss(1460));
        stack.replies(ack(1));
        app.writes(1460);
        stack.sends(data(1, 1461));
    }

    @Test
    void theTimeMayBeAnother() {
        rig.config(TcpConfig.builder().pathMtuRaiseNanos(seconds(30).toNanos()).build());
        established(syn(0).mss(1460));
        narrowed();
        clock.advanceSeconds(30);
        app.writes(1460);
        stack.sends(data(2921, 4381));
    }
}
