package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** SACK blocks that the receiver sends (RFC 2018, RFC 2883). */
class SelectiveAcknowledgmentTest extends PacketScript {
    private void establishedWithSack() {
        established(syn(0).mss(1000).sackPermitted());
    }

    @Test
    @Covers(Requirement.SACK_NEGOTIATED)
    void theAnswerPermitsSackIfTheSynDoes() { // RFC 2018 section 2
        app.listens();
        peer.sends(syn(0).mss(1000).sackPermitted());
        stack.replies(synAck(0, 1).sackPermitted());
    }

    @Test
    @Covers(Requirement.SACK_NEGOTIATED)
    void noBlocksWithoutPermission() { // RFC 2018 section 2
        established();
        peer.sends(data(1001, 2001).acks(1));
        assertThat(stack.sendsSomething().get(0).segment().options().sack()).isEmpty();
    }

    @Test
    @Covers(Requirement.SACK_FIRST_BLOCK)
    void aBlockForEachSegmentBehindAHole() { // RFC 2018 section 4
        establishedWithSack();
        peer.sends(data(1001, 2001).acks(1));
        stack.replies(ack(1).sack(1001, 2001));
        peer.sends(data(2001, 3001).acks(1));
        stack.replies(ack(1).sack(1001, 3001));
    }

    @Test
    @Covers(Requirement.SACK_FIRST_BLOCK)
    void theFirstBlockHoldsTheSegmentJustReceived() { // RFC 2018 section 4, (1) and (3)
        establishedWithSack();
        peer.sends(data(1001, 2001).acks(1));
        stack.replies(ack(1).sack(1001, 2001));
        peer.sends(data(5001, 6001).acks(1));
        stack.replies(ack(1).sack(5001, 6001).sack(1001, 2001));
        peer.sends(data(3001, 4001).acks(1));
        stack.replies(ack(1).sack(3001, 4001).sack(5001, 6001).sack(1001, 2001));
        peer.sends(data(2001, 3001).acks(1));
        stack.replies(ack(1).sack(1001, 4001).sack(5001, 6001));
    }

    @Test
    @Covers(Requirement.SACK_THREE_BLOCKS)
    void withTimestampsThereIsRoomForThreeBlocks() { // RFC 2018 section 3
        established(syn(0).mss(1000).sackPermitted().timestamps(100, 0));
        peer.sends(data(1001, 2001).acks(1).timestamps(100, 0));
        stack.replies(ack(1).sack(1001, 2001));
        peer.sends(data(3001, 4001).acks(1).timestamps(100, 0));
        stack.replies(ack(1).sack(3001, 4001).sack(1001, 2001));
        peer.sends(data(5001, 6001).acks(1).timestamps(100, 0));
        stack.replies(ack(1).sack(5001, 6001).sack(3001, 4001).sack(1001, 2001));
        peer.sends(data(7001, 8001).acks(1).timestamps(100, 0));
        stack.replies(ack(1).sack(7001, 8001).sack(5001, 6001).sack(3001, 4001));
    }

    @Test
    @Covers(Requirement.GAP_ACKNOWLEDGED_AT_ONCE)
    void aFilledHoleEndsTheBlocks() { // RFC 5681 section 4.2: acknowledged at once
        establishedWithSack();
        peer.sends(data(1001, 2001).acks(1));
        stack.replies(ack(1).sack(1001, 2001));
        peer.sends(data(1, 1001).acks(1));
        assertThat(stack.sendsSomething().get(0).segment().options().sack()).isEmpty();
        app.reads(2000);
    }

    @Test
    @Covers(Requirement.DSACK_SENT)
    void aDuplicateIsReportedInTheFirstBlockOnce() { // RFC 2883 section 4
        establishedWithSack();
        peer.sends(data(1, 1001).acks(1));
        stack.replies(ack(1001));
        peer.sends(data(1, 1001).acks(1));
        stack.replies(ack(1001).sack(1, 1001));
        peer.sends(data(2001, 3001).acks(1));
        stack.replies(ack(1001).sack(2001, 3001));
        peer.sends(data(2001, 3001).acks(1));
        stack.replies(ack(1001).sack(2001, 3001).sack(2001, 3001));
    }

    @Test
    @Covers(Requirement.DSACK_SENT)
    void duplicatesInARowAreOneBlock() { // RFC 2883 section 4: one ACK answers the batch
        established(syn(0).mss(1000).sackPermitted());
        peer.sends(data(1, 1001), data(1001, 2001), data(2001, 3001));
        stack.replies(ack(3001));
        peer.sends(data(1, 1001), data(1001, 2001));
        stack.replies(ack(3001).sack(1, 2001));
    }
}
