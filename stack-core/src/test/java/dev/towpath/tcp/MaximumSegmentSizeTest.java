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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How large segments get (RFC 9293 section 3.7.1, RFC 6691). */
class MaximumSegmentSizeTest extends PacketScript {
    @ParameterizedTest
    @CsvSource({"576, 536", "1500, 1460", "9000, 8960", "65535, 65495"})
    @Covers(Requirement.MSS_OFFER)
    void theOfferIsTheMtuLessFixedHeaders(int mtu, int mss) { // RFC 6691 section 2: whatever the options
        rig.ip().mtu(mtu);
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).mss(mss));
    }

    @Test
    @Covers(Requirement.MSS_OFFER)
    void anActiveOpenOffersTheSame() {
        rig.ip().mtu(1400);
        app.connects();
        stack.sends(syn(0).mss(1360));
    }

    @Test
    @Covers(Requirement.MSS_DEFAULT)
    void withoutTheOptionItIs536() { // RFC 9293 section 3.7.1, MUST-15
        established(syn(0));
        app.writes(1000);
        stack.sends(data(1, 537), data(537, 1001));
        assertThat(app.connection().sendMss()).isEqualTo(536);
    }

    @Test
    @Covers(Requirement.MSS_NOT_EXCEEDED)
    void thePeersIsNotExceeded() { // RFC 9293 section 3.7.1, MUST-14 and MUST-16
        established(syn(0).mss(700));
        app.writes(1500);
        stack.sends(data(1, 701), data(701, 1401), data(1401, 1501));
    }

    @Test
    @Covers(Requirement.MSS_NOT_EXCEEDED)
    void ourMtuIsNotExceededWhateverThePeerOffers() { // RFC 9293 section 3.7.1, MUST-16
        established(syn(0).mss(9000));
        app.writes(2000);
        stack.sends(data(1, 1461), data(1461, 2001));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 20})
    @Covers(Requirement.MSS_LOWER_BOUND)
    void anAbsurdOfferIsBoundedBelow(int mss) { // otherwise a peer makes us send a header for every byte
        established(syn(0).mss(mss));
        assertThat(app.connection().sendMss()).isBetween(40, 536);
        app.writes(40);
        stack.sends(data(1, 41));
    }

    @Test
    void theApplicationMayAskForLess() { // TCP_MAXSEG
        app.options(settings -> settings.maxSegment = 800);
        app.listens();
        peer.sends(syn(0).mss(1000));
        stack.replies(synAck(0, 1).mss(800));
        peer.sends(ack(1));
        app.writes(1000);
        stack.sends(data(1, 801), data(801, 1001));
    }

    @Test
    void theApplicationMayAskForLessLater() {
        established();
        app.options(settings -> settings.maxSegment = 600);
        app.writes(1000);
        stack.sends(data(1, 601), data(601, 1001));
    }
}
