package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Buffers that grow by themselves: with the path, up to a ceiling, and only if somebody uses them. */
class AutotuningTest extends PacketScript {
    private static final int FLOOR = 64_000;
    private static final int CEILING = 1_000_000;
    private static final int ROUND_TRIP_MILLIS = 100;

    private int next = 1;

    private void tuned() {
        app.options(settings -> {
            settings.receiveBuffer = FLOOR;
            settings.maxReceiveBuffer = CEILING;
            settings.sendBuffer = FLOOR;
            settings.maxSendBuffer = CEILING;
        });
    }

    /** A connection whose handshake took {@code micros} on the way, to a peer with a window of 4 MB. */
    private void establishedIn(long micros) {
        app.listens();
        peer.sends(syn(0).mss(1000).ws(7));
        stack.replies(synAck(0, 1).ws(4));
        clock.advance(Duration.ofNanos(micros * 1000));
        peer.sends(ack(1).win(4 << 20));
        app.accepts();
    }

    /** The peer fills the window, some time passes, and the application reads all; returns the window then. */
    private int fills(int window, long micros, boolean reads) {
        int count = window / 1000;
        SegmentSpec[] segments = new SegmentSpec[count];
        for (int i = 0; i < count; i++, next += 1000) {
            segments[i] = data(next, next + 1000);
        }
        peer.sends(segments);
        stack.sendsSomething();
        clock.advance(Duration.ofNanos(micros * 1000));
        stack.sendsSomething();
        if (reads) {
            app.reads(count * 1000);
            stack.sendsSomething();
        }
        return app.connection().info().rcvWnd;
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void theWindowGrowsWithWhatIsReadInARoundTrip() {
        tuned();
        establishedIn(ROUND_TRIP_MILLIS * 1000L);
        int window = FLOOR - 16;
        assertThat(app.connection().info().rcvWnd).isGreaterThan(60_000);
        int before = window;
        for (int round = 0; round < 8; round++) {
            window = fills(window, ROUND_TRIP_MILLIS * 1000L, true);
            assertThat(window).isGreaterThanOrEqualTo(before);
            before = window;
        }
        assertThat(window).isBetween(CEILING - 100, CEILING);
        assertThat(app.connection().receiveBuffer()).isEqualTo(CEILING);
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void onAShortPathItStaysAsItIs() { // a window's worth takes ten round trips to read: one holds little
        tuned();
        establishedIn(100);
        int window = FLOOR - 16;
        for (int round = 0; round < 20; round++) {
            window = fills(window, 1000, true);
        }
        assertThat(app.connection().receiveBuffer()).isEqualTo(FLOOR);
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void aBufferThatSomebodyHasSetStaysAsItIs() { // SO_RCVBUF
        app.options(settings -> settings.fixReceiveBuffer(FLOOR));
        app.listens();
        peer.sends(syn(0).mss(1000).ws(7));
        stack.replies(synAck(0, 1).ws(0));
        clock.advanceMillis(ROUND_TRIP_MILLIS);
        peer.sends(ack(1));
        app.accepts();
        for (int round = 0; round < 8; round++) {
            fills(FLOOR, ROUND_TRIP_MILLIS * 1000L, true);
        }
        assertThat(app.connection().receiveBuffer()).isEqualTo(FLOOR);
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void setWhileItGrowsItIsWhatWasSet() {
        tuned();
        establishedIn(ROUND_TRIP_MILLIS * 1000L);
        int window = fills(FLOOR - 16, ROUND_TRIP_MILLIS * 1000L, true);
        fills(window, ROUND_TRIP_MILLIS * 1000L, true);
        assertThat(app.connection().receiveBuffer()).isGreaterThan(FLOOR);
        app.options(settings -> settings.fixReceiveBuffer(50_000));
        assertThat(app.connection().receiveBuffer()).isEqualTo(50_000); // the right edge stays: WireRules watches
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void whatNobodyReadsNeedsNoLargerBuffer() {
        tuned();
        establishedIn(ROUND_TRIP_MILLIS * 1000L);
        fills(FLOOR - 16, ROUND_TRIP_MILLIS * 1000L, false);
        clock.advanceSeconds(10);
        assertThat(app.connection().receiveBuffer()).isEqualTo(FLOOR);
    }

    @Test
    @Covers(Requirement.RECEIVE_AUTOTUNING)
    void timestampsTellTheRoundTripOfAReceiver() { // the first data that echoes a timestamp of ours
        tuned();
        app.listens();
        peer.sends(syn(0).mss(1000).timestamps(1, 0).ws(7));
        stack.replies(synAck(0, 1));
        clock.advanceMillis(80);
        peer.sends(ack(1).timestamps(2, 0));
        app.accepts();
        peer.sends(data(1, 1001).timestamps(3, 0));
        int ours = requireNonNull(
                        stack.sendsSomething().get(0).segment().options().timestamps())
                .value();
        clock.advanceMillis(30);
        peer.sends(data(1001, 2001).timestamps(4, ours));
        stack.sendsSomething();
        assertThat(app.connection().info().rcvRttNanos).isEqualTo(millis(30).toNanos());
        app.reads(2000);
    }

    @Test
    @Covers(Requirement.SEND_AUTOTUNING)
    void theSendBufferHoldsTwoCongestionWindows() {
        tuned();
        establishedIn(ROUND_TRIP_MILLIS * 1000L);
        int sent = 1;
        for (int round = 0; round < 9; round++) {
            app.writesAllItCan();
            sent += bytesSent();
            clock.advanceMillis(ROUND_TRIP_MILLIS);
            peer.sends(ack(sent));
            sent += bytesSent();
        }
        assertThat(app.connection().sendBuffer()).isGreaterThan(4 * FLOOR).isLessThanOrEqualTo(CEILING);
    }

    private int bytesSent() {
        return stack.sendsSomething().stream()
                .mapToInt(sent -> sent.segment().payload().length)
                .sum();
    }
}
