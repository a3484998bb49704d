package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.ip.IpLayer;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** What the application chooses of the IP header: IP_TTL and IP_TOS (RFC 9293 section 3.9.2, MUST-48 and MUST-49). */
@Covers(Requirement.TTL_AND_TOS)
class IpHeaderTest extends PacketScript {
    private static final int EXPEDITED = 0xb8;

    @Test
    void everySegmentOfAnAcceptedConnectionHasThem() { // from the first, for a listener hands them on
        app.options(settings -> {
            settings.hopLimit = 3;
            settings.trafficClass = EXPEDITED;
        });
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).hopLimit(3).trafficClass(EXPEDITED));
        peer.sends(ack(1));
        app.accepts();
        peer.sends(data(1, 11));
        stack.replies(ack(11).hopLimit(3).trafficClass(EXPEDITED));
        app.reads(10);
        app.writes(10);
        stack.sends(data(1, 11).hopLimit(3).trafficClass(EXPEDITED));
        stack.sendsAfter(millis(200), data(1, 11).hopLimit(3).trafficClass(EXPEDITED));
        peer.sends(ack(11));
        app.closes();
        stack.sends(fin(11).hopLimit(3).trafficClass(EXPEDITED));
        peer.sends(fin(11).acks(12));
        stack.replies(ack(12).hopLimit(3).trafficClass(EXPEDITED));
        peer.sends(fin(11)); // once more, in TIME-WAIT
        stack.replies(ack(12).hopLimit(3).trafficClass(EXPEDITED));
    }

    @Test
    void theSynHasThemToo() {
        app.options(settings -> settings.trafficClass = EXPEDITED);
        app.connects();
        stack.sends(syn(0).trafficClass(EXPEDITED).hopLimit(0));
    }

    @Test
    @Covers(Requirement.PMTU_DF)
    void everySegmentHasDf() { // RFC 1191 section 3; the rig fails every script in which one has not
        established();
        app.writes(2000);
        assertThat(stack.sendsSomething())
                .hasSize(2)
                .allMatch(each -> each.packet().flags() == IpLayer.DONT_FRAGMENT);
    }

    @Test
    void theyMayChange() { // section 3.9.1.8
        established();
        app.writes(10);
        stack.sends(data(1, 11).hopLimit(0).trafficClass(0));
        app.options(settings -> settings.trafficClass = EXPEDITED);
        peer.sends(ack(11));
        app.writes(10);
        stack.sends(data(11, 21).trafficClass(EXPEDITED));
    }
}
