package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Urgent data (RFC 9293 section 3.8.5, RFC 6093): octets like all others, whatever the pointer says. */
class UrgentTest extends PacketScript {
    @ParameterizedTest
    @Covers({Requirement.URGENT_IN_LINE, Requirement.URGENT_SHORT_OF_DATA})
    @ValueSource(ints = {0, 1, 5, 10, 11, 65_535}) // to the first octet, into the data, behind it, far beyond it
    void nothingIsTakenOutOfTheStream(int pointer) {
        established();
        peer.sends(data(1, 11).urg(pointer));
        stack.replies(ack(11));
        peer.sends(data(11, 21).urg(pointer), data(21, 31));
        stack.replies(ack(31));
        app.reads(30);
    }

    @Test
    @Covers(Requirement.URGENT_SHORT_OF_DATA)
    void aPointerWithoutDataIsAnAckLikeAnyOther() {
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        peer.sends(ack(11).urg(100));
        stack.isQuietFor(seconds(5));
    }

    @Test
    @Covers(Requirement.URGENT_SHORT_OF_DATA)
    void urgentDataOutOfOrderAndWithTheFinIsPutInOrder() {
        established();
        peer.sends(data(11, 21).urg(10));
        stack.replies(ack(1));
        peer.sends(data(1, 11).urg(20));
        stack.replies(ack(21));
        peer.sends(fin(21).urg(1));
        stack.replies(ack(22));
        app.reads(20);
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.URGENT_SHORT_OF_DATA)
    void aSynMayBeUrgentToo() {
        app.listens();
        peer.sends(syn(0).mss(1000).urg(5));
        stack.replies(synAck(0, 1));
        peer.sends(ack(1));
        app.accepts();
    }
}
