package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.flags;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.WireSegment.Flag;
import org.junit.jupiter.api.Test;

/** Blind attacks on a connection (RFC 5961). */
class ChallengeAckTest extends PacketScript {
    @Test
    @Covers(Requirement.RST_EXACT)
    void onlyTheExactResetEndsTheConnection() { // RFC 5961 section 3.2
        established();
        peer.sends(rst(2));
        stack.replies(ack(1));
        app.isFine();
        peer.sends(rst(1));
        stack.isQuiet();
        app.isTold(TransportError.CONNECTION_RESET);
        assertThat(rig.dropped(DropReason.TCP_BAD_RESET)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_CHALLENGE_ACK)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_ESTAB_RESETS)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_CURR_ESTAB)).isZero();
    }

    @Test
    @Covers(Requirement.RST_EXACT)
    void aResetBehindDataOfTheSameBatchIsExact() {
        established();
        peer.sends(data(1, 101), rst(101));
        app.isTold(TransportError.CONNECTION_RESET);
        stack.sendsSomething();
    }

    @Test
    @Covers(Requirement.RST_EXACT)
    void aResetIsNotMovedToWhereItWouldHit() { // its data reaches over RCV.NXT, but SEG.SEQ is what counts
        established();
        peer.sends(flags(Flag.RST | Flag.ACK).seq(-9).acks(1).payload(20));
        stack.sendsSomething();
        app.isFine();
        app.isIn(State.ESTABLISHED);
    }

    @Test
    @Covers({Requirement.SYN_CHALLENGED, Requirement.HALF_OPEN_FOUND})
    void aSynIsChallengedAndTheRebootedPeerThenResets() { // RFC 5961 section 4.2: the legitimate case
        established();
        peer.sends(syn(5000));
        stack.replies(ack(1).seq(1));
        assertThat(rig.count(Counter.TCP_EXT_TCP_SYN_CHALLENGE)).isEqualTo(1);
        peer.sends(rst(1));
        app.isTold(TransportError.CONNECTION_RESET);
    }

    @Test
    @Covers(Requirement.ACK_RANGE)
    void dataWithAnAckFarTooOldIsNotTaken() { // RFC 5961 section 5.2
        established();
        peer.sends(data(1, 101).acks(-70_000));
        stack.replies(ack(1));
        app.readsNothing();
        assertThat(rig.dropped(DropReason.TCP_BAD_ACK)).isEqualTo(1);
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.reads(100);
    }

    @Test
    @Covers(Requirement.CHALLENGE_LIMITED)
    void challengesAreLimited() { // RFC 5961 section 7
        TcpConfig few = TcpConfig.builder().challengeAcksPerSecond(5).build();
        rig.config(few);
        established();
        for (int i = 0; i < 20; i++) {
            peer.sends(rst(100 + i));
            stack.sendsSomething();
        }
        assertThat(rig.count(Counter.TCP_EXT_TCP_CHALLENGE_ACK)).isBetween(1L, 10L);
        clock.advanceSeconds(2);
        peer.sends(rst(300));
        stack.replies(ack(1));
        app.isFine();
    }
}
