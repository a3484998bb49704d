package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Conversation;
import dev.towpath.testing.script.PacketScript;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Initial sequence numbers (RFC 6528): a clock, so that a tuple's grow, plus a keyed hash of the tuple, so that nobody
 * else can tell.
 */
class InitialSequenceTest extends PacketScript {
    private int openAndAbort(Conversation conversation) {
        conversation.app().connects();
        conversation.stack().sends(syn(0));
        int sequence = conversation.stack().initialSequence();
        conversation.app().aborts();
        conversation.stack().sendsSomething();
        return sequence;
    }

    @Test
    @Covers(Requirement.ISN_UNPREDICTABLE)
    void tuplesDiffer() {
        Set<Integer> high = new HashSet<>();
        for (int port = 1; port <= 200; port++) {
            high.add(openAndAbort(rig.conversation(port)) >>> 16);
        }
        assertThat(high).as("upper halves of 200 numbers at the same time").hasSizeGreaterThan(190);
    }

    @Test
    @Covers(Requirement.ISN_CLOCK_DRIVEN)
    void aTuplesNumbersGrowWithTime() { // RFC 6528 section 3: M ticks every 4 microseconds
        Conversation one = rig.conversation(77);
        int first = openAndAbort(one);
        clock.advanceMillis(10);
        int second = openAndAbort(one);
        assertThat(second - first).isEqualTo(2500);
        clock.advanceMillis(1000);
        assertThat(openAndAbort(one) - second).isEqualTo(250_000);
    }

    @Test
    @Covers(Requirement.ISN_CLOCK_DRIVEN)
    void theClockGoesRoundWithoutHarm() { // 2^32 ticks of 4 microseconds are 4.77 hours
        Conversation one = rig.conversation(77);
        int first = openAndAbort(one);
        clock.advance(Duration.ofNanos((1L << 32) * 4000));
        assertThat(openAndAbort(one)).isEqualTo(first);
    }

    @Test
    @Covers(Requirement.ISN_UNPREDICTABLE)
    void thePassiveSideChoosesTheSameWay() {
        app.listens();
        Set<Integer> numbers = new HashSet<>();
        for (int port = 1; port <= 50; port++) {
            Conversation one = rig.conversation(port);
            one.peer().sends(syn(0));
            one.stack().sendsSomething();
            numbers.add(one.stack().initialSequence());
            one.peer().sends(ack(1));
        }
        assertThat(numbers).hasSize(50);
    }
}
