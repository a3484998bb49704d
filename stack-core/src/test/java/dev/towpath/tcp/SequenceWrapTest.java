package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence numbers are modulo 2^32 (RFC 9293 section 3.4): what goes over the end is like all else. */
@Covers(Requirement.SEQUENCE_WRAPS)
class SequenceWrapTest extends PacketScript {
    /** Initial sequence numbers tick every 4 microseconds (RFC 6528 section 3). */
    private static final long TICK_NANOS = 4000;

    /** Waits until our initial sequence number is {@code octets} before {@code number}, and connects. */
    private void connectedShortlyBefore(int number, int octets, boolean sack) {
        app.connects();
        stack.sends(syn(0));
        peer.sends(rstAck(0, 1));
        long ticks = Integer.toUnsignedLong(number - octets - stack.initialSequence());
        clock.advance(Duration.ofNanos(ticks * TICK_NANOS));
        app.connects();
        stack.sends(syn(0));
        assertThat(number - stack.initialSequence()).isBetween(octets - 10, octets + 10);
        peer.sends(sack ? synAck(0, 1).mss(1000).sackPermitted() : synAck(0, 1).mss(1000));
        stack.replies(ack(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MIN_VALUE}) // where unsigned numbers wrap, and where signed ones do
    void aHoleAtTheWrapIsFoundAndFilled(int wrap) {
        connectedShortlyBefore(wrap, 4500, false); // in the middle of the fifth segment
        app.writes(10_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.sends(ack(4001));
        stack.sendsSomething();
        peer.sends(ack(4001), ack(4001), ack(4001));
        stack.sends(data(4001, 5001));
        peer.sends(ack(10_001));
        assertThat(app.connection().unacknowledged()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MIN_VALUE}) // where unsigned numbers wrap, and where signed ones do
    void sackBlocksMayCrossTheWrap(int wrap) {
        connectedShortlyBefore(wrap, 4500, true);
        app.writes(10_000);
        assertThat(stack.sendsSomething()).hasSize(10);
        peer.sends(ack(1001).sack(2001, 10_001));
        stack.sends(data(1001, 2001));
        peer.sends(ack(10_001));
        assertThat(app.connection().unacknowledged()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MIN_VALUE}) // where unsigned numbers wrap, and where signed ones do
    void aTimeOutAtTheWrapResendsWhatIsThere(int wrap) {
        connectedShortlyBefore(wrap, 500, false);
        app.writes(1000);
        stack.sends(data(1, 1001));
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(1001));
        app.writes(10);
        stack.sends(data(1001, 1011));
    }

    @Test
    void whatIsReceivedMayCrossItToo() { // the peers of scripts begin 40,000 octets before the wrap
        established();
        IntStream.range(0, 60).forEach(i -> {
            peer.sends(data(1 + 1000 * i, 1001 + 1000 * i));
            stack.sendsSomething();
            app.reads(1000);
        });
        peer.sends(data(61_001, 62_001)); // a hole behind it
        stack.replies(ack(60_001));
        peer.sends(data(60_001, 61_001));
        stack.replies(ack(62_001));
        app.reads(2000);
    }
}
