package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import org.junit.jupiter.api.Test;

/** TCP_CORK, and how it goes together with TCP_NODELAY and MSG_MORE, as in Linux. */
@Covers(Requirement.TCP_CORK)
class CorkTest extends PacketScript {
    private void corked() {
        established();
        app.options(settings -> settings.cork = true);
    }

    @Test
    void onlyFullSegmentsGo() {
        corked();
        app.writes(400);
        app.writes(400);
        stack.isQuiet();
        app.writes(1400);
        stack.sends(data(1, 1001), data(1001, 2001));
        peer.sends(ack(2001));
        stack.isQuiet();
    }

    @Test
    void takingItBackSendsTheRest() {
        corked();
        app.writes(1400);
        stack.sends(data(1, 1001));
        app.options(settings -> settings.cork = false);
        stack.sends(data(1001, 1401).psh());
    }

    @Test
    void itHoldsNothingForMoreThan200Milliseconds() {
        corked();
        app.writes(400);
        stack.isQuietFor(millis(100));
        app.writes(100);
        stack.sendsAfter(millis(100), data(1, 501));
        peer.sends(ack(501));
        app.writes(10);
        stack.sendsAfter(millis(200), data(501, 511));
    }

    @Test
    void theCeilingIsTheSameOnALongPath() { // 200 ms, not a retransmission time-out
        app.options(settings -> settings.cork = true);
        in(State.SYN_RECEIVED);
        clock.advanceMillis(900);
        peer.sends(ack(1));
        app.accepts();
        app.writes(400);
        stack.sendsAfter(millis(200), data(1, 401));
    }

    @Test
    void switchingNoDelayOnSendsWhatIsQueuedButNotWhatFollows() { // tcp(7): an explicit flush, even if corked
        corked();
        app.writes(400);
        stack.isQuiet();
        app.options(settings -> settings.noDelay = true);
        stack.isQuiet();
        app.pushes();
        stack.sends(data(1, 401));
        app.writes(400);
        stack.isQuiet();
    }

    @Test
    void aFinUncorks() {
        corked();
        app.writes(400);
        app.shutsDown();
        stack.sends(data(1, 401).fin());
    }

    @Test
    void aWriteThatDoesNotSayMoreDoesNotUncork() {
        corked();
        app.writesMore(300);
        app.writes(100);
        stack.isQuiet();
        app.options(settings -> settings.cork = false);
        stack.sends(data(1, 401));
    }
}
