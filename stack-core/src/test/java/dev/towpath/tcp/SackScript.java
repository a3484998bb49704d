package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.config.TcpConfig;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/**
 * What scripts about loss recovery begin with: a peer that sends SACK blocks, segments of 1000 bytes, a round trip of
 * 100 ms.
 */
abstract class SackScript extends PacketScript {
    /** Milliseconds. */
    static final int RTT = 100;

    @BeforeEach
    void newReno() { // its half of the window makes for short scripts
        rig.config(TcpConfig.builder().congestionControl("reno").build());
    }

    /** The handshake measures the round trip, then ten segments are in flight for one round trip. */
    final void tenSegmentsInFlight() {
        segmentsInFlight(10);
    }

    final void segmentsInFlight(int count) {
        app.listens();
        peer.sends(syn(0).mss(1000).win(65_535).sackPermitted());
        stack.replies(synAck(0, 1));
        clock.advanceMillis(RTT);
        peer.sends(ack(1));
        app.accepts();
        sendsFrom(1, count);
        clock.advanceMillis(RTT);
    }

    /** Segments of 1000 bytes are written, and sent at once. */
    final void sendsFrom(int start, int count) {
        app.writes(1000 * count);
        stack.sends(segments(start, count));
    }

    static SegmentSpec[] segments(int start, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> data(start + 1000 * i, start + 1000 * (i + 1)))
                .toArray(SegmentSpec[]::new);
    }

    /** Whatever is sent now, in bytes. */
    final int bytesSent() {
        List<Emitted> all = stack.sendsSomething();
        return all.stream().mapToInt(sent -> sent.segment().payload().length).sum();
    }
}
