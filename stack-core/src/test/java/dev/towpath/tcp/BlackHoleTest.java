package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.config.TcpConfig;
import dev.towpath.mib.Counter;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.Emitted;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that swallows large packets and says nothing (RFC 4821, RFC 2923 section 2.1). The round trip takes 20 ms. */
class BlackHoleTest extends PacketScript {
    private static final int STREAM = 1_000_000;
    private static final int RTT = 20;

    /** The bytes that have reached the peer, by their number. */
    private final BitSet arrived = new BitSet();

    /** What is on its way there. */
    private final List<Emitted> sent = new ArrayList<>();

    /** Writes the stream to a peer with SACK. */
    private void aLongStream() {
        app.options(settings -> settings.sendBuffer = STREAM);
        established(syn(0).mss(1460).sackPermitted().ws(7).win(65_535));
        peer.sends(ack(1).win(STREAM));
        app.writes(STREAM);
        arrived.set(0);
    }

    /** One round trip on a path that carries at most {@code most} bytes of payload in a packet. */
    private void roundTrip(int most) {
        sent.addAll(stack.sendsSomething());
        SegmentSpec[] acks = sent.stream()
                .filter(segment -> segment.segment().payload().length <= most)
                .map(this::arrives)
                .toArray(SegmentSpec[]::new);
        sent.clear();
        clock.advanceMillis(RTT);
        sent.addAll(stack.sendsSomething()); // by timers
        if (acks.length > 0) {
            peer.sends(acks);
        }
    }

    /** The peer's ACK of a segment: what it has in order, and the block that the segment is in. */
    private SegmentSpec arrives(Emitted segment) {
        int start = segment.segment().sequence() - stack.initialSequence();
        arrived.set(start, start + segment.segment().payload().length);
        SegmentSpec answer = ack(arrived.nextClearBit(0));
        if (arrived.previousClearBit(start) > 0) {
            answer.sack(arrived.previousClearBit(start) + 1, arrived.nextClearBit(start));
        }
        return answer;
    }

    private int roundTrips(int most) {
        int trips = 0;
        while (arrived.cardinality() <= STREAM && trips < 10_000) {
            roundTrip(most);
            trips++;
        }
        assertThat(arrived.nextClearBit(0)).isEqualTo(STREAM + 1);
        roundTrip(most);
        stack.isQuiet();
        return trips;
    }

    @ParameterizedTest
    @ValueSource(ints = {520, 1000, 1024, 1260, 1400})
    @Covers(Requirement.PMTU_BLACK_HOLE)
    void segmentsBecomeAsLargeAsThePathTakes(int most) { // RFC 4821 sections 7.3 and 7.7
        aLongStream();
        roundTrips(most);
        assertThat(app.connection().sendMss()).isBetween(most - 16, most);
    }

    @Test
    @Covers(Requirement.PMTU_BLACK_HOLE)
    void itIsFoundByTheThirdTimeOut() { // 200 ms and its doubles
        aLongStream();
        stack.sendsSomething();
        clock.advanceMillis(1300);
        stack.sendsSomething();
        assertThat(app.connection().sendMss()).isEqualTo(1460);
        clock.advanceMillis(200);
        stack.sendsSomething();
        assertThat(app.connection().sendMss()).isEqualTo(1024);
    }

    @Test
    @Covers(Requirement.PMTU_BLACK_HOLE)
    void thePathMayBecomeNarrowInTheMiddle() {
        aLongStream();
        for (int i = 0; i < 2; i++) {
            roundTrip(1460);
        }
        roundTrips(1300);
        assertThat(app.connection().sendMss()).isBetween(1284, 1300);
    }

    @Test
    @Covers(Requirement.PMTU_BLACK_HOLE)
    void anOutageIsNotTakenForOneForLong() {
        aLongStream();
        for (int i = 0; i < 150; i++) {
            roundTrip(0);
        }
        roundTrips(1460);
        assertThat(app.connection().sendMss()).isEqualTo(1460);
    }

    @Test
    @Covers(Requirement.PMTU_PROBE_LOSS)
    void theSearchCostsNoTimeOut() {
        aLongStream();
        for (int i = 0; i < 100; i++) {
            roundTrip(1260);
        }
        long before = rig.count(Counter.TCP_EXT_TCP_TIMEOUTS);
        roundTrips(1260);
        assertThat(rig.count(Counter.TCP_EXT_TCP_TIMEOUTS)).isEqualTo(before);
    }

    @Test
    void whoeverWantsNoneOfThisWaitsForARouter() {
        rig.config(TcpConfig.builder().mtuProbing(false).build());
        aLongStream();
        for (int i = 0; i < 300; i++) {
            roundTrip(1260);
        }
        assertThat(app.connection().sendMss()).isEqualTo(1460);
        stack.sendsSomething();
        assertThat(arrived.cardinality()).isEqualTo(1);
    }
}
