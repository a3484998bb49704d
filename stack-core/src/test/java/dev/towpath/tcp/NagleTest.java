package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** Small segments (RFC 896, RFC 9293 section 3.7.4). */
class NagleTest extends PacketScript {
    @Test
    void theFirstSmallSegmentGoesAtOnce() {
        established();
        app.writes(10);
        stack.sends(data(1, 11).psh());
    }

    @Test
    @Covers(Requirement.NAGLE)
    void theNextWaitsForTheAck() { // RFC 9293 section 3.7.4, SHLD-7
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.writes(10);
        app.writes(10);
        stack.isQuiet();
        peer.sends(ack(11));
        stack.sends(data(11, 31));
    }

    @Test
    @Covers(Requirement.NAGLE)
    void aFullSegmentDoesNotWait() {
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.writes(1200);
        stack.sends(data(11, 1011));
        peer.sends(ack(11));
        stack.sends(data(1011, 1211)); // what is in flight now is full, so the rest need not wait
    }

    @Test
    @Covers(Requirement.NAGLE)
    void theTailOfALargeWriteGoesAtOnce() { // Minshall's form: only a small segment in flight holds the next
        established();
        app.writes(2500);
        stack.sends(data(1, 1001), data(1001, 2001), data(2001, 2501).psh());
        app.writes(10);
        stack.isQuiet();
        peer.sends(ack(2001));
        stack.isQuiet();
        peer.sends(ack(2501));
        stack.sends(data(2501, 2511));
    }

    @Test
    @Covers(Requirement.NODELAY)
    void noDelaySendsEachWriteAtOnce() { // RFC 9293 section 3.7.4, MUST-17: it can be turned off
        app.options(settings -> settings.noDelay = true);
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.writes(10);
        stack.sends(data(11, 21));
    }

    @Test
    @Covers(Requirement.NODELAY)
    void turningNoDelayOnSendsWhatWaits() {
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.writes(10);
        stack.isQuiet();
        app.options(settings -> settings.noDelay = true);
        stack.sends(data(11, 21));
    }

    @Test
    @Covers(Requirement.TCP_CORK)
    void moreToComeHoldsASmallSegment() { // MSG_MORE
        established();
        app.writesMore(10);
        stack.isQuiet();
        app.writesMore(1000);
        stack.sends(data(1, 1001));
        app.writes(10);
        stack.sends(data(1001, 1021));
    }

    @Test
    @Covers(Requirement.TCP_CORK)
    void moreThatNeverComesDoesNotHoldForEver() { // as Linux: 200 ms
        established();
        app.writesMore(10);
        stack.isQuiet();
        stack.sendsAfter(millis(200), data(1, 11));
    }

    @Test
    void closingSendsWhatWaits() { // a FIN makes the last segment, however small
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.writes(10);
        app.shutsDown();
        stack.sends(data(11, 21).fin());
        peer.sends(ack(22));
        app.isIn(State.FIN_WAIT_2);
    }

    @Test
    void aFinAloneDoesNotWait() {
        established();
        app.writes(10);
        stack.sends(data(1, 11));
        app.shutsDown();
        stack.sends(fin(11));
    }
}
