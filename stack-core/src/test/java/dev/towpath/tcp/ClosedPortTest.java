package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.flags;
import static dev.towpath.testing.script.SegmentSpec.rst;
import static dev.towpath.testing.script.SegmentSpec.rstAck;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.Counter;
import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.WireSegment.Flag;
import org.junit.jupiter.api.Test;

/** Segments for which there is no connection: CLOSED (RFC 9293 section 3.10.7.1) and LISTEN (section 3.10.7.2). */
class ClosedPortTest extends PacketScript {
    @Test
    @Covers(Requirement.STATE_CLOSED)
    void aSynIsReset() { // no ACK: SEQ=0, ACK=SEG.SEQ+SEG.LEN
        peer.sends(syn(0));
        stack.replies(rstAck(0, 1));
        assertThat(rig.dropped(DropReason.TCP_NO_SOCKET)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_OUT_RSTS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.STATE_CLOSED)
    void dataAndFinCountInTheAcknowledgment() {
        peer.sends(syn(0).payload(10).fin());
        stack.replies(rstAck(0, 12));
        peer.sends(data(5, 25).noAck());
        stack.replies(rstAck(0, 25));
    }

    @Test
    @Covers(Requirement.STATE_CLOSED)
    void aSegmentWithAckIsResetInItsOwnWords() { // SEQ=SEG.ACK, and no ACK
        peer.sends(ack(77).seq(5));
        stack.replies(rst(77));
        peer.sends(data(1, 101).acks(1000));
        stack.replies(rst(1000));
        peer.sends(fin(9).acks(-5));
        stack.replies(rst(-5));
        peer.sends(synAck(0, 123));
        stack.replies(rst(123));
    }

    @Test
    @Covers(Requirement.STATE_CLOSED)
    void aResetIsNeverAnswered() {
        peer.sends(
                rst(0),
                rst(77),
                rstAck(0, 1),
                flags(Flag.RST | Flag.SYN).seq(0),
                flags(Flag.RST | Flag.FIN).seq(0));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.CHECKSUM_VERIFIED)
    void aBadChecksumIsNotAnswered() { // RFC 9293 section 3.1, MUST-3
        peer.sends(syn(0).badChecksum());
        stack.isQuiet();
        assertThat(rig.dropped(DropReason.TCP_BAD_CHECKSUM)).isEqualTo(1);
        assertThat(rig.count(Counter.TCP_IN_CSUM_ERRORS)).isEqualTo(1);
    }

    @Test
    @Covers(Requirement.STATE_LISTEN)
    void listenIgnoresResets() { // RFC 9293 section 3.10.7.2, first
        app.listens();
        peer.sends(rst(0), rstAck(0, 1), flags(Flag.RST | Flag.SYN).seq(0));
        stack.isQuiet();
    }

    @Test
    @Covers(Requirement.STATE_LISTEN)
    void listenResetsAcknowledgments() { // second
        app.listens();
        peer.sends(ack(77).seq(5));
        stack.replies(rst(77));
        peer.sends(synAck(0, 78));
        stack.replies(rst(78));
        peer.sends(data(1, 101).acks(79));
        stack.replies(rst(79));
    }

    @Test
    @Covers(Requirement.STATE_LISTEN)
    void listenDropsTheRest() { // fourth
        app.listens();
        peer.sends(data(1, 101).noAck(), fin(1).noAck(), flags(0).seq(1));
        stack.isQuiet();
        assertThat(rig.flows()).isZero();
    }
}
