package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.ip.IpError;
import dev.towpath.ip.TransportError;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** How long a silent peer is waited for: R1, R2 (RFC 9293 section 3.8.3) and the user time-out (RFC 5482, locally). */
class GivingUpTest extends PacketScript {
    private void userTimeout(long seconds) {
        app.options(settings -> settings.userTimeoutNanos = seconds(seconds).toNanos());
    }

    private void isGivenUp() {
        app.isTold(TransportError.TIMED_OUT);
        assertThat(rig.timersArmed()).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_TIMEOUT)).isEqualTo(1);
    }

    // ---- R1 and R2 ----

    @Test
    void atTheThirdTimeOutIpIsAskedToLookAgain() { // RFC 9293 section 3.8.3 (b), SHLD-9: R1 at least 3
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        stack.sendsAfter(millis(200), data(1, 101));
        stack.sendsAfter(millis(400), data(1, 101));
        assertThat(rig.ip().doubts()).isZero();
        stack.sendsAfter(millis(800), data(1, 101));
        assertThat(rig.ip().doubts()).isEqualTo(1);
        stack.sendsAfter(millis(1600), data(1, 101));
        assertThat(rig.ip().doubts()).isEqualTo(1);
        peer.sends(ack(101));
        app.writes(100);
        stack.sends(data(101, 201));
        clock.advanceSeconds(60);
        stack.sendsSomething();
        assertThat(rig.ip().doubts()).isEqualTo(2);
    }

    @Test
    @Covers(Requirement.DATA_GIVE_UP)
    void dataIsResentForAtLeastAHundredSeconds() { // RFC 9293 section 3.8.3, SHLD-11: R2; here 15 min
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceSeconds(600);
        assertThat(stack.sendsSomething()).hasSizeGreaterThan(3);
        app.isFine();
        clock.advanceSeconds(600);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    @Covers(Requirement.SYN_GIVE_UP)
    void aSynIsResentForAtLeastThreeMinutes() { // RFC 9293 section 3.8.3, MUST-23
        app.connects();
        stack.sends(syn(0));
        clock.advanceSeconds(179);
        assertThat(stack.sendsSomething()).hasSizeGreaterThan(3);
        app.isFine();
        clock.advanceSeconds(121);
        stack.sendsSomething();
        isGivenUp();
        assertThat(rig.count(Counter.TCP_ATTEMPT_FAILS)).isEqualTo(1);
    }

    // ---- user time-out ----

    @Test
    @Covers(Requirement.USER_TIMEOUT_DATA)
    void theUserTimeoutEndsRetransmission() { // RFC 5482 section 2: how long sent data may stay unacknowledged
        userTimeout(30);
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advance(seconds(30).minusMillis(1));
        assertThat(stack.sendsSomething()).hasSizeGreaterThan(3);
        app.isFine();
        clock.advanceMillis(1);
        stack.sendsSomething(); // a reset, should the peer only have been away
        isGivenUp();
    }

    @Test
    void progressStartsTheUserTimeoutAnew() {
        userTimeout(30);
        established();
        app.writes(2000);
        stack.sends(data(1, 1001), data(1001, 2001));
        clock.advanceSeconds(20);
        stack.sendsSomething();
        peer.sends(ack(1001));
        stack.sendsSomething();
        clock.advanceSeconds(29);
        stack.sendsSomething();
        app.isFine();
        clock.advanceSeconds(1);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void anIdleConnectionHasNoUserTimeout() {
        userTimeout(30);
        established();
        stack.isQuietFor(seconds(3600));
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceSeconds(20);
        stack.sendsSomething();
        peer.sends(ack(101));
        stack.isQuietFor(seconds(3600));
        app.isFine();
    }

    @Test
    void theUserTimeoutMayBeLongerThanR2() { // RFC 9293 MUST-21: the application sets R2
        userTimeout(7200);
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceSeconds(7199);
        stack.sendsSomething();
        app.isFine();
        clock.advanceSeconds(1);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    @Covers(Requirement.USER_TIMEOUT_ZERO_WINDOW)
    void theUserTimeoutFiresAtAClosedWindowAlthoughThePeerAnswers() { // as in Linux: data waits unsent
        userTimeout(30);
        established();
        peer.sends(ack(1).win(0));
        app.writes(100);
        for (int second = 1; second < 30; second++) {
            clock.advanceSeconds(1);
            if (!stack.sendsSomething().isEmpty()) {
                peer.sends(ack(1).win(0));
            }
        }
        app.isFine();
        clock.advanceSeconds(1);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void aWindowThatOpensStartsTheUserTimeoutAnew() {
        userTimeout(30);
        established();
        peer.sends(ack(1).win(0));
        app.writes(100);
        clock.advanceSeconds(29);
        stack.sendsSomething();
        peer.sends(ack(1).win(1000));
        stack.sends(data(1, 101));
        clock.advanceSeconds(29);
        stack.sendsSomething();
        app.isFine();
        clock.advanceSeconds(1);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void theUserTimeoutEndsAnOpeningToo() {
        userTimeout(10);
        app.connects();
        stack.sends(syn(0));
        clock.advance(seconds(10).minusMillis(1));
        stack.sendsSomething();
        app.isFine();
        clock.advanceMillis(1);
        stack.isQuiet();
        isGivenUp();
    }

    @Test
    void anOpeningThatSucceedsIsForgottenByTheUserTimeout() {
        userTimeout(10);
        app.connects();
        stack.sends(syn(0));
        clock.advanceSeconds(9);
        stack.sendsSomething();
        peer.sends(synAck(0, 1).mss(1000));
        stack.replies(ack(1));
        stack.isQuietFor(seconds(100));
        app.isFine();
    }

    @Test
    void theUserTimeoutWaitsForTheFinToo() {
        userTimeout(30);
        established();
        app.shutsDown();
        stack.sends(fin(1));
        clock.advanceSeconds(30);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void theUserTimeoutDecidesForKeepAliveToo() { // as in Linux: instead of TCP_KEEPCNT
        app.options(settings -> {
            settings.keepAlive = true;
            settings.keepIdleNanos = seconds(100).toNanos();
            settings.keepIntervalNanos = seconds(10).toNanos();
            settings.keepCount = 9;
            settings.userTimeoutNanos = seconds(115).toNanos();
        });
        established();
        stack.sendsAfter(seconds(100), ack(1).seq(0));
        stack.sendsAfter(seconds(10), ack(1).seq(0));
        app.isFine();
        clock.advanceSeconds(10);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void theUserTimeoutCanBeSetWhileDataWaits() {
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advanceSeconds(20);
        stack.sendsSomething();
        userTimeout(5);
        clock.advanceSeconds(5);
        stack.sendsSomething();
        isGivenUp();
    }

    @Test
    void anErrorOnTheWayExplainsTheTimeOut() { // RFC 5461: soft while it lasts, the reason at the end
        userTimeout(30);
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        peer.reports(IpError.HOST_UNREACHABLE, 1);
        clock.advanceSeconds(30);
        stack.sendsSomething();
        app.isTold(TransportError.HOST_UNREACHABLE);
    }

    @Test
    void r2CountsFromTheFirstTimeOut() {
        rig.config(TcpConfig.builder().dataR2Nanos(seconds(100).toNanos()).build());
        established();
        peer.sends(ack(1).win(0));
        app.writes(100);
        for (int minute = 0; minute < 10; minute++) {
            clock.advanceSeconds(60);
            if (!stack.sendsSomething().isEmpty()) {
                peer.sends(ack(1).win(0)); // it answers: for ever
            }
        }
        app.isFine();
    }
}
