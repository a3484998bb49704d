package dev.towpath.tcp;

import static dev.towpath.testing.script.SegmentSpec.ack;
import static dev.towpath.testing.script.SegmentSpec.data;
import static dev.towpath.testing.script.SegmentSpec.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.towpath.mib.DropReason;
import dev.towpath.testing.rfc.Covers;
import dev.towpath.testing.rfc.Requirement;
import dev.towpath.testing.script.PacketScript;
import dev.towpath.testing.script.SegmentSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Data in any order and any overlap (RFC 9293 section 3.10.7.4, seventh step). */
class ReassemblyTest extends PacketScript {
    @Test
    void dataInOrderIsReadable() {
        established();
        peer.sends(data(1, 501), data(501, 1501));
        stack.replies(ack(1501));
        app.peeks(1500);
        app.reads(1500);
        app.readsNothing();
    }

    @ParameterizedTest(name = "{0}..{1} then {2}..{3}")
    @CsvSource({
        "1, 101, 51, 151", // the second is partly old
        "1, 101, 1, 151", // the second contains the first
        "51, 101, 1, 101", // the hole and what is behind it again
        "51, 101, 1, 151", // the second contains all
        "51, 151, 1, 101", // they overlap in the middle
        "101, 151, 1, 101" // they touch
    })
    @Covers({Requirement.SEGMENT_TRIMMED, Requirement.OUT_OF_ORDER_KEPT})
    void twoSegmentsMakeOneStream(int from, int to, int nextFrom, int nextTo) {
        established();
        peer.sends(data(from, to));
        stack.sendsSomething();
        peer.sends(data(nextFrom, nextTo));
        int end = Math.max(to, nextTo);
        stack.replies(ack(end));
        app.reads(end - 1);
    }

    @Test
    @Covers(Requirement.OUT_OF_ORDER_KEPT)
    void whatIsBehindAHoleWaits() {
        established();
        peer.sends(data(101, 201), data(301, 401), data(501, 601));
        stack.replies(ack(1), ack(1), ack(1));
        peer.sends(data(1, 101));
        stack.replies(ack(201));
        app.reads(200);
        peer.sends(data(151, 551));
        stack.replies(ack(601));
        app.reads(400);
    }

    @Test
    @Covers(Requirement.FIN_IN_ORDER)
    void aFinBehindAHoleWaits() { // RFC 9293 section 3.10.7.4, eighth step
        established();
        peer.sends(data(101, 201).fin());
        stack.replies(ack(1));
        app.isIn(State.ESTABLISHED);
        peer.sends(data(1, 101));
        stack.replies(ack(202));
        app.isIn(State.CLOSE_WAIT);
        app.reads(200);
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.FIN_IN_ORDER)
    void aBareFinBehindAHoleIsRemembered() {
        established();
        peer.sends(fin(101));
        stack.replies(ack(1));
        peer.sends(data(1, 101));
        stack.replies(ack(102));
        app.reads(100);
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.SEGMENT_TRIMMED)
    void whatLiesBeyondTheWindowIsCutOff() { // RFC 9293 section 3.10.7.4: "the segment is idealized"
        app.options(settings -> settings.receiveBuffer = 4096);
        established();
        peer.sends(data(1, 5001));
        stack.replies(ack(4097).win(0));
        app.reads(4096);
        stack.replies(ack(4097).win(4096));
        peer.sends(data(4097, 5001).fin());
        stack.replies(ack(5002));
        app.reads(904);
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.SEGMENT_TRIMMED)
    void aFinBeyondTheWindowIsCutOffToo() {
        app.options(settings -> settings.receiveBuffer = 4096);
        established();
        peer.sends(data(1, 4097).fin());
        stack.replies(ack(4097).win(0));
        app.isIn(State.ESTABLISHED);
        app.reads(4096);
        stack.replies(ack(4097).win(4096));
        peer.sends(fin(4097));
        stack.replies(ack(4098));
        app.seesTheEnd();
    }

    @Test
    @Covers(Requirement.URGENT_IN_LINE)
    void urgentDataStaysInLine() { // RFC 6093 section 4: nothing is taken out of the stream
        established();
        peer.sends(data(1, 11).urg(5), data(11, 21).urg(0), data(21, 31).urg(60_000));
        stack.replies(ack(31));
        app.reads(30);
    }

    @Test
    @Covers(Requirement.CHECKSUM_VERIFIED)
    void aDamagedSegmentIsAsIfLost() { // RFC 9293 section 3.1, MUST-3
        established();
        peer.sends(data(1, 101).badChecksum());
        stack.isQuiet();
        app.readsNothing();
        assertThat(rig.dropped(DropReason.TCP_BAD_CHECKSUM)).isEqualTo(1);
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        app.reads(100);
    }

    @Test
    void whatHasArrivedIsNotOverwritten() { // the first copy of a byte counts once it is acknowledged
        established();
        peer.sends(data(1, 101));
        stack.replies(ack(101));
        peer.sends(data(1, 101).garbage(), data(51, 101).garbage());
        stack.replies(ack(101));
        app.reads(100);
    }

    @Test
    @Covers(Requirement.OUT_OF_ORDER_KEPT)
    void tooManyHolesAreNoHarm() { // a peer that sends every other byte: memory is bounded, the data stays right
        established();
        for (int at = 2; at < 4000; at += 2) {
            peer.sends(data(at, at + 1));
            stack.sendsSomething();
        }
        for (int at = 1; at < 4000; at += 100) {
            peer.sends(data(at, at + 100));
            stack.sendsSomething();
        }
        app.reads(4000);
    }

    static List<Long> seeds() {
        return Seeds.some(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Covers({Requirement.OUT_OF_ORDER_KEPT, Requirement.SEGMENT_TRIMMED})
    void anyShuffleOfOverlappingPiecesMakesTheStream(long seed) {
        Random random = new Random(seed);
        List<SegmentSpec> pieces = new ArrayList<>();
        int end = 1 + 20_000;
        for (int at = 1; at < end; at += 1 + random.nextInt(900)) {
            pieces.add(data(at, Math.min(end, at + 900)));
        }
        pieces.add(fin(end));
        Collections.shuffle(pieces, random);
        established();
        for (SegmentSpec piece : pieces) {
            peer.sends(piece);
            stack.sendsSomething();
        }
        app.reads(20_000);
        app.seesTheEnd();
        app.isIn(State.CLOSE_WAIT);
    }
}
