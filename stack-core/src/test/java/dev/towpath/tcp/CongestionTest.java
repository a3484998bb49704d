package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much may be in flight (RFC 5681, RFC 6928). */
class CongestionTest extends PacketScript {
    @BeforeEach
    void newReno() {
        rig.config(TcpConfig.builder().congestionControl("reno").build());
    }

    @ParameterizedTest
    @CsvSource({"1000, 10", "1460, 10", "536, 10", "100, 10"})
    @Covers(Requirement.INITIAL_WINDOW)
    void theInitialWindowIsTenSegments(int mss, int segments) { // RFC 6928 section 2
        established(syn(0).mss(mss));
        app.writes(60_000);
        assertThat(stack.sendsSomething()).hasSize(segments);
    }

    @Test
    @Covers(Requirement.INITIAL_WINDOW)
    void theInitialWindowOfLargeSegmentsIsTwo() { // RFC 6928 section 2: max(2 MSS, 14,600)
        rig.ip().mtu(9000);
        established(syn(0).mss(8960));
        app.writes(60_000);
        stack.sends(data(1, 8961), data(8961, 17_921));
    }

    @Test
    @Covers(Requirement.SLOW_START)
    void slowStartSendsTwoSegmentsForEachOneAcknowledged() { // RFC 5681 section 3.1
        established();
        app.writes(60_000);
        stack.sends(segments(1, 10_001));
        peer.sends(ack(1001));
        stack.sends(segments(10_001, 12_001));
        peer.sends(ack(2001));
        stack.sends(segments(12_001, 14_001));
    }

    @Test
    @Covers(Requirement.SLOW_START)
    void slowStartCountsBytesNotAcks() { // RFC 5681 section 3.1: a split ACK does not open the window any faster
        established();
        app.writes(60_000);
        stack.sends(segments(1, 10_001));
        int sent = 0;
        for (int i = 1; i <= 10; i++) {
            peer.sends(ack(1 + i * 100));
            sent += bytes(stack.sendsSomething());
        }
        assertThat(sent).isLessThanOrEqualTo(2000);
    }

    @Test
    @Covers({Requirement.SSTHRESH, Requirement.CONGESTION_AVOIDANCE})
    void afterATimeOutTheWindowGrowsSlowlyAboveSsthresh() { // RFC 5681 section 3.1, equation (4): half the flight
        established();
        app.writes(120_000);
        stack.sends(segments(1, 10_001));
        stack.sendsAfter(millis(200), data(1, 1001));
        peer.sends(ack(10_001));
        int at = 10_001;
        int flight = bytes(stack.sendsSomething());
        int roundTrips = 0;
        while (flight < 10_000) {
            int next = 0;
            for (int acked = at + 1000; acked <= at + flight; acked += 1000) {
                peer.sends(ack(acked));
                next += bytes(stack.sendsSomething());
            }
            at += flight;
            assertThat(next)
                    .as("above ssthresh one segment more each round trip")
                    .isLessThanOrEqualTo(flight < 5000 ? 2 * flight : flight + 1000);
            flight = next;
            assertThat(++roundTrips).as("round trips").isLessThan(10);
        }
        assertThat(roundTrips).isBetween(4, 8); // 2, 4, 5, 6 ... segments
    }

    @Test
    @Covers(Requirement.IDLE_RESTART)
    void anIdleConnectionBeginsAgainWithTheInitialWindow() { // RFC 5681 section 4.1
        established();
        app.writes(120_000);
        int sent = bytes(stack.sendsSomething());
        for (int acked = 1001; acked <= 120_001; acked += 1000) {
            peer.sends(ack(acked));
            sent += bytes(stack.sendsSomething());
        }
        assertThat(sent).isEqualTo(120_000);
        clock.advanceSeconds(30);
        app.writes(60_000);
        assertThat(bytes(stack.sendsSomething())).isEqualTo(10_000);
    }

    @Test
    @Covers(Requirement.UNUSED_WINDOW)
    void anApplicationThatSendsLittleDoesNotOpenTheWindow() { // RFC 7661's concern: an unused window is not validated
        established();
        int at = 1;
        for (int i = 0; i < 100; i++, at += 1000) {
            app.writes(1000);
            stack.sends(data(at, at + 1000));
            peer.sends(ack(at + 1000));
        }
        app.writes(60_000);
        assertThat(bytes(stack.sendsSomething())).isLessThanOrEqualTo(20_000);
    }

    private static SegmentSpec[] segments(int from, int to) {
        return IntStream.iterate(from, at -> at < to, at -> at + 1000)
                .mapToObj(at -> data(at, at + 1000))
                .toArray(SegmentSpec[]::new);
    }

    private static int bytes(List<Emitted> segments) {
        return segments.stream()
                .mapToInt(sent -> sent.segment().payload().length)
                .sum();
    }
}
