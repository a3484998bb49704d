package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that the application has closed and the peer has not: nobody would notice if they stayed for ever. */
@Covers(Requirement.ORPHANS)
class OrphanTest extends PacketScript {
    private Conversation closedWithDataInFlight(int port) {
        Conversation other = rig.conversation(port);
        other.peer().sends(syn(0).mss(1000));
        other.stack().replies(synAck(0, 1));
        other.peer().sends(ack(1));
        other.app().accepts();
        other.app().writes(100);
        other.stack().sends(data(1, 101));
        other.app().closes();
        return other;
    }

    @Test
    void oneMoreThanAllowedIsReset() {
        rig.config(TcpConfig.builder().maxOrphans(2).build());
        app.listens();
        closedWithDataInFlight(1).stack().sends(fin(101));
        closedWithDataInFlight(2).stack().sends(fin(101));
        closedWithDataInFlight(3).stack().sends(rstAck(101, 1));
        assertThat(rig.flows()).isEqualTo(2);
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_MEMORY)).isEqualTo(1);
    }

    @Test
    void oneThatEndsMakesRoomForAnother() {
        rig.config(TcpConfig.builder().maxOrphans(1).build());
        app.listens();
        for (int port = 1; port <= 5; port++) {
            Conversation other = closedWithDataInFlight(port);
            other.stack().sends(fin(101));
            other.peer().sends(fin(1).acks(102));
            other.stack().replies(ack(2));
        }
        assertThat(rig.timeWaits()).as("which no longer counts").isEqualTo(5);
        assertThat(rig.count(Counter.TCP_EXT_TCP_ABORT_ON_MEMORY)).isZero();
    }

    @Test
    void whatTheApplicationStillHasIsNoOrphan() {
        rig.config(TcpConfig.builder().maxOrphans(0).build());
        established();
        app.shutsDown();
        stack.sends(fin(1));
        peer.sends(ack(2));
        app.isIn(State.FIN_WAIT_2);
        app.closes();
        stack.sends(rstAck(2, 1));
        assertThat(rig.flows()).isZero();
    }

    @Test
    @Covers(Requirement.DATA_GIVE_UP)
    void itResendsForAHundredSecondsAndNoLonger() { // RFC 9293 SHLD-11; with an application it is 15 minutes
        established();
        app.writes(100);
        stack.sends(data(1, 101));
        app.closes();
        stack.sends(fin(101));
        clock.advanceSeconds(100);
        assertThat(stack.sendsSomething()).noneMatch(OrphanTest::isReset);
        clock.advanceSeconds(100);
        assertThat(stack.sendsSomething()).last().matches(OrphanTest::isReset);
        assertThat(rig.flows()).isZero();
        assertThat(rig.timersArmed()).isZero();
    }

    @Test
    void aPeerThatTakesNothingCanNotKeepItForEver() { // RFC 6429 section 3: it answers, and its window stays closed
        established(syn(0).mss(1000).win(100));
        app.writes(200);
        stack.sends(data(1, 101));
        peer.sends(ack(101).win(0));
        app.closes();
        int probes = 0;
        for (int second = 0; second < 300 && rig.flows() > 0; second++) {
            clock.advanceSeconds(1);
            List<Emitted> sent = stack.sendsSomething();
            if (!sent.isEmpty() && rig.flows() > 0) {
                probes++;
                peer.sends(ack(101).win(0));
            }
        }
        assertThat(rig.flows()).isZero();
        assertThat(probes).isGreaterThan(5);
        assertThat(clock.elapsedNanos() / 1_000_000_000L).isBetween(100L, 250L);
    }

    @Test
    void aPeerThatTakesSomethingNowAndThenKeepsIt() {
        established(syn(0).mss(1000).win(100));
        app.writes(2000);
        stack.sends(data(1, 101));
        peer.sends(ack(101).win(0));
        app.closes();
        for (int round = 1; round < 10; round++) {
            clock.advanceSeconds(50);
            assertThat(stack.sendsSomething()).noneMatch(OrphanTest::isReset);
            peer.sends(ack(1 + 100 * round).win(100));
            assertThat(stack.sendsSomething()).noneMatch(OrphanTest::isReset);
            peer.sends(ack(101 + 100 * round).win(0));
        }
        assertThat(rig.flows()).isEqualTo(1);
    }

    private static boolean isReset(Emitted sent) {
        return sent.segment().flagLetters().contains("R");
    }
}
