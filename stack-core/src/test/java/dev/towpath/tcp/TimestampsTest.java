package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.TransportError;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timestamps and PAWS (RFC 7323). */
class TimestampsTest extends PacketScript {
    private void establishedWithTimestamps() {
        app.listens();
        peer.sends(syn(0).mss(1000).timestamps(100, 0));
        stack.replies(synAck(0, 1).echoes(100));
        peer.sends(ack(1).timestamps(101, 0));
        app.accepts();
    }

    private int sentTimestamp() {
        return requireNonNull(stack.sendsSomething().get(0).segment().options().timestamps())
                .value();
    }

    @Test
    @Covers(Requirement.TS_NEGOTIATED)
    void noneUnlessBothSynsHaveThem() { // RFC 7323 section 3.2
        app.listens();
        peer.sends(syn(0).mss(1000));
        assertThat(stack.sendsSomething().get(0).segment().options().timestamps())
                .isNull();
    }

    @Test
    @Covers(Requirement.MSS_SENDER_SUBTRACTS)
    void segmentsAreSmallerByTheOption() { // RFC 6691 section 3
        establishedWithTimestamps();
        app.writes(988);
        stack.sends(data(1, 989).echoes(101));
    }

    @Test
    @Covers(Requirement.TS_CLOCK)
    void theClockTicksInMilliseconds() { // RFC 7323 section 5.4
        establishedWithTimestamps();
        app.writes(1);
        int first = sentTimestamp();
        peer.sends(ack(2).timestamps(101, first));
        clock.advance(millis(250));
        app.writes(1);
        int second = sentTimestamp();
        assertThat(second - first).isEqualTo(250);
    }

    @Test
    @Covers(Requirement.TS_ECHO)
    void onlyASegmentAtTheLeftEdgeIsEchoed() { // RFC 7323 section 4.3
        establishedWithTimestamps();
        peer.sends(data(1001, 2001).acks(1).timestamps(120, 0));
        stack.replies(ack(1).echoes(101));
        peer.sends(data(1, 1001).acks(1).timestamps(110, 0));
        stack.replies(ack(2001).echoes(110));
        app.reads(2000);
    }

    @Test
    @Covers(Requirement.PAWS_DROPS_OLD)
    void anOlderTimestampIsAnOldDuplicate() { // RFC 7323 section 5.3, R1
        establishedWithTimestamps();
        peer.sends(data(1, 1001).acks(1).timestamps(99, 0));
        stack.replies(ack(1).echoes(101));
        app.readsNothing();
        assertThat(rig.dropped(DropReason.TCP_PAWS)).isEqualTo(1);
        peer.sends(data(1, 1001).acks(1).timestamps(101, 0));
        stack.replies(ack(1001));
        app.reads(1000);
    }

    @Test
    @Covers(Requirement.PAWS_NOT_FOR_RST)
    void aResetIsNeverTooOld() { // RFC 7323 section 5.2
        establishedWithTimestamps();
        peer.sends(rst(1).timestamps(1, 0));
        app.isTold(TransportError.CONNECTION_RESET);
    }

    @Test
    @Covers(Requirement.PAWS_IDLE)
    void afterDaysOfSilenceAnOldTimestampProvesNothing() { // RFC 7323 section 5.5
        establishedWithTimestamps();
        clock.advance(seconds(25L * 86_400));
        peer.sends(data(1, 1001).acks(1).timestamps(50, 0));
        stack.replies(ack(1001).echoes(50));
        app.reads(1000);
    }

    @Test
    @Covers({Requirement.TS_MISSING_ACCEPTED, Requirement.MISTAKE_TS_MISSING})
    void aSegmentWithoutTheOptionIsAccepted() { // against RFC 7323 section 3.2's SHOULD, as Linux
        establishedWithTimestamps();
        peer.sends(data(1, 1001).acks(1));
        stack.replies(ack(1001));
        app.reads(1000);
    }

    @Test
    @Covers(Requirement.TS_RTT)
    void anEchoMeasuresWhatWasSentAgain() { // RFC 7323 section 4.1, RFC 6298 section 3: the echo tells which copy
        establishedWithTimestamps();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advance(millis(200));
        int again = sentTimestamp();
        clock.advance(millis(300));
        peer.sends(ack(101).timestamps(102, again));
        app.writes(100);
        stack.sends(data(101, 201));
        // SRTT = 300 / 8, RTTVAR = 300 / 4, and no back-off: 400 ms without timestamps
        stack.sendsAfter(Duration.ofNanos(37_500_000 + 4 * 75_000_000), data(101, 201));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_000, -1_000_000})
    @Covers(Requirement.TS_RTT)
    void anEchoOfWhatWasNeverSentIsNoSample(int error) {
        establishedWithTimestamps();
        app.writes(100);
        stack.sends(data(1, 101));
        clock.advance(millis(200));
        int again = sentTimestamp();
        clock.advance(millis(300));
        peer.sends(ack(101).timestamps(102, error == 0 ? 0 : again + error));
        app.writes(100);
        stack.sends(data(101, 201));
        stack.sendsAfter(millis(400), data(101, 201));
    }
}
