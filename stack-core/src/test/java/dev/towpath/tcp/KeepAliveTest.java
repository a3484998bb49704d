package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import org.junit.jupiter.api.Test;

/** Keep-alives (RFC 9293 section 3.8.4). */
class KeepAliveTest extends PacketScript {
    /** An old octet, or none: SEG.SEQ = SND.NXT - 1. */
    private static SegmentSpec probe(int sndNxt, int rcvNxt) {
        return ack(rcvNxt).seq(sndNxt - 1);
    }

    private void keepAlive() {
        app.options(settings -> {
            settings.keepAlive = true;
            settings.keepIdleNanos = seconds(100).toNanos();
            settings.keepIntervalNanos = seconds(10).toNanos();
            settings.keepCount = 3;
        });
    }

    @Test
    @Covers(Requirement.KEEP_ALIVE_OFF)
    void byDefaultThereAreNone() { // MUST-25
        established();
        stack.isQuietFor(seconds(24 * 3600));
        app.isFine();
    }

    @Test
    @Covers(Requirement.KEEP_ALIVE_OFF)
    void byDefaultTheyComeAfterTwoHours() { // MUST-28
        app.options(settings -> settings.keepAlive = true);
        established();
        stack.sendsAfter(seconds(7200), probe(1, 1));
        peer.sends(ack(1));
        stack.sendsAfter(seconds(7200), probe(1, 1));
    }

    @Test
    @Covers(Requirement.KEEP_ALIVE_IDLE)
    void anIdlePeerIsAsked() { // MUST-26: when nothing has come for the interval
        keepAlive();
        established();
        stack.sendsAfter(seconds(100), probe(1, 1));
        peer.sends(ack(1));
        stack.sendsAfter(seconds(100), probe(1, 1));
        assertThat(rig.count(Counter.TCP_EXT_TCP_KEEP_ALIVE)).isEqualTo(2);
    }

    @Test
    @Covers(Requirement.KEEP_ALIVE_IDLE)
    void trafficPutsItOff() { // MUST-27
        keepAlive();
        established();
        clock.advanceSeconds(90);
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        stack.sendsAfter(seconds(100), probe(1, 101));
    }

    @Test
    @Covers(Requirement.KEEP_ALIVE_PATIENT)
    void oneUnansweredProbeDoesNotKill() { // MUST-29
        keepAlive();
        established();
        stack.sendsAfter(seconds(100), probe(1, 1));
        stack.sendsAfter(seconds(10), probe(1, 1));
        app.isFine();
        peer.sends(ack(1));
        stack.sendsAfter(seconds(100), probe(1, 1));
        stack.sendsAfter(seconds(10), probe(1, 1));
        stack.sendsAfter(seconds(10), probe(1, 1));
        app.isFine();
    }

    @Test
    void aPeerThatNeverAnswersIsGone() {
        keepAlive();
        established();
        stack.sendsAfter(seconds(100), probe(1, 1));
        stack.sendsAfter(seconds(10), probe(1, 1));
        stack.sendsAfter(seconds(10), probe(1, 1));
        clock.advanceSeconds(10);
        stack.sendsSomething(); // a reset may tell a peer that only went away for a while
        app.isTold(TransportError.TIMED_OUT);
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    void aPeerThatHasForgottenUsSaysSo() { // it was restarted: the probe finds no connection there
        keepAlive();
        established();
        stack.sendsAfter(seconds(100), probe(1, 1));
        peer.sends(rst(1));
        app.isTold(TransportError.CONNECTION_RESET);
    }

    @Test
    void itCanBeSwitchedOnAndOffLater() {
        established();
        clock.advanceSeconds(50);
        keepAlive();
        clock.advanceSeconds(100);
        assertThat(stack.sendsSomething()).hasSize(1);
        peer.sends(ack(1));
        app.options(settings -> settings.keepAlive = false);
        stack.isQuietFor(seconds(1000));
    }

    @Test
    void dataInFlightIsTheRetransmissionTimersBusiness() {
        keepAlive();
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        clock.advanceSeconds(200);
        assertThat(stack.sendsSomething()).allMatch(sent -> sent.segment().payload().length == 10);
        app.isFine();
    }
}
