package dev.towpath.testing.script;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.towpath.testing.script.WireSegment.Flag;
import dev.towpath.testing.script.WireSegment.Options;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule is broken once, and only by what it forbids. */
class WireRulesTest {
    private static final int ISS = -3; // numbers wrap at once
    private static final int IRS = 1000;

    private final WireRules rules = new WireRules(Pattern.APP, true);

    @BeforeEach
    void handshake() {
        rules.arrived(segment(Flag.SYN, IRS, 0, 500, 0));
        rules.sent(segment(Flag.SYN | Flag.ACK, ISS, IRS + 1, 300, 0));
        rules.arrived(segment(Flag.ACK, IRS + 1, ISS + 1, 500, 0));
    }

    private static WireSegment segment(int flags, int sequence, int acknowledgment, int window, int length) {
        byte[] payload = length == 0 ? new byte[0] : Pattern.APP.bytes(sequence - ISS - 1, sequence - ISS - 1 + length);
        return new WireSegment(sequence, acknowledgment, flags, window, 0, Options.NONE, payload);
    }

    private static WireSegment data(int from, int length) {
        return segment(Flag.ACK, ISS + from, IRS + 1, 300, length);
    }

    private void breaks(String rule, WireSegment segment) {
        assertThatThrownBy(() -> rules.sent(segment))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(rule);
    }

    @Test
    void dataWithinTheWindowIsFine() {
        assertThatCode(() -> rules.sent(data(1, 500))).doesNotThrowAnyException();
        breaks("beyond the window", data(501, 2));
    }

    @Test
    void aHoleIsNot() {
        breaks("leaves a hole", data(3, 10));
    }

    @Test
    void resendingWhatIsAcknowledgedIsNot() {
        rules.sent(data(1, 100));
        rules.arrived(segment(Flag.ACK, IRS + 1, ISS + 101, 500, 0));
        breaks("resends what is all acknowledged", data(1, 100));
    }

    @Test
    void aFinThatMovesIsNot() {
        rules.sent(segment(Flag.ACK | Flag.FIN, ISS + 1, IRS + 1, 300, 10));
        breaks("data after the FIN", data(11, 1));
        breaks("the FIN has moved", segment(Flag.ACK | Flag.FIN, ISS + 1, IRS + 1, 300, 5));
    }

    @Test
    void aRightEdgeThatShrinksIsNot() {
        breaks("right edge shrinks", segment(Flag.ACK, ISS + 1, IRS + 1, 299, 0));
    }

    @Test
    void acknowledgingTheFutureIsNot() {
        breaks("never sent", segment(Flag.ACK, ISS + 1, IRS + 2, 300, 0));
    }

    @Test
    void acknowledgingLessThanBeforeIsNot() {
        rules.arrived(segment(Flag.ACK, IRS + 1, ISS + 1, 500, 100));
        rules.sent(segment(Flag.ACK, ISS + 1, IRS + 101, 300, 0));
        breaks("RCV.NXT goes back", segment(Flag.ACK, ISS + 1, IRS + 1, 400, 0));
    }

    @Test
    void otherBytesAreNot() {
        WireSegment wrong = segment(Flag.ACK, ISS + 1, IRS + 1, 300, 10);
        wrong.payload()[7] ^= 1;
        breaks("data byte 7 is wrong", wrong);
    }

    @Test
    void aSegmentWithoutAckIsNot() {
        breaks("has ACK", segment(0, ISS + 1, 0, 300, 0));
    }
}
