package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static dev.towpath.testing.script.SegmentSpec.synAck;

import dev.towpath.config.TcpConfig;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Scripts that are too long to be told segment by segment: the stack sends without end to a peer that acknowledges each
 * segment, with SACK blocks, a round trip after it was sent, and after it has passed a bottleneck if there is one.
 */
abstract class LongPathScript extends PacketScript {
    /** Payload bytes of a segment. */
    static final int MSS = 1000;

    /** More than a script sends. */
    static final int PLENTY = 12_000_000;

    private record Arrival(long nanos, int from, int to) {}

    private long rttNanos;
    private long bytesPerSecond = Long.MAX_VALUE;
    private int queueBytes = Integer.MAX_VALUE;
    private long busyUntil = Long.MIN_VALUE;
    private final Deque<Arrival> underWay = new ArrayDeque<>();
    private final TreeMap<Integer, Integer> outOfOrder = new TreeMap<>();
    private final Set<Integer> toLose = new HashSet<>();
    private int rcvNxt = 1;
    private int sent = 1;
    private int dropped;
    private boolean deaf;

    /** A configuration with room for what these scripts send. */
    static TcpConfig.Builder roomy() {
        return TcpConfig.builder().sendBuffer(1 << 24);
    }

    /** A connection over a path with this round trip, which the handshake measures. */
    final void connected(Duration rtt) {
        rttNanos = rtt.toNanos();
        rig.ip().queueFrames(100_000);
        app.listens();
        peer.sends(syn(0).mss(MSS).ws(8).sackPermitted());
        stack.replies(synAck(0, 1));
        clock.advance(rtt);
        peer.sends(ack(1).win(1 << 23));
        app.accepts();
    }

    /** From now on the path takes this long. */
    final void roundTrip(Duration rtt) {
        rttNanos = rtt.toNanos();
    }

    /** The path has a narrow place with a queue before it; what finds the queue full is lost. */
    final void bottleneck(long rate, int queue) {
        bytesPerSecond = rate;
        queueBytes = queue;
    }

    /** The application writes this much. */
    final void writes(int bytes) {
        app.writes(bytes);
        takeOff();
    }

    /** The next new segment that is sent is lost. */
    final void losesTheNext() {
        toLose.add(sent);
    }

    /** Nothing arrives any more, until it is called again. */
    final void isCutOff(boolean cut) {
        deaf = cut;
        underWay.clear();
    }

    /** Bytes that were sent, and that the peer has not acknowledged. */
    final int flight() {
        return sent - rcvNxt;
    }

    /** The same in segments. */
    final int segmentsInFlight() {
        return flight() / MSS;
    }

    /** Segments that found the queue full, or were lost on request. */
    final int dropped() {
        return dropped;
    }

    /** Time passes. */
    final void goesOn(Duration time) {
        long end = clock.nanoTime() + time.toNanos();
        while (!underWay.isEmpty() && underWay.getFirst().nanos <= end) {
            Arrival next = underWay.getFirst();
            clock.advance(Duration.ofNanos(Math.max(0, next.nanos - clock.nanoTime())));
            takeOff(); // timers may have sent something
            underWay.removeFirst();
            arrives(next);
        }
        clock.advance(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
        takeOff();
    }

    private void arrives(Arrival segment) {
        outOfOrder.merge(segment.from, segment.to, Math::max);
        while (!outOfOrder.isEmpty() && outOfOrder.firstKey() <= rcvNxt) {
            rcvNxt = Math.max(rcvNxt, outOfOrder.pollFirstEntry().getValue());
        }
        SegmentSpec reply = ack(rcvNxt);
        int blocks = 0;
        for (int at = segment.to; blocks < 3; blocks++) { // the newest, and what is below it
            Map.Entry<Integer, Integer> last = outOfOrder.lowerEntry(at);
            if (last == null) {
                break;
            }
            int from = last.getKey();
            for (Map.Entry<Integer, Integer> below = outOfOrder.lowerEntry(from);
                    below != null && below.getValue() == from;
                    below = outOfOrder.lowerEntry(from)) {
                from = below.getKey();
            }
            reply = reply.sack(from, last.getValue());
            at = from;
        }
        peer.sends(reply);
        takeOff();
    }

    /** What the stack has sent goes on its way. */
    private void takeOff() {
        for (Emitted emitted : stack.sendsSomething()) {
            int from = emitted.segment().sequence() - stack.initialSequence();
            int to = from + emitted.segment().payload().length;
            long begins = Math.max(busyUntil, emitted.timeNanos());
            double queued = (begins - emitted.timeNanos()) / 1e9 * bytesPerSecond;
            boolean lost = deaf || toLose.remove(from) || queued > queueBytes;
            sent = Math.max(sent, to);
            if (lost) {
                dropped++;
                continue;
            }
            busyUntil = begins + (long) (1e9 * (to - from) / bytesPerSecond);
            underWay.add(new Arrival(busyUntil + rttNanos, from, to));
        }
    }
}
