package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCP_NOTSENT_LOWAT: what is not sent yet is bounded by itself, and not by what is in flight. */
@Covers(Requirement.TCP_NOTSENT_LOWAT)
class NotSentLowWaterTest extends PacketScript {
    private static final int MARK = 4000;

    @BeforeEach
    void aWindowOfTwoSegments() {
        established();
        app.options(settings -> settings.notSentLowWater = MARK);
        peer.sends(ack(1).win(2000));
    }

    @Test
    void noMoreIsTakenThanTheMarkAllows() {
        assertThat(app.writesAllItCan()).isEqualTo(MARK);
        stack.sends(data(1, 1001), data(1001, 2001));
        assertThat(app.writesAllItCan()).isEqualTo(2000);
        app.canNotWrite();
    }

    @Test
    void itIsWritableOnceLessThanHalfTheMarkWaits() { // and the application is told: the rig checks that
        app.writesAllItCan();
        stack.sends(data(1, 1001), data(1001, 2001));
        app.writesAllItCan();
        assertThat(app.connection().writable()).isFalse();
        peer.sends(ack(2001).win(2000));
        stack.sends(data(2001, 3001), data(3001, 4001));
        assertThat(app.connection().writable()).as("2,000 bytes still wait").isFalse();
        peer.sends(ack(3001).win(2000));
        stack.sends(data(4001, 5001));
        assertThat(app.connection().writable()).isTrue();
    }

    @Test
    void aWindowThatOpensMakesItWritableWithoutAnAck() { // nothing leaves the send buffer, but something is sent
        app.writesAllItCan();
        stack.sends(data(1, 1001), data(1001, 2001));
        app.writesAllItCan();
        assertThat(app.connection().writable()).isFalse();
        peer.sends(ack(1).win(6000));
        stack.sends(data(2001, 3001), data(3001, 4001), data(4001, 5001), data(5001, 6001));
        assertThat(app.connection().writable()).isTrue();
    }

    @Test
    void withoutTheMarkOnlyTheSendBufferCounts() {
        app.options(settings -> settings.notSentLowWater = 0);
        app.writes(100_000);
        stack.sends(data(1, 1001), data(1001, 2001));
        assertThat(app.connection().writable()).isTrue();
    }
}
