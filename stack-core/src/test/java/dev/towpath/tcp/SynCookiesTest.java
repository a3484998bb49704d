package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A flood of SYNs fills the SYN queue; what comes then is answered without being remembered (RFC 4987 section 3.6). */
class SynCookiesTest extends PacketScript {
    private static final int SYN_QUEUE = 128;

    private final List<Conversation> flood = new ArrayList<>();

    /** SYNs whose senders never answer. */
    private void flood() {
        for (int i = 0; i < SYN_QUEUE; i++) {
            Conversation one = rig.conversation(1000 + i);
            flood.add(one);
            one.peer().sends(syn(0).mss(1000));
            one.stack().replies(synAck(0, 1));
        }
        assertThat(rig.flows()).isEqualTo(SYN_QUEUE);
    }

    private void floodedListener() {
        app.listens();
        flood();
    }

    /** The stack's answer to {@code syn}; returns its timestamp, or 0. */
    private int cookieFor(SegmentSpec syn) {
        peer.sends(syn);
        Emitted answer = stack.sendsSomething().get(0);
        assertThat(answer.segment().flagLetters()).isEqualTo("SA");
        var timestamps = answer.segment().options().timestamps();
        return timestamps == null ? 0 : timestamps.value();
    }

    @Test
    @Covers(Requirement.COOKIES_ADMIT)
    void aRealClientStillConnects() {
        floodedListener();
        peer.sends(syn(0).mss(1460));
        stack.replies(synAck(0, 1).mss(1460));
        assertThat(rig.flows()).as("nothing is remembered").isEqualTo(SYN_QUEUE);
        peer.sends(ack(1));
        app.accepts();
        app.isIn(State.ESTABLISHED);
        app.writes(3000);
        stack.sends(data(1, 1461), data(1461, 2921), data(2921, 3001));
        peer.sends(data(1, 101).acks(3001));
        stack.replies(ack(101));
        app.reads(100);
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_SENT)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_RECV)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_FAILED)).isZero();
        assertThat(rig.count(Counter.TCP_EXT_TCP_REQ_Q_FULL_DO_COOKIES)).isEqualTo(1);
        assertThat(rig.dropped(DropReason.TCP_SYN_QUEUE_FULL)).isZero();
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_KEEPS_OPTIONS)
    void timestampsKeepScaleAndSack() {
        floodedListener();
        int stamp = cookieFor(
                syn(0).mss(1400).sackPermitted().timestamps(500, 0).ws(7).win(60_000));
        assertThat(stack.sendsSomething()).isEmpty();
        peer.sends(ack(1).timestamps(501, stamp).win(128 << 7));
        app.accepts();
        app.writes(20_000); // more than an unscaled 128 would let go: the initial window of ten segments
        stack.sends(
                data(1, 1389).echoes(501),
                data(1389, 2777),
                data(2777, 4165),
                data(4165, 5553),
                data(5553, 6941),
                data(6941, 8329),
                data(8329, 9717),
                data(9717, 11_105),
                data(11_105, 12_493),
                data(12_493, 13_881));
        peer.sends(data(101, 201).acks(1).timestamps(502, stamp));
        stack.replies(ack(1).sack(101, 201));
        peer.sends(data(1, 101).acks(1).timestamps(502, stamp));
        stack.replies(ack(201).win(1_048_352).echoes(502));
        app.reads(200);
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_KEEPS_OPTIONS)
    void timestampsKeepEcnToo() {
        floodedListener();
        peer.sends(syn(0).mss(1000).timestamps(100, 0).eceCwr());
        Emitted answer = stack.sendsSomething().get(0);
        assertThat(answer.segment().flagLetters()).isEqualTo("SAE");
        int stamp = requireNonNull(answer.segment().options().timestamps()).value();
        peer.sends(ack(1).timestamps(101, stamp));
        app.accepts();
        app.writes(10);
        stack.sends(data(1, 11).ect());
    }

    @Test
    void withoutTimestampsThereIsNoRoomForEcn() {
        floodedListener();
        peer.sends(syn(0).mss(1000).eceCwr());
        stack.replies(synAck(0, 1).noEce());
        peer.sends(ack(1));
        app.accepts();
        app.writes(10);
        stack.sends(data(1, 11).notEct());
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_KEEPS_OPTIONS)
    void theSynAckOffersWhatTheSynOffered() {
        floodedListener();
        peer.sends(syn(0).mss(1400).sackPermitted().timestamps(500, 0).ws(7));
        stack.replies(synAck(0, 1).mss(1460).sackPermitted().ws(5).echoes(500).win(65_535));
    }

    @Test
    void withoutTimestampsThereIsNoRoomForScaleAndSack() { // so the SYN-ACK must not promise them
        floodedListener();
        peer.sends(syn(0).mss(1000).sackPermitted().ws(7));
        Emitted answer = stack.sendsSomething().get(0);
        assertThat(answer.segment().options().windowScale()).isNull();
        assertThat(answer.segment().options().sackPermitted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"65495, 1448", "1460, 1448", "1459, 1428", "1220, 1208", "800, 524", "100, 48"})
    @Covers(Requirement.SYN_COOKIE_KEEPS_OPTIONS)
    void theMssIsRoundedDown(int offered, int used) { // timestamps take 12 bytes of each
        floodedListener();
        int stamp = cookieFor(syn(0).mss(offered).timestamps(500, 0));
        peer.sends(ack(1).timestamps(501, stamp));
        app.accepts();
        app.options(settings -> settings.noDelay = true);
        app.writes(used + 1);
        stack.sends(data(1, 1 + used), data(1 + used, 2 + used));
    }

    @Test
    void ourTimestampNeverRunsAhead() { // what follows would look old to the peer's PAWS
        floodedListener();
        int last = cookieFor(syn(0).sackPermitted().timestamps(500, 0).ws(14));
        for (int i = 0; i < 200; i++) {
            clock.advanceMillis(1);
            int stamp = cookieFor(syn(0).sackPermitted().timestamps(500, 0).ws(14));
            assertThat(stamp - last).isBetween(0, 64);
            last = stamp;
        }
        peer.sends(ack(1).timestamps(501, last));
        app.accepts();
        app.writes(1);
        int real = requireNonNull(
                        stack.sendsSomething().get(0).segment().options().timestamps())
                .value();
        assertThat(real - last).as("at most 63 ms old").isBetween(0, 63);
    }

    @Test
    void theFirstDataMayBringTheCookie() { // the ACK before it was lost
        floodedListener();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.accepts();
        app.reads(100);
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_FORGED)
    void aWrongNumberIsRefused() {
        floodedListener();
        peer.sends(syn(0));
        stack.replies(synAck(0, 1));
        peer.sends(ack(100).seq(1));
        stack.replies(rst(100));
        peer.sends(ack(1).seq(100));
        stack.replies(rst(1));
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_FAILED)).isEqualTo(2);
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_RECV)).isZero();
        assertThat(rig.flows()).isEqualTo(SYN_QUEUE);
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_FORGED)
    void aCookieIsGoodForItsTupleOnly() {
        floodedListener();
        peer.sends(syn(0));
        stack.replies(synAck(0, 1));
        Conversation thief = rig.conversation(40_001);
        thief.peer().sends(ack(stack.initialSequence() + 1).seq(1));
        assertThat(thief.stack().sendsSomething())
                .singleElement()
                .matches(sent -> sent.segment().flagLetters().contains("R"));
        peer.sends(ack(1));
        app.accepts();
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_FORGED)
    void aCookieExpires() {
        floodedListener();
        peer.sends(syn(0));
        stack.replies(synAck(0, 1));
        clock.advanceSeconds(128);
        flood.forEach(one -> one.stack().sendsSomething()); // SYN-ACKs again
        Conversation fresh = rig.conversation(40_001); // the flood goes on: cookies are still looked at
        fresh.peer().sends(syn(0));
        fresh.stack().replies(synAck(0, 1));
        peer.sends(ack(1));
        stack.replies(rst(1));
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_FAILED)).isEqualTo(1);
        fresh.peer().sends(ack(1));
        fresh.app().accepts();
    }

    @Test
    @Covers(Requirement.SYN_COOKIE_FORGED)
    void withoutAFloodNoCookieIsLookedAt() { // else one could guess at leisure
        app.listens();
        peer.sends(ack(1).seq(1));
        stack.replies(rst(1));
        assertThat(rig.count(Counter.TCP_EXT_SYNCOOKIES_FAILED)).isZero();
    }

    @Test
    void aFullAcceptQueueTakesNoCookieEither() { // as if the ACK were lost; data brings the cookie again
        app.listens(1);
        flood();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1));
        Conversation other = flood.get(0);
        other.peer().sends(ack(1));
        peer.sends(ack(1));
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_ACCEPT_QUEUE_FULL)).isEqualTo(1);
        other.app().accepts();
        peer.sends(data(1, 101).acks(1));
        stack.replies(ack(101));
        app.accepts();
    }

    @Test
    @Covers(Requirement.HALF_OPEN_BOUNDED)
    void switchedOffTheRestIsDropped() {
        rig.config(TcpConfig.builder().synCookies(false).build());
        floodedListener();
        peer.sends(syn(0));
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_SYN_QUEUE_FULL)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_LISTEN_DROPS)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_EXT_TCP_REQ_Q_FULL_DROP)).isEqualTo(1);
    }
}
